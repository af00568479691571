internal import MarketCore

/// One subscription, fed from the log at its reader's own pace.
///
/// 1. What happened from the first position on is delivered once, in log order.
/// 2. Releases that were delivered and not acknowledged come again, flagged, when the subscription
///    begins and once an interval (R8.6); reservations that wait for a gate when it begins.
/// 3. At most one slice is under way to the connection; nothing else waits in memory.
///
/// Confined to the follower's thread.
final class Feed {
    let request: FeedRequest
    /// The next position to deliver.
    var next: LogPosition
    /// Whether the connection has room for a slice.
    var hasCredit = true
    /// Whether it is its reader's doing where it is behind.
    var pace = FeedPace()
    /// What is delivered again: entries from here on and before ``redeliveryEnd``.
    var redelivery: LogPosition
    var redeliveryEnd: LogPosition
    /// When the next round of redelivery begins.
    private(set) var nextRound: Instant
    /// Whether the present round is the first, which tells of reservations, too.
    private(set) var isFirstRound = true
    /// The next release to alert about, if it is overdue.
    var nextOverdue = LogPosition(1)
    /// What had been delivered when the last round began.
    private var deliveredAtRound: LogPosition

    init(_ request: FeedRequest, nextRound: Instant) {
        self.request = request
        next = request.from
        redelivery = LogPosition(1)
        redeliveryEnd = request.from
        deliveredAtRound = request.from
        self.nextRound = nextRound
    }

    /// Begins a round of redelivery when it is time.
    func tick(_ now: Instant, interval: Timespan) {
        guard now >= nextRound else { return }
        nextRound = now.advanced(byMicroseconds: interval.microseconds)
        if redelivery >= redeliveryEnd {
            redelivery = LogPosition(1)
            redeliveryEnd = deliveredAtRound
            isFirstRound = false
        }
        deliveredAtRound = next
    }

    /// Notes how far it is behind `head`, which counts as near up to so many events.
    func notePace(_ head: LogPosition, near: UInt64, _ now: Instant) {
        let lag = head < next ? 0 : head.next.rawValue - next.rawValue
        pace.note(lag: lag, near: near, at: now)
    }

    /// Whether there may be something to deliver of a market at `head` whose releases were watched
    /// up to `watched`.
    func hasWork(_ head: LogPosition, watched: LogPosition) -> Bool {
        next <= head || isRedelivering || isAlerting(watched)
    }

    /// Whether a round of redelivery is under way.
    var isRedelivering: Bool {
        guard case .assignments = request.kind else { return false }
        return redelivery < redeliveryEnd
    }

    /// Whether releases up to `watched` are still to be alerted about where they are overdue.
    func isAlerting(_ watched: LogPosition) -> Bool {
        guard case .alerts = request.kind else { return false }
        return nextOverdue <= watched
    }
}
