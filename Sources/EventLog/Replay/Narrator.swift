public import MarketCore

/// Tells an event in words, for people who read a log.
///
/// Nothing it says lets anybody find a person: neither contact data nor identities.
public struct Narrator: Sendable {
    let time: @Sendable (Timestamp) -> String

    /// Prepares to tell events, writing times as `time` does.
    public init(time: @escaping @Sendable (Timestamp) -> String) {
        self.time = time
    }

    /// The event in words, with names.
    ///
    /// - Parameter market: the market after the event.
    public func words(for recorded: RecordedEvent, in market: Market) -> String {
        switch recorded.event {
        case .marketCreated(let foundation):
            return "market created with rules version \(foundation.rulesVersion)"
        case .rulesChanged(let version):
            return "rules version \(version) decides from here on"
        case .configurationApplied(let change):
            return "configuration applied: \(words(for: change))"
        case .timePassed:
            return "time passed: due work was done"
        case .offersDeferred(let orders, let leads):
            return "matching goes on later for \(orders.count) orders and \(leads.count) leads"
        case .advisorRegistered, .advisorUpdated, .availabilitySet, .advisorSuspended,
            .advisorReinstated, .advisorGraded, .deposited, .withdrawn, .channelPaid, .payeePaid,
            .channelPaused, .channelResumed, .channelPausedItself:
            return words(forParty: recorded.event, market)
        case .orderPlaced, .orderAmended, .orderPaused, .orderResumed, .orderCancelled,
            .orderRenewed:
            return words(forOrder: recorded, market)
        case .leadAccepted, .leadRejected, .leadWithdrawn, .leadClosed, .leadReserved,
            .leadReleased:
            return words(forLead: recorded, market)
        case .leadPinged, .leadPosted, .leadTested, .leadVoided, .assignmentAccepted,
            .consentConfirmed:
            return words(forGate: recorded, market)
        case .returnRequested(let id, let request):
            return words(for: request, of: id, market)
        case .returnDecided(let id, let decision):
            return words(for: decision, of: id, market)
        case .assignmentAcknowledged(let id):
            return "assignment \(id.rawValue) acknowledged by a frontend"
        case .contactDisclosed(let id):
            return "contact of assignment \(id.rawValue) shown once more"
        case .contactReported(let id, let report):
            return "assignment \(id.rawValue) called first at \(time(report.firstCallAt)),"
                + " \(report.attempts) attempts, outcome \(report.outcome)"
                + (report.evidence.isEmpty ? "" : ", evidence \(report.evidence)")
        case .stageReported(let id, let report):
            let result =
                report.passed
                ? "passed" : "failed" + (report.reason.isEmpty ? "" : " (\(report.reason))")
            let amount =
                report.amount == .zero ? "" : ", \(money(report.amount, market)) paid out"
            return "assignment \(id.rawValue) at stage \(report.stage): \(result)\(amount)"
        case .personSuppressed(_, let reason):
            return "the person was put on the do-not-contact list" + note(reason)
        case .personUnsuppressed:
            return "the person was taken off the do-not-contact list"
        case .personErased:
            return "the person's contact data was erased"
        }
    }

    /// Who caused a transaction, in words.
    public func words(for input: InputContext) -> String {
        input.role == .market ? "the market" : "\(input.role) (user \(input.principal))"
    }
}

// MARK: - Parties and money

extension Narrator {
    private func words(forParty event: Event, _ market: Market) -> String {
        switch event {
        case .advisorRegistered(let name, let profile):
            return "advisor \(name) of \(profile.institution) registered, \(words(for: profile))"
        case .advisorUpdated(let advisor, let profile):
            return "\(name(advisor, market)) is now of \(profile.institution),"
                + " \(words(for: profile))"
        case .advisorGraded(let advisor, let grade):
            return "\(name(advisor, market)) is graded \(grade) by their results"
        case .availabilitySet(let advisor, let online):
            return "\(name(advisor, market)) went \(online ? "online" : "offline")"
        case .advisorSuspended(let advisor, let reason):
            return "\(name(advisor, market)) suspended" + note(reason)
        case .advisorReinstated(let advisor):
            return "\(name(advisor, market)) reinstated"
        case .deposited(let advisor, let amount, let reference):
            return "\(name(advisor, market)) deposited \(money(amount, market))" + note(reference)
                + balance(advisor, market)
        case .withdrawn(let advisor, let amount, let reference):
            return "\(name(advisor, market)) withdrew \(money(amount, market))" + note(reference)
                + balance(advisor, market)
        case .channelPaid(let channel, let amount, let reference):
            return "\(name(channel, market)) paid \(money(amount, market))" + note(reference)
        case .payeePaid(let payee, let amount, let reference):
            return "payee \(market.payees[payee.index].name) paid \(money(amount, market))"
                + note(reference)
        case .channelPaused(let channel):
            return "\(name(channel, market)) paused"
        case .channelResumed(let channel):
            return "\(name(channel, market)) resumed"
        case .channelPausedItself(let channel, let bad, let count):
            return "\(name(channel, market)) paused itself: of its last \(count) leads \(bad) were"
                + " rejected or returned"
        default:
            return ""
        }
    }

    private func words(for profile: AdvisorProfile) -> String {
        var parts = ["grade \(profile.grade)" + (profile.derivesGrade ? " until derived" : "")]
        if let cap = profile.dailyCap { parts.append("at most \(cap) leads a day") }
        if let limit = profile.openWorkLimit { parts.append("at most \(limit) leads open") }
        return parts.joined(separator: ", ")
    }

    private func words(for change: ConfigurationChange) -> String {
        var parts: [String] = []
        func add(_ noun: String, _ names: [Name]) {
            if names.isEmpty { return }
            parts.append(noun + " " + names.map(\.description).joined(separator: ", "))
        }
        add("attributes", change.attributes.map(\.name))
        add("payees", change.payees.map(\.name))
        add("channels", change.channels.map(\.name))
        add("categories", change.categories.map(\.name))
        if change.settings != nil { parts.append("settings") }
        return parts.joined(separator: "; ")
    }

    func name(_ advisor: AdvisorNumber, _ market: Market) -> String {
        "advisor \(market.advisors[advisor.index].name)"
    }

    func name(_ channel: ChannelNumber, _ market: Market) -> String {
        "channel \(market.channels[channel.index].name)"
    }

    private func balance(_ advisor: AdvisorNumber, _ market: Market) -> String {
        "; available \(money(market.ledger.available[advisor.index], market))"
    }

    func note(_ text: String) -> String { text.isEmpty ? "" : " (\(text))" }

    /// An amount as `60.00 CNY`.
    func money(_ amount: Money, _ market: Market) -> String {
        let fen = amount.fen.magnitude
        let decimals = String(fen % 100 + 100).dropFirst()
        let sign = amount < .zero ? "-" : ""
        return "\(sign)\(fen / 100).\(decimals) \(market.foundation?.currency ?? "")"
    }
}

// MARK: - Orders and leads

extension Narrator {
    private func words(forOrder recorded: RecordedEvent, _ market: Market) -> String {
        switch recorded.event {
        case .orderPlaced(let advisor, let category, let terms):
            return "order \(recorded.position.rawValue) placed by \(name(advisor, market)) for"
                + " \(market.categories[category.index].name): \(words(for: terms, market))"
        case .orderAmended(let id, let terms):
            return "order \(id.rawValue) amended: \(words(for: terms, market))"
        case .orderPaused(let id): return "order \(id.rawValue) paused"
        case .orderResumed(let id): return "order \(id.rawValue) resumed"
        case .orderCancelled(let id): return "order \(id.rawValue) cancelled"
        case .orderRenewed(let id):
            let round = market.order(id).map { " round \($0.round)" } ?? " its next round"
            return "order \(id.rawValue) is filled and begins\(round)"
        default: return ""
        }
    }

    private func words(for terms: OrderTerms, _ market: Market) -> String {
        var parts = ["\(terms.quantity) leads", "priority \(terms.priority)"]
        if terms.premium > .zero { parts.append("premium \(money(terms.premium, market))") }
        if !terms.filter.predicates.isEmpty {
            let names = terms.filter.predicates.map {
                market.schema[$0.attribute].name.description
            }
            parts.append("filter on " + names.joined(separator: ", "))
        }
        if let start = terms.startsAt { parts.append("from \(time(start))") }
        if let expiry = terms.expiresAt { parts.append("until \(time(expiry))") }
        if !terms.schedule.windows.isEmpty {
            parts.append("in \(terms.schedule.windows.count) weekly windows")
        }
        if let cap = terms.hourCap { parts.append("at most \(cap) an hour") }
        if let cap = terms.dayCap { parts.append("at most \(cap) a day") }
        if let spend = terms.daySpend {
            parts.append("at most \(money(spend, market)) a day")
        }
        if terms.renews { parts.append("renewed when filled") }
        return parts.joined(separator: ", ")
    }

    private func words(forLead recorded: RecordedEvent, _ market: Market) -> String {
        switch recorded.event {
        case .leadAccepted(let lead):
            return "lead \(recorded.position.rawValue) came in from"
                + " \(name(lead.channel, market)): \(words(for: lead.attributes, market))"
        case .leadRejected(let lead):
            return "lead \(recorded.position.rawValue) from \(name(lead.channel, market))"
                + (lead.isPing ? " asked about and" : "") + " turned away: \(lead.reason)"
        case .leadWithdrawn(let id):
            return "lead \(id.rawValue) withdrawn by the person"
        case .leadClosed(let id, let closure):
            return "lead \(id.rawValue) closed unsold: \(closure)"
        case .leadReserved(let reservation):
            guard let order = market.order(reservation.order) else { return "" }
            return "lead \(reservation.lead.rawValue) reserved for order"
                + " \(reservation.order.rawValue) of \(name(order.advisor, market)) in"
                + " \(market.categories[order.category.index].name) (version"
                + " \(reservation.categoryVersion)) at \(money(reservation.charge, market)):"
                + " assignment \(recorded.position.rawValue)" + words(for: reservation.gates)
        case .leadReleased(let release):
            return words(for: release, market)
        default:
            return ""
        }
    }

    private func words(for release: Release, _ market: Market) -> String {
        guard let assignment = market.assignment(release.assignment) else { return "" }
        var shares = [
            "\(money(release.channelPayout, market)) to \(name(assignment.channel, market))"
        ]
        shares += release.payeeShares.map {
            "\(money($0.amount, market)) to payee \(market.payees[$0.payee.index].name)"
        }
        let bound = release.boundUntil.map { "until \(time($0))" } ?? "for good"
        return "assignment \(release.assignment.rawValue) released to"
            + " \(name(assignment.advisor, market)): contact disclosed,"
            + " \(money(assignment.charge, market)) charged (\(shares.joined(separator: ", "))),"
            + " person bound \(bound)"
    }

    func words(for attributes: Attributes, _ market: Market) -> String {
        let parts = attributes.pairs.map { number, value in
            "\(market.schema[number].name) \(words(for: value, number, market))"
        }
        return parts.isEmpty ? "no attributes" : parts.joined(separator: ", ")
    }

    private func words(
        for value: Int64, _ number: AttributeNumber, _ market: Market
    ) -> String {
        if case .choice(let words) = market.schema[number].kind, !words.indices.contains(Int(value))
        {
            return "unknown choice \(value)"
        }
        return switch market.schema.word(value, for: number) {
        case .flag(let flag): flag ? "yes" : "no"
        case .integer(let integer): String(integer)
        case .text(let text): text
        }
    }
}
