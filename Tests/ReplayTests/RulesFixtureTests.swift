import EventLog
import Foundation
import LMDB
import MarketCore
import MarketTestSupport
import Testing

/// A small log of every released version of the rules, as that version wrote it.
///
/// A change of what `decide` or `evolve` do, without a new ``Market/rulesVersion``, makes the log of
/// today's version unsound or gives it another digest. With LEADMARKET_WRITE_FIXTURES=1 the log of
/// today's version is written anew, only before its release, and the digests of all: they are of the
/// state in its present form, ``Market/stateFormat``.
@Suite struct RulesFixtureTests {
    private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Fixtures")

    private static func directory(of version: Int) -> URL {
        fixtures.appending(path: "rules-\(version)")
    }

    private static func digestFile(of version: Int) -> URL {
        directory(of: version).appending(path: "digest-\(Market.stateFormat).txt")
    }

    /// A copy of a fixture's log, which may be changed.
    private func copy(of version: Int, to directory: TemporaryDirectory) throws -> String {
        let path = directory.path + "/log"
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false)
        try FileManager.default.copyItem(
            atPath: Self.directory(of: version).appending(path: "data.mdb").path,
            toPath: path + "/data.mdb")
        return path
    }

    @Test(
        .enabled(if: ProcessInfo.processInfo.environment["LEADMARKET_WRITE_FIXTURES"] == "1"))
    func `today's log and all digests are written`() throws {
        var seed: UInt64 = 20_261_122
        var made = try SyntheticMarket(seed: seed, steps: 700, crowd: true)
        while Self.missing(from: made.events) != Self.unused {
            seed += 1
            made = try SyntheticMarket(seed: seed, steps: 700, crowd: true)
            try #require(seed < 20_261_142, "no market has every event")
        }
        let directory = Self.directory(of: Market.rulesVersion)
        try? FileManager.default.removeItem(at: directory)
        _ = try made.openLog().backup(to: directory.path)
        try? FileManager.default.removeItem(at: directory.appending(path: "lock.mdb"))
        for version in 1...Market.rulesVersion {
            let place = try TemporaryDirectory()
            var market = Market(decides: false)
            let path = try copy(of: version, to: place)
            try Replay(try EventLog(directory: path, options: .readOnly)).advance(&market)
            try Data("\(MarketDigest(of: market))\n".utf8).write(to: Self.digestFile(of: version))
        }
    }

    @Test(.rules("R6.3"), arguments: 1...Market.rulesVersion)
    func `the log of every version of the rules is sound and leads to the same state`(
        version: Int
    ) throws {
        let place = try TemporaryDirectory()
        let path = try copy(of: version, to: place)
        let report = try Audit(of: try EventLog(directory: path, options: .readOnly)).run()
        #expect(report.isSound, "\(report.findings)")
        #expect(report.ranges.map(\.rulesVersion) == [version])
        // What another version decided is not decided again: events and invariants only.
        #expect(report.ranges.map(\.decidedAgain) == [version == Market.rulesVersion])
        #expect(report.soundRecords > 200)
        let digest = try String(contentsOf: Self.digestFile(of: version), encoding: .utf8)
        #expect(report.digest.map { "\($0)\n" } == digest)
    }

    @Test func `today's log has every event but a change of rules`() throws {
        let place = try TemporaryDirectory()
        let path = try copy(of: Market.rulesVersion, to: place)
        let log = try EventLog(directory: path, options: .readOnly)
        let count = Int(try log.head().rawValue)
        var events: [RecordedEvent] = []
        while events.count < count {
            events += try log.events(from: LogPosition(UInt64(events.count) + 1))
        }
        #expect(Self.missing(from: events) == Self.unused)
    }

    /// What a market that begins with today's rules never sees.
    private static let unused: Set<EventType> = [.rulesChanged]

    private static func missing(from events: [RecordedEvent]) -> Set<EventType> {
        Set(EventType.allCases).subtracting(events.map { EventType($0.event) })
    }

    @Test func `a market of the first rules goes on under today's`() throws {
        let place = try TemporaryDirectory()
        let log = try EventLog(
            directory: try copy(of: 1, to: place), options: SyntheticMarket.options)
        var market = Market()
        try Replay(log).advance(&market)
        let last = market.head
        #expect(market.rulesInForce == 1)
        var transactions: [[RecordedEvent]] = []
        func give(_ command: Command, after wait: Timespan = .seconds(1)) throws {
            let until = market.time + wait
            while let due = market.nextDue, due <= until {
                transactions.append(
                    try market.execute(.passTime, at: market.stamp(at: due), input: .market))
            }
            transactions.append(
                try market.execute(command, at: market.stamp(at: until), input: .market))
        }
        try give(.changeRules(version: Market.rulesVersion))
        var everybody = SmallWorld.everybody
        everybody.gates = Gates(acceptance: .minutes(1))
        var configuration = MarketConfiguration()
        configuration.categories = [everybody]
        try give(.applyConfiguration(configuration))
        let released = market.assignments.filter { $0.releasedAt != nil }
        let sold = try #require(released.last)
        try give(.requestReturn(sold.id, ReturnRequest(reason: .unqualified)))
        try give(.decideReturn(sold.id, approved: true, note: ""), after: .days(1))
        var batch = RecordBatch(firstPosition: last.next)
        for transaction in transactions { batch.append(transaction: transaction) }
        try log.append(batch)

        let report = try Audit(of: log).run()
        #expect(report.isSound, "\(report.findings)")
        #expect(report.ranges.map(\.rulesVersion) == [1, Market.rulesVersion])
        #expect(report.ranges.map(\.decidedAgain) == [false, true])
        #expect(report.ranges.map(\.last) == [last, market.head])
        #expect(report.digest == MarketDigest(of: market))
    }
}
