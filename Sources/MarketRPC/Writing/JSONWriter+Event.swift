public import MarketCore

extension JSONWriter {
    /// Writes the members of an event into an object, as `events.read` gives them: names for numbers, no contact data.
    ///
    /// - Parameters:
    ///   - market: any state that has applied the event; names never change, so a later one does.
    ///   - contact: the opened contact of a `leadAccepted` event, for whoever holds the keys.
    public mutating func event(
        _ recorded: RecordedEvent, in market: Market, contact: ContactDetails? = nil
    ) {
        member("position", recorded.position)
        member("transaction", recorded.transaction)
        member("time", recorded.time)
        member("type", recorded.event.word)
        if let input = recorded.input {
            member(
                "input",
                object: {
                    $0.member("role", input.role)
                    $0.member("principal", Int(input.principal))
                    $0.member("at", input.suppliedTime)
                    $0.member("idempotencyKeyDigest", input.idempotency?.key)
                })
        }
        member(
            "data",
            object: {
                $0.data(of: recorded.event, at: recorded.position, in: market, contact: contact)
            })
    }

    /// Writes what an event says, one line a case.
    private mutating func data(
        of event: Event, at position: LogPosition, in market: Market, contact: ContactDetails?
    ) {
        switch event {
        case .marketCreated(let foundation): self.foundation(foundation)
        case .rulesChanged(let version): member("rulesVersion", version)
        case .configurationApplied(let change):
            name("changed")
            configurationChange(change, in: market)
        case .timePassed(let item): due(item)
        case .offersDeferred(let orders, let leads):
            member("orders", orders)
            member("leads", leads)
        case .advisorRegistered(let name, let profile): advisor(name, profile)
        case .advisorUpdated(let number, let profile):
            advisor(market.advisors[number.index].name, profile)
        case .availabilitySet(let number, let online):
            member("advisor", market.advisors[number.index].name)
            member("online", online)
        case .advisorSuspended(let number, let reason):
            member("advisor", market.advisors[number.index].name)
            memberUnlessEmpty("reason", reason)
        case .advisorReinstated(let number):
            member("advisor", market.advisors[number.index].name)
        case .deposited(let number, let amount, let reference),
            .withdrawn(let number, let amount, let reference):
            payment("advisor", market.advisors[number.index].name, amount, reference)
        case .channelPaid(let number, let amount, let reference):
            payment("channel", market.channels[number.index].name, amount, reference)
        case .payeePaid(let number, let amount, let reference):
            payment("payee", market.payees[number.index].name, amount, reference)
        case .orderPlaced(let advisor, let category, let terms):
            member("order", position)
            member("advisor", market.advisors[advisor.index].name)
            member("category", market.categories[category.index].name)
            orderTerms(terms, schema: market.schema)
        case .orderAmended(let order, let terms):
            member("order", order)
            orderTerms(terms, schema: market.schema)
        case .orderPaused(let order), .orderResumed(let order), .orderCancelled(let order):
            member("order", order)
        case .leadAccepted(let lead): accepted(lead, at: position, in: market, contact: contact)
        case .leadRejected(let lead): rejected(lead, at: position, in: market)
        case .leadWithdrawn(let lead): member("lead", lead)
        case .leadClosed(let lead, let closure):
            member("lead", lead)
            member("closure", closure)
        case .leadReserved(let reservation): self.reservation(reservation, at: position)
        case .leadReleased(let release): self.release(release, in: market)
        case .assignmentAcknowledged(let assignment), .contactDisclosed(let assignment):
            member("assignment", assignment)
        case .contactReported(let assignment, let report): contactReport(assignment, report)
        case .stageReported(let assignment, let report): stageReport(assignment, report)
        case .personSuppressed(let identity, let reason):
            member("identity", identity)
            memberUnlessEmpty("reason", reason)
        case .personUnsuppressed(let identity), .personErased(let identity):
            member("identity", identity)
        case .channelPaused(let number), .channelResumed(let number):
            member("channel", market.channels[number.index].name)
        case .leadPinged(let lead): pinged(lead, at: position, in: market)
        case .leadPosted(let post): posted(post, contact: contact)
        case .leadTested(let lead): tested(lead, at: position, in: market)
        case .leadVoided(let assignment, let reason):
            member("assignment", assignment)
            member("reason", reason)
        case .assignmentAccepted(let assignment): member("assignment", assignment)
        case .consentConfirmed(let assignment, let consent):
            member("assignment", assignment)
            name("consent")
            self.consent(consent)
        case .orderRenewed(let order): member("order", order)
        case .returnRequested(let assignment, let request):
            member("assignment", assignment)
            member("reason", request.reason)
            memberUnlessEmpty("evidence", request.evidence)
        case .returnDecided(let assignment, let decision):
            member("assignment", assignment)
            member("approved", decision.isApproved)
            member("automatic", decision.isAutomatic)
            memberUnlessEmpty("note", decision.note)
        case .advisorGraded(let number, let grade):
            member("advisor", market.advisors[number.index].name)
            member("grade", grade)
        case .channelPausedItself(let number, let bad, let count):
            member("channel", market.channels[number.index].name)
            member("bad", bad)
            member("of", count)
        }
    }

    private mutating func foundation(_ foundation: MarketFoundation) {
        member("rulesVersion", foundation.rulesVersion)
        member("clock", foundation.clock)
        member("currency", foundation.currency)
        member("utcOffsetMinutes", foundation.utcOffsetMinutes)
        member("secretFingerprint", foundation.secretFingerprint)
    }

    private mutating func due(_ item: DueItem?) {
        guard let item else { return }
        member(
            "through",
            object: {
                $0.member("time", item.time)
                $0.member("kind", item.kind)
                $0.member("subject", item.subject)
            })
    }

    private mutating func advisor(_ name: Name, _ profile: AdvisorProfile) {
        member("advisor", name)
        member("institution", profile.institution)
        member("identity", profile.identity)
        member("grade", profile.grade)
        if profile.derivesGrade { member("gradeDerived", true) }
        member("dailyCap", profile.dailyCap)
        member("openWorkLimit", profile.openWorkLimit)
    }

    private mutating func payment(
        _ kind: StaticString, _ name: Name, _ amount: Money, _ reference: String
    ) {
        member(kind, name)
        member("amountFen", amount)
        memberUnlessEmpty("reference", reference)
    }

    private mutating func reservation(_ reservation: Reservation, at position: LogPosition) {
        member("assignment", position)
        member("lead", reservation.lead)
        member("order", reservation.order)
        member("categoryVersion", reservation.categoryVersion)
        member("priceFen", reservation.price)
        member("premiumFen", reservation.premium)
        member("channelPayoutFen", reservation.channelPayout)
        awaits(reservation.gates)
    }

    private mutating func release(_ release: Release, in market: Market) {
        member("assignment", release.assignment)
        member("channelPayoutFen", release.channelPayout)
        member("payeeShares", list: release.payeeShares) { writer, share in
            writer.object {
                $0.member("payee", market.payees[share.payee.index].name)
                $0.member("amountFen", share.amount)
            }
        }
        member("boundUntil", release.boundUntil)
    }

    private mutating func contactReport(_ assignment: AssignmentID, _ report: ContactReport) {
        member("assignment", assignment)
        member("firstCallAt", report.firstCallAt)
        member("attempts", report.attempts)
        member("outcome", report.outcome)
        memberUnlessEmpty("evidence", report.evidence)
    }

    private mutating func stageReport(_ assignment: AssignmentID, _ report: StageReport) {
        member("assignment", assignment)
        member("stage", report.stage)
        member("passed", report.passed)
        memberUnlessEmpty("reason", report.reason)
        if report.amount != .zero { member("amountFen", report.amount) }
    }
}
