/// Whether a subscription keeps up, so that it is the market's doing where it is behind: not one whose reader
/// takes its time, nor one that began far back.
struct FeedPace {
    /// How long a feed may wait for its reader, in microseconds: longer than readers wait for a processor
    /// where many do.
    static let readerMicroseconds: Int64 = 200_000
    /// One part in so many of the time that it does not wait makes up for waits.
    static let recovery: Int64 = 8

    /// Whether it kept up when the present wait, if any, began.
    private var keptUp = false
    /// Whether it was never near the market's head.
    private var isNew = true
    /// How long it had waited and not made up for at ``moment``.
    private var waited: Int64 = 0
    /// When the present wait, or the time without one, began.
    private var moment: Instant?
    private var isWaiting = false

    /// Notes that the reader has not taken what was sent.
    mutating func beginWait(_ now: Instant) { turn(now, isWaiting: true) }

    /// Notes that the reader has taken what was sent.
    mutating func endWait(_ now: Instant) { turn(now, isWaiting: false) }

    private mutating func turn(_ now: Instant, isWaiting: Bool) {
        keptUp = isKept(at: now)
        waited = waited(at: now)
        moment = now
        self.isWaiting = isWaiting
    }

    /// Notes how many events it is behind the head. It keeps up again when that is none, and begins to when it is
    /// no more than `near` for the first time.
    mutating func note(lag: UInt64, near: UInt64, at now: Instant) {
        guard lag == 0 || (isNew && lag <= near) else { return }
        isNew = false
        keptUp = waited(at: now) <= Self.readerMicroseconds
    }

    /// Whether it keeps up.
    func isKept(at now: Instant) -> Bool {
        keptUp && waited(at: now) <= Self.readerMicroseconds
    }

    private func waited(at now: Instant) -> Int64 {
        guard let moment else { return 0 }
        let elapsed = max(0, now.nanoseconds - moment.nanoseconds) / 1_000
        return isWaiting ? waited + elapsed : max(0, waited - elapsed / Self.recovery)
    }
}
