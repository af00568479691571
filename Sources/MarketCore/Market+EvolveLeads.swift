// MARK: - Leads and assignments

extension Market {
    mutating func accept(_ accepted: AcceptedLead, as id: LeadID, at time: Timestamp) {
        if accepted.contactSlot != nil { contactCount += 1 }
        var lead = Lead(
            id: id, arrivedAt: time, channel: accepted.channel, identity: accepted.identity,
            attributes: accepted.attributes, consentInstitutions: accepted.consent.institutions,
            preferredAdvisor: accepted.preferredAdvisor,
            categories: qualifyingCategories(for: accepted.attributes))
        if let person = people[accepted.identity], person.binding(at: time) != nil,
            let end = person.boundUntil
        {
            let freed = end + .microsecond
            lead.pendingBindingEnd = freed
            due.insert(DueItem(time: freed, kind: .bindingEnd, subject: id.position))
        }
        people.update(accepted.identity) { $0.openLead = id }
        openLeads[id] = lead
        waiting.append(id)
        setPendingAge(of: id, to: nextAgeDue(of: lead, after: time))
    }

    mutating func closeLead(_ id: LeadID) {
        guard let lead = removeOpenLead(id) else {
            preconditionFailure("only an open lead is closed")
        }
        people.update(lead.identity) { $0.openLead = nil }
    }

    mutating func reserve(_ reservation: Reservation, as id: AssignmentID, at time: Timestamp) {
        guard let lead = removeOpenLead(reservation.lead), let order = order(reservation.order)
        else { preconditionFailure("an open lead is reserved for an existing order") }
        assignments[id] = Assignment(
            id: id, lead: lead.id, leadArrivedAt: lead.arrivedAt, order: order.id,
            advisor: order.advisor, channel: lead.channel, identity: lead.identity,
            category: order.category, categoryVersion: reservation.categoryVersion,
            charge: reservation.charge, reservedAt: time,
            channelPayout: reservation.channelPayout, gates: reservation.gates)
        assignmentOfLead[lead.id] = id
        ledger.post([
            Posting(.available(order.advisor), -reservation.charge),
            Posting(.held(order.advisor), reservation.charge),
        ])
        advisors[order.advisor.index].noteServed(in: order.category, at: id.position)
        changeOrder(order.id) { $0.reserved += 1 }
    }

    mutating func release(_ release: Release, at time: Timestamp) {
        guard let assignment = assignments[release.assignment] else {
            preconditionFailure("a reservation is released")
        }
        assignments[release.assignment]?.releasedAt = time
        var remainder = assignment.charge - release.channelPayout
        var postings = [
            Posting(.held(assignment.advisor), -assignment.charge),
            Posting(.channelPayable(assignment.channel), release.channelPayout),
        ]
        for share in release.payeeShares {
            remainder -= share.amount
            postings.append(Posting(.payeePayable(share.payee), share.amount))
        }
        postings.append(Posting(.revenue, remainder))
        ledger.post(postings)
        changeOrder(assignment.order) { order in
            order.reserved -= 1
            order.released += 1
        }
        people.update(assignment.identity) { person in
            person.openLead = nil
            person.lastReleasedAt = time
            person.boundTo = assignment.advisor
            person.boundUntil = release.boundUntil
        }
    }

    /// Changes what was ever sold of one person.
    ///
    /// - Complexity: O(assignments); suppressions and erasures are rare.
    mutating func changeAssignments(
        of identity: Identity, _ change: (inout Assignment) -> Void
    ) {
        let ids = assignments.values.filter { $0.identity == identity }.map(\.id)
        for id in ids {
            guard var assignment = assignments[id] else { continue }
            change(&assignment)
            assignments[id] = assignment
        }
    }

    mutating func note(_ report: ContactReport, on id: AssignmentID) {
        guard var assignment = assignments[id] else { return }
        assignment.isAcknowledged = true
        if assignment.firstCallAt == nil { assignment.firstCallAt = report.firstCallAt }
        if report.outcome == .connected { assignment.isConnected = true }
        assignments[id] = assignment
    }

    mutating func note(_ report: StageReport, on id: AssignmentID) {
        guard var assignment = assignments[id] else { return }
        assignment.isAcknowledged = true
        if report.passed { assignment.stage = max(assignment.stage ?? report.stage, report.stage) }
        assignments[id] = assignment
    }

    private mutating func removeOpenLead(_ id: LeadID) -> Lead? {
        guard let lead = openLeads.removeValue(forKey: id) else { return nil }
        if waiting.last == id {
            waiting.removeLast()
        } else {
            var low = 0
            var high = waiting.count
            while low < high {
                let middle = (low + high) / 2
                if waiting[middle] < id { low = middle + 1 } else { high = middle }
            }
            waiting.remove(at: low)
        }
        return lead
    }
}

// MARK: - Orders

extension Market {
    mutating func placeOrder(
        _ id: OrderID, _ advisor: AdvisorNumber, _ category: CategoryNumber, _ terms: OrderTerms,
        at time: Timestamp
    ) {
        let slot = orders.count
        orders.append(Order(id: id, advisor: advisor, category: category, terms: terms))
        orderSlots[id] = slot
        advisorOrders[advisor.index].append(slot)
        book?.insert(orders[slot], slot: slot)
        setPendingTurn(of: id, at: time)
    }

    /// Changes an order and keeps the book to what is neither paused, cancelled nor filled.
    mutating func changeOrder(_ id: OrderID, _ change: (inout Order) -> Void) {
        guard let slot = orderSlots[id] else { preconditionFailure("an order that exists changes") }
        let old = orders[slot]
        change(&orders[slot])
        let new = orders[slot]
        if old.standsInBook, new.standsInBook, old.terms == new.terms { return }
        if old.standsInBook { book?.remove(old) }
        if new.standsInBook { book?.insert(new, slot: slot) }
    }

    mutating func setPendingTurn(of id: OrderID, at time: Timestamp) {
        guard let slot = orderSlots[id] else { return }
        orders[slot].pendingTurn = orders[slot].terms.startsAt.flatMap { $0 > time ? $0 : nil }
        if let start = orders[slot].pendingTurn {
            due.insert(DueItem(time: start, kind: .orderTurn, subject: id.position))
        }
    }

    mutating func deferOffers(_ orderIDs: [OrderID], _ leads: [LeadID], to time: Timestamp) {
        for id in orderIDs {
            if let slot = orderSlots[id] { orders[slot].pendingOffer = time }
            due.insert(DueItem(time: time, kind: .offer, subject: id.position))
        }
        for id in leads {
            openLeads[id]?.pendingOffer = time
            due.insert(DueItem(time: time, kind: .offer, subject: id.position))
        }
    }
}

extension Order {
    /// Whether the order book holds it: all else that keeps it from being live comes and goes
    /// without an event of its own.
    var standsInBook: Bool { !isPaused && !isCancelled && remaining > 0 }
}

// MARK: - Configuration (R2.2)

extension Market {
    mutating func applyConfiguration(_ change: ConfigurationChange, at time: Timestamp) {
        for attribute in change.attributes { schema.define(attribute) }
        book?.regionAttribute = schema.firstRegionAttribute
        for payee in change.payees {
            if let number = payeeNumbers[payee.name] {
                payees[number.index].title = payee.definition
            } else {
                payeeNumbers[payee.name] = PayeeNumber(index: payees.count)
                payees.append(Payee(name: payee.name, title: payee.definition))
                ledger.openPayeeAccount()
            }
        }
        for channel in change.channels {
            if let number = channelNumbers[channel.name] {
                channels[number.index].definition = channel.definition
            } else {
                channelNumbers[channel.name] = ChannelNumber(index: channels.count)
                channels.append(Channel(name: channel.name, definition: channel.definition))
                ledger.openChannelAccount()
            }
        }
        for category in change.categories {
            if let number = categoryNumbers[category.name] {
                categories[number.index].versions.append(category.definition)
            } else {
                categoryNumbers[category.name] = CategoryNumber(index: categories.count)
                categories.append(Category(name: category.name, versions: [category.definition]))
            }
        }
        if let settings = change.settings { self.settings = settings }
        categoryOrder = orderOfCategories()
        followRankLists()
        for id in waiting { requalify(id, at: time) }
    }

    /// Waiting leads follow the newest definitions; one that no category takes any more expires.
    private mutating func requalify(_ id: LeadID, at time: Timestamp) {
        guard var lead = openLeads[id] else { return }
        lead.categories = qualifyingCategories(for: lead.attributes)
        openLeads[id] = lead
        // What is overdue stays due: nobody has offered the lead past that rung yet (R6.4).
        if let pending = lead.pendingAge, pending <= time { return }
        setPendingAge(of: id, to: nextAgeDue(of: lead, after: time))
    }
}
