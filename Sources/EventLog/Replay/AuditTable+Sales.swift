internal import MarketCore

// Who gets a lead, by the events' own word: once, while it is open, when all that the reservation
// waits for has come, and nobody else's (R4.4, R4.5, R8.1, R10).

extension AuditTable {
    mutating func noteSale(_ recorded: RecordedEvent) {
        let time = recorded.time
        switch recorded.event {
        case .leadAccepted(let lead):
            open(
                LeadID(recorded.position),
                OpenLead(identity: lead.identity, channel: lead.channel, awaitsPost: false))
        case .leadPinged(let lead):
            open(
                LeadID(recorded.position),
                OpenLead(identity: lead.identity, channel: lead.channel, awaitsPost: true))
        case .leadPosted(let post): notePost(post, at: time)
        case .leadClosed(let id, _): close(id)
        case .leadReserved(let reservation):
            reserve(reservation, as: AssignmentID(recorded.position), at: time)
        case .leadVoided(let id, _): void(id)
        case .assignmentAccepted(let id):
            answer(id, \.acceptance, "accepted", at: time)
        case .consentConfirmed(let id, _):
            answer(id, \.consent, "agreed to", at: time)
        case .leadReleased(let release): self.release(release, at: time)
        case .returnRequested(let id, _): requestReturn(id)
        case .returnDecided(let id, let decision): decideReturn(id, decision)
        default: break
        }
    }

    private mutating func open(_ id: LeadID, _ lead: OpenLead) {
        if let other = openLeadOf.updateValue(id, forKey: lead.identity) {
            complain(
                .exclusivity,
                "R4.5: lead \(id.rawValue) is of a person whose lead \(other.rawValue) is open")
        }
        openLeads[id] = lead
    }

    private mutating func close(_ id: LeadID) {
        guard let lead = openLeads.removeValue(forKey: id) else {
            complain(.exclusivity, "R8.7: lead \(id.rawValue) is closed and was not open")
            return
        }
        if lead.reservation != nil {
            complain(.exclusivity, "R8.7: lead \(id.rawValue) is closed and is still reserved")
        }
        forget(id, of: lead.identity)
    }

    /// Notes that a person's lead is no longer open.
    private mutating func forget(_ id: LeadID, of identity: Identity) {
        if let other = openLeadOf.removeValue(forKey: identity), other != id {
            openLeadOf[identity] = other
        }
    }
}

// MARK: - Reservations

extension AuditTable {
    private mutating func reserve(
        _ reservation: Reservation, as id: AssignmentID, at time: Timestamp
    ) {
        let lead = reservation.lead
        guard let order = caps.place(of: reservation.order) else {
            complain(
                .exclusivity,
                "R8.1: lead \(lead.rawValue) is reserved for order \(reservation.order.rawValue),"
                    + " which was never placed")
            return
        }
        let advisor = caps.advisor(ofOrderAt: order)
        guard let open = openLeads[lead], open.reservation == nil else {
            complain(
                .exclusivity,
                sold.contains(lead)
                    ? "R4.5: lead \(lead.rawValue) is sold a second time, to"
                        + " \(money.names.name(of: advisor))"
                    : openLeads[lead] == nil
                        ? "R4.5: lead \(lead.rawValue) is sold and was not open"
                        : "R4.5: lead \(lead.rawValue) is reserved a second time")
            return
        }
        check(bindings[open.identity], lead: lead, to: advisor, at: time)
        if open.awaitsPost, reservation.gates.post == nil {
            complain(
                .exclusivity,
                "R8.5: assignment \(id.rawValue) does not wait for the post of lead \(lead.rawValue)"
            )
        }
        openLeads[lead]?.reservation = id
        let (taken, faults) = caps.reserve(reservation, ofOrderAt: order, as: id, at: time)
        reserved[id] = OpenSale(
            lead: lead, identity: open.identity, channel: open.channel, advisor: advisor,
            charge: reservation.charge, channelPayout: reservation.channelPayout,
            awaited: reservation.gates, taken: taken)
        for fault in faults { complain(.invariant, fault) }
        post(.available(advisor), -reservation.charge)
        post(.held(advisor), reservation.charge)
    }

    private mutating func void(_ id: AssignmentID) {
        guard let sale = reserved.removeValue(forKey: id) else {
            complain(
                .exclusivity,
                "R8.1: assignment \(id.rawValue) is voided and was not reserved, or was released")
            return
        }
        openLeads[sale.lead]?.reservation = nil
        caps.void(sale.taken)
        post(.held(sale.advisor), -sale.charge)
        post(.available(sale.advisor), sale.charge)
    }

    private mutating func notePost(_ post: PostedLead, at time: Timestamp) {
        guard let lead = openLeads[post.lead], lead.awaitsPost, let id = lead.reservation else {
            complain(
                .exclusivity, "R8.5: lead \(post.lead.rawValue) is posted and awaits no post")
            return
        }
        checkDeadline(reserved[id]?.awaited.post, of: id, "posted", at: time)
        guard post.rejection == nil else { return }
        openLeads[post.lead]?.awaitsPost = false
        reserved[id]?.awaited = post.gates
    }

    private mutating func answer(
        _ id: AssignmentID, _ gate: WritableKeyPath<PendingGates, Timestamp?>, _ verb: String,
        at time: Timestamp
    ) {
        guard let sale = reserved[id], let deadline = sale.awaited[keyPath: gate] else {
            complain(.exclusivity, "R8.1: assignment \(id.rawValue) is \(verb) and awaits no such")
            return
        }
        checkDeadline(deadline, of: id, verb, at: time)
        reserved[id]?.awaited[keyPath: gate] = nil
    }

    private mutating func checkDeadline(
        _ deadline: Timestamp?, of id: AssignmentID, _ verb: String, at time: Timestamp
    ) {
        guard let deadline, time > deadline else { return }
        complain(.exclusivity, "R8.1: assignment \(id.rawValue) is \(verb) after its deadline")
    }
}

// MARK: - Sales

extension AuditTable {
    private mutating func release(_ release: Release, at time: Timestamp) {
        guard let sale = reserved.removeValue(forKey: release.assignment) else {
            complain(
                .exclusivity,
                "R4.5: assignment \(release.assignment.rawValue) is released and was not reserved,"
                    + " or is released twice")
            return
        }
        if !sold.insert(sale.lead) {
            complain(.exclusivity, "R4.5: lead \(sale.lead.rawValue) is released a second time")
        }
        if !sale.awaited.isEmpty {
            complain(
                .exclusivity,
                "R8.1: assignment \(release.assignment.rawValue) is released before all that it"
                    + " waits for has come")
        }
        // Reservations of the first rules do not tell the payout.
        if rulesVersion > 1, release.channelPayout != sale.channelPayout {
            complain(
                .ledger,
                "R3.1: assignment \(release.assignment.rawValue) pays its channel otherwise than it"
                    + " was reserved for")
        }
        let binding = bindings.updateValue(
            Binding(advisor: sale.advisor, until: release.boundUntil), forKey: sale.identity)
        check(binding, lead: sale.lead, to: sale.advisor, at: time)
        if let binding, binding.advisor == sale.advisor,
            binding.holds(at: time), shrinks(binding.until, to: release.boundUntil)
        {
            complain(
                .exclusivity,
                "R4.4: the binding of lead \(sale.lead.rawValue)'s person would become shorter")
        }
        openLeads[sale.lead] = nil
        forget(sale.lead, of: sale.identity)
        caps.release(sale.taken)
        let made = Sale(
            channel: sale.channel, advisor: sale.advisor, charge: sale.charge,
            channelPayout: release.channelPayout, payeeShares: release.payeeShares)
        sales[release.assignment] = made
        settle(made)
    }

    private mutating func requestReturn(_ id: AssignmentID) {
        guard let sale = sales[id], sale.returned == .none else {
            complain(
                .exclusivity,
                "R10: a return of assignment \(id.rawValue) is asked for, which is not released or"
                    + " was asked for before")
            return
        }
        sales[id]?.returned = .open
    }

    private mutating func decideReturn(_ id: AssignmentID, _ decision: ReturnDecision) {
        guard let sale = sales[id], sale.returned == .open else {
            complain(
                .ledger, "R10.2: a return of assignment \(id.rawValue) is decided and is not open")
            return
        }
        sales[id]?.returned = .decided
        if decision.isApproved { reverse(sale) }
    }

    /// Checks that the binding a person has lets `advisor` have their lead.
    private mutating func check(
        _ binding: Binding?, lead: LeadID, to advisor: AdvisorNumber, at time: Timestamp
    ) {
        guard let binding, binding.holds(at: time), binding.advisor != advisor else { return }
        complain(
            .exclusivity,
            "R4.5: lead \(lead.rawValue) goes to \(money.names.name(of: advisor)) while its person is"
                + " bound to \(money.names.name(of: binding.advisor))")
    }

    private func shrinks(_ old: Timestamp?, to new: Timestamp?) -> Bool {
        guard let new else { return false }
        return old.map { new < $0 } ?? true
    }
}

/// The leads that were sold, a bit for each position of the log up to the latest of them.
struct SoldLeads {
    private var words: [UInt64] = []

    func contains(_ lead: LeadID) -> Bool {
        guard let word = Int(exactly: lead.rawValue >> 6), word < words.count else { return false }
        return words[word] & Self.bit(of: lead) != 0
    }

    /// Adds a lead; false when it was there.
    ///
    /// - Precondition: it is an event of the log.
    /// - Complexity: O(1) amortised.
    mutating func insert(_ lead: LeadID) -> Bool {
        let word = Int(lead.rawValue >> 6)
        while words.count <= word { words.append(0) }
        let isNew = words[word] & Self.bit(of: lead) == 0
        words[word] |= Self.bit(of: lead)
        return isNew
    }

    private static func bit(of lead: LeadID) -> UInt64 { 1 << (lead.rawValue & 63) }
}
