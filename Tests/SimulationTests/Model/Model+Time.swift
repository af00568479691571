import MarketCore

/// Work that becomes due by itself (R6.4, R4.4, R5.2, R8).
extension Model {
    /// Everything that is or becomes due.
    private func pendingItems() -> [DueItem] {
        var items: [DueItem] = []
        for order in orders {
            if let time = order.pendingOffer {
                items.append(DueItem(time: time, kind: .offer, subject: order.id.position))
            }
        }
        for turn in turns {
            items.append(
                DueItem(time: turn.time, kind: .orderTurn, subject: turn.order.position))
        }
        for lead in leads where lead.state == .waiting {
            if let time = lead.pendingOffer {
                items.append(DueItem(time: time, kind: .offer, subject: lead.id.position))
            }
            if let time = lead.bindingDue {
                items.append(DueItem(time: time, kind: .bindingEnd, subject: lead.id.position))
            }
            if let time = lead.ageDue {
                items.append(DueItem(time: time, kind: .leadAge, subject: lead.id.position))
            }
        }
        for place in assignments.indices where assignments[place].isReserved {
            let gates = assignments[place].gates
            let deadlines = [gates.post, gates.consent, gates.acceptance].compactMap { $0 }
            if let first = deadlines.min() {
                items.append(
                    DueItem(
                        time: first + .microsecond, kind: .deadline,
                        subject: assignments[place].id.position))
            }
        }
        return items
    }

    /// All of it in the order it is done.
    func dueItems() -> [DueItem] {
        pendingItems().sorted {
            ($0.time, $0.kind.rawValue, $0.subject) < ($1.time, $1.kind.rawValue, $1.subject)
        }
    }

    /// When work is next due.
    var nextDue: Timestamp? { pendingItems().map(\.time).min() }

    mutating func passTime() {
        let items = dueItems().filter { $0.time <= now }.prefix(limit)
        emit(.timePassed(through: items.last))
        for item in items {
            switch item.kind {
            case .offer:
                for index in orders.indices where orders[index].id.position == item.subject {
                    orders[index].pendingOffer = nil
                    wokenOrders.append(orders[index].id)
                }
                for index in leads.indices where leads[index].id.position == item.subject {
                    leads[index].pendingOffer = nil
                    wokenLeads.append(leads[index].id)
                }
            case .orderTurn:
                wokenOrders.append(OrderID(item.subject))
            case .bindingEnd:
                for index in leads.indices where leads[index].id.position == item.subject {
                    leads[index].bindingDue = nil
                }
                wokenLeads.append(LeadID(item.subject))
            case .leadAge:
                for index in leads.indices where leads[index].id.position == item.subject {
                    if let next = nextBoundary(of: leads[index]) {
                        leads[index].ageDue = next
                        wokenLeads.append(LeadID(item.subject))
                    } else {
                        close(index, .expired)
                    }
                }
            case .deadline:
                for place in assignments.indices
                where assignments[place].id.position == item.subject {
                    lapse(place)
                }
            }
        }
    }

    /// Notes when the lead at `index`, which waits from now on, has to be looked at again.
    mutating func noteDueWork(of index: Int) {
        leads[index].ageDue = nextBoundary(of: leads[index]) ?? now
        leads[index].bindingDue = nil
        leads[index].pendingOffer = nil
        for person in people where person.identity == leads[index].identity {
            if person.binding(at: now) != nil, let end = person.boundUntil {
                leads[index].bindingDue = end + .microsecond
            }
        }
    }

    /// A lead that no longer waits is not looked at.
    mutating func forgetDueWork(of index: Int) {
        leads[index].ageDue = nil
        leads[index].bindingDue = nil
        leads[index].pendingOffer = nil
    }

    /// The first moment after now at which a rung of one of the lead's categories is over, or `nil`
    /// when all are: then nobody can buy the lead any more.
    func nextBoundary(of lead: Lead) -> Timestamp? {
        var next: Timestamp?
        for category in lead.categories {
            for rung in categories[category.index].definition.ladder.rungs {
                let end = lead.arrivedAt + rung.maximumAge + .microsecond
                guard end > now else { continue }
                if let earlier = next, earlier <= end { continue }
                next = end
            }
        }
        return next
    }

    /// The last or first moments at which one of the rules holds: where an error of one microsecond
    /// would show.
    func moments() -> [Timestamp] {
        var moments: [Timestamp] = []
        for order in orders where !order.isCancelled {
            if let start = order.terms.startsAt { moments.append(start) }
            if let end = order.terms.expiresAt { moments.append(end) }
            for lead in leads where lead.state == .waiting {
                moments.append(lead.arrivedAt + oldestLead(of: order))
            }
            moments += turningPoints(after: now, of: order.terms.schedule)
        }
        for lead in leads where lead.state == .waiting {
            for category in lead.categories {
                for rung in categories[category.index].definition.ladder.rungs {
                    moments.append(lead.arrivedAt + rung.maximumAge)
                }
            }
        }
        for person in people {
            if let end = person.boundUntil { moments.append(end) }
            if let last = person.lastReleasedAt { moments.append(last + settings.duplicateWindow) }
        }
        for assignment in assignments {
            let gates = assignment.gates
            for case let deadline? in [gates.post, gates.consent, gates.acceptance] {
                moments.append(deadline)
            }
            if let released = assignment.releasedAt {
                moments.append(released + terms(of: assignment).returns.window)
                moments.append(released + .days(1))
            }
        }
        return moments
    }
}
