// MARK: - Reservations (R8.1)

extension Market {
    mutating func reserve(_ reservation: Reservation, as id: AssignmentID, at time: Timestamp) {
        guard let place = openLeads.slot(of: reservation.lead),
            let slot = orderSlots[reservation.order]
        else { preconditionFailure("an open lead is reserved for an existing order") }
        let (advisor, category) = (orders[slot].advisor, orders[slot].category)
        stopWaiting(place)
        openLeads[place].reservation = id
        assignments.append(
            Assignment(
                id: id, lead: reservation.lead, leadArrivedAt: openLeads[place].arrivedAt,
                order: reservation.order, advisor: advisor, channel: openLeads[place].channel,
                identity: openLeads[place].identity,
                category: category, categoryVersion: reservation.categoryVersion,
                charge: reservation.charge, reservedAt: time,
                channelPayout: reservation.channelPayout, gates: reservation.gates))
        awaitDeadline(of: reservation.gates, id)
        ledger.post(-reservation.charge, to: .available(advisor))
        ledger.post(reservation.charge, to: .held(advisor))
        let calendar = calendar
        advisors[advisor.index].note(id, in: category, on: calendar.day(of: time))
        if decides { book.setTurn(of: advisor, in: category, to: id.position) }
        changeOrder(inSlot: slot, at: time) { order in
            order.reserved += 1
            order.usage.add(reservation.charge, at: time, in: calendar)
        }
        if advisors[advisor.index].profile.dailyCap != nil {
            setPendingTurns(of: advisor, at: time)
        }
    }

    /// Ends a reservation without a release: everything goes back, caps to the hour and day of the
    /// reservation, and the lead waits again.
    mutating func void(_ id: AssignmentID, _ reason: VoidReason, at time: Timestamp) {
        guard let assignment = assignments[id], assignment.isReserved else {
            preconditionFailure("a reservation is voided")
        }
        changeAssignment(id) { voided in
            voided.gates = .none
            voided.voided = reason
        }
        withdrawDeadline(of: assignment.gates, id)
        ledger.post(-assignment.charge, to: .held(assignment.advisor))
        ledger.post(assignment.charge, to: .available(assignment.advisor))
        let calendar = calendar
        advisors[assignment.advisor.index].reservedToday.takeBack(
            on: calendar.day(of: assignment.reservedAt))
        changeOrder(assignment.order, at: time) { order in
            order.reserved -= 1
            order.usage.takeBack(assignment.charge, at: assignment.reservedAt, in: calendar)
        }
        if advisors[assignment.advisor.index].profile.dailyCap != nil {
            setPendingTurns(of: assignment.advisor, at: time)
        }
        wakeOrders(of: assignment.advisor)
        returnToWaiting(assignment, reason, at: time)
    }

    /// The lead of a voided reservation waits again, with the newest definitions and without those
    /// who declined it, let it lapse or were refused (R8.4).
    private mutating func returnToWaiting(
        _ assignment: Assignment, _ reason: VoidReason, at time: Timestamp
    ) {
        guard let slot = openLeads.slot(of: assignment.lead) else {
            preconditionFailure("a reserved lead is open")
        }
        openLeads[slot].reservation = nil
        var contents = openLeads[slot].contents
        contents.categories = keptCategories(for: contents.attributes)
        switch reason {
        case .declined, .acceptanceTimedOut:
            contents.excludedAdvisors.append(assignment.advisor)
        case .consentRefused:
            contents.excludedInstitutions.append(
                advisors[assignment.advisor.index].profile.institution)
        case .consentTimedOut, .pingExpired, .postRejected, .withdrawn, .suppressed, .erased,
            .advisorSuspended:
            break
        }
        openLeads[slot].contents = contents
        wait(slot, at: time)
    }

    /// Changes what a reservation still waits for.
    mutating func changeGates(of id: AssignmentID, _ change: (inout PendingGates) -> Void) {
        guard var gates = assignments[id]?.gates else {
            preconditionFailure("a gate of a reservation opens")
        }
        change(&gates)
        setGates(gates, of: id)
    }

    /// Takes the first deadline of a reservation that ends from the due work.
    private mutating func withdrawDeadline(of gates: PendingGates, _ id: AssignmentID) {
        if let time = gates.firstMissed { withdrawDue(.deadline, of: id.position, at: time) }
    }
}

// MARK: - Releases and what follows them

extension Market {
    mutating func release(_ release: Release, at time: Timestamp) {
        guard let place = assignments.place(of: release.assignment),
            let slot = openLeads.slot(of: assignments[place].lead)
        else { preconditionFailure("a reserved lead is released") }
        let (advisor, charge) = (assignments[place].advisor, assignments[place].charge)
        precondition(assignments[place].isReserved, "a reservation ends once")
        withdrawDeadline(of: assignments[place].gates, release.assignment)
        let person = dropLead(slot)
        let previous = people[person].lastSale.map {
            (id: assignments[$0].id, advisor: assignments[$0].advisor)
        }
        assignments[place].note(release, at: time, after: previous)
        people[person].lastSale = place
        ledger.post(-charge, to: .held(advisor))
        split(
            charge, release.channelPayout, from: assignments[place].channel,
            release.payeeShares)
        advisors[advisor.index].record.note(release.assignment)
        changeOrder(assignments[place].order, at: time) { order in
            order.reserved -= 1
            order.released += 1
        }
    }

    /// Takes a decision about a return down; an approved one gives the charge back and negates the
    /// very splits of the release (R10.3).
    mutating func decideReturn(of id: AssignmentID, _ decision: ReturnDecision) {
        guard let assignment = assignments[id], let request = assignment.returned?.request else {
            preconditionFailure("a return that was requested is decided")
        }
        changeAssignment(id) { $0.returned = .decided(request, decision) }
        guard decision.isApproved else { return }
        ledger.post(assignment.charge, to: .available(assignment.advisor))
        split(
            -assignment.charge, -assignment.channelPayout, from: assignment.channel,
            terms(of: assignment).splits.map { split in
                PayeeShare(payee: split.payee, amount: -split.share(of: assignment.charge).amount)
            })
        channels[assignment.channel.index].quality.noteReturn(of: assignment.lead.position)
        wakeOrders(of: assignment.advisor)
    }

    /// What a charge becomes: the channel's payout, the payees' shares, and the remainder for the
    /// market (R12.2). All of it negative takes the very same back.
    private mutating func split(
        _ charge: Money, _ payout: Money, from channel: ChannelNumber, _ shares: [PayeeShare]
    ) {
        ledger.post(payout, to: .channelPayable(channel))
        var remainder = charge - payout
        for share in shares {
            remainder -= share.amount
            ledger.post(share.amount, to: .payeePayable(share.payee))
        }
        ledger.post(remainder, to: .revenue)
    }

    /// Changes an assignment, and with it how much open work its advisor has.
    mutating func changeAssignment(_ id: AssignmentID, _ change: (inout Assignment) -> Void) {
        guard let place = assignments.place(of: id) else {
            preconditionFailure("an assignment that exists changes")
        }
        let wasOpenWork = assignments[place].isOpenWork
        change(&assignments[place])
        if wasOpenWork, !assignments[place].isOpenWork {
            let advisor = assignments[place].advisor
            advisors[advisor.index].openWork -= 1
            if advisors[advisor.index].profile.openWorkLimit != nil { wakeOrders(of: advisor) }
        }
    }

    /// Changes what was ever sold of one person.
    ///
    /// - Complexity: O(sales of the person).
    mutating func changeSales(of identity: Identity, _ change: (inout Assignment) -> Void) {
        for id in sales(of: identity) { changeAssignment(id, change) }
    }

    /// What was ever sold of one person, newest first.
    ///
    /// - Complexity: O(their sales).
    public func sales(of identity: Identity) -> [AssignmentID] {
        var sales: [AssignmentID] = []
        var next = person(identity)?.lastSale
        while let id = next {
            sales.append(id)
            next = assignments[id]?.previousSale
        }
        return sales
    }
}

extension Advisor {
    /// Notes a reservation.
    fileprivate mutating func note(_ id: AssignmentID, in category: CategoryNumber, on day: Int) {
        noteServed(in: category, at: id.position)
        reservedToday.add(on: day)
        openWork += 1
    }
}

extension Assignment {
    /// Notes that it is released, and what was sold of the person before.
    fileprivate mutating func note(
        _ release: Release, at time: Timestamp,
        after previous: (id: AssignmentID, advisor: AdvisorNumber)?
    ) {
        gates = .none
        releasedAt = time
        boundUntil = release.boundUntil
        channelPayout = release.channelPayout
        guard let previous else { return }
        isRepeatSale = previous.advisor == advisor
        previousSale = previous.id
    }

    mutating func note(_ report: ContactReport, at time: Timestamp) {
        noteReport(at: time)
        if firstCallAt == nil { firstCallAt = report.firstCallAt }
        if report.outcome == .connected { isConnected = true }
        if !report.evidence.isEmpty { record(report.outcome) }
    }

    mutating func note(_ report: StageReport, at time: Timestamp) {
        noteReport(at: time)
        if report.passed { stage = max(stage ?? report.stage, report.stage) }
    }

    private mutating func noteReport(at time: Timestamp) {
        isAcknowledged = true
        if reportedAt == nil { reportedAt = time }
    }
}
