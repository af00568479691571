import MarketCore
import Testing

@testable import EventLog

@Suite struct AuditFindingsTests {
    private static func finding(_ number: Int) -> AuditFinding {
        AuditFinding(kind: .ledger, position: LogPosition(UInt64(number)), message: "\(number)")
    }

    @Test func `what is found late stands in the place that was kept for it`() {
        var findings = AuditFindings(limit: 10)
        findings.add(Self.finding(1))
        let second = findings.keepPlace()
        findings.add(Self.finding(3))
        let fourth = findings.keepPlace()
        findings.add(Self.finding(5))
        findings.add(Self.finding(4), at: fourth)
        findings.add(Self.finding(2), at: second)
        #expect(findings.findings.map(\.message) == ["1", "2", "3", "4", "5"])
        #expect(findings.omitted == 0)
    }

    @Test(arguments: 0...5)
    func `the first ones are kept, whenever they are found`(limit: Int) {
        var inOrder = AuditFindings(limit: limit)
        for number in 1...5 { inOrder.add(Self.finding(number)) }
        var late = AuditFindings(limit: limit)
        let places = (1...5).map { _ in late.keepPlace() }
        for number in [4, 2, 5, 1, 3] { late.add(Self.finding(number), at: places[number - 1]) }
        #expect(late.findings == inOrder.findings)
        #expect(late.findings.map(\.message) == (1...5).prefix(limit).map { "\($0)" })
        #expect(late.omitted == inOrder.omitted)
        #expect(late.omitted == 5 - limit)
    }
}
