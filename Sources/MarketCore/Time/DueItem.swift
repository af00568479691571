/// A piece of work that becomes due at a time without anybody asking.
///
/// Due work is done in order of time, kind, id.
public struct DueItem: Hashable, Comparable, Sendable {
    /// What becomes due.
    public enum Kind: Int, Hashable, Comparable, Sendable, CaseIterable {
        /// An order's or a lead's matching, put off by a transaction's limit (R6.4).
        case offer = 1
        /// The turn of an order's start, window, hour or day (R5.2).
        case orderTurn
        /// The end of the binding of a waiting lead's person (R4.4).
        case bindingEnd
        /// A waiting lead's next rung, or its expiry (R6.4).
        case leadAge
        /// The missing of a reservation's deadline (R8.2, R8.3, R8.5).
        case deadline

        /// Orders kinds as they are done.
        public static func < (left: Kind, right: Kind) -> Bool { left.rawValue < right.rawValue }
    }

    /// When it is due.
    public var time: Timestamp
    /// What it is.
    public var kind: Kind
    /// The position that is the id of the order, lead or assignment.
    public var subject: LogPosition

    /// Describes due work.
    public init(time: Timestamp, kind: Kind, subject: LogPosition) {
        self.time = time
        self.kind = kind
        self.subject = subject
    }

    /// Orders work as it is done.
    public static func < (left: DueItem, right: DueItem) -> Bool {
        (left.time, left.kind, left.subject) < (right.time, right.kind, right.subject)
    }
}
