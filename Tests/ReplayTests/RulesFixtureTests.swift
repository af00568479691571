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
/// today's version is written anew: only before its release.
@Suite struct RulesFixtureTests {
    private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Fixtures")

    private static func directory(of version: Int) -> URL {
        fixtures.appending(path: "rules-\(version)")
    }

    @Test(
        .enabled(if: ProcessInfo.processInfo.environment["LEADMARKET_WRITE_FIXTURES"] == "1"))
    func `today's log is written`() throws {
        let made = try SyntheticMarket(seed: 20_261_121, steps: 240)
        let directory = Self.directory(of: Market.rulesVersion)
        try? FileManager.default.removeItem(at: directory)
        _ = try made.openLog().backup(to: directory.path)
        try? FileManager.default.removeItem(at: directory.appending(path: "lock.mdb"))
        try Data("\(MarketDigest(of: made.market))\n".utf8)
            .write(to: directory.appending(path: "digest.txt"))
    }

    @Test(arguments: 1...Market.rulesVersion)
    func `the log of every version of the rules is sound and leads to the same state`(
        version: Int
    ) throws {
        let fixture = Self.directory(of: version)
        let copy = try TemporaryDirectory()
        try FileManager.default.copyItem(
            atPath: fixture.appending(path: "data.mdb").path, toPath: copy.path + "/data.mdb")
        let log = try EventLog(directory: copy.path, options: .readOnly)
        let report = try Audit(of: log).run()
        #expect(report.isSound, "\(report.findings)")
        #expect(report.ranges.map(\.rulesVersion) == [version])
        #expect(report.ranges.map(\.decidedAgain) == [version == Market.rulesVersion])
        #expect(report.soundRecords > 200)
        let digest = try String(
            contentsOf: fixture.appending(path: "digest.txt"), encoding: .utf8)
        #expect(report.digest.map { "\($0)\n" } == digest)
    }
}
