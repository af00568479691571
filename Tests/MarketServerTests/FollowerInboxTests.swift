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
        let inbox = follower.take(until: nil, answered: 0, applied: 0)
        #expect(inbox.batches.isEmpty)
        #expect(inbox.head == LogPosition(UInt64(count) + 1))
    }
}
