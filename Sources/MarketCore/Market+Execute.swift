extension Market {
    /// Decides `command` and makes it so: one whole transaction, the input event first, then the
    /// events it led to.
    ///
    /// - Parameters:
    ///   - stamp: the transaction's time, later than the last one's (``stamp(at:)``).
    ///   - input: who gives the command.
    /// - Returns: The transaction's events, in place; none when the command changes nothing.
    /// - Throws: ``Rejection``; then nothing has changed.
    public mutating func execute(
        _ command: Command, at stamp: Timestamp, input: InputContext
    ) throws(Rejection) -> [RecordedEvent] {
        precondition(head == .start || stamp > time, "stamps strictly increase")
        let decided = try decide(command, at: stamp)
        guard !decided.isEmpty else { return [] }
        var transaction = Transaction(first: head.next, stamp: stamp, input: input)
        var awakened = Awakened()
        for event in decided {
            awakened.formUnion(whatAwakens(event, at: head.next))
            record(event, &transaction)
        }
        if let lead = awakened.arrival {
            _ = sell(lead, &transaction)
        } else {
            offer(awakened, &transaction)
        }
        return transaction.events
    }

    /// The events of one transaction as they come about.
    private struct Transaction {
        let first: LogPosition
        let stamp: Timestamp
        let input: InputContext
        var events: [RecordedEvent] = []
    }

    private mutating func record(_ event: Event, _ transaction: inout Transaction) {
        let recorded = RecordedEvent(
            position: head.next, transaction: transaction.first, time: transaction.stamp,
            input: transaction.events.isEmpty ? transaction.input : nil, event: event)
        evolve(recorded)
        transaction.events.append(recorded)
    }

    /// Gives `lead` to the best order, if one is eligible: reserved and, there being no gate, at
    /// once released (R8.1).
    private mutating func sell(_ id: LeadID, _ transaction: inout Transaction) -> Bool {
        let time = transaction.stamp
        guard let lead = openLeads[id], let order = bestOrder(for: lead, at: time) else {
            return false
        }
        let category = categories[order.category.index]
        guard let rung = category.definition.ladder.rung(atAge: time - lead.arrivedAt) else {
            preconditionFailure("an eligible order pays a rung's price")
        }
        let reservation = Reservation(
            lead: id, order: order.id, categoryVersion: category.version, price: rung.price,
            premium: order.terms.premium, channelPayout: .zero)
        let assignment = AssignmentID(head.next)
        record(.leadReserved(reservation), &transaction)
        let release = Release(
            assignment: assignment,
            channelPayout: channels[lead.channel.index].definition.payout.amount(of: .zero),
            payeeShares: category.definition.splits.map { split in
                PayeeShare(
                    payee: split.payee,
                    amount: reservation.charge.share(basisPoints: split.basisPoints))
            },
            boundUntil: boundUntil(
                lead.identity, order.advisor, category.definition.exclusivity, at: time))
        record(.leadReleased(release), &transaction)
        return true
    }

    /// Until when a release at `time` binds the person; a binding never shrinks (R4.4).
    private func boundUntil(
        _ identity: Identity, _ advisor: AdvisorNumber, _ exclusivity: Timespan?, at time: Timestamp
    ) -> Timestamp? {
        guard let exclusivity else { return nil }
        let end = time + exclusivity
        guard let person = people[identity], person.binding(at: time) == advisor else { return end }
        return person.boundUntil.map { max($0, end) }
    }
}

// MARK: - Offering waiting leads (R6.4)

/// What a transaction's own events may have made eligible.
private struct Awakened {
    /// The lead that just arrived.
    var arrival: LeadID?
    /// Orders that may take leads they could not take before.
    var orders: Set<OrderID> = []
    /// Waiting leads that may be taken by orders that could not take them before.
    var leads: Set<LeadID> = []

    mutating func formUnion(_ other: Awakened) {
        arrival = arrival ?? other.arrival
        orders.formUnion(other.orders)
        leads.formUnion(other.leads)
    }
}

extension Market {
    /// What `event` makes eligible; asked before the event takes effect.
    private func whatAwakens(_ event: Event, at position: LogPosition) -> Awakened {
        var awakened = Awakened()
        switch event {
        case .leadAccepted:
            awakened.arrival = LeadID(position)
        case .orderPlaced:
            awakened.orders = [OrderID(position)]
        case .orderAmended(let order, _), .orderResumed(let order):
            awakened.orders = [order]
        case .deposited(let advisor, _, _), .advisorReinstated(let advisor),
            .advisorUpdated(let advisor, _), .availabilitySet(let advisor, true):
            awakened.orders = Set(orders(of: advisor).map(\.id))
        case .configurationApplied(let change):
            let redefined = Set(change.categories.compactMap { categoryNumbers[$0.name] })
            awakened.orders = Set(orders.filter { redefined.contains($0.category) }.map(\.id))
        case .timePassed(let through):
            guard let through else { break }
            for item in dueWork(at: through.time) where item <= through {
                switch item.kind {
                case .orderTurn: awakened.orders.insert(OrderID(item.subject))
                case .deadline: break
                case .bindingEnd, .leadAge: awakened.leads.insert(LeadID(item.subject))
                case .offer:
                    if orderSlots[OrderID(item.subject)] != nil {
                        awakened.orders.insert(OrderID(item.subject))
                    } else {
                        awakened.leads.insert(LeadID(item.subject))
                    }
                }
            }
        case .marketCreated, .rulesChanged, .offersDeferred, .advisorRegistered,
            .availabilitySet(_, false), .advisorSuspended, .withdrawn, .channelPaid, .payeePaid,
            .orderPaused, .orderCancelled, .leadRejected, .leadWithdrawn, .leadClosed,
            .leadReserved, .leadReleased, .assignmentAcknowledged, .contactDisclosed,
            .contactReported, .stageReported, .personSuppressed, .personUnsuppressed,
            .personErased, .channelPaused, .channelResumed, .leadPinged, .leadPosted, .leadTested,
            .leadVoided, .assignmentAccepted, .consentConfirmed, .orderRenewed, .returnRequested,
            .returnDecided, .advisorGraded, .channelPausedItself:
            break
        }
        return awakened
    }

    /// Matches the waiting leads concerned, newest first, each against the whole book as if it had
    /// just arrived; what is over the limit is put off (R6.4).
    ///
    /// One walk is enough: a sale makes no order and no lead eligible that was not before.
    private mutating func offer(_ awakened: Awakened, _ transaction: inout Transaction) {
        let time = transaction.stamp
        let slots = awakened.orders.sorted().compactMap { orderSlots[$0] }
        var candidates = slots.isEmpty ? awakened.leads.sorted() : waiting
        var sold = 0
        while sold < Self.offerLimit, let id = candidates.popLast() {
            guard let lead = openLeads[id] else { continue }
            let concerned =
                awakened.leads.contains(id)
                || slots.contains { ineligibility(of: orders[$0], for: lead, at: time) == nil }
            if concerned, sell(id, &transaction) { sold += 1 }
        }
        guard sold == Self.offerLimit else { return }
        let rest = candidates.compactMap { openLeads[$0] }
        let leads = rest.filter {
            awakened.leads.contains($0.id) && bestOrder(for: $0, at: time) != nil
        }
        let unserved = slots.map { orders[$0] }.filter { order in
            rest.contains { ineligibility(of: order, for: $0, at: time) == nil }
        }
        guard !leads.isEmpty || !unserved.isEmpty else { return }
        record(
            .offersDeferred(orders: unserved.map(\.id), leads: leads.map(\.id)), &transaction)
    }
}
