internal import MarketCore
internal import MarketRPC

extension JSONWriter {
    /// Writes the response to a request.
    mutating func response(_ identifier: RequestIdentifier, to outcome: Outcome) {
        switch outcome {
        case .answered(let answer, let position):
            response(identifier) { writer in
                writer.beginObject()
                writer.members(of: answer)
                writer.member("position", position)
                writer.endObject()
            }
        case .result(let text):
            response(identifier) { $0.encoded(text) }
        case .refused(let error):
            response(Response(identifier: identifier, outcome: .failure(error)))
        case .continued:
            preconditionFailure("a continued answer goes to the follower first")
        }
    }

    private mutating func members(of answer: Answer) {
        switch answer {
        case .done:
            return
        case .advisor(let name):
            member("advisor", name)
        case .availability(let name, let online):
            member("advisor", name)
            member("online", online)
        case .account(let name, let available):
            member("advisor", name)
            member("availableFen", available)
        case .channel(let name):
            member("channel", name)
        case .channelPayable(let name, let payable):
            member("channel", name)
            member("payableFen", payable)
        case .payeePayable(let name, let payable):
            member("payee", name)
            member("payableFen", payable)
        case .order(let order, let reasons):
            member("order", order)
            state(reasons)
        case .decision(let decision):
            members(of: decision)
        case .withdrawn(let lead, let wasSold):
            member("lead", lead)
            member("status", (wasSold ? LeadStatus.released : .withdrawn).word)
        case .assignment(let assignment):
            member("assignment", assignment)
        case .gates(let assignment, let status, let gates):
            member("assignment", assignment)
            member("state", status)
            awaits(gates)
        case .returned(let assignment, let outcome):
            member("assignment", assignment)
            member("state", outcome)
        case .configuration(let summary):
            members(of: summary)
        case .time(let time):
            member("time", time)
        }
    }

    /// Writes whether an order is live, and why not.
    mutating func state(_ reasons: Unliveness) {
        member("state", (reasons.isEmpty ? OrderState.live : .notLive).word)
        member("reasons", reasons.reasonWords)
    }

    private mutating func members(of decision: LeadDecision) {
        member("lead", decision.lead)
        switch decision.outcome {
        case .rejected(let reason):
            member("status", LeadStatus.rejected)
            member("reason", reason)
        case .waiting:
            member("status", LeadStatus.waiting)
        case .unmatched:
            member("status", LeadDecision.unmatched)
        case .matched(let sale):
            member("status", sale.awaits.isEmpty ? LeadStatus.released : .reserved)
            members(of: sale, isForSupplier: decision.isForSupplier)
        case .tested(let outcome, let sale):
            tested(outcome)
            if let sale { members(of: sale, isForSupplier: decision.isForSupplier) }
        }
    }

    private mutating func tested(_ outcome: TestedLead.Outcome) {
        member("status", LeadStatus.tested)
        member("outcome", TestOutcomeWord(outcome))
        if case .rejected(let reason) = outcome { member("reason", reason) }
    }

    /// Writes for whom a lead is set aside or who bought it, as far as the reader may know.
    mutating func members(of sale: Sale, isForSupplier: Bool) {
        member("assignment", sale.assignment)
        member("institution", sale.institution)
        member("product", sale.product)
        member("payoutFen", sale.payout)
        if !sale.awaits.isEmpty {
            awaits(sale.awaits)
            let deadlines = [sale.awaits.post, sale.awaits.consent, sale.awaits.acceptance]
            member("expiresAt", deadlines.compactMap(\.self).min())
        }
        guard !isForSupplier else { return }
        member("advisor", sale.advisor)
        member("order", sale.order)
        member("category", sale.category)
        member("priceFen", sale.charge)
    }

    private mutating func members(of summary: ConfigurationSummary) {
        member(
            "changed",
            object: { writer in
                writer.member("attributes", summary.attributes)
                writer.member("categories", summary.categories)
                writer.member("channels", summary.channels)
                writer.member("payees", summary.payees)
                writer.member("settings", summary.changesSettings)
            })
        member("warnings", summary.warnings)
        member("dryRun", summary.isRehearsal)
    }
}

extension LeadDecision {
    /// The status of a ping that no order takes.
    static let unmatched = "unmatched"
}
