import MarketCore

/// Who gets a lead (R6), at what price (R7), and the sale itself (R8.1, R12.1).
extension Model {
    /// The ladder's price of `lead` for `order` now, or `nil` when the order is not eligible (R6.1).
    func price(of lead: Lead, for order: Order, at stamp: Timestamp) -> Money? {
        guard unliveness(of: order, at: stamp).isEmpty else { return nil }
        guard accepts(order.terms.filter, lead.content.attributes) else { return nil }
        let age = stamp - lead.arrivedAt
        if age > oldestLead(of: order), !forgets(.orderAge) { return nil }
        var price: Money?
        for rung in categories[order.category.index].definition.ladder.rungs
        where price == nil && age <= rung.maximumAge {
            price = rung.price
        }
        guard let price else { return nil }
        let advisor = advisors[order.advisor.index]
        if advisor.available < price + order.terms.premium, !forgets(.funds) { return nil }
        if let owner = binding(of: lead.content.identity, at: stamp), owner != order.advisor,
            !forgets(.exclusivity)
        {
            return nil
        }
        let institutions = lead.content.consent.institutions
        if !institutions.isEmpty, !institutions.contains(advisor.profile.institution),
            !forgets(.namedConsent)
        {
            return nil
        }
        return price
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

    /// The order that gets `lead` now: the best of the first category that has one (R2.3, R6.2).
    func winner(for lead: Lead) -> Order? {
        for category in lead.categories {
            var best: Order?
            for order in orders
            where order.category == category && price(of: lead, for: order, at: now) != nil {
                if let held = best, !beats(order, held, lead) { continue }
                best = order
            }
            if let best { return best }
        }
        return nil
    }

    /// Whether `order` goes before `other` for `lead` (R6.2).
    private func beats(_ order: Order, _ other: Order, _ lead: Lead) -> Bool {
        let dedicated = isDedicated(order, lead)
        if dedicated != isDedicated(other, lead), !forgets(.dedicated) { return dedicated }
        if order.terms.priority != other.terms.priority, !forgets(.priority) {
            return order.terms.priority > other.terms.priority
        }
        if order.terms.premium != other.terms.premium, !forgets(.premium) {
            return order.terms.premium > other.terms.premium
        }
        let served = lastServed(order)
        if served != lastServed(other), !forgets(.leastRecentlyServed) {
            return served < lastServed(other)
        }
        return order.id < other.id
    }

    private func isDedicated(_ order: Order, _ lead: Lead) -> Bool {
        order.advisor == lead.content.preferredAdvisor
            || order.advisor == binding(of: lead.content.identity, at: now)
    }

    /// When the order's advisor was last served in its category (R6.2).
    private func lastServed(_ order: Order) -> LogPosition {
        for assignment in assignments.reversed()
        where assignment.advisor == order.advisor && assignment.category == order.category {
            return assignment.id.position
        }
        return .start
    }

    /// Sells the lead at `index` if anybody takes it; whether it was sold.
    mutating func match(_ index: Int) -> Bool {
        guard let order = winner(for: leads[index]) else { return false }
        guard let price = price(of: leads[index], for: order, at: now) else { return false }
        sell(index, to: order, at: price)
        return true
    }

    private mutating func sell(_ index: Int, to order: Order, at price: Money) {
        let lead = leads[index]
        let category = categories[order.category.index]
        let charge = Money(fen: price.fen + order.terms.premium.fen)
        let id = AssignmentID(
            emit(
                .leadReserved(
                    Reservation(
                        lead: lead.id, order: order.id, categoryVersion: category.versions.count,
                        price: price, premium: order.terms.premium))))
        let payout = channels[lead.content.channel.index].definition.payout
        var shares: [PayeeShare] = []
        for split in category.definition.splits {
            let fen = charge.fen * Int64(split.basisPoints) / 10_000
            shares.append(PayeeShare(payee: split.payee, amount: Money(fen: fen)))
        }
        let end = bind(lead.content.identity, to: order.advisor, category.definition.exclusivity)
        emit(
            .leadReleased(
                Release(
                    assignment: id, channelPayout: payout, payeeShares: shares, boundUntil: end)))

        advisors[order.advisor.index].available -= charge
        channels[lead.content.channel.index].payable += payout
        revenue += charge - payout
        for share in shares {
            payees[share.payee.index].payable += share.amount
            revenue -= share.amount
        }
        for place in orders.indices where orders[place].id == order.id {
            orders[place].released += 1
        }
        leads[index].state = .sold
        leads[index].ageDue = nil
        leads[index].bindingDue = nil
        assignments.append(
            Assignment(
                id: id, lead: lead.id, order: order.id, advisor: order.advisor,
                category: order.category, identity: lead.content.identity, charge: charge,
                channel: lead.content.channel, payout: payout, shares: shares, releasedAt: now,
                boundUntil: end))
    }

    /// Binds a person from now on and says until when; a binding never shrinks (R4.4).
    private mutating func bind(
        _ identity: Identity, to advisor: AdvisorNumber, _ exclusivity: Timespan?
    ) -> Timestamp? {
        var end: Timestamp?
        if let exclusivity { end = now + exclusivity }
        for index in people.indices where people[index].identity == identity {
            if people[index].binding(at: now) == advisor, !forgets(.bindingNeverShrinks) {
                if let old = people[index].boundUntil, let new = end {
                    end = max(old, new)
                } else {
                    end = nil
                }
            }
            people[index].lastReleasedAt = now
            people[index].boundTo = advisor
            people[index].boundUntil = end
        }
        return end
    }

    /// Offers waiting leads to `woken` orders and matches `wokenLeads` again, newest first, within
    /// the limit of a transaction; the rest is put off (R6.4).
    mutating func offer(_ woken: [OrderID], andMatch wokenLeads: [LeadID] = []) {
        if forgets(.offers) { return }
        var sales = 0
        var waiting = leads.indices.filter { leads[$0].state == .waiting }
        if forgets(.newestFirst) { waiting.reverse() }
        while sales < limit, let index = waiting.popLast() {
            let isConcerned =
                wokenLeads.contains(leads[index].id)
                || woken.contains { wants($0, leads[index]) }
            if isConcerned, match(index) { sales += 1 }
        }
        if sales < limit { return }
        let putOffOrders = woken.sorted().filter { id in
            waiting.contains { wants(id, leads[$0]) }
        }
        let putOffLeads = waiting.filter {
            wokenLeads.contains(leads[$0].id) && winner(for: leads[$0]) != nil
        }
        if putOffOrders.isEmpty && putOffLeads.isEmpty { return }
        emit(.offersDeferred(orders: putOffOrders, leads: putOffLeads.map { leads[$0].id }))
        for index in orders.indices where putOffOrders.contains(orders[index].id) {
            orders[index].pendingOffer = now
        }
        for index in putOffLeads { leads[index].pendingOffer = now }
    }

    private func wants(_ id: OrderID, _ lead: Lead) -> Bool {
        for order in orders
        where order.id == id && lead.categories.contains(order.category) {
            return price(of: lead, for: order, at: now) != nil
        }
        return false
    }
}
