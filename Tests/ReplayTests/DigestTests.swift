import EventLog
import Foundation
import MarketCore
import MarketTestSupport
import Testing

@Suite struct DigestTests {
    @Test(arguments: [31, 32, 33])
    func `live, replayed, from a snapshot and from the log alone are one state`(
        seed: UInt64
    ) throws {
        let made = try SyntheticMarket(seed: seed)
        let live = MarketDigest(of: made.market)
        let log = try made.data.openLog()
        let replay = Replay(log)

        var replayed = Market()
        try replay.advance(&replayed)
        #expect(MarketDigest(of: replayed) == live)
        try replayed.checkInvariants()

        let start = try made.data.snapshots.loadNewest(upTo: made.head, head: made.head)
        #expect(start.position > .start)
        #expect(start.skipped.isEmpty)

        let early = try #require(try made.data.snapshots.positions().last)
        var resumed = try made.data.snapshots.read(early).market()
        #expect(resumed.head < made.head)
        try replay.advance(&resumed)
        #expect(MarketDigest(of: resumed) == live)

        let found = try replay.market(from: made.data.snapshots)
        #expect(MarketDigest(of: found.market) == live)
        try FileManager.default.removeItem(atPath: made.data.snapshots.directory)
        let alone = try replay.market(from: made.data.snapshots)
        #expect(MarketDigest(of: alone.market) == live)
        #expect(alone.skipped.isEmpty)
    }

    @Test func `a market at any position is what it was then`() throws {
        let made = try SyntheticMarket(seed: 34, steps: 90)
        var market = Market()
        let replay = Replay(try made.data.openLog())
        for (index, transaction) in made.transactions.enumerated() {
            for event in transaction { market.evolve(event) }
            guard index % 25 == 0 else { continue }
            let then = try replay.market(at: market.head, from: made.data.snapshots)
            #expect(MarketDigest(of: then.market) == MarketDigest(of: market))
        }
    }

    @Test func `positions outside of the log are refused`() throws {
        let made = try SyntheticMarket(seed: 35, steps: 6)
        let replay = Replay(try made.data.openLog())
        #expect(throws: ReplayError.beyondLog(position: made.head.next, head: made.head)) {
            try replay.market(at: made.head.next)
        }
        var market = made.market
        #expect(throws: ReplayError.afterwards(position: LogPosition(1), head: made.head)) {
            try replay.advance(&market, to: LogPosition(1))
        }
    }

    @Test func `the digest of a state of many pieces is that of its bytes`() throws {
        var made = try TestMarket()
        try made.register("chen")
        for _ in 0..<24_000 { _ = try made.order("chen") }
        let state = made.market.encodeState()
        #expect(state.count > 3 << 20)
        #expect(MarketDigest(of: made.market) == MarketDigest(ofState: state))
    }

    @Test
    func `a damaged record ends a replay with its error, and the market stands before it`()
        throws
    {
        let made = try SyntheticMarket(seed: 36, steps: 500)
        // In the middle of the first batch that is read ahead, and in a later one.
        for position in [LogPosition(100), LogPosition(made.head.rawValue - 3)] {
            let sound = try made.storedRecord(at: position)
            var damaged = sound
            damaged[damaged.count - 1] ^= 1
            try made.replaceRecord(at: position, with: damaged)
            var market = Market()
            let error = #expect(throws: ReplayError.self) {
                try Replay(made.data.openLog()).advance(&market)
            }
            guard case .log(.damaged(_, let found, .checksum))? = error else {
                Issue.record("\(error.debugDescription)")
                continue
            }
            #expect(found == position)
            #expect(market.head < position)
            #expect(throws: ReplayError.self) { try Replay(made.data.openLog()).market() }
            try made.replaceRecord(at: position, with: sound)
        }
    }

    @Test func `a digest is written as 64 digits`() {
        let text = MarketDigest(ofState: Array("abc".utf8)).description
        #expect(text == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }
}
