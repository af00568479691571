internal import MarketCore

extension Array where Element == RecordedEvent {
    /// The first index from `index` on at which no transaction is under way.
    ///
    /// - Complexity: O(events of a transaction).
    func endOfTransaction(from index: Int) -> Int {
        var end = index
        while end < count, !startsTransaction(at: end) { end += 1 }
        return end
    }

    /// Where the last transaction begins; 0 where that is not among these.
    ///
    /// - Complexity: O(events of a transaction).
    var startOfLastTransaction: Int { indices.last(where: startsTransaction) ?? 0 }

    private func startsTransaction(at index: Int) -> Bool {
        self[index].position == self[index].transaction
    }
}
