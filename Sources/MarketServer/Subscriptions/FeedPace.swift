/// Whether a subscription keeps up, so that it is the market's doing where it is behind: not one whose reader
/// takes its time, nor one that began far back.
struct FeedPace {
    /// How long a feed may wait for its reader until it has delivered everything again: longer than readers
    /// wait for a processor where many do, and no more than a reader may hold up the market.
    static let readerMicroseconds: Int64 = 200_000

    /// Whether it had delivered everything once.
    private var hasCaughtUp = false
    /// How long it has waited for its reader since, but for the present wait.
    private var waited: Int64 = 0
    /// When the present wait began.
    private var waitsSince: Instant?

    /// Notes that the reader has not taken what was sent.
    mutating func beginWait(_ now: Instant) { waitsSince = now }

    /// Notes that the reader has taken what was sent.
    mutating func endWait(_ now: Instant) {
        waited = waited(until: now)
        waitsSince = nil
    }

    /// Notes that everything there is was delivered.
    mutating func noteCaughtUp() {
        hasCaughtUp = true
        waited = 0
    }

    /// Whether it keeps up.
    func isKept(at now: Instant) -> Bool {
        hasCaughtUp && waited(until: now) <= Self.readerMicroseconds
    }

    private func waited(until now: Instant) -> Int64 {
        waited + (waitsSince.map { (now.nanoseconds - $0.nanoseconds) / 1_000 } ?? 0)
    }
}
