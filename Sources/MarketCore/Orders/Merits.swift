/// What speaks for an order on each key of its category's rank list, in the list's order: the higher
/// goes first (R6.2). Places past the list are 0.
///
/// On the keys that say something about the advisor or the lead, 0 is the best there is: the merits
/// of an order's own terms are never less than all its merits.
struct Merits: Comparable, Sendable {
    /// Room for the longest list: every key once.
    private var values = InlineArray<5, Int64>(repeating: 0)

    /// What an order's own terms say; 0 on the other keys.
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

    /// The first place at which the merits differ.
    func firstDifference(from other: Merits) -> Int? {
        for place in values.indices where values[place] != other.values[place] { return place }
        return nil
    }

    /// Orders merits from lesser to higher.
    static func < (left: Merits, right: Merits) -> Bool {
        guard let place = left.firstDifference(from: right) else { return false }
        return left.values[place] < right.values[place]
    }

    static func == (left: Merits, right: Merits) -> Bool {
        left.firstDifference(from: right) == nil
    }
}

/// Everything that ranks an order among those of its category (R6.2).
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
    /// Whether the advisor with `number` is the dedicated one: 0, else less.
    static func dedication(of number: AdvisorNumber, to dedicated: AdvisorNumber?) -> Int64 {
        number == dedicated ? 0 : -1
    }

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
