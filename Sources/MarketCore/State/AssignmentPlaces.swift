/// Where each assignment of a state stands, while persons are tied to their sales.
///
/// Made for millions: a quarter of a byte for each position of the log, so that most of it stays in
/// a cache while it is asked in no order.
struct AssignmentPlaces: ~Copyable {
    private static let spanBits: UInt64 = 6

    /// 64 positions of the log.
    private struct Span {
        /// The positions that are assignments, the first in the lowest bit.
        var bits: UInt64 = 0
        /// How many assignments come before.
        let before: UInt32
    }

    private var spans: [Span] = []
    private var count: UInt32 = 0
    private var last: UInt64 = 0

    /// Notes the next assignment; false when it is not after the one before, or after `head`.
    ///
    /// - Complexity: O(1), and O(1) for each span of the log that is passed.
    mutating func append(_ id: AssignmentID, head: LogPosition) -> Bool {
        guard id.position <= head, id.rawValue > last else { return false }
        last = id.rawValue
        let span = Int(id.rawValue >> Self.spanBits)
        while spans.count <= span { spans.append(Span(before: count)) }
        spans[span].bits |= Self.bit(of: id)
        count += 1
        return true
    }

    /// The place of an assignment among all; `nil` when there is none with that id.
    ///
    /// - Complexity: O(1).
    borrowing func place(of id: AssignmentID) -> Int? {
        guard let span = Int(exactly: id.rawValue >> Self.spanBits), span < spans.count,
            spans[span].bits & Self.bit(of: id) != 0
        else { return nil }
        let earlier = spans[span].bits & (Self.bit(of: id) - 1)
        return Int(spans[span].before) + earlier.nonzeroBitCount
    }

    private static func bit(of id: AssignmentID) -> UInt64 { 1 << (id.rawValue & 63) }
}
