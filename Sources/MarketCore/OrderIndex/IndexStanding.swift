/// What ranks an order in the index: its own terms and its advisor's turn as far as they are listed,
/// then its placement (R6.2).
///
/// Grade fit is no part of it, because it depends on the lead: see ``Contest``.
struct IndexStanding: Sendable {
    /// The merits on the listed ones of `priority`, `premium` and `leastRecentlyServed`, in the
    /// list's order, the higher the better; 0 past them.
    var merits: InlineArray<3, Int64>
    /// Where the market finds the order; orders are in slots by ascending id.
    let slot: UInt32

    /// Whether the order goes before `other`, with `gradeFit` counted before the merit at `place`.
    @inline(__always)
    func goesBefore(
        _ other: IndexStanding, fit: Int64 = 0, otherFit: Int64 = 0, at place: Int = 3
    ) -> Bool {
        for index in 0..<3 {
            if index == place, fit != otherFit { return fit > otherFit }
            if merits[index] != other.merits[index] { return merits[index] > other.merits[index] }
        }
        if place == 3, fit != otherFit { return fit > otherFit }
        return slot < other.slot
    }
}

/// What a match reads of an entry, 32 bytes of its leaf.
struct IndexSeat: Sendable {
    /// What ranks it; the turn in it may be of an earlier time.
    var standing: IndexStanding
    /// The advisor's number above a bit for ``isExact``.
    private let advisorAndExactness: UInt32

    init(_ standing: IndexStanding, advisor: AdvisorNumber, isExact: Bool) {
        self.standing = standing
        advisorAndExactness = UInt32(advisor.index) << 1 | (isExact ? 1 : 0)
    }

    /// Whose order it is.
    var advisor: UInt32 { advisorAndExactness >> 1 }

    /// Whether the planes say all of its filter.
    var isExact: Bool { advisorAndExactness & 1 != 0 }
}

/// A category's rank list as the index goes by it.
struct IndexRank: Sendable {
    /// The list.
    let list: [RankKey]
    /// Where `leastRecentlyServed` stands among the stored merits; 3 where it is not listed.
    let turnPlace: Int
    /// Before which of the stored merits `gradeFit` counts, 0...3.
    let fitPlace: Int
    /// Whether `gradeFit` is listed.
    let fits: Bool

    init(_ list: [RankKey]) {
        self.list = list
        let stored = list.filter(Self.isStored)
        turnPlace = stored.firstIndex(of: .leastRecentlyServed) ?? 3
        fits = list.contains(.gradeFit)
        fitPlace = list.prefix { $0 != .gradeFit }.count(where: Self.isStored)
    }

    private static func isStored(_ key: RankKey) -> Bool {
        switch key {
        case .priority, .premium, .leastRecentlyServed: true
        case .dedicated, .gradeFit: false
        }
    }

    /// Where an order with `terms` stands whose advisor's turn is `turn`.
    func standing(of terms: OrderTerms, turn: Int64, slot: Int) -> IndexStanding {
        var standing = IndexStanding(merits: .init(repeating: 0), slot: UInt32(slot))
        var place = 0
        for key in list where Self.isStored(key) {
            switch key {
            case .priority: standing.merits[place] = Int64(terms.priority)
            case .premium: standing.merits[place] = terms.premium.fen
            case .leastRecentlyServed: standing.merits[place] = turn
            case .dedicated, .gradeFit: break
            }
            place += 1
        }
        return standing
    }
}
