import MarketCore

/// Who gets a lead (R6), at what price (R7).
extension Model {
    /// The ladder's price of `lead` for `order` now, or `nil` when the order is not eligible (R6.1).
    func price(of lead: Lead, for order: Order, at stamp: Timestamp) -> Money? {
        // The filter first: it is looked at more often than all else.
        guard accepts(order.terms.filter, lead.attributes) else { return nil }
        return obstacle(to: order, for: lead, at: stamp) == nil
            ? price(of: lead, in: order, at: stamp) : nil
    }

    /// The first rule that keeps `order` from `lead`, or `nil` when it is eligible (R6.1, R6.5).
    func obstacle(to order: Order, for lead: Lead, at stamp: Timestamp) -> Ineligibility? {
        if !lead.categories.contains(order.category) { return .otherCategory }
        let reasons = unliveness(of: order, at: stamp)
        if !reasons.isEmpty { return .notLive(reasons) }
        if !accepts(order.terms.filter, lead.attributes) { return .filtered }
        if stamp - lead.arrivedAt > oldestLead(of: order), !forgets(.orderAge) { return .tooOld }
        guard let price = price(of: lead, in: order, at: stamp) else { return .tooOld }
        let charge = price + order.terms.premium
        let advisor = advisors[order.advisor.index]
        if advisor.available < charge, !forgets(.funds) { return .insufficientFunds }
        if let limit = order.terms.daySpend, !forgets(.spendCap), !forgets(.exactSpend),
            spentToday(of: order, at: stamp) + charge > limit
        {
            return .spendCapExceeded
        }
        if let owner = binding(of: lead.identity, at: stamp), owner != order.advisor,
            !forgets(.exclusivity)
        {
            return .boundElsewhere
        }
        let institution = advisor.profile.institution
        if !lead.institutions.isEmpty, !lead.institutions.contains(institution),
            !forgets(.consentNames)
        {
            return .consentElsewhere
        }
        if lead.excludedAdvisors.contains(order.advisor), !forgets(.excludedAdvisor) {
            return .excluded
        }
        if lead.excludedInstitutions.contains(institution), !forgets(.excludedInstitution) {
            return .excluded
        }
        return nil
    }

    /// The first rung that holds a lead of that age (R7.1).
    private func price(of lead: Lead, in order: Order, at stamp: Timestamp) -> Money? {
        let age = stamp - lead.arrivedAt
        for rung in categories[order.category.index].definition.ladder.rungs
        where age <= rung.maximumAge {
            return rung.price
        }
        return nil
    }

    /// Whether every predicate holds; one on an absent attribute does not (R1.3, R1.4).
    func accepts(_ filter: Filter, _ attributes: Attributes) -> Bool {
        for predicate in filter.predicates {
            guard let value = attributes[predicate.attribute] else { return false }
            switch predicate.test {
            case .flag(let wanted):
                if value != (wanted ? 1 : 0) { return false }
            case .range(let minimum, let maximum):
                if value < minimum ?? .min || value > maximum ?? .max { return false }
            case .choices(let choices):
                if !choices.contains(where: { Int64($0) == value }) { return false }
            case .regions(let regions):
                guard let region = RegionCode(rawValue: value)?.text else { return false }
                if !regions.contains(where: { region.hasPrefix($0.text) }) { return false }
            }
        }
        return true
    }

    /// Whom `identity` is bound to at `stamp` (R4.4).
    func binding(of identity: Identity, at stamp: Timestamp) -> AdvisorNumber? {
        for person in people where person.identity == identity {
            return person.binding(at: stamp)
        }
        return nil
    }

    /// The order that gets `lead`: the best of the first category that has one (R2.3, R6.2).
    func winner(for lead: Lead, at stamp: Timestamp) -> Order? {
        for category in lead.categories {
            var best: Order?
            for order in orders
            where order.category == category && price(of: lead, for: order, at: stamp) != nil {
                if let held = best, !beats(order, held, lead, at: stamp) { continue }
                best = order
            }
            if let best { return best }
        }
        return nil
    }

    /// Whether `order` goes before `other` of the same category for `lead` (R6.2).
    private func beats(
        _ order: Order, _ other: Order, _ lead: Lead, at stamp: Timestamp
    ) -> Bool {
        guard let key = decidingKey(order, other, lead, at: stamp) else {
            return order.id < other.id
        }
        return standing(order, on: key, lead, at: stamp)
            < standing(other, on: key, lead, at: stamp)
    }

    /// The first key on which the two differ; `nil` when only the order id is left.
    func decidingKey(
        _ order: Order, _ other: Order, _ lead: Lead, at stamp: Timestamp
    ) -> RankKey? {
        var keys = categories[order.category.index].definition.rank
        if forgets(.rankList) { keys = RankKey.defaultList }
        for key in keys
        where standing(order, on: key, lead, at: stamp)
            != standing(other, on: key, lead, at: stamp)
        {
            return key
        }
        return nil
    }

    /// Where an order stands on one key; lower goes before.
    private func standing(
        _ order: Order, on key: RankKey, _ lead: Lead, at stamp: Timestamp
    ) -> Int64 {
        if forgets(Rule(of: key)) { return 0 }
        switch key {
        case .dedicated:
            let friend = binding(of: lead.identity, at: stamp) ?? lead.preferredAdvisor
            return order.advisor == friend ? 0 : 1
        case .priority:
            return -Int64(order.terms.priority)
        case .premium:
            return -order.terms.premium.fen
        case .gradeFit:
            guard let tier = tier(of: lead) else { return 0 }
            let grades: [Grade] = [.elite, .standard, .novice]
            let grade = grades.firstIndex(of: advisors[order.advisor.index].grade) ?? 0
            return Int64(abs(tier - grade))
        case .leastRecentlyServed:
            for place in assignments.indices.reversed()
            where assignments[place].advisor == order.advisor
                && assignments[place].category == order.category
            {
                return Int64(assignments[place].id.rawValue)
            }
            return 0
        }
    }

    /// 0, 1 or 2 from best to worst; `nil` where the lead has none (R6.2).
    private func tier(of lead: Lead) -> Int? {
        guard let attribute = settings.tierAttribute, let word = lead.attributes[attribute],
            word <= 2
        else { return nil }
        return Int(word)
    }

    /// What the lead declares, with the tier that the market's rules give it (R1.5).
    func withTier(_ attributes: Attributes) -> Attributes {
        guard let number = settings.tierAttribute, let rules = settings.tierRules,
            !forgets(.tierRules)
        else { return attributes }
        var points = 0
        for rule in rules.rules where accepts(rule.filter, attributes) { points += rule.points }
        var result = attributes
        if points >= rules.firstTierFrom {
            result[number] = 0
        } else if points >= rules.secondTierFrom {
            result[number] = 1
        } else {
            result[number] = 2
        }
        return result
    }

    /// What becomes of each order of the lead's categories, by ascending id (R6.5).
    func verdicts(on lead: Lead, at stamp: Timestamp) -> [(order: OrderID, verdict: Verdict)] {
        let winner = winner(for: lead, at: stamp)
        var verdicts: [(order: OrderID, verdict: Verdict)] = []
        for order in orders where lead.categories.contains(order.category) {
            if let obstacle = obstacle(to: order, for: lead, at: stamp) {
                verdicts.append((order.id, .ineligible(obstacle)))
            } else if let winner, winner.id == order.id {
                verdicts.append((order.id, .won))
            } else if let winner, winner.category == order.category {
                let key = decidingKey(winner, order, lead, at: stamp)
                verdicts.append((order.id, .outranked(by: winner.id, on: key)))
            } else {
                verdicts.append((order.id, .laterCategory))
            }
        }
        return verdicts
    }
}
