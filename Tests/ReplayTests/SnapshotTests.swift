import Foundation
import MarketCore
import MarketTestSupport
import Testing

@testable import EventLog

@Suite struct SnapshotTests {
    let directory: TemporaryDirectory
    let store: SnapshotStore

    init() throws {
        directory = try TemporaryDirectory()
        store = SnapshotStore(directory: directory.path("snapshots"))
    }

    func bytes(at position: LogPosition) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: store.path(of: position))))
    }

    func replace(_ position: LogPosition, with bytes: [UInt8]) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: store.path(of: position)))
    }

    /// Markets at some positions of one history.
    func markets(_ count: Int) throws -> [Market] {
        var market = Market()
        var markets: [Market] = []
        for event in try SyntheticMarket(seed: 41, steps: 30).events {
            market.evolve(event)
            markets.append(market)
            if markets.count == count { break }
        }
        return markets
    }

    @Test func `what was written is read back, newest first`() throws {
        let markets = try markets(4)
        for market in markets.shuffled() { try store.write(market) }
        #expect(try store.positions().map(\.rawValue) == [4, 3, 2, 1])
        let start = try store.loadNewest(upTo: LogPosition(4), head: LogPosition(4))
        #expect(start.market.encodeState() == markets[3].encodeState())
        let earlier = try store.loadNewest(upTo: LogPosition(3), head: LogPosition(4))
        #expect(earlier.position == LogPosition(3))
        #expect(earlier.skipped.isEmpty)
    }

    @Test func `without snapshots one starts before the first event`() throws {
        let start = try store.loadNewest(upTo: LogPosition(9), head: LogPosition(9))
        #expect(start.position == .start)
        #expect(start.skipped.isEmpty)
    }

    @Test func `every flipped bit makes a snapshot skipped, with the reason`() throws {
        for market in try markets(2) { try store.write(market) }
        let newest = LogPosition(2)
        let sound = try bytes(at: newest)
        for bit in stride(from: 0, to: sound.count * 8, by: 7)
        where !(84 * 8..<88 * 8).contains(bit) {
            var bytes = sound
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            try replace(newest, with: bytes)
            let start = try store.loadNewest(upTo: newest, head: newest)
            #expect(start.position == LogPosition(1), "bit \(bit)")
            #expect(start.skipped.map(\.position) == [newest], "bit \(bit)")
        }
    }

    @Test func `every flipped bit of the marks makes a snapshot skipped`() throws {
        let market = try SyntheticMarket(seed: 48).market
        try store.write(market)
        let marks = try store.read(market.head).header.stateRange.upperBound
        let sound = try bytes(at: market.head)
        #expect(sound.count - marks >= 8 + 3 * 24, "three lists are marked")
        for bit in marks * 8..<sound.count * 8 {
            var bytes = sound
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            try replace(market.head, with: bytes)
            #expect(throws: SnapshotError.self, "bit \(bit)") { try store.read(market.head) }
        }
        for count in [marks + 7, marks + 8, sound.count - 24, sound.count - 1] {
            try replace(market.head, with: Array(sound[..<count]))
            #expect(throws: SnapshotError.self) { try store.read(market.head) }
        }
    }

    /// Marks that are wrong under checksums that are right.
    @Test func `marks that are none are refused, and those of another state by an audit`() throws {
        let made = try SyntheticMarket(seed: 49)
        let position = try #require(try made.data.snapshots.positions().first)
        let path = made.data.snapshots.path(of: position)
        let sound = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        let end = try made.data.snapshots.read(position).header.stateRange.upperBound
        func snapshot(_ marks: [[UInt64]], count: UInt64? = nil) throws -> SnapshotError? {
            var bytes = Array(sound[..<end])
            bytes += (count ?? UInt64(marks.count)).littleEndianBytes
            for number in marks.joined() { bytes += number.littleEndianBytes }
            let checksum = Checksum.crc32c(bytes.span.bytes.extracting(88...))
            bytes.replaceSubrange(84..<88, with: checksum.littleEndianBytes)
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            do throws(SnapshotError) {
                _ = try made.data.snapshots.read(position).market(onAllCores: true)
                return nil
            } catch {
                return error
            }
        }
        #expect(try snapshot([]) == nil, "then there is one stretch")
        let invalid = SnapshotError.invalidState(.invalidValue)
        #expect(try snapshot([[9, 0, 100]]) == invalid)
        #expect(try snapshot([[2, 0, .max]]) == invalid)
        #expect(try snapshot([[2, .max, 100]]) == invalid)
        #expect(try snapshot([[2, 0, 100]]) == invalid)
        #expect(try snapshot([[3, 0, UInt64(end)]]) == invalid)
        for count in [UInt64.max, 1 << 60, 2] {
            guard case .wrongLength? = try snapshot([[2, 0, 100]], count: count) else {
                Issue.record("\(count) marks were believed")
                return
            }
        }
        #expect(try snapshot([[1, 0, 12_345]]) != nil)
        let report = try made.audit()
        #expect(report.findings.map(\.kind) == [.snapshot])
        #expect(report.findings.map(\.position) == [position])
    }

    @Test func `a snapshot cut short or grown is skipped`() throws {
        let market = try markets(1)[0]
        try store.write(market)
        let sound = try bytes(at: market.head)
        for count in [0, 7, 87, 88, sound.count - 25, sound.count - 8, sound.count - 1] {
            try replace(market.head, with: Array(sound[..<count]))
            let start = try store.loadNewest(upTo: market.head, head: market.head)
            #expect(start.position == .start)
            #expect(start.skipped.count == 1)
        }
        try replace(market.head, with: sound + [0])
        let start = try store.loadNewest(upTo: market.head, head: market.head)
        #expect(
            start.skipped.map(\.error) == [
                .wrongLength(expected: sound.count, actual: sound.count + 1)
            ])
    }

    @Test func `a snapshot under another position's name is skipped`() throws {
        let market = try markets(1)[0]
        try store.write(market)
        let other = LogPosition(5)
        try FileManager.default.moveItem(
            atPath: store.path(of: market.head), toPath: store.path(of: other))
        let start = try store.loadNewest(upTo: other, head: other)
        let error = SnapshotError.otherPosition(market.head)
        #expect(start.skipped.map(\.error) == [error])
    }

    @Test(arguments: [false, true])
    func `a snapshot without marks, as the last version wrote it, is read`(
        onAllCores: Bool
    ) throws {
        let market = try SyntheticMarket(seed: 46).market
        try store.write(market)
        var bytes = try bytes(at: market.head)
        let snapshot = try store.read(market.head)
        bytes.removeSubrange(snapshot.header.stateRange.upperBound...)
        bytes[8] = 2
        let state = Checksum.crc32c(bytes.span.bytes.extracting(snapshot.header.stateRange))
        bytes.replaceSubrange(84..<88, with: state.littleEndianBytes)
        let header = Checksum.crc32c(bytes.span.bytes.extracting(..<80))
        bytes.replaceSubrange(80..<84, with: header.littleEndianBytes)
        try replace(market.head, with: bytes)
        let start = try store.loadNewest(
            upTo: market.head, head: market.head, onAllCores: onAllCores)
        #expect(start.skipped.isEmpty)
        #expect(start.market.encodeState() == market.encodeState())
    }

    @Test func `a snapshot is read alike on one core and on all`() throws {
        let made = try SyntheticMarket(seed: 47, steps: 3_000)
        for position in try made.data.snapshots.positions() {
            let snapshot = try made.data.snapshots.read(position)
            let market = try snapshot.market(onAllCores: true)
            #expect(snapshot.isState(of: market))
            #expect(try snapshot.market().encodeState() == market.encodeState())
        }
    }

    @Test func `a snapshot of other rules is skipped`() throws {
        let market = try markets(1)[0]
        let header = try store.write(market)
        var bytes = try bytes(at: market.head)
        bytes[24] = 77
        let checksum = Checksum.crc32c(bytes.span.bytes.extracting(..<80))
        bytes.replaceSubrange(80..<84, with: checksum.littleEndianBytes)
        try replace(market.head, with: bytes)
        let start = try store.loadNewest(upTo: market.head, head: market.head)
        #expect(
            start.skipped.map(\.error) == [.otherRules(found: 77, known: header.rulesVersion)])
        #expect(start.skipped.map(\.isOutdated) == [false], "of use to a newer program")
    }

    @Test func `a snapshot after the log's head is skipped`() throws {
        for market in try markets(3) { try store.write(market) }
        let start = try store.loadNewest(upTo: LogPosition(2), head: LogPosition(2))
        #expect(start.position == LogPosition(2))
        #expect(start.skipped.map(\.error) == [.beyondLog(head: LogPosition(2))])
    }

    @Test func `pruning keeps the newest three and the first of each million events`() throws {
        let million = SnapshotStore.keptEvery
        let places: [UInt64] = [
            5, million - 1, million, million + 1, 2 * million + 7, 2 * million + 9, 4 * million,
            4 * million + 1, 4 * million + 2, 4 * million + 3,
        ]
        try FileManager.default.createDirectory(
            atPath: store.directory, withIntermediateDirectories: true)
        for place in places { try replace(LogPosition(place), with: [0]) }
        let unfinished = store.path(of: LogPosition(9)) + ".temporary"
        try Data().write(to: URL(fileURLWithPath: unfinished))
        try Data().write(to: URL(fileURLWithPath: store.directory + "/notes.txt"))
        try store.prune()
        let kept = [
            million, 2 * million + 7, 4 * million, 4 * million + 1, 4 * million + 2,
            4 * million + 3,
        ]
        #expect(try store.positions().map(\.rawValue) == kept.sorted(by: >))
        #expect(!FileManager.default.fileExists(atPath: unfinished))
        #expect(FileManager.default.fileExists(atPath: store.directory + "/notes.txt"))
    }

    @Test func `an audit names a damaged snapshot`() throws {
        let made = try SyntheticMarket(seed: 42)
        let position = try #require(try made.data.snapshots.positions().last)
        let url = URL(fileURLWithPath: made.data.snapshots.path(of: position))
        var bytes = try Data(contentsOf: url)
        bytes[bytes.count / 2] ^= 4
        try bytes.write(to: url)
        let report = try made.audit()
        #expect(report.findings.map(\.kind) == [.snapshot])
        #expect(report.findings.map(\.position) == [position])
        #expect(report.firstDamagedPosition == nil, "the log itself is sound")
        #expect(report.soundSnapshots.count == 2)
    }

    @Test func `a snapshot whose state another program wrote is skipped, and no finding`() throws {
        let made = try SyntheticMarket(seed: 44)
        let position = try #require(try made.data.snapshots.positions().first)
        let url = URL(fileURLWithPath: made.data.snapshots.path(of: position))
        var bytes = [UInt8](try Data(contentsOf: url))
        bytes[16] = 1
        let checksum = Checksum.crc32c(bytes.span.bytes.extracting(..<80))
        bytes.replaceSubrange(80..<84, with: checksum.littleEndianBytes)
        try Data(bytes).write(to: url)
        let report = try made.audit()
        #expect(report.isSound, "\(report.findings)")
        #expect(report.soundSnapshots.count == 2)
        let start = try made.data.snapshots.loadNewest(upTo: made.head, head: made.head)
        #expect(
            start.skipped.map(\.error) == [
                .unknownStateFormat(found: 1, known: Market.stateFormat)
            ])
        #expect(start.position < position && start.position > .start)
    }

    @Test func `an audit names a whole snapshot of another state`() throws {
        let made = try SyntheticMarket(seed: 43)
        let last = try #require(made.transactions.last { $0.count == 1 })[0]
        var other = Market()
        for event in made.events.prefix(while: { $0.position < last.position }) {
            other.evolve(event)
        }
        var different = last
        different.event = .deposited(AdvisorNumber(0), amount: Money(fen: 1), reference: "")
        other.evolve(different)
        // Whole, sound in itself, and not what this log leads to.
        try FileManager.default.removeItem(atPath: made.data.snapshots.directory)
        try made.data.snapshots.write(other)
        let report = try made.audit()
        #expect(report.findings.map(\.kind) == [.snapshot])
        #expect(report.findings.map(\.position) == [last.position])
    }

    @Test func `a snapshot of another state is named before what is wrong later in the log`()
        throws
    {
        let made = try SyntheticMarket(seed: 44)
        let first = try #require(made.transactions.first { $0[0].position > LogPosition(50) })[0]
        var other = Market()
        for event in made.events.prefix(while: { $0.position < first.position }) {
            other.evolve(event)
        }
        let position = other.head
        var state = other.encodeState()
        // How many leads came with contact data, which nothing else in the state tells.
        state[state.count - 8] ^= 1
        try FileManager.default.removeItem(atPath: made.data.snapshots.directory)
        try made.data.snapshots.write(try Market(state: state))
        for position in 120..<130 {
            try made.replaceRecord(at: LogPosition(UInt64(position)), with: [1])
        }
        let report = try made.audit()
        #expect(report.findings.map(\.kind) == [.snapshot] + Array(repeating: .record, count: 10))
        #expect(report.findings.first?.position == position)
    }

    @Test func `the digest told of a log is its market's, whatever the last snapshot says`()
        throws
    {
        let made = try SyntheticMarket(seed: 45)
        let digest = MarketDigest(of: made.market)
        #expect(try made.audit().digest == digest)
        var state = made.market.encodeState()
        state[state.count - 8] ^= 1
        try FileManager.default.removeItem(atPath: made.data.snapshots.directory)
        try made.data.snapshots.write(try Market(state: state))
        let report = try made.audit()
        #expect(report.findings.map(\.kind) == [.snapshot])
        #expect(report.digest == digest)
        try FileManager.default.removeItem(atPath: made.data.snapshots.directory)
        #expect(try made.audit().digest == digest)
    }
}
