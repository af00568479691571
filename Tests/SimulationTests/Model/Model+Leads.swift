import MarketCore

/// Leads coming in (R4.3, R2.3, R3.1, R8.5).
extension Model {
    mutating func submit(_ submission: LeadSubmission) throws(Rejection) {
        let channel = ChannelNumber(index: try channelIndex(submission.channel))
        let preferred = try preferredAdvisor(submission.preferredAdvisor)
        let attributes = withTier(submission.attributes)
        let isTest = channels[channel.index].definition.isTest && !forgets(.testChannel)
        var reason = rejection(
            of: submission.identity, attributes, from: channel, asks: .submission)
        if reason == nil || reason == .duplicate || reason == .unqualified {
            if submission.consent == nil { reason = .noConsent }
        }
        if isTest {
            emitTested(
                TestedLead(
                    channel: channel, identity: submission.identity, attributes: attributes,
                    consent: submission.consent, preferredAdvisor: preferred,
                    outcome: .unmatched), reason)
            return
        }
        guard let consent = submission.consent, reason == nil else {
            let position = emit(
                .leadRejected(
                    RejectedLead(
                        channel: channel, identity: submission.identity, attributes: attributes,
                        consent: submission.consent, preferredAdvisor: preferred,
                        reason: reason ?? .noConsent)))
            meet(submission.identity)
            judge(channel, position, reason)
            return
        }
        var content = AcceptedLead(
            channel: channel, identity: submission.identity, attributes: attributes,
            consent: consent, preferredAdvisor: preferred, contact: submission.contact)
        content.contactSlot = keySlot(for: submission.contact)
        let position = emit(.leadAccepted(content))
        channels[channel.index].taken.append(now)
        judge(channel, position, nil)
        open(
            Lead(
                id: LeadID(position), arrivedAt: now, channel: channel,
                identity: submission.identity, attributes: attributes,
                institutions: consent.institutions, preferredAdvisor: preferred,
                categories: categoriesTaking(attributes)))
    }

    mutating func ping(_ ping: LeadPing) throws(Rejection) {
        let channel = ChannelNumber(index: try channelIndex(ping.channel))
        let preferred = try preferredAdvisor(ping.preferredAdvisor)
        let attributes = withTier(ping.attributes)
        let reason = rejection(of: ping.identity, attributes, from: channel, asks: .ping)
        if channels[channel.index].definition.isTest, !forgets(.testChannel) {
            emitTested(
                TestedLead(
                    channel: channel, identity: ping.identity, attributes: attributes,
                    consent: nil, preferredAdvisor: preferred, isPing: true,
                    outcome: .unmatched), reason)
            return
        }
        meet(ping.identity)
        if let reason {
            emit(
                .leadRejected(
                    RejectedLead(
                        channel: channel, identity: ping.identity, attributes: attributes,
                        consent: nil, preferredAdvisor: preferred, reason: reason, isPing: true)))
            return
        }
        let position = emit(
            .leadPinged(
                PingedLead(
                    channel: channel, identity: ping.identity, attributes: attributes,
                    preferredAdvisor: preferred)))
        var lead = Lead(
            id: LeadID(position), arrivedAt: now, channel: channel, identity: ping.identity,
            attributes: attributes, institutions: [], preferredAdvisor: preferred,
            categories: categoriesTaking(attributes))
        lead.isPing = true
        open(lead)
    }

    mutating func post(_ post: LeadPost) throws(Rejection) {
        guard let index = leads.firstIndex(where: { $0.id == post.lead }), leads[index].isPing,
            leads[index].isOpen,
            post.channel == nil || channels[leads[index].channel.index].name == post.channel,
            let place = assignments.lastIndex(where: { $0.lead == post.lead })
        else { throw .leadNotPinged }
        if let deadline = assignments[place].gates.post, now > deadline, !forgets(.deadline) {
            throw .deadlinePassed
        }
        if leads[index].identity != post.identity, !forgets(.identityMatch) {
            throw .identityMismatch
        }
        let channel = leads[index].channel
        var reason = rejection(
            of: leads[index].identity, leads[index].attributes, from: channel, asks: .post)
        if reason == nil || reason == .unqualified, post.consent == nil { reason = .noConsent }
        if let reason {
            let position = emit(
                .leadPosted(PostedLead(lead: post.lead, consent: post.consent, rejection: reason)))
            judge(channel, position, reason)
            void(place, .postRejected)
            close(index, .postRejected)
            return
        }
        let institution = advisors[assignments[place].advisor.index].profile.institution
        let institutions = post.consent?.institutions ?? []
        if !institutions.isEmpty, !institutions.contains(institution), !forgets(.postedConsent) {
            throw .institutionNotConsented
        }
        let gates = gates(of: terms(of: assignments[place]), for: institutions)
        emit(
            .leadPosted(
                PostedLead(
                    lead: post.lead, consent: post.consent, contact: post.contact,
                    contactSlot: keySlot(for: post.contact), gates: gates)))
        channels[channel.index].taken.append(now)
        judge(channel, post.lead.position, nil)
        leads[index].isPing = false
        leads[index].institutions = institutions
        assignments[place].gates = gates
        if gates.isEmpty { release(place) }
    }

    private func preferredAdvisor(_ name: Name?) throws(Rejection) -> AdvisorNumber? {
        guard let name else { return nil }
        return AdvisorNumber(index: try advisorIndex(name))
    }

    private mutating func keySlot(for contact: [UInt8]) -> UInt64? {
        if contact.isEmpty { return nil }
        contactCount += 1
        return contactCount - 1
    }

    /// Notes that there is such a person.
    mutating func meet(_ identity: Identity) {
        for person in people where person.identity == identity { return }
        people.append(Person(identity: identity))
    }

    private mutating func open(_ lead: Lead) {
        meet(lead.identity)
        leads.append(lead)
        noteDueWork(of: leads.count - 1)
        arrival = leads.count - 1
    }

    /// One event, and nothing else changes (R3.1).
    private mutating func emitTested(_ lead: TestedLead, _ reason: LeadRejection?) {
        var tested = lead
        if let reason {
            tested.outcome = .rejected(reason)
        } else {
            let would = Lead(
                id: LeadID(head.next), arrivedAt: now, channel: lead.channel,
                identity: lead.identity, attributes: lead.attributes,
                institutions: lead.consent?.institutions ?? [],
                preferredAdvisor: lead.preferredAdvisor,
                categories: categoriesTaking(lead.attributes))
            if let order = winner(for: would, at: now),
                let price = price(of: would, for: order, at: now)
            {
                tested.outcome = .matched(order.id, charge: price + order.terms.premium)
            }
        }
        emit(.leadTested(tested))
    }

    /// What is asked of a lead before it is taken.
    private enum Question {
        case submission
        case ping
        case post
    }

    /// The first reason of R4.3 to turn a lead away, in the order of the rule; whether there is a
    /// consent, which comes before `duplicate`, is looked at by whoever asks.
    private func rejection(
        of identity: Identity, _ attributes: Attributes, from channel: ChannelNumber,
        asks question: Question
    ) -> LeadRejection? {
        let source = channels[channel.index]
        if source.isPaused { return .channelPaused }
        if let cap = source.definition.dailyCap, !forgets(.channelCap) {
            let today = source.taken.filter { day($0) == day(now) }
            if today.count >= cap { return .channelCapped }
        }
        let person = people.first { $0.identity == identity }
        if person?.isSuppressed == true, !forgets(.suppression) { return .suppressed }
        if !forgets(.industryPeer) {
            for advisor in advisors where advisor.profile.identity == identity {
                return .industryPeer
            }
        }
        if question != .post, !forgets(.duplicate) {
            for lead in leads where lead.isOpen && lead.identity == identity { return .duplicate }
            if let last = person?.lastReleasedAt, now - last <= settings.duplicateWindow {
                return .duplicate
            }
        }
        if categoriesTaking(attributes).isEmpty { return .unqualified }
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
        if case .closed = leads[index].state { throw .leadNotOpen }
        if leads[index].isOpen {
            emit(.leadWithdrawn(id))
            end(index, .withdrawn, .withdrawn)
            return
        }
        for place in assignments.indices
        where assignments[place].lead == id && assignments[place].releasedAt != nil {
            if assignments[place].isWithdrawn { throw .leadAlreadyWithdrawn }
            emit(.leadWithdrawn(id))
            change(place) { $0.isWithdrawn = true }
        }
    }

    mutating func close(_ index: Int, _ closure: LeadClosure) {
        leads[index].state = .closed(closure)
        forgetDueWork(of: index)
        emit(.leadClosed(leads[index].id, closure))
    }

    /// Closes an open lead, whether it waits or is reserved (R8.7).
    func openLead(of identity: Identity) -> Int? {
        leads.firstIndex { $0.identity == identity && $0.isOpen }
    }

    mutating func end(_ index: Int, _ reason: VoidReason, _ closure: LeadClosure) {
        for place in assignments.indices
        where assignments[place].lead == leads[index].id && assignments[place].isReserved {
            void(place, reason)
        }
        close(index, closure)
    }
}
