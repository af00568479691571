extension Market {
    /// Rebuilds everything that follows from the state.
    ///
    /// - Parameter reserved: where the reserved assignments stand.
    /// - Complexity: O(state log state), but nothing for assignments that are not reserved.
    mutating func rebuildIndexes(reserved: [Int]) {
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
        if decides { book.follow(schema) }
        followRankLists()
        for (index, advisor) in advisors.enumerated() where decides {
            let number = AdvisorNumber(index: index)
            book.setGrade(of: number, to: advisor.grade, slots: [])
            for (category, position) in advisor.lastServed.enumerated() {
                book.setTurn(of: number, in: CategoryNumber(index: category), to: position)
            }
        }
        for (slot, order) in orders.enumerated() { index(order, in: slot) }
        for slot in openLeads.slotsInOrder where openLeads[slot].reservation == nil {
            let lead = openLeads[slot]
            waiting.insert(lead.id)
            for case (let kind, let time?) in [
                (DueItem.Kind.offer, lead.pendingOffer), (.bindingEnd, lead.pendingBindingEnd),
                (.leadAge, lead.pendingAge),
            ] {
                due.insert(DueItem(time: time, kind: kind, subject: lead.id.position))
            }
        }
        rebuildWaitingIndex()
        for place in reserved {
            let assignment = assignments[place]
            if let time = assignment.gates.firstMissed {
                due.insert(
                    DueItem(time: time, kind: .deadline, subject: assignment.id.position))
            }
        }
    }

    private mutating func index(_ order: Order, in slot: Int) {
        orderSlots.insert(order.id, slot: slot)
        advisorOrders[order.advisor.index].append(slot)
        if decides, order.standsInBook { book.place(order, slot: slot) }
        awaitTurn(ofOrderAt: slot, insteadOf: nil)
        if let time = order.pendingOffer {
            due.insert(DueItem(time: time, kind: .offer, subject: order.id.position))
        }
    }
}
