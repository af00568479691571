// MARK: - Gates (R8.2, R8.3)

extension Market {
    /// What a reservation made or posted at `time` waits for, by the terms of its category and the
    /// institutions that the person's consent names.
    func gates(
        of gates: Gates, for institutions: [String], from time: Timestamp
    ) -> PendingGates {
        PendingGates(
            consent: institutions.isEmpty ? gates.namedConsent.map { time + $0 } : nil,
            acceptance: gates.acceptance.map { time + $0 })
    }

    /// The category's definition that an assignment was reserved under (R2.2).
    func terms(of assignment: Assignment) -> CategoryDefinition {
        categories[assignment.category.index].versions[assignment.categoryVersion - 1]
    }

    /// Answers to what a reservation waits for: acceptance and consent.
    func decideGate(_ command: Command, at time: Timestamp) throws(Rejection) -> [Event] {
        switch command {
        case .acceptAssignment(let id):
            let assignment = try awaitingAcceptance(id, at: time)
            return [.assignmentAccepted(id)]
                + release(of: assignment, after: { $0.acceptance = nil }, at: time)
        case .declineAssignment(let id):
            _ = try awaitingAcceptance(id, at: time)
            return [.leadVoided(id, .declined)]
        case .confirmConsent(let id, let consent):
            let assignment = try awaitingConsent(id, at: time)
            guard
                consent.allows(advisors[assignment.advisor.index].profile.institution)
            else { throw .institutionNotConsented }
            return [.consentConfirmed(id, consent)]
                + release(of: assignment, after: { $0.consent = nil }, at: time)
        case .declineConsent(let id):
            _ = try awaitingConsent(id, at: time)
            return [.leadVoided(id, .consentRefused)]
        default:
            preconditionFailure("only answers to gates come here")
        }
    }

    private func awaitingAcceptance(
        _ id: AssignmentID, at time: Timestamp
    ) throws(Rejection) -> Assignment {
        guard let assignment = assignments[id] else { throw .unknownAssignment }
        guard let deadline = assignment.gates.acceptance else { throw .notAwaitingAcceptance }
        guard time <= deadline else { throw .deadlinePassed }
        return assignment
    }

    private func awaitingConsent(
        _ id: AssignmentID, at time: Timestamp
    ) throws(Rejection) -> Assignment {
        guard let assignment = assignments[id] else { throw .unknownAssignment }
        guard let deadline = assignment.gates.consent else { throw .notAwaitingConsent }
        guard time <= deadline else { throw .deadlinePassed }
        return assignment
    }

    private func release(
        of assignment: Assignment, after change: (inout PendingGates) -> Void, at time: Timestamp
    ) -> [Event] {
        var gates = assignment.gates
        change(&gates)
        return gates.isEmpty ? release(of: assignment, at: time) : []
    }
}

// MARK: - Releases (R8.1)

extension Market {
    /// The release of a reservation at `time` on the terms it was made under, and the renewal of the
    /// order that it fills (R5.2).
    func release(of assignment: Assignment, at time: Timestamp) -> [Event] {
        guard let place = assignments.place(of: assignment.id) else {
            preconditionFailure("a reservation of this market is released")
        }
        let released = Event.leadReleased(releaseTerms(ofAssignmentAt: place, at: time))
        return renewal(byReleaseOfAssignmentAt: place).map { [released, $0] } ?? [released]
    }

    /// What the release of a reservation at `time` gives to whom, by the terms it was made under.
    func releaseTerms(ofAssignmentAt place: Int, at time: Timestamp) -> Release {
        let category = assignments[place].category.index
        let version = assignments[place].categoryVersion - 1
        let charge = assignments[place].charge
        return Release(
            assignment: assignments[place].id, channelPayout: assignments[place].channelPayout,
            payeeShares: categories[category].versions[version].splits.map { split in
                split.share(of: charge)
            },
            boundUntil: boundUntil(
                assignments[place].identity, assignments[place].advisor,
                categories[category].versions[version].exclusivity, at: time))
    }

    /// The renewal of an order that the release of an assignment fills (R5.2).
    func renewal(byReleaseOfAssignmentAt place: Int) -> Event? {
        let order = assignments[place].order
        guard let slot = orderSlots[order], orders[slot].terms.renews,
            !orders[slot].isCancelled, orders[slot].released + 1 == orders[slot].terms.quantity
        else { return nil }
        return .orderRenewed(order)
    }

    /// Until when a release at `time` binds the person; a binding never shrinks (R4.4).
    private func boundUntil(
        _ identity: Identity, _ advisor: AdvisorNumber, _ exclusivity: Timespan?, at time: Timestamp
    ) -> Timestamp? {
        guard let exclusivity else { return nil }
        let end = time + exclusivity
        guard let sale = people.slot(of: identity).flatMap({ people[$0].lastSale }),
            assignments[sale].advisor == advisor
        else { return end }
        guard let bound = assignments[sale].boundUntil else { return nil }
        return max(bound, end)
    }

    /// Decides about a released assignment.
    func decideAssignment(_ command: Command, at time: Timestamp) throws(Rejection) -> Event {
        switch command {
        case .acknowledgeAssignment(let id):
            guard try !released(id).isAcknowledged else { throw .alreadyAcknowledged }
            return .assignmentAcknowledged(id)
        case .discloseContact(let id):
            guard try !released(id).isErased else { throw .personErased }
            return .contactDisclosed(id)
        case .reportContact(let id, let report):
            let assignment = try released(id)
            guard let released = assignment.releasedAt, released <= report.firstCallAt,
                report.firstCallAt <= time
            else { throw .firstCallOutOfRange }
            return .contactReported(id, report)
        case .reportStage(let id, let report):
            _ = try released(id)
            return .stageReported(id, report)
        default:
            preconditionFailure("only commands about released assignments come here")
        }
    }

    private func released(_ id: AssignmentID) throws(Rejection) -> Assignment {
        guard let assignment = assignments[id] else { throw .unknownAssignment }
        guard assignment.releasedAt != nil else { throw .assignmentNotReleased }
        return assignment
    }
}

extension Split {
    /// What the payee gets of `charge` (R12.2).
    func share(of charge: Money) -> PayeeShare {
        PayeeShare(payee: payee, amount: charge.share(basisPoints: basisPoints))
    }
}

// MARK: - Returns (R10)

extension Market {
    /// Takes a request for a return, and decides it where the evidence stands (R10.2).
    func decideRequest(
        _ request: ReturnRequest, for id: AssignmentID, at time: Timestamp
    ) throws(Rejection) -> [Event] {
        let assignment = try released(id)
        guard assignment.returned == nil else { throw .returnAlreadyRequested }
        let policy = terms(of: assignment).returns
        guard let releasedAt = assignment.releasedAt, time - releasedAt <= policy.window else {
            throw .returnWindowPassed
        }
        let requested = Event.returnRequested(id, request)
        guard stands(request, of: assignment),
            allowsAutomaticReturn(of: assignment, policy)
        else { return [requested] }
        let decision = ReturnDecision(isApproved: true, isAutomatic: true)
        return [requested] + outcome(decision, request.reason, of: assignment)
    }

    /// An operator's decision about a return that evidence alone did not decide.
    func decideReturn(
        of id: AssignmentID, approved: Bool, note: String
    ) throws(Rejection) -> [Event] {
        guard let assignment = assignments[id] else { throw .unknownAssignment }
        guard case .open(let request) = assignment.returned else { throw .noOpenReturn }
        let decision = ReturnDecision(isApproved: approved, isAutomatic: false, note: note)
        return outcome(decision, request.reason, of: assignment)
    }

    private func outcome(
        _ decision: ReturnDecision, _ reason: ReturnReason, of assignment: Assignment
    ) -> [Event] {
        let decided = Event.returnDecided(assignment.id, decision)
        guard decision.isApproved, reason.suppresses,
            person(assignment.identity)?.isSuppressed != true
        else { return [decided] }
        return [decided] + suppression(of: assignment.identity, reason: "return: \(reason.word)")
    }

    /// Whether the reason is proven: by a call record, or by the market's own records of persons.
    private func stands(_ request: ReturnRequest, of assignment: Assignment) -> Bool {
        switch request.reason {
        case .noSuchNumber:
            !request.evidence.isEmpty || assignment.hasRecorded(.noSuchNumber)
        case .outOfService:
            !request.evidence.isEmpty || assignment.hasRecorded(.outOfService)
        case .duplicate: assignment.isRepeatSale
        case .industryPeer: advisorIdentities[assignment.identity] != nil
        case .wrongPerson, .unqualified: false
        }
    }

    /// Whether one more automatic return stays within the advisor's share of their last assignments.
    /// An older one is for an operator: no later return would count it.
    private func allowsAutomaticReturn(of assignment: Assignment, _ policy: ReturnPolicy) -> Bool {
        let record = advisors[assignment.advisor.index].record
        let last = record.assignments.suffix(policy.automaticSpan)
        guard last.contains(assignment.id) else { return false }
        let automatic = last.count { id in
            guard let decision = assignments[id]?.returned?.decision else { return false }
            return decision.isApproved && decision.isAutomatic
        }
        return (automatic + 1) * 10_000 <= policy.automaticShare * last.count
    }
}
