import EventLog
import Foundation
import MarketCore
import MarketTestSupport
import Testing

@Suite struct AuditTests {
    @Test(arguments: [1, 2, 3])
    func `a sound log is found sound, and the report says what was checked`(seed: UInt64) throws {
        let made = try SyntheticMarket(seed: seed)
        let report = try made.audit()
        #expect(report.isSound, "\(report.findings)")
        #expect(report.head == made.head)
        #expect(report.soundRecords == made.events.count)
        #expect(report.transactions == made.transactions.count)
        #expect(report.followedThrough == made.head)
        #expect(report.ranges.map(\.rulesVersion) == [Market.rulesVersion])
        #expect(report.ranges.map(\.decidedAgain) == [true])
        #expect(report.ranges.map(\.last) == [made.head])
        #expect(report.soundSnapshots.count == 3)
        #expect(report.digest == MarketDigest(of: made.market))
        #expect(report.firstDamagedPosition == nil)
    }

    @Test func `an empty log is sound`() throws {
        let directory = try TemporaryDirectory()
        let data = DataDirectory(path: directory.path)
        _ = try EventLog(directory: data.logPath, options: SyntheticMarket.options)
        let report = try Audit(of: data.openLog()).run()
        #expect(report.isSound)
        #expect(report.soundRecords == 0)
    }

    @Test func `a flipped bit is found and located, wherever it is`() throws {
        let made = try SyntheticMarket(seed: 4, steps: 60)
        var random = SeededRandom(seed: 99)
        for _ in 0..<60 {
            let position = LogPosition(UInt64(random.within(1...Int(made.head.rawValue))))
            let sound = try made.storedRecord(at: position)
            var bytes = sound
            let bit = random.below(bytes.count * 8)
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            try made.replaceRecord(at: position, with: bytes)
            let report = try made.audit()
            #expect(report.firstDamagedPosition == position, "bit \(bit) of \(position.rawValue)")
            #expect(report.findings.first?.kind == .record)
            try made.replaceRecord(at: position, with: sound)
        }
        #expect(try made.audit().isSound)
    }

    @Test func `a damaged page is reported, and what comes before it is checked`() throws {
        let made = try SyntheticMarket(seed: 10, steps: 200)
        let file = URL(fileURLWithPath: made.data.logPath + "/data.mdb")
        let sound = try Data(contentsOf: file)
        var partly = 0
        for page in 2..<sound.count / 4096 {
            var damaged = sound
            // A bit of where the page's free space begins, and so of how many entries it has.
            damaged[page * 4096 + 12] ^= 0x10
            try damaged.write(to: file)
            do throws(EventLogError) {
                let report = try Audit(of: made.data.openLog()).run()
                // The page may be one that is free.
                if report.isSound { continue }
                #expect(report.findings.first?.kind == .record)
                let message = report.findings.first?.message ?? ""
                // A page amid a long record has no header of its own.
                #expect(message.contains("page \(page)") || message.contains("checksum"))
                if report.soundRecords > 0 { partly += 1 }
            } catch {
                // The page lies on the way to the first or the last record, which opening checks.
                #expect(error.reason == "damaged")
            }
        }
        #expect(partly > 3)
    }

    @Test func `several damaged records are all named`() throws {
        let made = try SyntheticMarket(seed: 5, steps: 60)
        let positions = [20, 40, 41, 60].map { LogPosition($0) }
        for position in positions {
            var bytes = try made.storedRecord(at: position)
            bytes[bytes.count - 1] ^= 1
            try made.replaceRecord(at: position, with: bytes)
        }
        let report = try made.audit()
        #expect(report.findings.filter { $0.kind == .record }.map(\.position) == positions)
        #expect(report.eventsCheckedThrough < LogPosition(20))
        #expect(report.soundRecords == made.events.count - 4)
        #expect(report.digest == nil)
    }

    @Test func `a missing record is located`() throws {
        let made = try SyntheticMarket(seed: 6, steps: 60)
        try made.removeRecord(at: LogPosition(33))
        let report = try made.audit()
        #expect(report.firstDamagedPosition == LogPosition(33))
        #expect(report.findings.first?.message.contains("missing") == true)
    }

    @Test func `records that changed places are located`() throws {
        let made = try SyntheticMarket(seed: 7, steps: 60)
        let (one, other) = (LogPosition(30), LogPosition(50))
        let bytes = try made.storedRecord(at: one)
        try made.replaceRecord(at: one, with: made.storedRecord(at: other))
        try made.replaceRecord(at: other, with: bytes)
        let report = try made.audit()
        #expect(report.findings.map(\.position).prefix(2) == [one, other])
    }

    @Test func `a log cut in mid-transaction is located at its end`() throws {
        let made = try SyntheticMarket(seed: 8)
        let sale = try #require(made.sale)
        for position in (sale[2].position.rawValue...made.head.rawValue).reversed() {
            try made.removeRecord(at: LogPosition(position))
        }
        let report = try made.audit()
        #expect(report.firstDamagedPosition == sale[1].position)
    }

    @Test func `a transaction cut short with sound records is not what the rules decide`() throws {
        let made = try SyntheticMarket(seed: 8)
        let sale = try #require(made.sale)
        for position in (sale[0].position.rawValue...made.head.rawValue).reversed() {
            try made.removeRecord(at: LogPosition(position))
        }
        try made.append([[sale[0]]])
        let report = try made.audit()
        #expect(report.findings.first?.kind == .decision)
        #expect(report.firstDamagedPosition == sale[0].position)
    }

    @Test(.rules("R6.3"))
    func `an altered event with a sound checksum is not what the rules decide`() throws {
        let made = try SyntheticMarket(seed: 9)
        var sale = try #require(made.sale)
        guard case .leadReleased(var release) = sale[2].event else {
            Issue.record("a sale ends with a release")
            return
        }
        release.channelPayout += Money(fen: 1)
        sale[2].event = .leadReleased(release)
        try made.replaceTransaction(with: sale)
        let report = try made.audit()
        #expect(report.findings.contains { $0.kind == .decision })
        #expect(
            report.findings.contains { $0.message.hasPrefix("R3.1") }, "by the events' word too")
        #expect(report.firstDamagedPosition == sale[2].position)
        #expect(report.followedThrough == made.head, "the audit goes on")
    }

    @Test func `an input that the rules refuse is found`() throws {
        let made = try SyntheticMarket(seed: 10)
        let position = made.head.next
        let forged = RecordedEvent(
            position: position, transaction: position,
            time: made.market.time + .seconds(1),
            input: InputContext(role: .operator, principal: 1),
            event: .withdrawn(AdvisorNumber(0), amount: Money(fen: 90_000_000), reference: ""))
        try made.append([[forged]])
        let report = try made.audit()
        #expect(Set(report.findings.map(\.kind)) == [.decision, .ledger])
        #expect(report.findings.allSatisfy { $0.position == position })
    }

    @Test(.rules("R12.3"))
    func `money overspent under rules that nobody knows is found by the ledger`() throws {
        let made = try SyntheticMarket(seed: 11)
        let position = made.head.next
        let time = made.market.time
        func forged(_ index: UInt64, _ event: Event) -> [RecordedEvent] {
            let place = LogPosition(position.rawValue + index)
            return [
                RecordedEvent(
                    position: place, transaction: place, time: time + .seconds(Int64(index) + 1),
                    input: .market, event: event)
            ]
        }
        try made.append([
            forged(0, .rulesChanged(version: 99)),
            forged(1, .availabilitySet(AdvisorNumber(0), online: true)),
            forged(2, .withdrawn(AdvisorNumber(0), amount: Money(fen: 90_000_000), reference: "")),
        ])
        let report = try made.audit()
        #expect(report.ranges.map(\.decidedAgain) == [true, false])
        #expect(Set(report.findings.map(\.kind)) == [.ledger])
        #expect(report.firstDamagedPosition == LogPosition(position.rawValue + 2))
    }

    @Test func `findings are counted beyond the ones that are kept`() throws {
        let made = try SyntheticMarket(seed: 12, steps: 60)
        for position in 20..<30 {
            try made.replaceRecord(at: LogPosition(UInt64(position)), with: [1])
        }
        var options = Audit.Options()
        options.maximumFindings = 4
        let report = try Audit(of: made.data.openLog(), options: options).run()
        #expect(report.findings.count == 4)
        #expect(report.omittedFindings == 6)
    }
}
