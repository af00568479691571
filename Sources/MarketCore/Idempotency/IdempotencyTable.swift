/// The idempotency keys of recent inputs, with the transactions they led to.
///
/// A key is kept for 48 hours or until 1,000,000 newer ones came, whichever is sooner; by the time
/// of the events, so every copy of the market forgets alike.
public struct IdempotencyTable: Hashable, Sendable {
    /// What is remembered of one key.
    public struct Entry: Hashable, Sendable {
        /// The key and the content it came with.
        public let mark: IdempotencyMark
        /// The transaction of the first request.
        public let transaction: LogPosition
        /// When that was.
        public let time: Timestamp
    }

    /// How long a key is kept.
    public static let retention = Timespan.hours(48)
    /// How many keys are kept.
    public static let capacity = 1_000_000

    private var byKey: [Bytes16: Entry] = [:]
    private var queue: [Bytes16] = []
    private var oldest = 0

    /// What is remembered of `key` at `time`.
    ///
    /// - Complexity: O(1).
    public func entry(for key: Bytes16, at time: Timestamp) -> Entry? {
        guard let entry = byKey[key], time - entry.time <= Self.retention else { return nil }
        return entry
    }

    /// The entries from oldest to newest.
    public var entries: [Entry] { queue[oldest...].compactMap { byKey[$0] } }

    /// Remembers a key and forgets those whose time is over.
    ///
    /// - Complexity: O(1) amortised.
    mutating func note(_ mark: IdempotencyMark, transaction: LogPosition, time: Timestamp) {
        forget(at: time, room: 1)
        byKey[mark.key] = Entry(mark: mark, transaction: transaction, time: time)
        queue.append(mark.key)
    }

    /// Forgets what is older than the retention, and the oldest until `room` more fit.
    private mutating func forget(at time: Timestamp, room: Int) {
        while oldest < queue.count, let entry = byKey[queue[oldest]],
            time - entry.time > Self.retention || byKey.count + room > Self.capacity
        {
            byKey[queue[oldest]] = nil
            oldest += 1
        }
        if oldest > 1_024, oldest * 2 > queue.count {
            queue.removeFirst(oldest)
            oldest = 0
        }
    }
}
