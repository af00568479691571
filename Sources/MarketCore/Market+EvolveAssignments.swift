// MARK: - Reservations (R8.1)

extension Market {
    mutating func reserve(_ reservation: Reservation, as id: AssignmentID, at time: Timestamp) {
        guard let lead = openLeads[reservation.lead], let order = order(reservation.order)
        else { preconditionFailure("an open lead is reserved for an existing order") }
        stopWaiting(lead.id)
        openLeads[lead.id]?.reservation = id
        assignments.append(
            Assignment(
                id: id, lead: lead.id, leadArrivedAt: lead.arrivedAt, order: order.id,
                advisor: order.advisor, channel: lead.channel, identity: lead.identity,
                category: order.category, categoryVersion: reservation.categoryVersion,
                charge: reservation.charge, reservedAt: time,
                channelPayout: reservation.channelPayout, gates: .none))
        setGates(reservation.gates, of: id)
        reservations.append(id)
        ledger.post([
            Posting(.available(order.advisor), -reservation.charge),
            Posting(.held(order.advisor), reservation.charge),
        ])
        let calendar = calendar
        advisors[order.advisor.index].noteServed(in: order.category, at: id.position)
        advisors[order.advisor.index].reservedToday.add(on: calendar.day(of: time))
        advisors[order.advisor.index].openWork += 1
        changeOrder(order.id, at: time) { order in
            order.reserved += 1
            order.usage.add(reservation.charge, at: time, in: calendar)
        }
        if advisors[order.advisor.index].profile.dailyCap != nil {
            setPendingTurns(of: order.advisor, at: time)
        }
    }

    /// Ends a reservation without a release: everything goes back, caps to the hour and day of the
    /// reservation, and the lead waits again.
    mutating func void(_ id: AssignmentID, _ reason: VoidReason, at time: Timestamp) {
        guard let assignment = assignments[id], assignment.isReserved else {
            preconditionFailure("a reservation is voided")
        }
        endReservation(id)
        changeAssignment(id) { $0.voided = reason }
        ledger.post([
            Posting(.held(assignment.advisor), -assignment.charge),
            Posting(.available(assignment.advisor), assignment.charge),
        ])
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
        returnToWaiting(assignment, reason, at: time)
    }

    /// The lead of a voided reservation waits again, with the newest definitions and without those
    /// who declined it, let it lapse or were refused (R8.4).
    private mutating func returnToWaiting(
        _ assignment: Assignment, _ reason: VoidReason, at time: Timestamp
    ) {
        guard var lead = openLeads[assignment.lead] else {
            preconditionFailure("a reserved lead is open")
        }
        lead.reservation = nil
        lead.categories = qualifyingCategories(for: lead.attributes)
        switch reason {
        case .declined, .acceptanceTimedOut:
            lead.excludedAdvisors.append(assignment.advisor)
        case .consentRefused:
            lead.excludedInstitutions.append(
                advisors[assignment.advisor.index].profile.institution)
        case .consentTimedOut, .pingExpired, .postRejected, .withdrawn, .suppressed, .erased,
            .advisorSuspended:
            break
        }
        openLeads[lead.id] = lead
        wait(lead.id, at: time)
    }

    /// Changes what a reservation still waits for.
    mutating func changeGates(of id: AssignmentID, _ change: (inout PendingGates) -> Void) {
        guard var gates = assignments[id]?.gates else {
            preconditionFailure("a gate of a reservation opens")
        }
        change(&gates)
        setGates(gates, of: id)
    }

    private mutating func endReservation(_ id: AssignmentID) {
        let place = reservations.place(of: id)
        precondition(
            place < reservations.count && reservations[place] == id, "a reservation ends once")
        reservations.remove(at: place)
        changeAssignment(id) { $0.gates = .none }
    }
}

// MARK: - Releases and what follows them

extension Market {
    mutating func release(_ release: Release, at time: Timestamp) {
        let id = release.assignment
        guard let assignment = assignments[id] else {
            preconditionFailure("a reservation is released")
        }
        endReservation(id)
        guard let lead = openLeads[assignment.lead], let place = assignments.place(of: id) else {
            preconditionFailure("a reserved lead is open")
        }
        let person = dropLead(lead)
        let previous = people[person].lastSale
        assignments[place].releasedAt = time
        assignments[place].boundUntil = release.boundUntil
        assignments[place].channelPayout = release.channelPayout
        if let previous {
            assignments[place].isRepeatSale = assignments[previous].advisor == assignment.advisor
            assignments[place].previousSale = assignments[previous].id
        }
        people[person].lastSale = place
        ledger.post(
            [Posting(.held(assignment.advisor), -assignment.charge)]
                + splits(
                    of: assignment.charge, release.channelPayout, from: assignment.channel,
                    release.payeeShares))
        advisors[assignment.advisor.index].record.note(id)
        changeOrder(assignment.order, at: time) { order in
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
        let splits = splits(
            of: assignment.charge, assignment.channelPayout, from: assignment.channel,
            terms(of: assignment).shares(of: assignment.charge))
        ledger.post(
            [Posting(.available(assignment.advisor), assignment.charge)]
                + splits.map { Posting($0.account, -$0.amount) })
        channels[assignment.channel.index].quality.noteReturn(of: assignment.lead.position)
    }

    /// What a charge becomes: the channel's payout, the payees' shares, and the remainder for the
    /// market (R12.2).
    private func splits(
        of charge: Money, _ payout: Money, from channel: ChannelNumber, _ shares: [PayeeShare]
    ) -> [Posting] {
        var remainder = charge - payout
        var postings = [Posting(.channelPayable(channel), payout)]
        for share in shares {
            remainder -= share.amount
            postings.append(Posting(.payeePayable(share.payee), share.amount))
        }
        postings.append(Posting(.revenue, remainder))
        return postings
    }

    /// Changes an assignment, and with it how much open work its advisor has.
    mutating func changeAssignment(_ id: AssignmentID, _ change: (inout Assignment) -> Void) {
        guard let place = assignments.place(of: id) else {
            preconditionFailure("an assignment that exists changes")
        }
        let wasOpenWork = assignments[place].isOpenWork
        change(&assignments[place])
        if wasOpenWork, !assignments[place].isOpenWork {
            advisors[assignments[place].advisor.index].openWork -= 1
        }
    }

    /// Changes what was ever sold of one person.
    ///
    /// - Complexity: O(sales of the person).
    mutating func changeSales(of identity: Identity, _ change: (inout Assignment) -> Void) {
        for id in sales(of: identity) { changeAssignment(id, change) }
    }

    /// What was ever sold of one person, newest first.
    func sales(of identity: Identity) -> [AssignmentID] {
        var sales: [AssignmentID] = []
        var next = person(identity)?.lastSale
        while let id = next {
            sales.append(id)
            next = assignments[id]?.previousSale
        }
        return sales
    }
}

extension Assignment {
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
