// MARK: - Taking leads (R4.3, R8.5)

/// At which of its steps a lead is looked at.
private enum Step {
    case submission
    case ping
    case post
}

extension Market {
    /// Takes a lead or turns it away, for the first reason that applies (R4.3).
    func decideSubmission(
        _ lead: LeadSubmission, at time: Timestamp
    ) throws(Rejection) -> Event {
        let (channel, preferred) = try parties(of: lead.channel, lead.preferredAdvisor)
        let attributes = tiered(lead.attributes)
        let reason = rejection(
            at: .submission, channel, lead.identity, attributes, lead.consent, at: time)
        if channels[channel.index].definition.isTest {
            return .leadTested(
                TestedLead(
                    channel: channel, identity: lead.identity, attributes: attributes,
                    consent: lead.consent, preferredAdvisor: preferred,
                    outcome: reason.map(TestedLead.Outcome.rejected)
                        ?? trial(
                            channel, lead.identity, attributes, lead.consent?.institutions ?? [],
                            preferred, at: time)))
        }
        if let reason {
            return .leadRejected(
                RejectedLead(
                    channel: channel, identity: lead.identity, attributes: attributes,
                    consent: lead.consent, preferredAdvisor: preferred, reason: reason))
        }
        guard let consent = lead.consent else {
            preconditionFailure("a lead without consent was turned away")
        }
        return .leadAccepted(
            AcceptedLead(
                channel: channel, identity: lead.identity, attributes: attributes,
                consent: consent, preferredAdvisor: preferred, contact: lead.contact,
                contactSlot: lead.contact.isEmpty ? nil : contactCount))
    }

    /// Opens a pinged lead or turns it away; consent comes with the post (R8.5).
    func decidePing(_ ping: LeadPing, at time: Timestamp) throws(Rejection) -> Event {
        let (channel, preferred) = try parties(of: ping.channel, ping.preferredAdvisor)
        let attributes = tiered(ping.attributes)
        let reason = rejection(at: .ping, channel, ping.identity, attributes, nil, at: time)
        if channels[channel.index].definition.isTest {
            return .leadTested(
                TestedLead(
                    channel: channel, identity: ping.identity, attributes: attributes, consent: nil,
                    preferredAdvisor: preferred, isPing: true,
                    outcome: reason.map(TestedLead.Outcome.rejected)
                        ?? trial(channel, ping.identity, attributes, [], preferred, at: time)))
        }
        if let reason {
            return .leadRejected(
                RejectedLead(
                    channel: channel, identity: ping.identity, attributes: attributes,
                    consent: nil, preferredAdvisor: preferred, reason: reason, isPing: true))
        }
        return .leadPinged(
            PingedLead(
                channel: channel, identity: ping.identity, attributes: attributes,
                preferredAdvisor: preferred))
    }

    /// Takes the post of a pinged lead, which is released unless a gate is still in the way, or turns
    /// it away, which ends its reservation (R8.5).
    func decidePost(_ post: LeadPost, at time: Timestamp) throws(Rejection) -> [Event] {
        guard let lead = openLeads[post.lead], lead.isPing,
            let assignment = lead.reservation.flatMap({ assignments[$0] }),
            let deadline = assignment.gates.post,
            post.channel == nil || channels[lead.channel.index].name == post.channel
        else { throw .leadNotPinged }
        guard time <= deadline else { throw .deadlinePassed }
        guard post.identity == lead.identity else { throw .identityMismatch }
        let reason = rejection(
            at: .post, lead.channel, lead.identity, lead.attributes, post.consent, at: time)
        if let reason {
            return [
                .leadPosted(PostedLead(lead: lead.id, consent: post.consent, rejection: reason)),
                .leadVoided(assignment.id, .postRejected), .leadClosed(lead.id, .postRejected),
            ]
        }
        let institutions = post.consent?.institutions ?? []
        guard
            institutions.isEmpty
                || institutions.contains(advisors[assignment.advisor.index].profile.institution)
        else { throw .institutionNotConsented }
        let gates = gates(of: terms(of: assignment).gates, for: institutions, from: time)
        let posted = Event.leadPosted(
            PostedLead(
                lead: lead.id, consent: post.consent, contact: post.contact,
                contactSlot: post.contact.isEmpty ? nil : contactCount, gates: gates))
        return [posted] + (gates.isEmpty ? release(of: assignment, at: time) : [])
    }

    private func parties(
        of channel: Name, _ preferred: Name?
    ) throws(Rejection) -> (ChannelNumber, AdvisorNumber?) {
        guard let channel = channelNumbers[channel] else { throw .unknownChannel }
        guard let preferred else { return (channel, nil) }
        guard let advisor = advisorNumbers[preferred] else { throw .unknownAdvisor }
        return (channel, advisor)
    }

    private func rejection(
        at step: Step, _ channel: ChannelNumber, _ identity: Identity, _ attributes: Attributes,
        _ consent: Consent?, at time: Timestamp
    ) -> LeadRejection? {
        let channel = channel.index
        if channels[channel].isPaused { return .channelPaused }
        if let cap = channels[channel].definition.dailyCap,
            channels[channel].taken.count(on: calendar.day(of: time)) >= cap
        {
            return .channelCapped
        }
        let person = self.person(identity)
        if person?.isSuppressed == true { return .suppressed }
        if advisorIdentities[identity] != nil { return .industryPeer }
        if step != .ping, consent == nil { return .noConsent }
        if step != .post, let person, isDuplicate(person, at: time) { return .duplicate }
        if !hasQualifyingCategory(for: attributes) { return .unqualified }
        return nil
    }

    /// Whether a further lead of `person` is one too many: one is open, or one was released within
    /// the duplicate window, its last microsecond included (R4.3).
    private func isDuplicate(_ person: Person, at time: Timestamp) -> Bool {
        if person.openLead != nil { return true }
        guard let released = person.lastReleasedAt else { return false }
        return time - released <= settings.duplicateWindow
    }

    /// What would become of a lead of a test channel that is not turned away (R3.1).
    private func trial(
        _ channel: ChannelNumber, _ identity: Identity, _ attributes: Attributes,
        _ institutions: [String], _ preferred: AdvisorNumber?, at time: Timestamp
    ) -> TestedLead.Outcome {
        let lead = hypotheticalLead(
            LeadID(head.next), channel: channel, identity: identity, attributes: attributes,
            consentInstitutions: institutions, preferredAdvisor: preferred, at: time)
        guard let order = bestOrder(for: lead, at: time) else { return .unmatched }
        let price = categories[order.category.index].definition.ladder.firstPrice
        return .matched(order.id, charge: price + order.terms.premium)
    }
}

// MARK: - Taking leads back (R8.7)

extension Market {
    /// An open lead is closed; a released one stays sold and is pushed no more.
    func decideWithdrawal(_ id: LeadID) throws(Rejection) -> [Event] {
        if let lead = openLeads[id] {
            return [.leadWithdrawn(id)] + closure(of: lead, .withdrawn, voids: .withdrawn)
        }
        guard let assignment = assignment(of: id), assignment.releasedAt != nil else {
            throw .leadNotOpen
        }
        guard !assignment.isWithdrawn else { throw .leadAlreadyWithdrawn }
        return [.leadWithdrawn(id)]
    }

    /// Suppression and erasure close the person's open lead (R4.2, R8.7).
    func decidePerson(_ command: Command) throws(Rejection) -> [Event] {
        switch command {
        case .suppressPerson(let identity, let reason):
            guard person(identity)?.isSuppressed != true else { throw .alreadySuppressed }
            return suppression(of: identity, reason: reason)
        case .unsuppressPerson(let identity):
            guard let person = person(identity), person.isSuppressed else { throw .notSuppressed }
            guard !person.isErased else { throw .personErased }
            return [.personUnsuppressed(identity)]
        case .erasePerson(let identity):
            guard let person = person(identity) else { throw .unknownPerson }
            guard !person.isErased else { throw .personErased }
            return [.personErased(identity)] + closure(of: identity, .erased, voids: .erased)
        default:
            preconditionFailure("only commands about persons come here")
        }
    }

    /// Takes a person off the market for good (R4.3, R4.5).
    func suppression(of identity: Identity, reason: String) -> [Event] {
        [.personSuppressed(identity, reason: reason)]
            + closure(of: identity, .suppressed, voids: .suppressed)
    }

    private func closure(
        of identity: Identity, _ reason: LeadClosure, voids voidReason: VoidReason
    ) -> [Event] {
        guard let lead = person(identity)?.openLead.flatMap({ openLeads[$0] }) else { return [] }
        return closure(of: lead, reason, voids: voidReason)
    }

    private func closure(
        of lead: Lead, _ reason: LeadClosure, voids voidReason: VoidReason
    ) -> [Event] {
        let void = lead.reservation.map { [Event.leadVoided($0, voidReason)] } ?? []
        return void + [.leadClosed(lead.id, reason)]
    }
}
