public import MarketCore

/// What an index is measured against: the live orders of a category in plain arrays, every one of
/// them looked at.
///
/// It shares no code with the market's own order books: which order goes before which is followed here
/// once more, so that its answers are a check of theirs. Whether an order takes a lead at all it asks the
/// order's filter and the market.
public struct NaiveBook {
    private struct Entry {
        let slot: Int
        let id: OrderID
        let advisor: AdvisorNumber
        let filter: Filter
    }

    /// Orders whose own terms rank alike, by id.
    private struct Tier {
        let merits: Merits
        var entries: [Entry]
    }

    /// By category, best first.
    private var tiers: [[Tier]]

    /// Takes over the orders of a market that are neither paused, filled nor cancelled.
    public init(_ market: Market) {
        tiers = market.categories.indices.map { category in
            let rank = market.categories[category].definition.rank
            var byMerits: [Merits: [Entry]] = [:]
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
                byMerits[merits, default: []].append(
                    Entry(
                        slot: slot, id: order.id, advisor: order.advisor,
                        filter: order.terms.filter))
            }
            return byMerits.map { Tier(merits: $0.key, entries: $0.value) }
                .sorted { $1.merits < $0.merits }
        }
    }

    /// The best order for `lead`: in rank order, and no further than another one could still win.
    ///
    /// - Complexity: O(orders of the lead's categories that rank before the answer).
    @inline(never)
    public func best(for lead: Lead, in market: Market, at time: Timestamp) -> OrderID? {
        let tierOfLead = market.tier(of: lead)
        for category in lead.categories {
            let rank = market.categories[category.index].definition.rank
            var best: Standing?
            for tier in tiers[category.index] {
                if let best, tier.merits < best.merits { break }
                for entry in tier.entries where entry.filter.accepts(lead.attributes) {
                    guard
                        market.ineligibility(of: market.orders[entry.slot], for: lead, at: time)
                            == nil
                    else { continue }
                    let merits = market.merits(
                        of: entry.advisor, over: tier.merits, rank, category, lead, tierOfLead)
                    let standing = Standing(merits: merits, id: entry.id)
                    if let best, !best.isBeaten(by: standing) { continue }
                    best = standing
                }
            }
            if let best { return best.id }
        }
        return nil
    }

    /// The same answer as a matcher of all subscriptions finds it: every order that takes the lead is
    /// collected, then they are ranked.
    ///
    /// - Complexity: O(orders of the lead's categories).
    @inline(never)
    public func bestOfAll(for lead: Lead, in market: Market, at time: Timestamp) -> OrderID? {
        let tierOfLead = market.tier(of: lead)
        for category in lead.categories {
            let rank = market.categories[category.index].definition.rank
            var matches: [Standing] = []
            for tier in tiers[category.index] {
                for entry in tier.entries where entry.filter.accepts(lead.attributes) {
                    guard
                        market.ineligibility(of: market.orders[entry.slot], for: lead, at: time)
                            == nil
                    else { continue }
                    let merits = market.merits(
                        of: entry.advisor, over: tier.merits, rank, category, lead, tierOfLead)
                    matches.append(Standing(merits: merits, id: entry.id))
                }
            }
            var best = matches.first
            for match in matches.dropFirst() {
                if let other = best, other.isBeaten(by: match) { best = match }
            }
            if let best { return best.id }
        }
        return nil
    }
}

/// What ranks an order for one lead.
private struct Standing {
    let merits: Merits
    let id: OrderID

    func isBeaten(by other: Standing) -> Bool {
        if merits == other.merits { return other.id < id }
        return merits < other.merits
    }
}

/// What speaks for an order on each key of a rank list, without an allocation; 0 past its end.
private struct Merits: Hashable, Comparable {
    var values = InlineArray<5, Int64>(repeating: 0)

    static func < (left: Merits, right: Merits) -> Bool {
        for place in left.values.indices where left.values[place] != right.values[place] {
            return left.values[place] < right.values[place]
        }
        return false
    }

    static func == (left: Merits, right: Merits) -> Bool {
        left.values.indices.allSatisfy { left.values[$0] == right.values[$0] }
    }

    func hash(into hasher: inout Hasher) {
        for place in values.indices { hasher.combine(values[place]) }
    }
}

extension Market {
    fileprivate func tier(of lead: Lead) -> Int64? {
        settings.tierAttribute.flatMap { lead.attributes[$0] }
    }

    /// An order's merits, where its advisor and the lead have a say in them: the higher goes first.
    fileprivate func merits(
        of advisor: AdvisorNumber, over merits: Merits, _ rank: [RankKey],
        _ category: CategoryNumber, _ lead: Lead, _ tier: Int64?
    ) -> Merits {
        var merits = merits
        for (place, key) in rank.enumerated() {
            switch key {
            case .dedicated:
                merits.values[place] = advisor == lead.preferredAdvisor ? 0 : -1
            case .gradeFit:
                guard let tier else { continue }
                let level: Int64 =
                    switch advisors[advisor.index].grade {
                    case .elite: 0
                    case .standard: 1
                    case .novice: 2
                    }
                merits.values[place] = -abs(level - tier)
            case .leastRecentlyServed:
                merits.values[place] = -Int64(
                    advisors[advisor.index].lastServed(in: category).rawValue)
            case .priority, .premium:
                continue
            }
        }
        return merits
    }
}
