extension Market {
    /// What `command` leads to at `time`: the input event and those that belong to it inseparably.
    ///
    /// Looks only. Whatever waiting leads and sales follow is found by ``execute(_:at:input:)``.
    /// The checks of each command run in the order in which its function states them; the first
    /// that fails is the answer.
    ///
    /// - Returns: The events, the input first; none when the command would change nothing.
    /// - Throws: ``Rejection``.
    public func decide(_ command: Command, at time: Timestamp) throws(Rejection) -> [Event] {
        if case .createMarket(let foundation) = command {
            guard self.foundation == nil else { throw .marketExists }
            return [.marketCreated(foundation)]
        }
        guard foundation != nil else { throw .marketNotCreated }
        if let event = try decideAlone(command, at: time) { return [event] }
        switch command {
        case .createMarket, .placeOrder, .amendOrder, .pauseOrder, .resumeOrder, .cancelOrder,
            .submitLead:
            preconditionFailure("decided above")
        case .changeRules(let version):
            return [.rulesChanged(version: version)]
        case .applyConfiguration(let configuration):
            let change = try decideConfiguration(configuration)
            return change.isEmpty ? [] : [.configurationApplied(change)]
        case .passTime:
            return decideDueWork(at: time)
        case .registerAdvisor, .updateAdvisor, .setAvailability, .suspendAdvisor,
            .reinstateAdvisor:
            return try decideAdvisor(command)
        case .deposit, .withdraw, .payChannel, .payPayee:
            return [try decideAccount(command)]
        case .pingLead(let ping):
            return [try decidePing(ping, at: time)]
        case .postLead(let post):
            return try decidePost(post, at: time)
        case .withdrawLead(let id):
            return try decideWithdrawal(id)
        case .suppressPerson, .unsuppressPerson, .erasePerson:
            return try decidePerson(command)
        case .acceptAssignment, .declineAssignment, .confirmConsent, .declineConsent:
            return try decideGate(command, at: time)
        case .acknowledgeAssignment, .discloseContact, .reportContact, .reportStage:
            return [try decideAssignment(command, at: time)]
        case .requestReturn(let id, let request):
            return try decideRequest(request, for: id, at: time)
        case .decideReturn(let id, let approved, let note):
            return try decideReturn(of: id, approved: approved, note: note)
        case .pauseChannel(let name):
            guard let channel = channelNumbers[name] else { throw .unknownChannel }
            guard !channels[channel.index].isPaused else { throw .channelAlreadyPaused }
            return [.channelPaused(channel)]
        case .resumeChannel(let name):
            guard let channel = channelNumbers[name] else { throw .unknownChannel }
            guard channels[channel.index].isPaused else { throw .channelNotPaused }
            return [.channelResumed(channel)]
        }
    }
}

// MARK: - Leads and orders, each with an event alone

extension Market {
    /// The only event that the most frequent commands lead to; `nil` for the others.
    func decideAlone(_ command: Command, at time: Timestamp) throws(Rejection) -> Event? {
        switch command {
        case .submitLead(let submission):
            return try decideSubmission(submission, at: time)
        case .placeOrder(let advisor, let category, let terms):
            return try decidePlacement(advisor, category, terms, at: time)
        case .amendOrder(let id, let amendment):
            return try decideAmendment(id, amendment, at: time)
        case .pauseOrder(let id):
            guard try !orders[uncancelled(id)].isPaused else { throw .orderAlreadyPaused }
            return .orderPaused(id)
        case .resumeOrder(let id):
            guard try orders[uncancelled(id)].isPaused else { throw .orderNotPaused }
            return .orderResumed(id)
        case .cancelOrder(let id):
            _ = try uncancelled(id)
            return .orderCancelled(id)
        default:
            return nil
        }
    }
}

// MARK: - Orders (R5)

extension Market {
    /// The slot of an order that is not cancelled.
    private func uncancelled(_ id: OrderID) throws(Rejection) -> Int {
        guard let slot = orderSlots[id] else { throw .unknownOrder }
        guard !orders[slot].isCancelled else { throw .orderCancelled }
        return slot
    }

    private func decidePlacement(
        _ advisor: Name, _ category: Name, _ terms: OrderTerms, at time: Timestamp
    ) throws(Rejection) -> Event {
        guard let advisor = advisorNumbers[advisor] else { throw .unknownAdvisor }
        guard let category = categoryNumbers[category] else { throw .unknownCategory }
        guard !categories[category.index].definition.retired else { throw .categoryRetired }
        if let expiry = terms.expiresAt {
            guard expiry > time, terms.startsAt.map({ $0 < expiry }) ?? true else {
                throw .invalidPeriod
            }
        }
        return .orderPlaced(advisor, category, terms: terms)
    }

    /// An expiry that has passed is refused only where the amendment brings it in: an expired order
    /// can still be amended otherwise.
    private func decideAmendment(
        _ id: OrderID, _ amendment: OrderAmendment, at time: Timestamp
    ) throws(Rejection) -> Event {
        let order = orders[try uncancelled(id)]
        let terms = amendment.applied(to: order.terms)
        guard terms.quantity >= order.reserved + order.released else { throw .quantityBelowTaken }
        if let expiry = terms.expiresAt {
            guard expiry > time || expiry == order.terms.expiresAt,
                terms.startsAt.map({ $0 < expiry }) ?? true
            else { throw .invalidPeriod }
        }
        return .orderAmended(id, terms: terms)
    }
}

// MARK: - Advisors (R5.1)

extension Market {
    private func decideAdvisor(_ command: Command) throws(Rejection) -> [Event] {
        switch command {
        case .registerAdvisor(let name, let profile):
            guard advisorNumbers[name] == nil else { throw .advisorExists }
            return [.advisorRegistered(name: name, profile: profile)]
        case .updateAdvisor(let name, let profile):
            let advisor = try number(of: name)
            guard
                advisors[advisor.index].profile.institution == profile.institution
                    || !hasReservations(advisor)
            else { throw .advisorHasReservations }
            return [.advisorUpdated(advisor, profile: profile)]
        case .setAvailability(let name, let online):
            return [.availabilitySet(try number(of: name), online: online)]
        case .suspendAdvisor(let name, let reason):
            let advisor = try number(of: name)
            guard !advisors[advisor.index].isSuspended else { throw .advisorAlreadySuspended }
            return [.advisorSuspended(advisor, reason: reason)] + suspensionVoids(of: advisor)
        case .reinstateAdvisor(let name):
            let advisor = try number(of: name)
            guard advisors[advisor.index].isSuspended else { throw .advisorNotSuspended }
            return [.advisorReinstated(advisor)]
        default:
            preconditionFailure("only commands about advisors come here")
        }
    }

    /// Suspending an advisor voids their reservations (R8.7); that of a pinged lead, which nobody but
    /// its supplier can go on with, closes the lead.
    ///
    /// - Complexity: O(open leads) where the advisor has any.
    private func suspensionVoids(of advisor: AdvisorNumber) -> [Event] {
        guard hasReservations(advisor) else { return [] }
        let places = openLeads.reservations.compactMap { assignments.place(of: $0) }
            .filter { assignments[$0].advisor == advisor }
        return places.sorted().flatMap { place in
            let assignment = assignments[place]
            let void = Event.leadVoided(assignment.id, .advisorSuspended)
            let isPing = assignment.gates.post != nil
            return isPing ? [void, .leadClosed(assignment.lead, .pingExpired)] : [void]
        }
    }

    /// - Complexity: O(orders of the advisor).
    private func hasReservations(_ advisor: AdvisorNumber) -> Bool {
        advisorOrders[advisor.index].contains { orders[$0].reserved > 0 }
    }

    private func number(of advisor: Name) throws(Rejection) -> AdvisorNumber {
        guard let number = advisorNumbers[advisor] else { throw .unknownAdvisor }
        return number
    }
}

// MARK: - Accounts (R12)

extension Market {
    private func decideAccount(_ command: Command) throws(Rejection) -> Event {
        switch command {
        case .deposit(let name, let amount, let reference):
            let advisor = try number(of: name)
            guard ledger.available[advisor.index] + amount <= .maximum,
                ledger.cash + amount <= .maximum
            else { throw .balanceOutOfRange }
            return .deposited(advisor, amount: amount, reference: reference)
        case .withdraw(let name, let amount, let reference):
            let advisor = try number(of: name)
            guard ledger.available[advisor.index] >= amount else { throw .insufficientFunds }
            return .withdrawn(advisor, amount: amount, reference: reference)
        case .payChannel(let name, let amount, let reference):
            guard let channel = channelNumbers[name] else { throw .unknownChannel }
            guard ledger.channelPayable[channel.index] >= amount else {
                throw .insufficientPayable
            }
            return .channelPaid(channel, amount: amount, reference: reference)
        case .payPayee(let name, let amount, let reference):
            guard let payee = payeeNumbers[name] else { throw .unknownPayee }
            guard ledger.payeePayable[payee.index] >= amount else { throw .insufficientPayable }
            return .payeePaid(payee, amount: amount, reference: reference)
        default:
            preconditionFailure("only commands about accounts come here")
        }
    }
}
