internal import LMDB
internal import MarketCore

extension EventLog {
    /// Where the first record is missing before `head`, and which is the next there is; `nil` when
    /// none is missing.
    ///
    /// Asked only when the number of records says that something is wrong.
    /// - Complexity: O(records), by their keys alone, in short read transactions.
    func firstGap(
        before head: LogPosition
    ) throws(EventLogError) -> (position: LogPosition, found: LogPosition)? {
        let keysPerTransaction: UInt64 = 65_536
        var expected: UInt64 = 1
        while expected <= head.rawValue {
            let last = min(head.rawValue, expected + keysPerTransaction - 1)
            let gap = try storage { () throws(LMDBError) -> (UInt64, UInt64)? in
                let transaction = try environment.beginRead()
                var cursor = try transaction.cursor(on: events)
                var isThere = try cursor.move(toOrAfter: expected)
                for position in expected...last {
                    guard isThere, let key = cursor.integerKey else { return nil }
                    if key != position { return (position, key) }
                    isThere = try cursor.moveToNext()
                }
                return nil
            }
            if let gap { return (LogPosition(gap.0), LogPosition(gap.1)) }
            expected = last + 1
        }
        return nil
    }
}
