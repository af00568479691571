internal import MarketCore

/// The last tens of thousands of events, so that live subscribers need not read the log.
///
/// Kept in the batches that they came in, which costs nothing per event.
struct RecentEvents {
    /// The events that are kept at least; one batch more at the most.
    static let capacity = 1 << 15

    private var batches: [[RecordedEvent]] = []
    /// The first batch that is kept; those before are empty.
    private var first = 0
    /// How many events are kept.
    private(set) var count = 0

    /// Adds a batch that follows the last.
    mutating func append(_ batch: [RecordedEvent]) {
        guard !batch.isEmpty else { return }
        batches.append(batch)
        count += batch.count
        while count - batches[first].count >= Self.capacity {
            count -= batches[first].count
            batches[first] = []
            first += 1
        }
        if first > 64, first > batches.count / 2 {
            batches.removeFirst(first)
            first = 0
        }
    }

    /// Hands events from `position` on, at most `limit`, to `body` until that says false, in place: to
    /// copy an event retains all it consists of.
    ///
    /// - Returns: Whether the first of them is here; else none was handed out.
    /// - Complexity: O(log batches + events).
    func visit<Failure: Error>(
        from position: LogPosition, limit: Int,
        _ body: (RecordedEvent) throws(Failure) -> Bool
    ) throws(Failure) -> Bool {
        guard let place = place(of: position) else { return false }
        var (index, left) = (place.index, limit)
        for batch in batches[place.batch...] {
            let events = batch.span
            while index < events.count, left > 0 {
                guard try body(events[index]) else { return true }
                index += 1
                left -= 1
            }
            if left == 0 { break }
            index = 0
        }
        return true
    }

    private func place(of position: LogPosition) -> (batch: Int, index: Int)? {
        var low = first
        var high = batches.count
        while low < high {
            let middle = (low + high) / 2
            if batches[middle][0].position <= position { low = middle + 1 } else { high = middle }
        }
        guard low > first else { return nil }
        let index = Int(position.rawValue - batches[low - 1][0].position.rawValue)
        return index < batches[low - 1].count ? (low - 1, index) : nil
    }
}
