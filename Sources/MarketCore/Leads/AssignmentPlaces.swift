/// Where each assignment stands among all, by id: a quarter of a byte for each position of the log, so
/// that most of it stays in a cache, and an assignment is found without a look at any.
///
/// Invariant: the bits before a span are as many as its `before`.
struct AssignmentPlaces: Sendable {
    private static let spanBits: UInt64 = 6

    /// 64 positions of the log.
    private struct Span {
        /// The positions that are assignments, the first in the lowest bit.
        var bits: UInt64 = 0
        /// How many assignments come before.
        let before: UInt32
    }

    private var spans = ChunkedArray<Span>()
    private var count: UInt32 = 0

    /// Notes the next assignment, whose id is later than all others'.
    ///
    /// - Complexity: O(1) amortised, and O(1) for each span of the log that is passed.
    mutating func append(_ id: AssignmentID) {
        let span = Int(id.rawValue >> Self.spanBits)
        while spans.count <= span { spans.append(Span(before: count)) }
        spans[span].bits |= Self.bit(of: id)
        count += 1
    }

    /// The place of an assignment; `nil` when there is none with that id.
    ///
    /// - Complexity: O(1).
    func place(of id: AssignmentID) -> Int? {
        guard let span = Int(exactly: id.rawValue >> Self.spanBits), span < spans.count,
            spans[span].bits & Self.bit(of: id) != 0
        else { return nil }
        return place(from: id, in: span)
    }

    /// The place of the first assignment whose id is `id` or later; how many there are when there is
    /// none.
    ///
    /// - Complexity: O(1).
    func firstPlace(from id: AssignmentID) -> Int {
        guard let span = Int(exactly: id.rawValue >> Self.spanBits), span < spans.count
        else { return Int(count) }
        return place(from: id, in: span)
    }

    private func place(from id: AssignmentID, in span: Int) -> Int {
        let earlier = spans[span].bits & (Self.bit(of: id) - 1)
        return Int(spans[span].before) + earlier.nonzeroBitCount
    }

    private static func bit(of id: AssignmentID) -> UInt64 { 1 << (id.rawValue & 63) }
}
