internal import MarketCore

/// One subscription, fed from the log at its reader's own pace.
///
/// 1. Every release (or event) from the first position on is delivered once, in log order.
/// 2. What was delivered and not acknowledged comes again, flagged, when the subscription begins
///    and about every 30 s.
/// 3. At most one slice is under way to the connection; nothing else waits in memory.
///
/// Confined to the follower's thread.
final class Feed {
    let request: FeedRequest
    /// The next position to deliver.
    var next: LogPosition
    /// Whether the connection has room for a slice.
    var hasCredit = true
    /// What is delivered again: releases from here on and before ``redeliveryEnd``.
    var redelivery: LogPosition
    var redeliveryEnd: LogPosition
    /// When the next round of redelivery begins.
    var nextRound: Instant
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
    func tick(_ now: Instant, intervalSeconds: Int) {
        guard now >= nextRound else { return }
        nextRound = now.advanced(bySeconds: intervalSeconds)
        if redelivery >= redeliveryEnd {
            redelivery = LogPosition(1)
            redeliveryEnd = deliveredAtRound
        }
        deliveredAtRound = next
    }

    /// Whether there may be something to deliver of a market at `head`.
    func hasWork(_ head: LogPosition) -> Bool {
        next <= head || isRedelivering
    }

    /// Whether a round of redelivery is under way.
    var isRedelivering: Bool {
        guard case .assignments = request.kind else { return false }
        return redelivery < redeliveryEnd
    }
}
