// MARK: - Advisors (R5.1)

extension Market {
    mutating func register(_ name: Name, _ profile: AdvisorProfile) {
        advisorNumbers[name] = AdvisorNumber(index: advisors.count)
        advisors.append(Advisor(name: name, profile: profile))
        advisorOrders.append([])
        ledger.openAdvisorAccounts()
        if let identity = profile.identity { advisorIdentities[identity, default: 0] += 1 }
        followGrade(of: AdvisorNumber(index: advisors.count - 1))
    }

    mutating func update(
        _ advisor: AdvisorNumber, to profile: AdvisorProfile, at time: Timestamp
    ) {
        let old = advisors[advisor.index].profile
        if let identity = old.identity, let count = advisorIdentities[identity] {
            advisorIdentities[identity] = count > 1 ? count - 1 : nil
        }
        if let identity = profile.identity { advisorIdentities[identity, default: 0] += 1 }
        advisors[advisor.index].profile = profile
        let keepsDerived = old.derivesGrade && profile.derivesGrade && old.grade == profile.grade
        if !keepsDerived { advisors[advisor.index].grade = profile.grade }
        followGrade(of: advisor)
        wakeOrders(of: advisor)
        setPendingTurns(of: advisor, at: time)
    }
}

// MARK: - Orders (R5.2)

extension Market {
    mutating func placeOrder(
        _ id: OrderID, _ advisor: AdvisorNumber, _ category: CategoryNumber, _ terms: OrderTerms,
        at time: Timestamp
    ) {
        let slot = orders.count
        let order = Order(id: id, advisor: advisor, category: category, terms: terms)
        if decides { book.place(order, slot: slot) }
        orders.append(order)
        orderSlots.insert(id, slot: slot)
        advisorOrders[advisor.index].append(slot)
        setPendingTurn(ofOrderAt: slot, at: time)
    }

    /// Changes an order, keeps the book to what is neither cancelled nor filled, and sets the order's
    /// next turn.
    mutating func changeOrder(
        _ id: OrderID, at time: Timestamp, _ change: (inout Order) -> Void
    ) {
        guard let slot = orderSlots[id] else { preconditionFailure("an order that exists changes") }
        changeOrder(inSlot: slot, at: time, change)
    }

    /// As ``changeOrder(_:at:_:)``, of the order in a slot.
    mutating func changeOrder(
        inSlot slot: Int, at time: Timestamp, _ change: (inout Order) -> Void
    ) {
        let stood = orders[slot].standsInBook
        let wasPaused = orders[slot].isPaused
        change(&orders[slot])
        if decides, stood != orders[slot].standsInBook {
            if stood { book.remove(slot) } else { book.place(orders[slot], slot: slot) }
        } else if decides, wasPaused != orders[slot].isPaused {
            book.setLive(slot, to: wasPaused)
        }
        setPendingTurn(ofOrderAt: slot, at: time)
    }

    /// Gives an order other terms, and the book with it.
    mutating func amendOrder(_ id: OrderID, to terms: OrderTerms, at time: Timestamp) {
        guard let slot = orderSlots[id] else { preconditionFailure("an order that exists changes") }
        orders[slot].terms = terms
        if decides {
            // Fewer leads than it has may fill it, or more make it stand again.
            book.remove(slot)
            if orders[slot].standsInBook { book.place(orders[slot], slot: slot) }
        }
        setPendingTurn(ofOrderAt: slot, at: time)
    }

    mutating func deferOffers(_ orderIDs: [OrderID], _ leads: [LeadID], to time: Timestamp) {
        for id in orderIDs {
            guard let slot = orderSlots[id] else { continue }
            let former = orders[slot].pendingOffer
            orders[slot].pendingOffer = time
            awaitOffer(of: id.position, at: time, insteadOf: former)
        }
        for id in leads {
            guard let slot = openLeads.slot(of: id) else { continue }
            let former = openLeads[slot].pendingOffer
            openLeads[slot].pendingOffer = time
            awaitOffer(of: id.position, at: time, insteadOf: former)
        }
    }

    private mutating func awaitOffer(
        of subject: LogPosition, at time: Timestamp, insteadOf former: Timestamp?
    ) {
        if let former { withdrawDue(.offer, of: subject, at: former) }
        due.insert(DueItem(time: time, kind: .offer, subject: subject))
    }
}

extension Order {
    /// Whether the order book holds it: all else that keeps it from being live comes and goes
    /// without an event of its own, or is soon over.
    var standsInBook: Bool { !isCancelled && remaining > 0 }
}
