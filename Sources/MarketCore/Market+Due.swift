extension Market {
    /// Whether a piece of due work still has to be done.
    func stands(_ item: DueItem) -> Bool {
        switch item.kind {
        case .offer:
            if let slot = orderSlots[OrderID(item.subject)] {
                return orders[slot].pendingOffer == item.time
            }
            return openLeads[LeadID(item.subject)]?.pendingOffer == item.time
        case .orderTurn:
            return order(OrderID(item.subject))?.pendingTurn == item.time
        case .bindingEnd:
            return openLeads[LeadID(item.subject)]?.pendingBindingEnd == item.time
        case .leadAge:
            return openLeads[LeadID(item.subject)]?.pendingAge == item.time
        case .deadline:
            return false
        }
    }

    /// The due work of a transaction at `time`: what stands, in order, up to the limit.
    func dueWork(at time: Timestamp) -> [DueItem] {
        due.earliest(by: time, limit: Self.offerLimit, where: stands)
    }

    /// The first time after `time` at which the age of `lead` matters: just past a rung of one of
    /// its categories, the last of which is its expiry. At `time` itself when it is past them all.
    func nextAgeDue(of lead: Lead, after time: Timestamp) -> Timestamp {
        var next: Timestamp?
        for category in lead.categories {
            for rung in categories[category.index].definition.ladder.rungs {
                let boundary = lead.arrivedAt + rung.maximumAge + .microsecond
                if boundary > time { next = min(next ?? boundary, boundary) }
            }
        }
        return next ?? time
    }

    /// Whether no rung of any of its categories holds `lead` any more (R6.4).
    func isTooOld(_ lead: Lead, at time: Timestamp) -> Bool {
        let age = time - lead.arrivedAt
        return lead.categories.allSatisfy {
            age > categories[$0.index].definition.ladder.lastAge
        }
    }

    /// Takes the work up to and including `last` off the queue; what it says about orders and leads
    /// no longer stands.
    mutating func runDueWork(through last: DueItem, at time: Timestamp) {
        while let item = due.first, item <= last {
            due.removeFirst()
            guard stands(item) else { continue }
            switch item.kind {
            case .offer:
                if let slot = orderSlots[OrderID(item.subject)] {
                    orders[slot].pendingOffer = nil
                } else {
                    openLeads[LeadID(item.subject)]?.pendingOffer = nil
                }
            case .orderTurn:
                if let slot = orderSlots[OrderID(item.subject)] { orders[slot].pendingTurn = nil }
            case .bindingEnd:
                openLeads[LeadID(item.subject)]?.pendingBindingEnd = nil
            case .leadAge:
                let id = LeadID(item.subject)
                guard let lead = openLeads[id] else { continue }
                let tooOld = isTooOld(lead, at: time)
                setPendingAge(of: id, to: tooOld ? nil : nextAgeDue(of: lead, after: time))
            case .deadline:
                break
            }
        }
    }

    /// Sets when the age of an open lead next matters.
    mutating func setPendingAge(of id: LeadID, to time: Timestamp?) {
        openLeads[id]?.pendingAge = time
        if let time { due.insert(DueItem(time: time, kind: .leadAge, subject: id.position)) }
    }

    /// Drops lapsed work from the front, so that ``nextDue`` is the time of work that stands.
    mutating func dropLapsedWork() {
        while let item = due.first, !stands(item) { due.removeFirst() }
    }
}
