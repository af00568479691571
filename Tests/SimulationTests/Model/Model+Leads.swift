import MarketCore

/// Leads coming in and being taken back (R4.3, R2.3, R8.7).
extension Model {
    mutating func submit(_ submission: LeadSubmission) throws(Rejection) {
        let channel = ChannelNumber(index: try channelIndex(submission.channel))
        var preferred: AdvisorNumber?
        if let name = submission.preferredAdvisor {
            preferred = AdvisorNumber(index: try advisorIndex(name))
        }
        guard let consent = submission.consent, rejection(of: submission, from: channel) == nil
        else {
            let reason = rejection(of: submission, from: channel) ?? .noConsent
            if !people.contains(where: { $0.identity == submission.identity }) {
                people.append(Person(identity: submission.identity))
            }
            emit(
                .leadRejected(
                    RejectedLead(
                        channel: channel, identity: submission.identity,
                        attributes: submission.attributes, consent: submission.consent,
                        preferredAdvisor: preferred, reason: reason)))
            return
        }
        var content = AcceptedLead(
            channel: channel, identity: submission.identity, attributes: submission.attributes,
            consent: consent, preferredAdvisor: preferred, contact: submission.contact)
        if !submission.contact.isEmpty {
            content.contactSlot = contactCount
            contactCount += 1
        }
        let id = LeadID(emit(.leadAccepted(content)))
        var lead = Lead(
            id: id, arrivedAt: now, content: content,
            categories: categoriesTaking(submission.attributes))
        lead.ageDue = nextBoundary(of: lead)
        if let person = people.first(where: { $0.identity == submission.identity }) {
            if person.binding(at: now) != nil, let end = person.boundUntil {
                lead.bindingDue = end + .microsecond
            }
        } else {
            people.append(Person(identity: submission.identity))
        }
        leads.append(lead)
        _ = match(leads.count - 1)
    }

    /// The first reason of R4.3 to turn a lead away, in the order of the rule.
    private func rejection(
        of submission: LeadSubmission, from channel: ChannelNumber
    ) -> LeadRejection? {
        if channels[channel.index].isPaused { return .channelPaused }
        let person = people.first { $0.identity == submission.identity }
        if person?.isSuppressed == true, !forgets(.suppression) { return .suppressed }
        if submission.consent == nil { return .noConsent }
        if !forgets(.duplicate) {
            for lead in leads
            where lead.state == .waiting && lead.content.identity == submission.identity {
                return .duplicate
            }
            if let last = person?.lastReleasedAt, now - last <= settings.duplicateWindow {
                return .duplicate
            }
        }
        if categoriesTaking(submission.attributes).isEmpty { return .unqualified }
        return nil
    }

    /// The categories that take such a lead, in the order they are tried (R2.3).
    func categoriesTaking(_ attributes: Attributes) -> [CategoryNumber] {
        var rest: [CategoryNumber] = []
        for index in categories.indices { rest.append(CategoryNumber(index: index)) }
        var order = settings.categoryOrder ?? []
        rest.removeAll { order.contains($0) }
        while !rest.isEmpty {
            var dearest = rest[0]
            for number in rest where firstPrice(number) > firstPrice(dearest) { dearest = number }
            order.append(dearest)
            rest.removeAll { $0 == dearest }
        }
        return order.filter { number in
            let definition = categories[number.index].definition
            return !definition.retired && accepts(definition.qualification, attributes)
        }
    }

    private func firstPrice(_ number: CategoryNumber) -> Money {
        categories[number.index].definition.ladder.rungs[0].price
    }

    mutating func withdrawLead(_ id: LeadID) throws(Rejection) {
        guard let index = leads.firstIndex(where: { $0.id == id }) else { throw .leadNotOpen }
        switch leads[index].state {
        case .closed:
            throw .leadNotOpen
        case .waiting:
            emit(.leadWithdrawn(id))
            close(index, .withdrawn)
        case .sold:
            for place in assignments.indices where assignments[place].lead == id {
                if assignments[place].isWithdrawn { throw .leadAlreadyWithdrawn }
                assignments[place].isWithdrawn = true
            }
            emit(.leadWithdrawn(id))
        }
    }

    mutating func close(_ index: Int, _ closure: LeadClosure) {
        leads[index].state = .closed(closure)
        leads[index].ageDue = nil
        leads[index].bindingDue = nil
        emit(.leadClosed(leads[index].id, closure))
    }
}

/// People: the do-not-contact list and erasure (R4.2, R4.3).
extension Model {
    mutating func suppress(_ identity: Identity, _ reason: String) throws(Rejection) {
        for person in people where person.identity == identity && person.isSuppressed {
            throw .alreadySuppressed
        }
        if !people.contains(where: { $0.identity == identity }) {
            people.append(Person(identity: identity))
        }
        for index in people.indices where people[index].identity == identity {
            people[index].isSuppressed = true
        }
        emit(.personSuppressed(identity, reason: reason))
        closeWaiting(of: identity, .suppressed)
    }

    mutating func unsuppress(_ identity: Identity) throws(Rejection) {
        guard let index = people.firstIndex(where: { $0.identity == identity }),
            people[index].isSuppressed
        else { throw .notSuppressed }
        if people[index].isErased { throw .personErased }
        people[index].isSuppressed = false
        emit(.personUnsuppressed(identity))
    }

    mutating func erase(_ identity: Identity) throws(Rejection) {
        guard let index = people.firstIndex(where: { $0.identity == identity }) else {
            throw .unknownPerson
        }
        if people[index].isErased { throw .personErased }
        people[index].isErased = true
        people[index].isSuppressed = true
        for place in assignments.indices where assignments[place].identity == identity {
            assignments[place].isErased = true
        }
        emit(.personErased(identity))
        closeWaiting(of: identity, .erased)
    }

    private mutating func closeWaiting(of identity: Identity, _ closure: LeadClosure) {
        for index in leads.indices
        where leads[index].content.identity == identity && leads[index].state == .waiting {
            close(index, closure)
        }
    }
}

/// What advisors say about what they bought (R8.6, R9).
extension Model {
    private func assignmentIndex(_ id: AssignmentID) throws(Rejection) -> Int {
        for (index, assignment) in assignments.enumerated() where assignment.id == id {
            return index
        }
        throw .unknownAssignment
    }

    mutating func acknowledge(_ id: AssignmentID) throws(Rejection) {
        let index = try assignmentIndex(id)
        if assignments[index].isAcknowledged { throw .alreadyAcknowledged }
        assignments[index].isAcknowledged = true
        emit(.assignmentAcknowledged(id))
    }

    mutating func disclose(_ id: AssignmentID) throws(Rejection) {
        let index = try assignmentIndex(id)
        if assignments[index].isErased { throw .personErased }
        emit(.contactDisclosed(id))
    }

    mutating func reportContact(_ id: AssignmentID, _ report: ContactReport) throws(Rejection) {
        let index = try assignmentIndex(id)
        if report.firstCallAt < assignments[index].releasedAt || report.firstCallAt > now {
            throw .firstCallOutOfRange
        }
        assignments[index].isAcknowledged = true
        emit(.contactReported(id, report))
    }

    mutating func reportStage(_ id: AssignmentID, _ report: StageReport) throws(Rejection) {
        let index = try assignmentIndex(id)
        assignments[index].isAcknowledged = true
        emit(.stageReported(id, report))
    }
}
