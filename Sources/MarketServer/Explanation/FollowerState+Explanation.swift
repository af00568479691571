internal import EventLog
internal import MarketCore
internal import MarketRPC
internal import Projections

extension FollowerState {
    /// The most events of a lead that are looked through for its closure.
    private static let examinedEvents = 10_000

    /// The result of `lead.explain`, when it follows from the present; else `explainer` will
    /// answer `address`, and this returns `nil`.
    ///
    /// - Throws: also `overloaded` when too many past states are asked for.
    func explain(
        _ lead: LeadID, _ page: Page, for address: ReplyAddress, by explainer: Explainer
    ) throws(RPCError) -> [UInt8]? {
        let explanation = try explanation(of: lead, page)
        guard let state = explanation.state else {
            return explanation.textWithoutOrders(in: market)
        }
        if state == market.head { return try explanation.text(in: market) }
        try explainer.ask(Explainer.Task(explanation: explanation, state: state, address: address))
        return nil
    }

    /// What is to be told of `lead`: the decision that the cursor goes on with, or else its latest
    /// reservation, its rejection, its closure, or that it waits.
    private func explanation(of lead: LeadID, _ page: Page) throws(RPCError) -> Explanation {
        guard let summary = try summary(of: lead) else {
            throw RPCError(.unknownLead, field: "lead")
        }
        let cursor = try page.cursor.map { text throws(RPCError) in try ExplanationCursor(text) }
        let decided: (Explanation.Decision, LogPosition, Timestamp)
        if let cursor {
            decided = try decision(about: lead, at: cursor)
        } else if let position = try decisionPosition(of: lead) {
            guard let found = try decision(about: lead, at: position) else {
                throw RPCError(.internalError, "The log does not hold the lead's decision.")
            }
            decided = found
        } else {
            decided = (.waiting, market.head, now)
        }
        return Explanation(
            lead: lead, decision: decided.0, position: decided.1, time: decided.2,
            status: MarketRPC.LeadStatus(summary.status), asOf: market.head,
            after: cursor?.after, limit: page.limit)
    }

    private func summary(of lead: LeadID) throws(RPCError) -> LeadSummary? {
        guard lead.position > .start, lead.position <= market.head else { return nil }
        return try looking { views throws(ViewError) in try views.lead(lead) }
    }

    /// Where the lead was last decided about; `nil` while it waits and no order ever had it.
    private func decisionPosition(of lead: LeadID) throws(RPCError) -> LogPosition? {
        if let assignment = market.assignment(of: lead) { return assignment.id.position }
        if market.openLead(lead) != nil { return nil }
        if try decision(about: lead, at: lead.position) != nil { return lead.position }
        let limit = Self.examinedEvents
        let positions = try looking { views throws(ViewError) in
            try views.stream(of: lead, limit: limit)
        }
        for position in positions.reversed() {
            if case .closed? = try decision(about: lead, at: position)?.0 { return position }
        }
        return nil
    }

    /// The decision about `lead` that the event at `position` is; `nil` when it is none.
    private func decision(
        about lead: LeadID, at position: LogPosition
    ) throws(RPCError) -> (Explanation.Decision, LogPosition, Timestamp)? {
        let recorded = try reading { () throws(EventLogError) in try event(at: position) }
        guard let recorded else { return nil }
        switch recorded.event {
        case .leadReserved(let reservation) where reservation.lead == lead:
            return (.reserved, position, recorded.time)
        case .leadClosed(lead, let closure):
            return (.closed(closure), position, recorded.time)
        case .leadRejected(let rejected) where position == lead.position:
            return (.rejected(rejected.reason), position, recorded.time)
        case .leadTested(let tested) where position == lead.position:
            return (.tested(tested), position, recorded.time)
        default:
            return nil
        }
    }

    private func decision(
        about lead: LeadID, at cursor: ExplanationCursor
    ) throws(RPCError) -> (Explanation.Decision, LogPosition, Timestamp) {
        if let time = cursor.waitingAt {
            guard (lead.position...market.head).contains(cursor.position) else {
                throw Page.invalidCursor
            }
            return (.waiting, cursor.position, time)
        }
        guard let found = try decision(about: lead, at: cursor.position) else {
            throw Page.invalidCursor
        }
        return found
    }
}
