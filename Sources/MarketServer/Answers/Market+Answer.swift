internal import MarketCore
internal import MarketRPC

extension Market {
    /// Decides a command, makes it so, puts its events behind those in `events` and says what to
    /// answer.
    ///
    /// One mutating call for both: an object that has a market and only asks it something has it
    /// copied.
    mutating func carryOut(
        _ command: Command, at stamp: Timestamp, input: InputContext,
        appendingTo events: inout [RecordedEvent]
    ) throws(Rejection) -> Answer {
        let count = events.count
        try execute(command, at: stamp, input: input, appendingTo: &events)
        return answer(to: command, events: events[count...], for: input.role)
    }

    /// What to answer to `command`, which led to `events`; the same whether the events have just
    /// happened or are read back for a repeated request.
    ///
    /// Balances, liveness, names and deadlines are as they are now: a repetition shows them as of its
    /// own time.
    ///
    /// - Parameter role: who asked; suppliers are told less.
    func answer(
        to command: Command, events: ArraySlice<RecordedEvent>, for role: Role
    ) -> Answer {
        switch command {
        case .createMarket, .changeRules, .suppressPerson, .unsuppressPerson, .erasePerson:
            .done
        case .applyConfiguration:
            .configuration(configurationSummary(of: events))
        case .passTime:
            .time(events.first?.time ?? time)
        case .registerAdvisor(let name, _), .updateAdvisor(let name, _),
            .suspendAdvisor(let name, _), .reinstateAdvisor(let name):
            .advisor(name)
        case .setAvailability(let advisor, let online):
            .availability(advisor, online: online)
        case .deposit(let advisor, _, _), .withdraw(let advisor, _, _):
            .account(
                advisor,
                available: self.advisor(named: advisor).map { ledger[.available($0)] } ?? .zero)
        case .payChannel(let name, _, _):
            .channelPayable(
                name, channel(named: name).map { ledger[.channelPayable($0)] } ?? .zero)
        case .pauseChannel(let name), .resumeChannel(let name):
            .channel(name)
        case .payPayee(let name, _, _):
            .payeePayable(name, payee(named: name).map { ledger[.payeePayable($0)] } ?? .zero)
        case .placeOrder:
            events.first.map { orderAnswer(OrderID($0.position)) } ?? .done
        case .amendOrder(let order, _), .pauseOrder(let order), .resumeOrder(let order),
            .cancelOrder(let order):
            orderAnswer(order)
        case .submitLead, .pingLead, .postLead:
            decision(of: events, for: role).map(Answer.decision) ?? .done
        case .withdrawLead(let lead):
            .withdrawn(lead, wasSold: !events.contains { $0.event.closes(lead) })
        case .acceptAssignment(let id), .confirmConsent(let id, _):
            gateAnswer(id, events)
        case .declineAssignment(let id), .declineConsent(let id):
            .gates(id, .voided, .none)
        case .requestReturn(let id, _):
            .returned(id, events.returnOutcome ?? .open)
        case .decideReturn(let id, let isApproved, _):
            .returned(id, isApproved ? .approved : .refused)
        case .acknowledgeAssignment(let assignment), .discloseContact(let assignment),
            .reportContact(let assignment, _), .reportStage(let assignment, _):
            .assignment(assignment)
        }
    }

    private func orderAnswer(_ id: OrderID) -> Answer {
        .order(id, order(id).map { unliveness(of: $0, at: time) } ?? [])
    }

    private func gateAnswer(_ id: AssignmentID, _ events: ArraySlice<RecordedEvent>) -> Answer {
        if events.contains(where: { $0.event.releases(id) }) {
            return .gates(id, .released, .none)
        }
        guard let assignment = assignment(id) else { return .gates(id, .reserved, .none) }
        return .gates(id, AssignmentStatus(of: assignment), assignment.gates)
    }

    /// What became of the lead that `events` begin with.
    private func decision(
        of events: ArraySlice<RecordedEvent>, for role: Role
    ) -> LeadDecision? {
        guard let first = events.first else { return nil }
        let lead: LeadID
        let outcome: LeadDecision.Outcome
        switch first.event {
        case .leadRejected(let rejected):
            lead = LeadID(first.position)
            outcome = .rejected(rejected.reason)
        case .leadTested(let tested):
            lead = LeadID(first.position)
            outcome = .tested(tested.outcome, sale(of: tested))
        case .leadPosted(let post):
            lead = post.lead
            outcome = self.outcome(of: post)
        case .leadPinged:
            lead = LeadID(first.position)
            outcome = sale(of: lead, in: events).map { .matched($0) } ?? .unmatched
        default:
            lead = LeadID(first.position)
            outcome = sale(of: lead, in: events).map { .matched($0) } ?? .waiting
        }
        return LeadDecision(lead: lead, outcome: outcome, isForSupplier: role == .supplier)
    }

    private func outcome(of post: PostedLead) -> LeadDecision.Outcome {
        if let reason = post.rejection { return .rejected(reason) }
        // A ping and its reservation are one transaction, the reservation next to the ping.
        return sale(AssignmentID(post.lead.position.next), awaits: post.gates)
            .map { .matched($0) } ?? .waiting
    }

    /// The reservation of `lead` among the events of its transaction.
    private func sale(of lead: LeadID, in events: ArraySlice<RecordedEvent>) -> Sale? {
        for recorded in events {
            if case .leadReserved(let reservation) = recorded.event, reservation.lead == lead {
                return sale(AssignmentID(recorded.position), awaits: reservation.gates)
            }
        }
        return nil
    }

    /// For whom an assignment sets its lead aside, or who bought it.
    ///
    /// - Parameter awaits: what it waited for when it was told.
    func sale(_ id: AssignmentID, awaits: PendingGates) -> Sale? {
        guard let assignment = assignment(id) else { return nil }
        // Single members: advisors and categories are much to copy for each answer.
        let (advisor, category) = (assignment.advisor.index, assignment.category.index)
        return Sale(
            assignment: id, advisor: advisors[advisor].name,
            institution: advisors[advisor].profile.institution,
            order: assignment.order, category: categories[category].name,
            product: categories[category].versions[assignment.categoryVersion - 1].title,
            charge: assignment.charge, payout: assignment.channelPayout, awaits: awaits)
    }

    /// For whom a lead of a test channel would have been set aside.
    func sale(of lead: TestedLead) -> Sale? {
        guard case .matched(let id, let charge) = lead.outcome, let order = order(id) else {
            return nil
        }
        let advisor = advisors[order.advisor.index]
        let category = categories[order.category.index]
        let payout = channels[lead.channel.index].definition.payout
        return Sale(
            advisor: advisor.name, institution: advisor.profile.institution, order: id,
            category: category.name, product: category.definition.title, charge: charge,
            payout: payout.amount(of: charge), awaits: .none)
    }
}

extension Event {
    fileprivate func closes(_ lead: LeadID) -> Bool {
        if case .leadClosed(lead, _) = self { true } else { false }
    }

    fileprivate func releases(_ assignment: AssignmentID) -> Bool {
        if case .leadReleased(let release) = self {
            release.assignment == assignment
        } else {
            false
        }
    }
}

extension ArraySlice<RecordedEvent> {
    /// How the return that the events are about was decided; `nil` when it was not.
    fileprivate var returnOutcome: ReturnOutcome? {
        for recorded in self {
            if case .returnDecided(_, let decision) = recorded.event {
                return decision.isApproved ? .approved : .refused
            }
        }
        return nil
    }
}
