/// What became of one order in the decision about a lead (R6.5).
public enum Verdict: Hashable, Sendable {
    /// It gets the lead.
    case won
    /// A rule keeps it from the lead; the first that fails.
    case ineligible(Ineligibility)
    /// It lost to another order on this key; `nil` where only the order id was left.
    case outranked(by: OrderID, on: RankKey?)
    /// It is eligible, and an order of a category that is tried earlier gets the lead (R2.3).
    case laterCategory
}

/// A verdict with its order.
public struct OrderVerdict: Hashable, Sendable {
    /// The order.
    public let order: OrderID
    /// What became of it.
    public let verdict: Verdict
}

extension Market {
    /// What becomes of each order of the lead's categories when `lead` is decided at `time`, by
    /// ascending order id (R6.5).
    ///
    /// - Complexity: O(orders of the lead's categories).
    public func verdicts(on lead: Lead, at time: Timestamp) -> [OrderVerdict] {
        let considered = orders.filter { lead.categories.contains($0.category) }.map { order in
            (order: order, reason: ineligibility(of: order, for: lead, at: time))
        }
        let eligible = considered.filter { $0.reason == nil }.map(\.order)
        let category = lead.categories.first { category in
            eligible.contains { $0.category == category }
        }
        let winner = eligible.filter { $0.category == category }.map { order in
            standing(of: order, for: lead, at: time)
        }.min { $0.goesBefore($1) }
        return considered.map { order, reason in
            let verdict: Verdict
            if let reason {
                verdict = .ineligible(reason)
            } else if order.id == winner?.order {
                verdict = .won
            } else if let winner, order.category == category {
                let place = winner.merits.firstDifference(
                    from: standing(of: order, for: lead, at: time).merits)
                let rank = categories[order.category.index].definition.rank
                verdict = .outranked(by: winner.order, on: place.map { rank[$0] })
            } else {
                verdict = .laterCategory
            }
            return OrderVerdict(order: order.id, verdict: verdict)
        }
    }

    /// Where `order` stands among the orders of its category that are eligible for `lead`.
    func standing(of order: Order, for lead: Lead, at time: Timestamp) -> Standing {
        let rank = categories[order.category.index].definition.rank
        let advisor = advisors[order.advisor.index]
        let dedicated = person(of: lead)?.binding(at: time) ?? lead.preferredAdvisor
        var merits = Merits(of: order.terms, by: rank)
        for (place, key) in rank.enumerated() {
            switch key {
            case .dedicated: merits[place] = Advisor.dedication(of: order.advisor, to: dedicated)
            case .priority, .premium: break
            case .gradeFit:
                merits[place] = tier(of: lead.attributes).map(advisor.gradeFit(to:)) ?? 0
            case .leastRecentlyServed: merits[place] = advisor.turn(in: order.category)
            }
        }
        return Standing(order: order.id, merits: merits)
    }

    /// The open lead that a handed-in or tested one with these contents is at `time`, for
    /// ``verdicts(on:at:)``.
    public func hypotheticalLead(
        _ id: LeadID, channel: ChannelNumber, identity: Identity, attributes: Attributes,
        consentInstitutions: [String], preferredAdvisor: AdvisorNumber?, at time: Timestamp
    ) -> Lead {
        Lead(
            id: id, arrivedAt: time, channel: channel, identity: identity, attributes: attributes,
            consentInstitutions: consentInstitutions, preferredAdvisor: preferredAdvisor,
            categories: qualifyingCategories(for: attributes))
    }
}
