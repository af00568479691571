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
        var events: [RecordedEvent] = []
        // An accepted lead, its reservation and its release.
        events.reserveCapacity(3)
        try execute(command, at: stamp, input: input, appendingTo: &events)
        return events
    }

    /// As ``execute(_:at:input:)``, and puts the transaction's events behind those in `events`.
    public mutating func execute(
        _ command: Command, at stamp: Timestamp, input: InputContext,
        appendingTo events: inout [RecordedEvent]
    ) throws(Rejection) {
        precondition(head == .start || stamp > time, "stamps strictly increase")
        var transaction = Transaction(first: head.next, stamp: stamp, input: input)
        swap(&transaction.events, &events)
        defer { swap(&transaction.events, &events) }
        if foundation != nil, let event = try decideAlone(command, at: stamp) {
            record(event, &transaction)
        } else {
            let decided = try decide(command, at: stamp)
            guard !decided.isEmpty else { return }
            for event in decided { record(event, &transaction) }
        }
        if let lead = transaction.awakened.arrival {
            if !sell(lead, &transaction), openLeads[lead]?.isPing == true {
                record(.leadClosed(lead, .pingUnmatched), &transaction)
            }
        } else {
            offer(transaction.awakened, &transaction)
        }
        if !transaction.failingChannels.isEmpty || !transaction.judgedAdvisors.isEmpty {
            judge(&transaction)
        }
    }

    /// The events of one transaction as they come about, and what they touch.
    private struct Transaction {
        let first: LogPosition
        let stamp: Timestamp
        let input: InputContext
        /// The transaction's events, behind those of transactions before it.
        var events: [RecordedEvent] = []
        var awakened = Awakened()
        /// The channels that are to pause themselves, unless something else pauses them first.
        var failingChannels: [ChannelNumber] = []
        var judgedAdvisors: [AdvisorNumber] = []

        init(first: LogPosition, stamp: Timestamp, input: InputContext) {
            self.first = first
            self.stamp = stamp
            self.input = input
        }
    }

    private mutating func record(_ event: consuming Event, _ transaction: inout Transaction) {
        switch event {
        case .leadAccepted: transaction.awakened.arrival = LeadID(head.next)
        case .leadReserved, .leadReleased: break
        default: transaction.awakened.add(whatAwakens(event, at: head.next))
        }
        let input = head.next == transaction.first ? transaction.input : nil
        let recorded = RecordedEvent(
            position: head.next, transaction: transaction.first, time: transaction.stamp,
            input: input, event: event)
        evolve(recorded)
        noteJudged(recorded.event, &transaction)
        transaction.events.append(recorded)
    }

    /// Notes on whose results the event bears (R3.2, R9.4).
    private func noteJudged(_ event: Event, _ transaction: inout Transaction) {
        switch event {
        case .leadAccepted(let lead):
            judge(lead.channel, &transaction)
        case .leadRejected(let lead) where !lead.isPing && lead.reason.countsAgainstChannel:
            judge(lead.channel, &transaction)
        case .leadPosted(let post) where post.rejection?.countsAgainstChannel != false:
            if let lead = openLeads[post.lead] { judge(lead.channel, &transaction) }
        case .leadReleased(let release):
            judgeAdvisor(of: release.assignment, &transaction)
        case .contactReported(let id, _), .stageReported(let id, _):
            judgeAdvisor(of: id, &transaction)
        case .returnDecided(let id, let decision):
            judgeAdvisor(of: id, &transaction)
            guard decision.isApproved, let sold = assignments[id],
                channels[sold.channel.index].quality.holds(sold.lead.position)
            else { break }
            judge(sold.channel, &transaction)
        default:
            break
        }
    }

    private func judge(_ channel: ChannelNumber, _ transaction: inout Transaction) {
        if qualityVerdict(on: channel) != nil { transaction.failingChannels.append(channel) }
    }

    private func judgeAdvisor(of id: AssignmentID, _ transaction: inout Transaction) {
        guard settings.gradeRules != nil, let place = assignments.place(of: id) else { return }
        let advisor = assignments[place].advisor
        guard advisors[advisor.index].profile.derivesGrade else { return }
        transaction.judgedAdvisors.append(advisor)
    }

    /// What follows from results, at the end of a transaction: channels pause themselves, then grades
    /// change, each by number.
    private mutating func judge(_ transaction: inout Transaction) {
        for channel in transaction.failingChannels.sorted() {
            if let event = qualityVerdict(on: channel) { record(event, &transaction) }
        }
        for advisor in transaction.judgedAdvisors.sorted() {
            if let event = gradeVerdict(on: advisor, at: transaction.stamp) {
                record(event, &transaction)
            }
        }
    }

    /// Gives a waiting lead to the best order, if one is eligible: reserved and, where no gate is in
    /// the way, at once released (R8.1).
    private mutating func sell(_ id: LeadID, _ transaction: inout Transaction) -> Bool {
        let time = transaction.stamp
        guard let place = openLeads.slot(of: id) else { return false }
        let lead = openLeads[place]
        guard let slot = match(lead, at: time) else { return false }
        let (category, premium) = (orders[slot].category.index, orders[slot].terms.premium)
        guard
            let rung = categories[category].definition.ladder.rung(atAge: time - lead.arrivedAt)
        else { preconditionFailure("an eligible order pays a rung's price") }
        let payout = channels[lead.channel.index].definition.payout
        let reservation = Reservation(
            lead: id, order: orders[slot].id, categoryVersion: categories[category].version,
            price: rung.price, premium: premium,
            channelPayout: payout.amount(of: rung.price + premium),
            gates: lead.isPing
                ? PendingGates(post: time + settings.pingTimeout)
                : gates(
                    of: categories[category].definition.gates, for: lead.consentInstitutions,
                    from: time))
        record(.leadReserved(reservation), &transaction)
        guard reservation.gates.isEmpty else { return true }
        let reserved = assignments.endIndex - 1
        let renewal = renewal(byReleaseOfAssignmentAt: reserved)
        record(.leadReleased(releaseTerms(ofAssignmentAt: reserved, at: time)), &transaction)
        if let renewal { record(renewal, &transaction) }
        return true
    }
}

// MARK: - Offering waiting leads (R6.4)

/// What a transaction's own events may have made eligible.
struct Awakened {
    /// The lead that just arrived.
    var arrival: LeadID?
    /// Orders that may take leads they could not take before; some more than once.
    var orders: [OrderID] = []
    /// Waiting leads that may be taken by orders that could not take them before; some more than once.
    var leads: [LeadID] = []

    mutating func add(_ other: Awakened) {
        // Most transactions wake by one event: what it wakes is taken over without a copy.
        guard arrival != nil || !orders.isEmpty || !leads.isEmpty else { return self = other }
        arrival = arrival ?? other.arrival
        orders += other.orders
        leads += other.leads
    }
}

extension Market {
    /// What `event` makes eligible; asked before the event takes effect.
    func whatAwakens(_ event: Event, at position: LogPosition) -> Awakened {
        var awakened = Awakened()
        switch event {
        case .leadAccepted, .leadPinged:
            awakened.arrival = LeadID(position)
        case .orderPlaced:
            awakened.orders = [OrderID(position)]
        case .orderAmended(let order, _), .orderResumed(let order), .orderRenewed(let order):
            awakened.orders = [order]
        case .deposited(let advisor, _, _), .advisorReinstated(let advisor),
            .advisorUpdated(let advisor, _), .availabilitySet(let advisor, true):
            awakened.orders = ordersOf(advisor)
        case .leadVoided(let id, _):
            guard let assignment = assignments[id] else { break }
            awakened.orders = ordersOf(assignment.advisor)
            awakened.leads = [assignment.lead]
        case .contactReported(let id, _), .stageReported(let id, _), .returnRequested(let id, _):
            awakened.orders = ordersRelieved(by: [id])
        case .leadWithdrawn(let lead):
            awakened.orders = ordersRelieved(by: assignments[of: lead].map { [$0.id] } ?? [])
        case .personSuppressed(let identity, _), .personErased(let identity):
            awakened.orders = ordersRelieved(by: sales(of: identity))
        case .returnDecided(let id, let decision):
            guard decision.isApproved, let assignment = assignments[id] else { break }
            awakened.orders = ordersOf(assignment.advisor)
        case .configurationApplied(let change):
            let redefined = Set(change.categories.compactMap { categoryNumbers[$0.name] })
            awakened.orders = orders.filter { redefined.contains($0.category) }.map(\.id)
        case .timePassed(let through):
            guard let through else { break }
            awakened = whatAwakens(through)
        case .marketCreated, .rulesChanged, .offersDeferred, .advisorRegistered,
            .availabilitySet(_, false), .advisorSuspended, .advisorGraded, .withdrawn,
            .channelPaid, .payeePaid, .orderPaused, .orderCancelled, .leadRejected, .leadPosted,
            .leadTested, .leadClosed, .leadReserved, .assignmentAccepted, .consentConfirmed,
            .leadReleased, .assignmentAcknowledged, .contactDisclosed, .personUnsuppressed,
            .channelPaused, .channelPausedItself, .channelResumed:
            break
        }
        return awakened
    }

    /// What the due work up to and including `last` makes eligible of itself; missed deadlines have
    /// events of their own.
    private func whatAwakens(_ last: DueItem) -> Awakened {
        var awakened = Awakened()
        // Missed deadlines are most of what is due, and are left out before they are looked at.
        let work = due.earliest(through: last) { $0.kind != .deadline && stands($0) }
        for item in work {
            switch item.kind {
            case .orderTurn: awakened.orders.append(OrderID(item.subject))
            case .bindingEnd, .leadAge: awakened.leads.append(LeadID(item.subject))
            case .deadline: break
            case .offer:
                if orderSlots[OrderID(item.subject)] != nil {
                    awakened.orders.append(OrderID(item.subject))
                } else {
                    awakened.leads.append(LeadID(item.subject))
                }
            }
        }
        return awakened
    }

    private func ordersOf(_ advisor: AdvisorNumber) -> [OrderID] {
        advisorOrders[advisor.index].map { orders[$0].id }
    }

    /// The orders of those advisors, among the buyers of `assignments`, whose open work is limited
    /// and becomes less.
    private func ordersRelieved(by ids: [AssignmentID]) -> [OrderID] {
        var relieved: [OrderID] = []
        for id in ids {
            guard let assignment = assignments[id], assignment.isOpenWork,
                advisors[assignment.advisor.index].profile.openWorkLimit != nil
            else { continue }
            relieved += ordersOf(assignment.advisor)
        }
        return relieved
    }

    /// Matches the waiting leads concerned, newest first, each against the whole book as if it had
    /// just arrived; what is over the limit is put off (R6.4).
    ///
    /// One walk is enough: a sale makes no order and no lead eligible that was not before. An order
    /// that a sale fills and renews was live when the walk passed by, or its turn is still due.
    private mutating func offer(_ awakened: Awakened, _ transaction: inout Transaction) {
        let time = transaction.stamp
        guard !waiting.isEmpty, !awakened.orders.isEmpty || !awakened.leads.isEmpty else { return }
        var walk = beginOffering(
            to: Set(awakened.orders), of: Set(awakened.leads), at: time)
        var sold = 0
        while sold < Self.offerLimit, let id = nextOffer(&walk, at: time) {
            if sell(id, &transaction) { sold += 1 }
        }
        guard sold == Self.offerLimit else { return }
        let (orders, leads) = remainder(of: walk, at: time)
        guard !leads.isEmpty || !orders.isEmpty else { return }
        record(.offersDeferred(orders: orders, leads: leads), &transaction)
    }
}
