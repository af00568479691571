extension Market {
    /// The command that an input event of the log came from, so that it can be decided again.
    ///
    /// Asked of the market as it stood before the event.
    ///
    /// - Returns: The command, or `nil` for an event that is never an input.
    public func command(behind event: Event) -> Command? {
        switch event {
        case .marketCreated(let foundation): .createMarket(foundation)
        case .rulesChanged(let version): .changeRules(version: version)
        case .configurationApplied(let change): .applyConfiguration(configuration(behind: change))
        case .timePassed: .passTime
        case .advisorRegistered(let name, let profile):
            .registerAdvisor(name: name, profile: profile)
        case .advisorUpdated(let advisor, let profile):
            .updateAdvisor(name: advisors[advisor.index].name, profile: profile)
        case .availabilitySet(let advisor, let online):
            .setAvailability(advisor: advisors[advisor.index].name, online: online)
        case .advisorSuspended(let advisor, let reason):
            .suspendAdvisor(name: advisors[advisor.index].name, reason: reason)
        case .advisorReinstated(let advisor):
            .reinstateAdvisor(name: advisors[advisor.index].name)
        case .deposited(let advisor, let amount, let reference):
            .deposit(advisor: advisors[advisor.index].name, amount: amount, reference: reference)
        case .withdrawn(let advisor, let amount, let reference):
            .withdraw(advisor: advisors[advisor.index].name, amount: amount, reference: reference)
        case .channelPaid(let channel, let amount, let reference):
            .payChannel(name: channels[channel.index].name, amount: amount, reference: reference)
        case .payeePaid(let payee, let amount, let reference):
            .payPayee(name: payees[payee.index].name, amount: amount, reference: reference)
        case .orderPlaced(let advisor, let category, let terms):
            .placeOrder(
                advisor: advisors[advisor.index].name, category: categories[category.index].name,
                terms: terms)
        case .orderAmended(let id, let terms): .amendOrder(id, OrderAmendment(to: terms))
        case .orderPaused(let id): .pauseOrder(id)
        case .orderResumed(let id): .resumeOrder(id)
        case .orderCancelled(let id): .cancelOrder(id)
        case .leadAccepted(let lead):
            .submitLead(
                LeadSubmission(
                    channel: channels[lead.channel.index].name, identity: lead.identity,
                    attributes: lead.attributes, consent: lead.consent,
                    preferredAdvisor: lead.preferredAdvisor.map { advisors[$0.index].name },
                    contact: lead.contact))
        case .leadRejected(let lead) where lead.isPing:
            .pingLead(
                LeadPing(
                    channel: channels[lead.channel.index].name, identity: lead.identity,
                    attributes: lead.attributes,
                    preferredAdvisor: lead.preferredAdvisor.map { advisors[$0.index].name }))
        case .leadRejected(let lead):
            .submitLead(
                LeadSubmission(
                    channel: channels[lead.channel.index].name, identity: lead.identity,
                    attributes: lead.attributes, consent: lead.consent,
                    preferredAdvisor: lead.preferredAdvisor.map { advisors[$0.index].name }))
        case .leadWithdrawn(let lead): .withdrawLead(lead)
        case .assignmentAcknowledged(let id): .acknowledgeAssignment(id)
        case .contactDisclosed(let id): .discloseContact(id)
        case .contactReported(let id, let report): .reportContact(id, report)
        case .stageReported(let id, let report): .reportStage(id, report)
        case .personSuppressed(let identity, let reason):
            .suppressPerson(identity, reason: reason)
        case .personUnsuppressed(let identity): .unsuppressPerson(identity)
        case .personErased(let identity): .erasePerson(identity)
        case .channelPaused(let channel): .pauseChannel(channels[channel.index].name)
        case .channelResumed(let channel): .resumeChannel(channels[channel.index].name)
        case .leadPinged(let lead):
            .pingLead(
                LeadPing(
                    channel: channels[lead.channel.index].name, identity: lead.identity,
                    attributes: lead.attributes,
                    preferredAdvisor: lead.preferredAdvisor.map { advisors[$0.index].name }))
        case .leadPosted(let post):
            openLeads[post.lead].map { lead in
                .postLead(
                    LeadPost(
                        lead: post.lead, channel: channels[lead.channel.index].name,
                        identity: lead.identity, consent: post.consent, contact: post.contact))
            }
        case .leadTested(let lead): command(behind: lead)
        case .leadVoided(let id, .declined): .declineAssignment(id)
        case .leadVoided(let id, .consentRefused): .declineConsent(id)
        case .assignmentAccepted(let id): .acceptAssignment(id)
        case .consentConfirmed(let id, let consent): .confirmConsent(id, consent)
        case .returnRequested(let id, let request): .requestReturn(id, request)
        case .returnDecided(let id, let decision):
            .decideReturn(id, approved: decision.isApproved, note: decision.note)
        case .offersDeferred, .leadClosed, .leadReserved, .leadReleased, .leadVoided, .orderRenewed,
            .advisorGraded, .channelPausedItself:
            nil
        }
    }

    private func command(behind lead: TestedLead) -> Command {
        let channel = channels[lead.channel.index].name
        let preferred = lead.preferredAdvisor.map { advisors[$0.index].name }
        guard !lead.isPing else {
            return .pingLead(
                LeadPing(
                    channel: channel, identity: lead.identity, attributes: lead.attributes,
                    preferredAdvisor: preferred))
        }
        return .submitLead(
            LeadSubmission(
                channel: channel, identity: lead.identity, attributes: lead.attributes,
                consent: lead.consent, preferredAdvisor: preferred))
    }

    private func configuration(behind change: ConfigurationChange) -> MarketConfiguration {
        var schema = schema
        for attribute in change.attributes { schema.define(attribute) }
        var payeeNames = payees.map(\.name)
        payeeNames += change.payees.map(\.name).filter { payeeNumbers[$0] == nil }
        var categoryNames = categories.map(\.name)
        categoryNames += change.categories.map(\.name).filter { categoryNumbers[$0] == nil }

        var configuration = MarketConfiguration()
        configuration.attributes = change.attributes
        configuration.payees = change.payees.map { (name: $0.name, title: $0.definition) }
        configuration.channels = change.channels.map {
            (name: $0.name, definition: $0.definition)
        }
        configuration.categories = change.categories.map { named in
            MarketConfiguration.Category(
                name: named.name, title: named.definition.title,
                qualification: schema.specification(of: named.definition.qualification),
                ladder: named.definition.ladder, exclusivity: named.definition.exclusivity,
                splits: named.definition.splits.map {
                    (payee: payeeNames[$0.payee.index], basisPoints: $0.basisPoints)
                },
                retired: named.definition.retired, rank: named.definition.rank,
                gates: named.definition.gates, returns: named.definition.returns)
        }
        if let settings = change.settings {
            configuration.settings.duplicateWindow = settings.duplicateWindow
            configuration.settings.phonePattern = settings.phonePattern
            configuration.settings.categoryOrder = (settings.categoryOrder ?? []).map {
                categoryNames[$0.index]
            }
            configuration.settings.pingTimeout = settings.pingTimeout
            configuration.settings.qualitySpan = settings.qualitySpan
            configuration.settings.qualityLimit = settings.qualityLimit
            configuration.settings.tierAttribute = settings.tierAttribute.map { schema[$0].name }
            configuration.settings.tierRules = .set(
                settings.tierRules.map { rules in
                    MarketConfiguration.TierRules(
                        rules: rules.rules.map {
                            .init(
                                aspect: $0.aspect, filter: schema.specification(of: $0.filter),
                                points: $0.points)
                        },
                        firstTierFrom: rules.firstTierFrom, secondTierFrom: rules.secondTierFrom)
                })
            configuration.settings.gradeRules = .set(settings.gradeRules)
        }
        return configuration
    }
}

extension OrderAmendment {
    /// The amendment that brings any order to `terms`.
    init(to terms: OrderTerms) {
        self.init()
        filter = .set(terms.filter)
        quantity = .set(terms.quantity)
        premium = .set(terms.premium)
        priority = .set(terms.priority)
        maximumAge = .set(terms.maximumAge)
        startsAt = .set(terms.startsAt)
        expiresAt = .set(terms.expiresAt)
        schedule = .set(terms.schedule)
        hourCap = .set(terms.hourCap)
        dayCap = .set(terms.dayCap)
        daySpend = .set(terms.daySpend)
        renews = .set(terms.renews)
    }
}
