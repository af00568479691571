extension Market {
    /// Rebuilds everything that follows from the state.
    ///
    /// - Complexity: O(state log state).
    mutating func rebuildIndexes() {
        for (index, category) in categories.enumerated() {
            categoryNumbers[category.name] = CategoryNumber(index: index)
        }
        for (index, channel) in channels.enumerated() {
            channelNumbers[channel.name] = ChannelNumber(index: index)
        }
        for (index, payee) in payees.enumerated() {
            payeeNumbers[payee.name] = PayeeNumber(index: index)
        }
        for (index, advisor) in advisors.enumerated() {
            advisorNumbers[advisor.name] = AdvisorNumber(index: index)
            advisorOrders.append([])
            if let identity = advisor.profile.identity {
                advisorIdentities[identity, default: 0] += 1
            }
        }
        categoryOrder = orderOfCategories()
        book?.regionAttribute = schema.firstRegionAttribute
        followRankLists()
        for (slot, order) in orders.enumerated() { index(order, in: slot) }
        for id in openLeads.keys.sorted() {
            guard let lead = openLeads[id], lead.reservation == nil else { continue }
            waiting.append(id)
            for case (let kind, let time?) in [
                (DueItem.Kind.offer, lead.pendingOffer), (.bindingEnd, lead.pendingBindingEnd),
                (.leadAge, lead.pendingAge),
            ] {
                due.insert(DueItem(time: time, kind: kind, subject: id.position))
            }
        }
        for id in assignments.keys.sorted() {
            guard let assignment = assignments[id] else { continue }
            assignmentOfLead[assignment.lead] = id
            guard assignment.isReserved else { continue }
            reservations.append(id)
            if let time = assignment.gates.firstMissed {
                due.insert(DueItem(time: time, kind: .deadline, subject: id.position))
            }
        }
    }

    private mutating func index(_ order: Order, in slot: Int) {
        orderSlots[order.id] = slot
        advisorOrders[order.advisor.index].append(slot)
        if order.standsInBook { book?.insert(order, slot: slot) }
        for case (let kind, let time?) in [
            (DueItem.Kind.orderTurn, order.pendingTurn), (.offer, order.pendingOffer),
        ] {
            due.insert(DueItem(time: time, kind: kind, subject: order.id.position))
        }
    }
}
