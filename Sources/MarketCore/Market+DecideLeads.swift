// MARK: - Leads (R4, R8.7)

extension Market {
    /// Takes a lead or turns it away, for the first reason that applies (R4.3).
    func decideSubmission(
        _ lead: LeadSubmission, at time: Timestamp
    ) throws(Rejection) -> Event {
        guard let channel = channelNumbers[lead.channel] else { throw .unknownChannel }
        var preferred: AdvisorNumber?
        if let name = lead.preferredAdvisor {
            guard let number = advisorNumbers[name] else { throw .unknownAdvisor }
            preferred = number
        }
        if let reason = rejection(of: lead, from: channels[channel.index], at: time) {
            return .leadRejected(
                RejectedLead(
                    channel: channel, identity: lead.identity, attributes: lead.attributes,
                    consent: lead.consent, preferredAdvisor: preferred, reason: reason))
        }
        guard let consent = lead.consent else {
            preconditionFailure("a lead without consent was turned away")
        }
        return .leadAccepted(
            AcceptedLead(
                channel: channel, identity: lead.identity, attributes: lead.attributes,
                consent: consent, preferredAdvisor: preferred, contact: lead.contact,
                contactSlot: lead.contact.isEmpty ? nil : contactCount))
    }

    private func rejection(
        of lead: LeadSubmission, from channel: Channel, at time: Timestamp
    ) -> LeadRejection? {
        if channel.isPaused { return .channelPaused }
        let person = people[lead.identity]
        if person?.isSuppressed == true { return .suppressed }
        if lead.consent == nil { return .noConsent }
        if let person, isDuplicate(person, at: time) { return .duplicate }
        if qualifyingCategories(for: lead.attributes).isEmpty { return .unqualified }
        return nil
    }

    /// Whether a further lead of `person` is one too many: one is open, or one was released within
    /// the duplicate window, its last microsecond included (R4.3).
    private func isDuplicate(_ person: Person, at time: Timestamp) -> Bool {
        if person.openLead != nil { return true }
        guard let released = person.lastReleasedAt else { return false }
        return time - released <= settings.duplicateWindow
    }

    /// A waiting lead is closed; a released one stays sold and is pushed no more (R8.7).
    func decideWithdrawal(_ id: LeadID) throws(Rejection) -> [Event] {
        if openLeads[id] != nil { return [.leadWithdrawn(id), .leadClosed(id, .withdrawn)] }
        guard let assignment = assignment(of: id) else { throw .leadNotOpen }
        guard !assignment.isWithdrawn else { throw .leadAlreadyWithdrawn }
        return [.leadWithdrawn(id)]
    }

    /// Suppression and erasure close the person's waiting lead (R4.2, R8.7).
    func decidePerson(_ command: Command) throws(Rejection) -> [Event] {
        switch command {
        case .suppressPerson(let identity, let reason):
            guard people[identity]?.isSuppressed != true else { throw .alreadySuppressed }
            return [.personSuppressed(identity, reason: reason)]
                + closure(of: identity, .suppressed)
        case .unsuppressPerson(let identity):
            guard let person = people[identity], person.isSuppressed else { throw .notSuppressed }
            guard !person.isErased else { throw .personErased }
            return [.personUnsuppressed(identity)]
        case .erasePerson(let identity):
            guard let person = people[identity] else { throw .unknownPerson }
            guard !person.isErased else { throw .personErased }
            return [.personErased(identity)] + closure(of: identity, .erased)
        default:
            preconditionFailure("only commands about persons come here")
        }
    }

    private func closure(of identity: Identity, _ reason: LeadClosure) -> [Event] {
        people[identity]?.openLead.map { [.leadClosed($0, reason)] } ?? []
    }
}

// MARK: - Assignments (R8, R9)

extension Market {
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
            preconditionFailure("only commands about assignments come here")
        }
    }

    private func released(_ id: AssignmentID) throws(Rejection) -> Assignment {
        guard let assignment = assignments[id], assignment.releasedAt != nil else {
            throw .unknownAssignment
        }
        return assignment
    }
}
