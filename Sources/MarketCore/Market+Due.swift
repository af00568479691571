extension Market {
    /// Whether a piece of due work still has to be done.
    func stands(_ item: DueItem) -> Bool {
        switch item.kind {
        case .offer:
            if let slot = orderSlots[OrderID(item.subject)] {
                return orders[slot].pendingOffer == item.time
            }
            guard let slot = openLeads.slot(of: LeadID(item.subject)) else { return false }
            return openLeads[slot].pendingOffer == item.time
        case .orderTurn:
            guard let slot = orderSlots[OrderID(item.subject)] else { return false }
            return orders[slot].pendingTurn == item.time
        case .bindingEnd:
            guard let slot = openLeads.slot(of: LeadID(item.subject)) else { return false }
            return openLeads[slot].pendingBindingEnd == item.time
        case .leadAge:
            guard let slot = openLeads.slot(of: LeadID(item.subject)) else { return false }
            return openLeads[slot].pendingAge == item.time
        case .deadline:
            guard let place = assignments.place(of: AssignmentID(item.subject)) else {
                return false
            }
            return assignments[place].gates.firstMissed == item.time
        }
    }

    /// The due work of a transaction at `time`: what stands, in order, up to the limit.
    func dueWork(at time: Timestamp) -> [DueItem] {
        due.earliest(by: time, limit: Self.offerLimit) { stands($0) }
    }

    /// What due work at `time` does of itself, in the order it is due: leads expire (R6.4) and
    /// reservations lapse (R8.2, R8.3, R8.5). Offers to waiting leads follow.
    func decideDueWork(at time: Timestamp) -> [Event] {
        let work = dueWork(at: time)
        var events: [Event] = [.timePassed(through: work.last)]
        for item in work {
            switch item.kind {
            case .leadAge:
                let id = LeadID(item.subject)
                if let lead = openLeads[id], isTooOld(lead, at: time) {
                    events.append(.leadClosed(id, .expired))
                }
            case .deadline:
                events += lapse(AssignmentID(item.subject), at: time)
            case .offer, .orderTurn, .bindingEnd:
                break
            }
        }
        return events
    }

    private func lapse(_ id: AssignmentID, at time: Timestamp) -> [Event] {
        guard let assignment = assignments[id], let reason = assignment.gates.lapse(at: time) else {
            preconditionFailure("a missed deadline is due")
        }
        let void = Event.leadVoided(id, reason)
        switch reason {
        case .pingExpired: return [void, .leadClosed(assignment.lead, .pingExpired)]
        case .consentTimedOut: return [void, .leadClosed(assignment.lead, .consentTimedOut)]
        case .acceptanceTimedOut, .declined, .consentRefused, .postRejected, .withdrawn,
            .suppressed, .erased, .advisorSuspended:
            return [void]
        }
    }

    /// The first time after `time` at which the age of `lead` matters: just past a rung of one of
    /// its categories, the last of which is its expiry. At `time` itself when it is past them all.
    func nextAgeDue(of lead: Lead, after time: Timestamp) -> Timestamp {
        let age = time - lead.arrivedAt
        var next: Timespan?
        for category in lead.categories {
            guard let rung = categories[category.index].definition.ladder.rung(atAge: age)
            else { continue }
            next = min(next ?? rung.maximumAge, rung.maximumAge)
        }
        return next.map { lead.arrivedAt + $0 + .microsecond } ?? time
    }

    /// Whether no rung of any of its categories holds `lead` any more (R6.4).
    func isTooOld(_ lead: Lead, at time: Timestamp) -> Bool {
        let age = time - lead.arrivedAt
        return lead.categories.allSatisfy {
            age > categories[$0.index].definition.ladder.lastAge
        }
    }

    /// Takes the work up to and including `last` off the queue; what it says about orders and leads
    /// no longer stands. Missed deadlines are followed by events of their own.
    mutating func runDueWork(through last: DueItem, at time: Timestamp) {
        wakeOverdueOrders(at: last.time)
        while let item = due.first, item <= last {
            due.removeFirst()
            guard stands(item) else { continue }
            switch item.kind {
            case .offer:
                if let slot = orderSlots[OrderID(item.subject)] {
                    orders[slot].pendingOffer = nil
                } else {
                    changeLead(LeadID(item.subject)) { $0.pendingOffer = nil }
                }
            case .orderTurn:
                guard let slot = orderSlots[OrderID(item.subject)] else { continue }
                book.setLive(slot, to: true)
                orders[slot].pendingTurn = nil
                setPendingTurn(ofOrderAt: slot, at: time)
            case .bindingEnd:
                changeLead(LeadID(item.subject)) { $0.pendingBindingEnd = nil }
            case .leadAge:
                guard let slot = openLeads.slot(of: LeadID(item.subject)) else { continue }
                let lead = openLeads[slot]
                let tooOld = isTooOld(lead, at: time)
                setPendingAge(
                    ofLeadIn: slot, to: tooOld ? nil : nextAgeDue(of: lead, after: time))
            case .deadline:
                break
            }
        }
    }

    /// Sets when the age of an open lead next matters.
    mutating func setPendingAge(ofLeadIn slot: Int, to time: Timestamp?) {
        openLeads[slot].pendingAge = time
        guard let time else { return }
        due.insert(DueItem(time: time, kind: .leadAge, subject: openLeads[slot].id.position))
    }

    /// Changes a lead, if it is open.
    mutating func changeLead(_ id: LeadID, _ change: (inout Lead) -> Void) {
        if let slot = openLeads.slot(of: id) { change(&openLeads[slot]) }
    }

    /// Sets when an order may next take leads by the mere course of time. What is overdue stays due:
    /// nobody has offered leads at that turn yet (R6.4).
    mutating func setPendingTurn(ofOrderAt slot: Int, at time: Timestamp) {
        let pending = orders[slot].pendingTurn
        if let pending, pending <= time { return }
        let next = nextTurn(ofOrderAt: slot, after: time)
        guard next != pending else { return }
        orders[slot].pendingTurn = next
        awaitTurn(ofOrderAt: slot, insteadOf: pending)
    }

    /// Sets when the orders of an advisor whose cap is reached, freed or changed may next take leads.
    ///
    /// - Complexity: O(orders of the advisor).
    mutating func setPendingTurns(of advisor: AdvisorNumber, at time: Timestamp) {
        for slot in advisorOrders[advisor.index] { setPendingTurn(ofOrderAt: slot, at: time) }
    }

    /// Sets when the first deadline of a reservation is missed.
    mutating func setGates(_ gates: PendingGates, of id: AssignmentID) {
        let former = assignments[id]?.gates.firstMissed
        changeAssignment(id) { $0.gates = gates }
        guard former != gates.firstMissed else { return }
        if let former { withdrawDue(.deadline, of: id.position, at: former) }
        awaitDeadline(of: gates, id)
    }

    /// Puts the first deadline of a reservation among the due work.
    mutating func awaitDeadline(of gates: PendingGates, _ id: AssignmentID) {
        if let time = gates.firstMissed {
            due.insert(DueItem(time: time, kind: .deadline, subject: id.position))
        }
    }

    /// Says that a piece of due work has lapsed, and clears the queue of such work once it is most of
    /// what is there.
    ///
    /// - Complexity: O(1) amortised.
    mutating func withdrawDue(_ kind: DueItem.Kind, of subject: LogPosition, at time: Timestamp) {
        due.withdraw(DueItem(time: time, kind: kind, subject: subject))
        guard due.isStale else { return }
        var queue = due
        due = DueQueue()
        queue.removeLapsed { stands($0) }
        due = queue
    }

    /// Drops lapsed work from the front, so that ``nextDue`` is the time of work that stands.
    ///
    /// What lapses is withdrawn (``withdrawDue(_:of:at:)``); so while the first item stays, it stands.
    mutating func dropLapsedWork() {
        while !due.isFirstKnown {
            if let first = due.first, !stands(first) {
                due.removeFirst()
            } else {
                due.noteFirstStands()
            }
        }
    }
}
