/// What a record is in its transaction. The bits are the log's and never change.
public struct RecordFlags: OptionSet, Hashable, Sendable {
    /// The bits as stored.
    public let rawValue: UInt16

    /// Creates flags from the bits as stored.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// The first record of its transaction.
    public static let first = RecordFlags(rawValue: 1)
    /// The last record of its transaction.
    public static let last = RecordFlags(rawValue: 2)
    /// What came from outside; without it, the event was derived from the transaction's input.
    public static let input = RecordFlags(rawValue: 4)

    static let known: RecordFlags = [.first, .last, .input]
}
