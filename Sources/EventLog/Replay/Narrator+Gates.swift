internal import MarketCore

// What comes between a lead and its sale, and what is taken back after it (R8, R10).

extension Narrator {
    func words(forGate recorded: RecordedEvent, _ market: Market) -> String {
        switch recorded.event {
        case .leadPinged(let lead):
            return "lead \(recorded.position.rawValue) asked about by"
                + " \(name(lead.channel, market)): \(words(for: lead.attributes, market))"
        case .leadPosted(let post):
            guard let reason = post.rejection else {
                return "lead \(post.lead.rawValue) posted with contact and consent"
                    + words(for: post.gates)
            }
            return "post of lead \(post.lead.rawValue) turned away: \(reason)"
        case .leadTested(let lead):
            return "test lead \(recorded.position.rawValue) from"
                + " \(name(lead.channel, market))\(lead.isPing ? " asked about" : ""):"
                + " \(words(for: lead.outcome, market))"
        case .leadVoided(let id, let reason):
            return "assignment \(id.rawValue) ended without a release: \(reason)"
                + back(of: id, market)
        case .assignmentAccepted(let id):
            return "assignment \(id.rawValue) accepted by its advisor" + awaited(by: id, market)
        case .consentConfirmed(let id, _):
            return "the person agreed to the institution of assignment \(id.rawValue)"
                + awaited(by: id, market)
        default:
            return ""
        }
    }

    /// What a reservation waits for, as the end of a sentence; nothing when it waits for nothing.
    func words(for gates: PendingGates) -> String {
        var parts: [String] = []
        if let post = gates.post { parts.append("the post until \(time(post))") }
        if let consent = gates.consent {
            parts.append("the person's consent until \(time(consent))")
        }
        if let acceptance = gates.acceptance {
            parts.append("the advisor's acceptance until \(time(acceptance))")
        }
        return parts.isEmpty ? "" : "; awaits " + parts.joined(separator: " and ")
    }

    func words(
        for request: ReturnRequest, of id: AssignmentID, _ market: Market
    ) -> String {
        let evidence = request.evidence.isEmpty ? "" : ", evidence \(request.evidence)"
        return "return of assignment \(id.rawValue) asked for: \(request.reason)\(evidence)"
    }

    func words(
        for decision: ReturnDecision, of id: AssignmentID, _ market: Market
    ) -> String {
        let way = decision.isAutomatic ? " on the evidence" : ""
        guard decision.isApproved else {
            return "return of assignment \(id.rawValue) refused\(way)" + note(decision.note)
        }
        return "return of assignment \(id.rawValue) approved\(way)" + note(decision.note)
            + back(of: id, market)
    }

    private func words(for outcome: TestedLead.Outcome, _ market: Market) -> String {
        switch outcome {
        case .rejected(let reason): "would be turned away: \(reason)"
        case .unmatched: "no order would take it"
        case .matched(let order, let charge):
            "order \(order.rawValue) would take it at \(money(charge, market))"
        }
    }

    private func awaited(by id: AssignmentID, _ market: Market) -> String {
        market.assignment(id).map { words(for: $0.gates) } ?? ""
    }

    private func back(of id: AssignmentID, _ market: Market) -> String {
        guard let assignment = market.assignment(id) else { return "" }
        return "; \(money(assignment.charge, market)) back to \(name(assignment.advisor, market))"
    }
}
