/// What speaks for an order on each key of its category's rank list, in the list's order: the higher
/// goes first (R6.2). Places past the list are 0.
struct Merits: Equatable, Sendable {
    /// The length of the longest list: every key once.
    static let capacity = 5

    private var values = InlineArray<5, Int64>(repeating: 0)

    /// Nothing speaks for the order on any key.
    init() {}

    /// What an order's own terms say; 0 on the keys that say something about its advisor.
    init(of terms: OrderTerms, by rank: [RankKey]) {
        for (place, key) in rank.enumerated() {
            switch key {
            case .priority: values[place] = Int64(terms.priority)
            case .premium: values[place] = terms.premium.fen
            case .dedicated, .gradeFit, .leastRecentlyServed: break
            }
        }
    }

    /// The merit on the key at `place` of the list.
    subscript(place: Int) -> Int64 {
        get { values[place] }
        set { values[place] = newValue }
    }

    /// The first of the `count` first places at which the merits differ.
    func firstDifference(
        from other: Merits, within count: Int = Merits.capacity
    ) -> Int? {
        for place in 0..<count where values[place] != other.values[place] { return place }
        return nil
    }

    /// Whether these are the lesser ones on the `count` first keys.
    func areLess(than other: Merits, within count: Int = Merits.capacity) -> Bool {
        guard let place = firstDifference(from: other, within: count) else { return false }
        return values[place] < other.values[place]
    }

    static func == (left: Merits, right: Merits) -> Bool {
        left.firstDifference(from: right) == nil
    }
}

/// All that ranks an order among those of its category (R6.2).
struct Standing {
    let order: OrderID
    var merits: Merits

    /// Whether the order goes before `other`: on the first key on which they differ, else by the
    /// lower id.
    func goesBefore(_ other: Standing) -> Bool {
        guard let place = merits.firstDifference(from: other.merits) else {
            return order < other.order
        }
        return merits[place] > other.merits[place]
    }
}

extension Advisor {
    /// How near the advisor's grade is to a lead's tier, 0 for a perfect fit and less for others.
    func gradeFit(to tier: Int) -> Int64 {
        switch grade {
        case .elite: -Int64(abs(tier))
        case .standard: -Int64(abs(tier - 1))
        case .novice: -Int64(abs(tier - 2))
        }
    }

    /// How long the advisor has had no reservation in `category`: the longer the higher, 0 for never.
    func turn(in category: CategoryNumber) -> Int64 {
        -Int64(clamping: lastServed(in: category).rawValue)
    }
}
