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
        if let rejection = decision.rejection {
            member("status", LeadStatus.rejected.word)
            member("reason", rejection.word)
        } else if let sale = decision.sale {
            member("status", LeadStatus.released.word)
            member("assignment", sale.assignment)
            member("advisor", sale.advisor)
            member("order", sale.order)
            member("category", sale.category)
            member("priceFen", sale.charge)
        } else {
            member("status", LeadStatus.waiting.word)
        }
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
