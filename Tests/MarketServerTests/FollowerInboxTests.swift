import MarketCore
import MarketTestSupport
import Testing

@testable import MarketServer

@Suite(.hangGuard)
struct FollowerInboxTests {
    @Test
    func `a follower that sleeps hears of a batch that is too large to hand over`() throws {
        var market = Market()
        let founded = try market.execute(
            .createMarket(
                MarketFoundation(
                    rulesVersion: Market.rulesVersion, clock: .supplied,
                    secretFingerprint: Identity(high: 1, low: 2))),
            at: Timestamp(microseconds: 1), input: .market)
        let event = try #require(founded.first)
        let follower = Follower(head: LogPosition(1))
        let count = Follower.maximumWaitingEvents + 1
        follower.post(
            Array(repeating: event, count: count), head: LogPosition(UInt64(count) + 1))
        // It would wait for ever.
        let inbox = follower.take(until: nil, answered: 0, applied: 0, told: LogPosition(1))
        #expect(inbox.batches.isEmpty)
        #expect(inbox.head == LogPosition(UInt64(count) + 1))
    }

    /// A head that the follower is just too far behind when it has told of the first event.
    private static let furtherHead = LogPosition(Follower.Pace().maximumLead + 2)

    @Test
    func `the writer waits until what is told is not too far behind, and no longer`() {
        // Nothing but the follower ends the wait.
        let follower = Follower(
            head: LogPosition(1), pace: Follower.Pace(patienceMicroseconds: .max))
        follower.letCatchUp(to: LogPosition(Follower.Pace().maximumLead + 1))
        let writer = WorkThread("writer") { follower.letCatchUp(to: Self.furtherHead) }
        _ = follower.take(until: .now, answered: 0, applied: 0, told: LogPosition(1))
        #expect(!writer.waitForEnd(until: Instant.now.advanced(byMicroseconds: 20_000)))
        _ = follower.take(until: .now, answered: 0, applied: 0, told: LogPosition(2))
        #expect(writer.waitForEnd(until: Instant.now.advanced(bySeconds: 60)))
    }

    @Test
    func `a follower that does not get on is not waited for again until it does`() {
        let follower = Follower(
            head: LogPosition(1), pace: Follower.Pace(patienceMicroseconds: 500_000))
        // To wait each time would take longer than this.
        let writer = WorkThread("writer") {
            for _ in 0..<1_000 { follower.letCatchUp(to: Self.furtherHead) }
        }
        #expect(writer.waitForEnd(until: Instant.now.advanced(bySeconds: 60)))
    }
}
