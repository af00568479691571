/// Why an order does not get a lead: the first rule that fails, in this order (R6.1, R6.5).
public enum Ineligibility: Hashable, Sendable {
    /// The lead is not in the order's category.
    case otherCategory
    /// The order is not live, for all these reasons.
    case notLive(Unliveness)
    /// The lead does not pass the order's filter.
    case filtered
    /// The lead is older than the order, or the category's ladder, takes.
    case tooOld
    /// The available balance does not cover price and premium.
    case insufficientFunds
    /// What the order may still spend today does not cover price and premium.
    case spendCapExceeded
    /// The person is bound to another advisor (R4.4).
    case boundElsewhere
    /// The person's consent names institutions, and not the advisor's (R8.2).
    case consentElsewhere
    /// The advisor declined the lead or let it lapse, or the person refused the institution (R8.4).
    case excluded
}

extension Market {
    /// Why `order` cannot get `lead` at `time`, or `nil` when it is eligible (R6.1).
    ///
    /// - Complexity: O(predicates + rungs).
    public func ineligibility(
        of order: Order, for lead: Lead, at time: Timestamp
    ) -> Ineligibility? {
        guard lead.categories.contains(order.category) else { return .otherCategory }
        let reasons = unliveness(of: order, at: time)
        guard reasons.isEmpty else { return .notLive(reasons) }
        guard order.terms.filter.accepts(lead.attributes) else { return .filtered }
        let age = time - lead.arrivedAt
        guard age <= maximumAge(of: order),
            let rung = categories[order.category.index].definition.ladder.rung(atAge: age)
        else { return .tooOld }
        let charge = rung.price + order.terms.premium
        guard ledger.available[order.advisor.index] >= charge else { return .insufficientFunds }
        if let limit = order.terms.daySpend,
            order.usage.spent(at: time, in: calendar) + charge > limit
        {
            return .spendCapExceeded
        }
        if let bound = person(lead.identity)?.binding(at: time), bound != order.advisor {
            return .boundElsewhere
        }
        let institution = advisors[order.advisor.index].profile.institution
        guard lead.consentInstitutions.isEmpty || lead.consentInstitutions.contains(institution)
        else { return .consentElsewhere }
        guard !lead.excludedAdvisors.contains(order.advisor),
            !lead.excludedInstitutions.contains(institution)
        else { return .excluded }
        return nil
    }

    /// The order that gets `lead` at `time`, or `nil` when none is eligible (R2.3, R6.1, R6.2).
    ///
    /// The first category, in the order they are tried, with an eligible order decides; there the
    /// category's rank list does. Of a bound person only the bound advisor's orders are eligible.
    ///
    /// - Complexity: O(orders for the lead's region), less those ranked behind the answer's tier.
    func bestOrder(for lead: Lead, at time: Timestamp) -> Order? {
        guard let book else {
            preconditionFailure("a market made with `decides: false` does not match leads")
        }
        let bound = person(lead.identity)?.binding(at: time)
        let regions = regionPrefixes(of: lead.attributes)
        let tier = tier(of: lead.attributes)
        for category in lead.categories {
            var query = OrderBook.Query(
                category: category, regions: regions, dedicated: lead.preferredAdvisor, tier: tier)
            let isDedicatedFirst =
                categories[category.index].definition.rank.first == .dedicated
            if let advisor = bound ?? (isDedicatedFirst ? lead.preferredAdvisor : nil) {
                if let order = bestOrder(of: advisor, in: category, for: lead, at: time) {
                    return order
                }
                if bound != nil { continue }
                query.dedicated = nil
            }
            let entry = book.best(for: query, of: advisors) { entry in
                entry.filter.accepts(lead.attributes)
                    && ineligibility(of: orders[entry.slot], for: lead, at: time) == nil
            }
            if let entry { return orders[entry.slot] }
        }
        return nil
    }

    /// The best of one advisor's orders of a category that are eligible (R6.2): the advisor being
    /// the same, only the orders' own terms tell them apart.
    private func bestOrder(
        of advisor: AdvisorNumber, in category: CategoryNumber, for lead: Lead, at time: Timestamp
    ) -> Order? {
        let rank = categories[category.index].definition.rank
        let standings = advisorOrders[advisor.index].lazy.map { orders[$0] }.filter {
            $0.category == category && $0.standsInBook
                && ineligibility(of: $0, for: lead, at: time) == nil
        }.map { Standing(order: $0.id, merits: Merits(of: $0.terms, by: rank)) }
        return standings.min { $0.goesBefore($1) }.flatMap { order($0.order) }
    }

    /// A book of these orders alone, those of them that are live at `time`: for asking which waiting
    /// leads they could take (R6.4).
    func bookOfLiveOrders(_ slots: [Int], at time: Timestamp) -> OrderBook {
        var book = OrderBook()
        book.regionAttribute = schema.firstRegionAttribute
        for slot in slots where unliveness(of: orders[slot], at: time).isEmpty {
            book.insert(orders[slot], slot: slot)
        }
        return book
    }

    /// Whether an order in `book` is eligible for `lead` at `time` (R6.1).
    ///
    /// - Complexity: O(orders of the book for the lead's region).
    func hasEligibleOrder(in book: OrderBook, for lead: Lead, at time: Timestamp) -> Bool {
        let regions = regionPrefixes(of: lead.attributes)
        for category in lead.categories {
            let isTaken = book.contains(in: category, regions: regions) { entry in
                entry.filter.accepts(lead.attributes)
                    && ineligibility(of: orders[entry.slot], for: lead, at: time) == nil
            }
            if isTaken { return true }
        }
        return false
    }

    /// Brings the book to the rank lists that the categories have now (R6.2).
    ///
    /// - Complexity: O(categories), and O(n log n) in the orders of those whose list changed.
    mutating func followRankLists() {
        for (index, category) in categories.enumerated() {
            book?.setRank(
                of: CategoryNumber(index: index), to: category.definition.rank, orders: orders)
        }
    }

    /// The tier of a lead that declares `attributes`, from 0 for the best to 2; `nil` when it has
    /// none (R6.2).
    func tier(of attributes: Attributes) -> Int? {
        guard let attribute = settings.tierAttribute, let value = attributes[attribute],
            (0...2).contains(value)
        else { return nil }
        return Int(value)
    }

    /// The packed prefixes, of every declared length, of the region that the order book goes by.
    private func regionPrefixes(of attributes: Attributes) -> [Int64] {
        guard let number = schema.firstRegionAttribute, let value = attributes[number],
            case .region(let lengths) = schema[number].kind
        else { return [] }
        return RegionCode.prefixes(of: value, lengths: lengths)
    }

    /// The categories that a lead with `attributes` belongs to, in the order they are tried (R2.3).
    func qualifyingCategories(for attributes: Attributes) -> [CategoryNumber] {
        var qualifying: [CategoryNumber] = []
        qualifying.reserveCapacity(categoryOrder.count)
        for number in categoryOrder where takes(attributes, in: number) {
            qualifying.append(number)
        }
        return qualifying
    }

    /// Whether a lead with `attributes` belongs to any category.
    func hasQualifyingCategory(for attributes: Attributes) -> Bool {
        for number in categoryOrder where takes(attributes, in: number) { return true }
        return false
    }

    private func takes(_ attributes: Attributes, in category: CategoryNumber) -> Bool {
        !categories[category.index].definition.retired
            && categories[category.index].definition.qualification.accepts(attributes)
    }

    /// The order in which categories are tried: the configured one, then the dearest first rung
    /// first, then by definition (R2.3).
    func orderOfCategories() -> [CategoryNumber] {
        let named = settings.categoryOrder ?? []
        let others = categories.indices.map(CategoryNumber.init(index:)).filter {
            !named.contains($0)
        }
        return named
            + others.sorted { left, right in
                let prices = [left, right].map { categories[$0.index].definition.ladder.firstPrice }
                return (prices[1], left) < (prices[0], right)
            }
    }
}
