internal import MarketCore

// Who gets a lead, by the events' own word: once, while it is open, when all that the reservation
// waits for has come, and nobody else's (R4.4, R4.5, R8.1, R10).

extension AuditTable {
    mutating func noteSale(_ recorded: RecordedEvent) {
        let time = recorded.time
        switch recorded.event {
        case .leadAccepted(let lead):
            open(LeadID(recorded.position), of: lead.identity, lead.channel, awaitsPost: false)
        case .leadPinged(let lead):
            open(LeadID(recorded.position), of: lead.identity, lead.channel, awaitsPost: true)
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

    private mutating func open(
        _ id: LeadID, of identity: Identity, _ channel: ChannelNumber, awaitsPost: Bool
    ) {
        let person = persons.place(making: identity)
        if let other = persons[person].openLead {
            complain(
                .exclusivity,
                "R4.5: lead \(id.rawValue) is of a person whose lead \(other.rawValue) is open")
        }
        persons[person].openLead = id
        let lead = OpenLead(person: person, channel: channel, awaitsPost: awaitsPost)
        places.put(.openLead, at: id.position, place: openLeads.add(lead))
    }

    private mutating func close(_ id: LeadID) {
        guard let lead = remove(id) else {
            complain(.exclusivity, "R8.7: lead \(id.rawValue) is closed and was not open")
            return
        }
        if lead.reservation != nil {
            complain(.exclusivity, "R8.7: lead \(id.rawValue) is closed and is still reserved")
        }
    }

    /// Forgets an open lead and that its person has it open; `nil` when it is not open.
    private mutating func remove(_ id: LeadID) -> OpenLead? {
        guard let place = places.remove(.openLead, at: id.position) else { return nil }
        let lead = openLeads.remove(at: place)
        if persons[lead.person].openLead == id { persons[lead.person].openLead = nil }
        return lead
    }
}

// MARK: - Reservations

extension AuditTable {
    private mutating func reserve(
        _ reservation: Reservation, as id: AssignmentID, at time: Timestamp
    ) {
        let lead = reservation.lead
        guard let order = places.place(.order, at: reservation.order.position) else {
            complain(
                .exclusivity,
                "R8.1: lead \(lead.rawValue) is reserved for order \(reservation.order.rawValue),"
                    + " which was never placed")
            return
        }
        let advisor = caps.advisor(ofOrderAt: order)
        let place = places.place(.openLead, at: lead.position)
        guard let place, openLeads[place].reservation == nil else {
            complain(
                .exclusivity,
                sold.contains(lead)
                    ? "R4.5: lead \(lead.rawValue) is sold a second time, to"
                        + " \(money.names.name(of: advisor))"
                    : place == nil
                        ? "R4.5: lead \(lead.rawValue) is sold and was not open"
                        : "R4.5: lead \(lead.rawValue) is reserved a second time")
            return
        }
        let open = openLeads[place]
        check(persons[open.person].binding, lead: lead, to: advisor, at: time)
        if open.awaitsPost, reservation.gates.post == nil {
            complain(
                .exclusivity,
                "R8.5: assignment \(id.rawValue) does not wait for the post of lead \(lead.rawValue)"
            )
        }
        openLeads[place].reservation = id
        let (taken, faults) = caps.reserve(reservation, ofOrderAt: order, as: id, at: time)
        let sale = OpenSale(
            lead: lead, person: open.person, channel: open.channel, advisor: advisor,
            charge: reservation.charge, channelPayout: reservation.channelPayout,
            awaited: reservation.gates, taken: taken)
        places.put(.reserved, at: id.position, place: reserved.add(sale))
        for fault in faults { complain(.invariant, fault) }
        post(.available(advisor), -reservation.charge)
        post(.held(advisor), reservation.charge)
    }

    private mutating func void(_ id: AssignmentID) {
        guard let place = places.remove(.reserved, at: id.position) else {
            complain(
                .exclusivity,
                "R8.1: assignment \(id.rawValue) is voided and was not reserved, or was released")
            return
        }
        let sale = reserved.remove(at: place)
        if let lead = places.place(.openLead, at: sale.lead.position) {
            openLeads[lead].reservation = nil
        }
        caps.void(sale.taken)
        post(.held(sale.advisor), -sale.charge)
        post(.available(sale.advisor), sale.charge)
    }

    private mutating func notePost(_ post: PostedLead, at time: Timestamp) {
        guard let lead = places.place(.openLead, at: post.lead.position),
            openLeads[lead].awaitsPost, let id = openLeads[lead].reservation
        else {
            complain(
                .exclusivity, "R8.5: lead \(post.lead.rawValue) is posted and awaits no post")
            return
        }
        let sale = places.place(.reserved, at: id.position)
        checkDeadline(sale.flatMap { reserved[$0].awaited.post }, of: id, "posted", at: time)
        guard post.rejection == nil else { return }
        openLeads[lead].awaitsPost = false
        if let sale { reserved[sale].awaited = post.gates }
    }

    private mutating func answer(
        _ id: AssignmentID, _ gate: WritableKeyPath<PendingGates, Timestamp?>, _ verb: String,
        at time: Timestamp
    ) {
        guard let sale = places.place(.reserved, at: id.position),
            let deadline = reserved[sale].awaited[keyPath: gate]
        else {
            complain(.exclusivity, "R8.1: assignment \(id.rawValue) is \(verb) and awaits no such")
            return
        }
        checkDeadline(deadline, of: id, verb, at: time)
        reserved[sale].awaited[keyPath: gate] = nil
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
        guard let place = places.remove(.reserved, at: release.assignment.position) else {
            complain(
                .exclusivity,
                "R4.5: assignment \(release.assignment.rawValue) is released and was not reserved,"
                    + " or is released twice")
            return
        }
        let sale = reserved.remove(at: place)
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
        let binding = persons[sale.person].binding
        persons[sale.person].binding = Binding(advisor: sale.advisor, until: release.boundUntil)
        check(binding, lead: sale.lead, to: sale.advisor, at: time)
        if let binding, binding.advisor == sale.advisor,
            binding.holds(at: time), shrinks(binding.until, to: release.boundUntil)
        {
            complain(
                .exclusivity,
                "R4.4: the binding of lead \(sale.lead.rawValue)'s person would become shorter")
        }
        _ = remove(sale.lead)
        caps.release(sale.taken)
        let firstShare = payeeShares.count
        payeeShares += release.payeeShares
        let made = Sale(
            channel: sale.channel, advisor: sale.advisor, charge: sale.charge,
            channelPayout: release.channelPayout, payeeShares: firstShare..<payeeShares.count)
        places.put(.sale, at: release.assignment.position, place: sales.count)
        sales.append(made)
        settle(made)
    }

    private mutating func requestReturn(_ id: AssignmentID) {
        guard let sale = places.place(.sale, at: id.position), sales[sale].returned == .none
        else {
            complain(
                .exclusivity,
                "R10: a return of assignment \(id.rawValue) is asked for, which is not released or"
                    + " was asked for before")
            return
        }
        sales[sale].returned = .open
    }

    private mutating func decideReturn(_ id: AssignmentID, _ decision: ReturnDecision) {
        guard let sale = places.place(.sale, at: id.position), sales[sale].returned == .open
        else {
            complain(
                .ledger, "R10.2: a return of assignment \(id.rawValue) is decided and is not open")
            return
        }
        sales[sale].returned = .decided
        if decision.isApproved { reverse(sales[sale]) }
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
