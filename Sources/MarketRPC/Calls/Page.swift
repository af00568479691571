/// The part of a list that is asked for.
public struct Page: Hashable, Sendable {
    /// The most items to answer with, 1...``maximumLimit``.
    public var limit: Int
    /// Where the part before ended, as the reply to it said; `nil` for the first part.
    public var cursor: String?

    /// The most items of one reply.
    public static let maximumLimit = 1_000
    /// The limit when none is given.
    public static let defaultLimit = 100
    /// The longest cursor, in bytes.
    public static let maximumCursorBytes = 512

    /// Asks for a part.
    public init(limit: Int = defaultLimit, cursor: String? = nil) {
        self.limit = limit
        self.cursor = cursor
    }

    /// The error that ``cursor`` is none that the daemon gave out.
    public static let invalidCursor = RPCError.invalidParameter(
        FieldPath("cursor"), "is none that this method gave out; start again without it.")
}
