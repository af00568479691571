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
        ineligibility(ofOrderAt: slot(of: order), for: lead, at: time)
    }

    /// As ``ineligibility(of:for:at:)``.
    func ineligibility(
        ofOrderAt slot: Int, for lead: Lead, at time: Timestamp
    ) -> Ineligibility? {
        guard lead.categories.contains(orders[slot].category) else { return .otherCategory }
        let reasons = unliveness(ofOrderAt: slot, at: time)
        guard reasons.isEmpty else { return .notLive(reasons) }
        guard orders[slot].terms.filter.accepts(lead.attributes) else { return .filtered }
        if let obstacle = priceObstacle(ofOrderAt: slot, for: lead, at: time) { return obstacle }
        if let bound = person(of: lead)?.binding(at: time), bound != orders[slot].advisor {
            return .boundElsewhere
        }
        return partyObstacle(ofOrderAt: slot, for: lead)
    }

    /// What is in the way between an order and a lead of its age and price.
    @inline(__always)
    private func priceObstacle(
        ofOrderAt slot: Int, for lead: Lead, at time: Timestamp
    ) -> Ineligibility? {
        let age = time - lead.arrivedAt
        let category = orders[slot].category.index
        guard age <= maximumAge(ofOrderAt: slot),
            let rung = categories[category].definition.ladder.rung(atAge: age)
        else { return .tooOld }
        let charge = rung.price + orders[slot].terms.premium
        guard ledger.available[orders[slot].advisor.index] >= charge else {
            return .insufficientFunds
        }
        if let limit = orders[slot].terms.daySpend,
            orders[slot].usage.spent(at: time, in: calendar) + charge > limit
        {
            return .spendCapExceeded
        }
        return nil
    }

    /// What is in the way between a lead and an order's advisor and institution (R8.2, R8.4).
    @inline(__always)
    private func partyObstacle(ofOrderAt slot: Int, for lead: Lead) -> Ineligibility? {
        let isOpenToAll =
            lead.consentInstitutions.isEmpty && lead.excludedAdvisors.isEmpty
            && lead.excludedInstitutions.isEmpty
        if isOpenToAll { return nil }
        let institution = advisors[orders[slot].advisor.index].profile.institution
        guard lead.consentInstitutions.isEmpty || lead.consentInstitutions.contains(institution)
        else { return .consentElsewhere }
        guard !lead.excludedAdvisors.contains(orders[slot].advisor),
            !lead.excludedInstitutions.contains(institution)
        else { return .excluded }
        return nil
    }

    /// The order that gets `lead` at `time`, or `nil` when none is eligible (R2.3, R6.1, R6.2).
    ///
    /// The first category, in the order they are tried, with an eligible order decides; there the
    /// category's rank list does. Of a bound person only the bound advisor's orders are eligible.
    ///
    /// - Complexity: as ``OrderIndex/best(in:for:of:at:asking:notes:)`` for each category.
    func bestOrder(for lead: Lead, at time: Timestamp) -> Order? {
        var notes = MatchNotes()
        var best = bestSlot(for: lead, at: time, &notes)
        // The book may not show those yet.
        for slot in overdueOrders(at: time)
        where ineligibility(of: orders[slot], for: lead, at: time) == nil {
            best = first(of: slot, best, for: lead, at: time)
        }
        return best.map { orders[$0] }
    }

    /// The one of two eligible orders that goes first.
    private func first(
        of slot: Int, _ other: Int?, for lead: Lead, at time: Timestamp
    ) -> Int {
        guard let other else { return slot }
        let places = [slot, other].map { lead.categories.firstIndex(of: orders[$0].category) ?? 0 }
        if places[0] != places[1] { return places[0] < places[1] ? slot : other }
        let standings = [slot, other].map { standing(of: orders[$0], for: lead, at: time) }
        return standings[1].goesBefore(standings[0]) ? other : slot
    }

    /// The same, and puts the book right where it was found to be out of date: orders that are not
    /// live leave it until something wakes them, and orders whose advisors were served since stand
    /// where they now belong.
    ///
    /// - Returns: The order's slot.
    mutating func match(_ lead: Lead, at time: Timestamp) -> Int? {
        wakeOverdueOrders(at: time)
        var notes = MatchNotes()
        swap(&notes, &matchNotes)
        let slot = bestSlot(for: lead, at: time, &notes)
        if !notes.isEmpty { putRight(&notes, at: time) }
        swap(&notes, &matchNotes)
        return slot
    }

    private mutating func putRight(_ notes: inout MatchNotes, at time: Timestamp) {
        for slot in notes.notLive {
            // An overdue turn may make it live at any time, before it is run.
            if let turn = orders[slot].pendingTurn, turn <= time { continue }
            book.setLive(slot, to: false)
        }
        book.moveOvertaken(notes)
        notes.removeAll()
    }

    private func bestSlot(
        for lead: Lead, at time: Timestamp, _ notes: inout MatchNotes
    ) -> Int? {
        precondition(decides, "a market made with `decides: false` does not match leads")
        let outline = book.outline(of: lead.attributes, tier: tier(of: lead.attributes))
        if let bound = person(of: lead)?.binding(at: time) {
            for category in lead.categories {
                if let slot = book.best(
                    of: bound, in: category, for: outline, of: lead, at: time, asking: self,
                    notes: &notes)
                {
                    return slot
                }
            }
            return nil
        }
        for category in lead.categories {
            var dedicated: Int?
            if let advisor = lead.preferredAdvisor {
                let rank = categories[category.index].definition.rank
                if rank.contains(.dedicated) {
                    dedicated = book.best(
                        of: advisor, in: category, for: outline, of: lead, at: time, asking: self,
                        notes: &notes)
                }
                if let dedicated, rank.first == .dedicated { return dedicated }
            }
            let best = book.best(
                in: category, for: outline, of: lead, at: time, asking: self, notes: &notes)
            if let slot = better(dedicated, best, for: lead, at: time) { return slot }
        }
        return nil
    }

    /// The one of the preferred advisor's best order and the best of all but for `dedicated` that
    /// goes first.
    ///
    /// That key sets the advisor's orders apart from all others, so no other order can go first.
    private func better(
        _ dedicated: Int?, _ best: Int?, for lead: Lead, at time: Timestamp
    ) -> Int? {
        guard let dedicated else { return best }
        return first(of: dedicated, best, for: lead, at: time)
    }

    /// Brings the book to the rank lists that the categories have now (R6.2).
    ///
    /// - Complexity: O(categories), and O(n log n) in the orders of those whose list changed.
    mutating func followRankLists() {
        for (index, category) in categories.enumerated() where decides {
            book.setRank(
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

    /// The categories that a lead with `attributes` belongs to, in the order they are tried (R2.3).
    func qualifyingCategories(for attributes: Attributes) -> [CategoryNumber] {
        var qualifying: [CategoryNumber] = []
        qualifying.reserveCapacity(categoryOrder.count)
        for number in categoryOrder where takes(attributes, in: number) {
            qualifying.append(number)
        }
        return qualifying
    }

    /// The same, in a list that is kept where there are no more than 64 categories.
    mutating func keptCategories(for attributes: Attributes) -> [CategoryNumber] {
        guard categoryOrder.count <= UInt64.bitWidth else {
            return qualifyingCategories(for: attributes)
        }
        var chosen: UInt64 = 0
        for place in categoryOrder.indices where takes(attributes, in: categoryOrder[place]) {
            chosen |= 1 << UInt64(place)
        }
        return categoryLists.list(of: chosen, in: categoryOrder)
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

extension Market: OrderJudge {
    /// What the market says of an order of the lead's category, whose advisor the lead's person is
    /// not bound against.
    func look(
        atOrderIn slot: Int, for lead: Lead, at time: Timestamp, asksFilter: Bool
    ) -> Look {
        guard unliveness(ofOrderAt: slot, at: time).isEmpty else { return .notLive }
        if asksFilter, !orders[slot].terms.filter.accepts(lead.attributes) { return .refused }
        let isEligible =
            priceObstacle(ofOrderAt: slot, for: lead, at: time) == nil
            && partyObstacle(ofOrderAt: slot, for: lead) == nil
        return isEligible ? .accepted : .refused
    }
}
