import MarketCore

/// Reservation, release and voiding (R8.1) with their money (R12.1), and offers (R6.4).
extension Model {
    /// Reserves the lead at `index` if anybody takes it; whether anybody did.
    mutating func match(_ index: Int) -> Bool {
        guard let order = winner(for: leads[index], at: now) else { return false }
        guard let price = price(of: leads[index], for: order, at: now) else { return false }
        reserve(index, for: order, at: price)
        return true
    }

    private mutating func reserve(_ index: Int, for order: Order, at price: Money) {
        let lead = leads[index]
        let category = categories[order.category.index]
        let charge = Money(fen: price.fen + order.terms.premium.fen)
        let payout = payout(of: lead.channel, for: charge)
        let gates =
            lead.isPing
            ? PendingGates(post: now + settings.pingTimeout)
            : gates(of: category.definition, for: lead.institutions)
        let id = AssignmentID(
            emit(
                .leadReserved(
                    Reservation(
                        lead: lead.id, order: order.id, categoryVersion: category.versions.count,
                        price: price, premium: order.terms.premium, channelPayout: payout,
                        gates: gates))))
        advisors[order.advisor.index].available -= charge
        advisors[order.advisor.index].held += charge
        for place in orders.indices where orders[place].id == order.id {
            orders[place].reserved += 1
        }
        leads[index].state = .reserved
        forgetDueWork(of: index)
        assignments.append(
            Assignment(
                id: id, lead: lead.id, order: order.id, advisor: order.advisor,
                channel: lead.channel, identity: lead.identity, category: order.category,
                version: category.versions.count, charge: charge, payout: payout, reservedAt: now,
                gates: gates))
        if gates.isEmpty { release(assignments.count - 1) }
    }

    /// What the channel gets for a sale at `charge` (R3.1, R12.2).
    private func payout(of channel: ChannelNumber, for charge: Money) -> Money {
        switch channels[channel.index].definition.payout {
        case .fixed(let amount): amount
        case .share(let basisPoints):
            forgets(.sharePayout) ? .zero : Money(fen: charge.fen * Int64(basisPoints) / 10_000)
        }
    }

    /// What is awaited from now on before the release of an ordinary lead (R8.2, R8.3).
    func gates(of terms: CategoryDefinition, for institutions: [String]) -> PendingGates {
        var gates = PendingGates()
        if let span = terms.gates.namedConsent, institutions.isEmpty, !forgets(.consentGate) {
            gates.consent = now + span
        }
        if let span = terms.gates.acceptance, !forgets(.acceptanceGate) {
            gates.acceptance = now + span
        }
        return gates
    }

    /// The terms of an assignment: those of its reservation (R2.2).
    func terms(of assignment: Assignment) -> CategoryDefinition {
        let category = categories[assignment.category.index]
        return forgets(.reservedTerms)
            ? category.definition : category.versions[assignment.version - 1]
    }

    /// Discloses, charges and binds (R8.1) on the terms of the reservation (R2.2).
    mutating func release(_ place: Int) {
        let assignment = assignments[place]
        let terms = terms(of: assignment)
        var shares: [PayeeShare] = []
        for split in terms.splits {
            let fen = assignment.charge.fen * Int64(split.basisPoints) / 10_000
            shares.append(PayeeShare(payee: split.payee, amount: Money(fen: fen)))
        }
        for person in people where person.identity == assignment.identity {
            assignments[place].isRepeatSale = person.boundTo == assignment.advisor
        }
        let end = bind(assignment.identity, to: assignment.advisor, terms.exclusivity)
        emit(
            .leadReleased(
                Release(
                    assignment: assignment.id, channelPayout: assignment.payout,
                    payeeShares: shares, boundUntil: end)))
        assignments[place].releasedAt = now
        assignments[place].shares = shares
        assignments[place].boundUntil = end
        assignments[place].gates = .none
        leads[leadIndex(of: place)].state = .sold
        releases.append(assignment.id)

        advisors[assignment.advisor.index].held -= assignment.charge
        channels[assignment.channel.index].payable += assignment.payout
        revenue += assignment.charge - assignment.payout
        for share in shares {
            payees[share.payee.index].payable += share.amount
            revenue -= share.amount
        }
        gradedAdvisors.append(assignment.advisor.index)
        for index in orders.indices where orders[index].id == assignment.order {
            orders[index].reserved -= 1
            orders[index].released += 1
            renewIfFilled(index)
        }
    }

    /// The release that fills an order that renews begins its next round (R5.2).
    private mutating func renewIfFilled(_ index: Int) {
        let order = orders[index]
        guard order.terms.renews, !order.isCancelled, order.released == order.terms.quantity,
            !forgets(.renewal)
        else { return }
        orders[index].round += 1
        orders[index].releasedBefore += order.released
        orders[index].released = 0
        emit(.orderRenewed(order.id))
        wokenOrders.append(order.id)
    }

    /// Ends a reservation and gives everything back (R8.1); the lead waits again unless it is closed
    /// next.
    mutating func void(_ place: Int, _ reason: VoidReason) {
        let assignment = assignments[place]
        emit(.leadVoided(assignment.id, reason))
        assignments[place].voided = reason
        assignments[place].gates = .none
        advisors[assignment.advisor.index].held -= assignment.charge
        advisors[assignment.advisor.index].available += assignment.charge
        for index in orders.indices where orders[index].id == assignment.order {
            orders[index].reserved -= 1
        }
        let index = leadIndex(of: place)
        if reason == .declined || reason == .acceptanceTimedOut {
            leads[index].excludedAdvisors.append(assignment.advisor)
        }
        if reason == .consentRefused {
            let institution = advisors[assignment.advisor.index].profile.institution
            leads[index].excludedInstitutions.append(institution)
        }
        leads[index].state = .waiting
        leads[index].categories = categoriesTaking(leads[index].attributes)
        noteDueWork(of: index)
        wakeOrders(of: assignment.advisor.index)
        wokenLeads.append(assignment.lead)
    }

    /// Where in ``leads`` the lead of an assignment is.
    func leadIndex(of place: Int) -> Int {
        for index in leads.indices where leads[index].id == assignments[place].lead {
            return index
        }
        preconditionFailure("every assignment is of a lead")
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
    mutating func offer(_ woken: [OrderID], andMatch wokenLeads: [LeadID]) {
        if forgets(.offers) || woken.isEmpty && wokenLeads.isEmpty { return }
        let concerned = orders.map(\.id).filter { woken.contains($0) }
        var sales = 0
        var waiting = leads.indices.filter { leads[$0].state == .waiting }
        if forgets(.newestFirst) { waiting.reverse() }
        while sales < limit, let index = waiting.popLast() {
            let isConcerned =
                wokenLeads.contains(leads[index].id)
                || concerned.contains { wants($0, leads[index]) }
            if isConcerned, match(index) { sales += 1 }
        }
        if sales < limit { return }
        let putOffOrders = concerned.filter { id in waiting.contains { wants(id, leads[$0]) } }
        let putOffLeads = waiting.filter {
            wokenLeads.contains(leads[$0].id) && winner(for: leads[$0], at: now) != nil
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
