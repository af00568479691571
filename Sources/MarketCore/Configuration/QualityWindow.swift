internal import DequeModule

/// What became of a channel's last decided leads: which of them were rejected or returned (R3.2).
public struct QualityWindow: Hashable, Sendable {
    /// The most leads that are kept.
    public static let maximumLength = 1_000

    /// One decided lead.
    struct Entry: Hashable, Sendable {
        /// The id of a lead that was taken or posted; else the position of its rejection.
        let decision: LogPosition
        /// Whether it was rejected or returned.
        var isBad: Bool
    }

    /// The decided leads in the order in which they were decided.
    private(set) var entries: Deque<Entry> = []

    /// How many leads are in the window.
    public var count: Int { entries.count }
    /// How many of them were rejected or returned.
    public private(set) var bad = 0

    init() {}

    /// A window of what was kept.
    init(entries: [Entry]) {
        self.entries = Deque(entries)
        bad = entries.count { $0.isBad }
    }

    /// Notes a decided lead; the oldest falls out of a window that is longer than `span`.
    ///
    /// - Complexity: O(1) amortised.
    mutating func note(_ decision: LogPosition, isBad: Bool, span: Int) {
        entries.append(Entry(decision: decision, isBad: isBad))
        if isBad { bad += 1 }
        while entries.count > span {
            if entries.removeFirst().isBad { bad -= 1 }
        }
    }

    /// Whether the decision is one of those that are kept.
    ///
    /// - Complexity: O(span).
    func holds(_ decision: LogPosition) -> Bool {
        entries.contains { $0.decision == decision }
    }

    /// Notes that a lead was returned, if it is still in the window.
    ///
    /// - Complexity: O(span).
    mutating func noteReturn(of decision: LogPosition) {
        guard let index = entries.lastIndex(where: { $0.decision == decision }),
            !entries[index].isBad
        else { return }
        entries[index].isBad = true
        bad += 1
    }

    /// Begins anew.
    mutating func clear() { self = QualityWindow() }

    /// Whether a full window has more bad leads than `limit` basis points of it.
    func exceeds(limit: Int, span: Int) -> Bool {
        count >= span && bad * 10_000 > limit * count
    }
}
