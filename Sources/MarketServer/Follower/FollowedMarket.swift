internal import MarketCore
internal import Projections

/// The follower's market and what is kept beside it with every event.
///
/// A value, so that the market is never copied to be looked at while events are applied.
struct FollowedMarket {
    /// A channel that paused itself.
    struct PausedChannel {
        let channel: ChannelNumber
        let bad: Int
        let count: Int
    }

    let views: Views
    private(set) var pushed: PushedAssignments
    private(set) var overdue = OverdueDeliveries()
    private(set) var market: Market
    /// What the operators' log has not been told of yet.
    var pausedChannels: [PausedChannel] = []

    init(views: Views, pushed: PushedAssignments, market: consuming Market) {
        self.views = views
        self.pushed = pushed
        self.market = market
    }

    /// Applies a part of a batch of committed events, which follow the last.
    mutating func apply(_ batch: [RecordedEvent], _ range: Range<Int>) {
        // A span hands its elements out in place: copying an event retains all it consists of.
        let events = batch.span
        for index in range {
            if views.position < events[index].position {
                views.note(events[index], before: market)
            }
            let affected = overdue.affected(by: events[index].event, in: market)
            market.evolve(events[index])
            pushed.note(events[index], in: market)
            if !affected.isEmpty { overdue.settle(affected, in: market) }
            if case .channelPausedItself(let channel, let bad, let count) = events[index].event {
                pausedChannels.append(PausedChannel(channel: channel, bad: bad, count: count))
            }
        }
    }

    /// Looks for deliveries that have become overdue, `count` entries at the most.
    mutating func watchDeliveries(
        releasesUpTo limit: Timestamp, count: Int
    ) -> (overdue: [Assignment], next: Timestamp?, isDone: Bool) {
        let found = pushed.watch(releasesUpTo: limit, count: count, in: market)
        let assignments = found.overdue.compactMap { market.assignment($0) }
        for assignment in assignments { overdue.insert(assignment) }
        return (assignments, found.next, found.isDone)
    }
}
