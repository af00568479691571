public import MarketCore

/// What an index is measured against: the live orders of a category in plain arrays, every one of
/// them looked at.
///
/// It shares no code with the market's own order books: which order goes before which is followed here
/// once more, so that its answers are a check of theirs. Which categories and tier a lead has, and whether an order
/// takes it, it asks the market and the order's filter. ``PlainAnswers`` are the same for many leads, sooner.
public struct NaiveBook {
    /// The orders of a category, in the order in which they go first by their own terms: best tier first, by
    /// id in each.
    struct Orders {
        fileprivate(set) var ids: [OrderID] = []
        fileprivate(set) var filters: [Filter] = []
        fileprivate var slots: [Int] = []
        fileprivate var advisors: [AdvisorNumber] = []
        fileprivate var tiers: [Tier] = []
        /// By advisor, when it got its last lead of the category.
        fileprivate var turns: [Int64]
    }

    /// Orders whose own terms rank alike.
    fileprivate struct Tier {
        let merits: Merits
        /// Their places among the category's orders.
        let places: Range<Int>
    }

    private(set) var categories: [Orders]
    /// By advisor, which of the leads' tiers the grade is for.
    private let levels: [Int8]

    /// Takes over the orders of a market that are neither paused, filled nor cancelled.
    public init(_ market: Market) {
        levels = market.advisors.map { advisor in
            switch advisor.grade {
            case .elite: 0
            case .standard: 1
            case .novice: 2
            }
        }
        categories = market.categories.indices.map { category in
            let rank = market.categories[category].definition.rank
            var slotsByMerits: [Merits: [Int]] = [:]
            for (slot, order) in market.orders.enumerated()
            where order.category.index == category && !order.isPaused && !order.isCancelled
                && order.remaining > 0
            {
                var merits = Merits()
                for (place, key) in rank.enumerated() {
                    switch key {
                    case .priority: merits.values[place] = Int64(order.terms.priority)
                    case .premium: merits.values[place] = order.terms.premium.fen
                    case .dedicated, .gradeFit, .leastRecentlyServed: continue
                    }
                }
                slotsByMerits[merits, default: []].append(slot)
            }
            let number = CategoryNumber(index: category)
            var orders = Orders(
                turns: market.advisors.map { Int64($0.lastServed(in: number).rawValue) })
            for (merits, slots) in slotsByMerits.sorted(by: { $1.key < $0.key }) {
                let first = orders.slots.count
                orders.slots += slots.sorted { market.orders[$0].id < market.orders[$1].id }
                orders.tiers.append(Tier(merits: merits, places: first..<orders.slots.count))
            }
            orders.ids = orders.slots.map { market.orders[$0].id }
            orders.filters = orders.slots.map { market.orders[$0].terms.filter }
            orders.advisors = orders.slots.map { market.orders[$0].advisor }
            return orders
        }
    }

    /// The best order for `lead`: in rank order, and no further than another one could still win.
    ///
    /// - Complexity: O(orders of the lead's categories that rank before the answer).
    @inline(never)
    public func best(for lead: Lead, in market: Market, at time: Timestamp) -> OrderID? {
        for category in lead.categories {
            let orders = categories[category.index]
            var contest = Contest(for: lead, in: category, of: market, at: time)
            for tier in orders.tiers {
                guard contest.mayBeBeaten(by: tier.merits) else { break }
                for place in tier.places where orders.filters[place].accepts(lead.attributes) {
                    contest.meet(place, of: orders, merits: tier.merits, levels, market)
                }
            }
            if let best = contest.best { return orders.ids[best.place] }
        }
        return nil
    }

    /// The same answer for the lead with number `place` among those that `acceptances` tell about.
    ///
    /// - Complexity: O(orders of the lead's categories that rank before the answer and whose filters take the lead),
    ///   and a step for 64 that do not.
    func best(
        for lead: Lead, numbered place: Int, of acceptances: Acceptances, in market: Market,
        at time: Timestamp
    ) -> OrderID? {
        for category in lead.categories {
            let orders = categories[category.index]
            var contest = Contest(for: lead, in: category, of: market, at: time)
            var tier = 0
            acceptances.forEachOrder(in: category, ofLeadAt: place) { order in
                while orders.tiers[tier].places.upperBound <= order { tier += 1 }
                guard contest.mayBeBeaten(by: orders.tiers[tier].merits) else { return false }
                contest.meet(order, of: orders, merits: orders.tiers[tier].merits, levels, market)
                return true
            }
            if let best = contest.best { return orders.ids[best.place] }
        }
        return nil
    }

    /// The same answer as a matcher of all subscriptions finds it: every order that takes the lead is
    /// collected, then they are ranked.
    ///
    /// - Complexity: O(orders of the lead's categories).
    @inline(never)
    public func bestOfAll(for lead: Lead, in market: Market, at time: Timestamp) -> OrderID? {
        for category in lead.categories {
            let orders = categories[category.index]
            let contest = Contest(for: lead, in: category, of: market, at: time)
            var matches: [Standing] = []
            for tier in orders.tiers {
                for place in tier.places where orders.filters[place].accepts(lead.attributes) {
                    guard contest.isEligible(place, of: orders, market) else { continue }
                    matches.append(
                        contest.standing(of: place, of: orders, merits: tier.merits, levels))
                }
            }
            var best = matches.first
            for match in matches.dropFirst() {
                if let other = best, other.isBeaten(by: match) { best = match }
            }
            if let best { return orders.ids[best.place] }
        }
        return nil
    }

    /// Notes that an order got a lead, so that it is another advisor's turn.
    mutating func note(_ sale: Reservation, at position: LogPosition, in market: Market) {
        guard let (advisor, category) = market.owner(of: sale.order) else { return }
        categories[category.index].turns[advisor.index] = Int64(position.rawValue)
    }
}

/// The best order so far of those in a category that accept a lead.
private struct Contest {
    private let lead: Lead
    private let time: Timestamp
    /// At which place of the rank list each of these keys stands, if it does.
    private let dedicatedPlace: Int?
    private let fitPlace: Int?
    private let turnPlace: Int?
    private let tierOfLead: Int64
    private(set) var best: Standing?

    init(for lead: Lead, in category: CategoryNumber, of market: Market, at time: Timestamp) {
        self.lead = lead
        self.time = time
        let rank = market.categories[category.index].definition.rank
        let tier = market.settings.tierAttribute.flatMap { lead.attributes[$0] }
        dedicatedPlace = rank.firstIndex(of: .dedicated)
        fitPlace = tier == nil ? nil : rank.firstIndex(of: .gradeFit)
        turnPlace = rank.firstIndex(of: .leastRecentlyServed)
        tierOfLead = tier ?? 0
    }

    /// Whether an order of a tier could beat the best: what its advisor adds to its merits is never above 0.
    @inline(__always)
    func mayBeBeaten(by merits: Merits) -> Bool {
        guard let best else { return true }
        return !(merits < best.merits)
    }

    /// Lets the order at a place take part whose filter accepts the lead.
    @inline(__always)
    mutating func meet(
        _ place: Int, of orders: NaiveBook.Orders, merits: Merits, _ levels: [Int8],
        _ market: Market
    ) {
        let standing = standing(of: place, of: orders, merits: merits, levels)
        if let best, !best.isBeaten(by: standing) { return }
        if isEligible(place, of: orders, market) { best = standing }
    }

    func isEligible(_ place: Int, of orders: NaiveBook.Orders, _ market: Market) -> Bool {
        let reason = market.ineligibility(
            of: market.orders[orders.slots[place]], for: lead, at: time)
        confirm(
            reason != .filtered && reason != .otherCategory,
            "order \(orders.ids[place]) refuses a lead of its category that passes its filter")
        return reason == nil
    }

    /// Where an order stands, with what its advisor and the lead have a say in: the higher goes first.
    @inline(__always)
    func standing(
        of place: Int, of orders: NaiveBook.Orders, merits: Merits, _ levels: [Int8]
    ) -> Standing {
        var merits = merits
        let advisor = orders.advisors[place]
        if let key = dedicatedPlace {
            merits.values[key] = advisor == lead.preferredAdvisor ? 0 : -1
        }
        if let key = fitPlace {
            merits.values[key] = -abs(Int64(levels[advisor.index]) - tierOfLead)
        }
        if let key = turnPlace { merits.values[key] = -orders.turns[advisor.index] }
        return Standing(merits: merits, place: place)
    }
}

/// What ranks an order for one lead.
private struct Standing {
    let merits: Merits
    /// Its place among the orders of its category. Orders of the same merits are of one tier, since these hold all
    /// that sets tiers apart; so the earlier place is the lower id.
    let place: Int

    @inline(__always)
    func isBeaten(by other: Standing) -> Bool {
        if merits == other.merits { return other.place < place }
        return merits < other.merits
    }
}

/// What speaks for an order on each key of a rank list, without an allocation; 0 past its end.
private struct Merits: Hashable, Comparable {
    var values = InlineArray<5, Int64>(repeating: 0)

    @inline(__always)
    static func < (left: Merits, right: Merits) -> Bool {
        for place in left.values.indices where left.values[place] != right.values[place] {
            return left.values[place] < right.values[place]
        }
        return false
    }

    @inline(__always)
    static func == (left: Merits, right: Merits) -> Bool {
        left.values.indices.allSatisfy { left.values[$0] == right.values[$0] }
    }

    func hash(into hasher: inout Hasher) {
        for place in values.indices { hasher.combine(values[place]) }
    }
}
