public import MarketCore

/// Checks that records follow each other: positions without gaps, transactions whole, and time
/// that stands still in a transaction and moves forward between them.
public struct RecordSequence: Sendable {
    private var last: RecordHeader?
    /// The position the next record must have.
    public private(set) var nextPosition: LogPosition

    /// Creates a sequence that starts at `position`, in mid-transaction or not.
    public init(from position: LogPosition) {
        nextPosition = position
    }

    /// Checks that the record may stand here, and moves on.
    public mutating func check(
        position: LogPosition, header: RecordHeader
    ) throws(RecordDamage) {
        guard position == nextPosition else { throw .missing(found: position) }
        if let last {
            if last.flags.contains(.last) {
                guard header.flags.contains(.first), header.time > last.time else {
                    throw .brokenTransaction
                }
            } else {
                guard header.transaction == last.transaction, header.time == last.time else {
                    throw .brokenTransaction
                }
            }
        } else if nextPosition == LogPosition.start.next {
            guard header.flags.contains(.first) else { throw .brokenTransaction }
        }
        last = header
        nextPosition = nextPosition.next
    }

    /// Checks that the last record seen ends its transaction.
    public func checkEnd() throws(RecordDamage) {
        if let last, !last.flags.contains(.last) { throw .brokenTransaction }
    }
}
