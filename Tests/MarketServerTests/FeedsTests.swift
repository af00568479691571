import Logging
import MarketCore
import MarketTestSupport
import NIOPosix
import Testing

@testable import MarketServer

/// Up to where subscribers that keep up were told.
@Suite struct FeedsTests {
    private var followed: FollowedMarketFixture
    private var feeds: Feeds
    private let connection = Connection(
        eventLoop: MultiThreadedEventLoopGroup.singleton.any(), loopNumber: 0)
    private let number = FeedNumber(rawValue: 1)

    init() throws {
        followed = try FollowedMarketFixture()
        followed.follow()
        var logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        logger.logLevel = .critical
        feeds = Feeds(
            follower: Follower(head: .start, pace: Follower.Pace(maximumLead: 1)),
            redeliverAfter: .seconds(3_600), logger: logger)
    }

    private var head: LogPosition { followed.state.market.head }

    private mutating func subscribe(from position: LogPosition) {
        let request = FeedRequest(
            number: number, connection: connection, kind: .events, from: position)
        feeds.take([.open(request)])
        feeds.feed(from: followed.state)
    }

    /// One more sale, which is not told while the last slice is under way.
    private mutating func sell() throws {
        _ = try followed.source.lead(of: 1)
        followed.follow()
        feeds.feed(from: followed.state)
    }

    @Test mutating func `what a subscriber that keeps up was not told is not told`() throws {
        #expect(feeds.told(through: head) == head)
        // The slice that it begins with is under way.
        subscribe(from: head)
        let told = head
        try sell()
        #expect(feeds.told(through: head) == told)
        feeds.take([.credit(number, .now)])
        feeds.feed(from: followed.state)
        #expect(feeds.told(through: head) == head)
    }

    @Test mutating func `a subscriber that ends is not waited for`() throws {
        subscribe(from: head)
        try sell()
        feeds.take([.close(number)])
        #expect(feeds.told(through: head) == head)
    }

    @Test mutating func `a subscriber that does not read is not waited for`() throws {
        subscribe(from: head)
        let told = head
        try sell()
        feeds.take([.slow(number, .now)])
        #expect(feeds.told(through: head) == told)
        feeds.take([.slow(number, Instant(nanoseconds: 0))])
        #expect(feeds.told(through: head) == head)
    }
}
