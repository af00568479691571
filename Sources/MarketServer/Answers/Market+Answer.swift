internal import MarketCore

extension Market {
    /// What to answer to `command`, which led to `events`; the same whether the events have just
    /// happened or are read back for a repeated request.
    ///
    /// Balances and liveness are as they are now: a repetition shows them as of its own time.
    func answer(to command: Command, events: [RecordedEvent]) -> Answer {
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
        case .submitLead:
            decision(of: events).map(Answer.decision) ?? .done
        case .withdrawLead(let lead):
            .withdrawn(lead, wasSold: assignment(of: lead) != nil)
        case .acknowledgeAssignment(let assignment), .discloseContact(let assignment),
            .reportContact(let assignment, _), .reportStage(let assignment, _):
            .assignment(assignment)
        }
    }

    private func orderAnswer(_ id: OrderID) -> Answer {
        .order(id, order(id).map { unliveness(of: $0, at: time) } ?? [])
    }

    /// What became of the lead that `events` begin with.
    private func decision(of events: [RecordedEvent]) -> LeadDecision? {
        guard let first = events.first else { return nil }
        let lead = LeadID(first.position)
        if case .leadRejected(let rejected) = first.event {
            return LeadDecision(lead: lead, rejection: rejected.reason)
        }
        for recorded in events.dropFirst() {
            guard case .leadReserved(let reservation) = recorded.event,
                reservation.lead == lead, let order = order(reservation.order)
            else { continue }
            return LeadDecision(
                lead: lead,
                sale: LeadDecision.Sale(
                    assignment: AssignmentID(recorded.position),
                    advisor: advisors[order.advisor.index].name, order: order.id,
                    category: categories[order.category.index].name,
                    charge: reservation.charge))
        }
        return LeadDecision(lead: lead)
    }
}
