internal import MarketCore
internal import MarketRPC

/// What `lead.explain` is to tell: one decision about a lead, and which part of the orders (R6.5).
struct Explanation: Sendable {
    /// What the decision was.
    enum Decision: Sendable {
        /// The lead was set aside for an order.
        case reserved
        case rejected(LeadRejection)
        case closed(LeadClosure)
        /// It waits.
        case waiting
        case tested(TestedLead)
    }

    let lead: LeadID
    let decision: Decision
    /// The decision's place in the log; of a lead that waits, the last event that is looked at.
    let position: LogPosition
    /// When it was decided; of a lead that waits, when that was first asked.
    let time: Timestamp
    /// Where the lead stands today.
    let status: MarketRPC.LeadStatus
    /// The last event when it was asked.
    let asOf: LogPosition
    /// The last order of the part before.
    let after: OrderID?
    /// The most orders of this part.
    let limit: Int

    /// The last event before the decision; `nil` when no order had a part in it.
    var state: LogPosition? {
        switch decision {
        case .rejected: nil
        case .tested(let lead):
            if case .rejected = lead.outcome { nil } else { before }
        case .reserved, .closed: before
        case .waiting: position
        }
    }

    private var before: LogPosition { LogPosition(position.rawValue - 1) }

    /// What becomes of each order, by ascending order id, in the market at ``state``.
    ///
    /// - Throws: `invalidParameters` on the cursor when the lead was not waiting then.
    /// - Complexity: O(orders).
    func verdicts(in market: Market) throws(RPCError) -> [OrderVerdict] {
        // Only a cursor that was made up names a time before the state that it names.
        guard time >= market.time else { throw Page.invalidCursor }
        if case .tested(let tested) = decision {
            let lead = market.hypotheticalLead(
                lead, channel: tested.channel, identity: tested.identity,
                attributes: tested.attributes,
                consentInstitutions: tested.consent?.institutions ?? [],
                preferredAdvisor: tested.preferredAdvisor, at: time)
            return market.verdicts(on: lead, at: time)
        }
        guard let lead = market.openLead(lead), lead.reservation == nil else {
            throw Page.invalidCursor
        }
        return market.verdicts(on: lead, at: time)
    }

    /// The result's text, worked out in the market at ``state``.
    ///
    /// - Throws: as ``verdicts(in:)``.
    func text(in market: Market) throws(RPCError) -> [UInt8] {
        let rest = try verdicts(in: market).drop { verdict in
            after.map { verdict.order <= $0 } ?? false
        }
        let part = rest.prefix(limit)
        let cursor = part.last.flatMap { last in
            part.count < rest.count ? ExplanationCursor(self, after: last.order).text : nil
        }
        return text(of: part, in: market, cursor: cursor)
    }

    /// The result's text when no order had a part in the decision.
    func textWithoutOrders(in market: Market) -> [UInt8] {
        text(of: [], in: market, cursor: nil)
    }

    private func text(
        of verdicts: ArraySlice<OrderVerdict>, in market: Market, cursor: String?
    ) -> [UInt8] {
        JSONText.object { json in
            json.member("lead", lead)
            json.member(
                "decision",
                object: { json in
                    json.member("position", position)
                    json.member("kind", kind)
                })
            json.member("status", status)
            if let reason { json.member("reason", reason) }
            json.list("items", verdicts) { json, verdict in
                json.verdict(verdict, in: market)
            }
            if let cursor { json.member("cursor", cursor) }
            json.member("position", asOf)
        }
    }

    private var kind: DecisionKind {
        switch decision {
        case .reserved: .reserved
        case .rejected: .rejected
        case .closed: .closed
        case .waiting: .waiting
        case .tested: .tested
        }
    }

    /// Why the lead was turned away or closed.
    private var reason: String? {
        switch decision {
        case .rejected(let reason): reason.word
        case .closed(let closure): closure.word
        case .tested(let lead):
            if case .rejected(let reason) = lead.outcome { reason.word } else { nil }
        case .reserved, .waiting: nil
        }
    }
}

/// Where a part of an explanation ended: which decision it was about, and the last order told.
struct ExplanationCursor: Hashable {
    /// When it was asked about a lead that waited at ``position``; `nil` for a decision there.
    let waitingAt: Timestamp?
    let position: LogPosition
    let after: OrderID

    /// The cursor after a part of `explanation` that ended with an order.
    init(_ explanation: Explanation, after order: OrderID) {
        if case .waiting = explanation.decision {
            waitingAt = explanation.time
        } else {
            waitingAt = nil
        }
        position = explanation.position
        after = order
    }

    /// Reads a cursor: position, order and, for a lead that waited, the time.
    ///
    /// - Throws: `invalidParameters` for text that is none.
    init(_ text: String) throws(RPCError) {
        let numbers = text.split(separator: ".", omittingEmptySubsequences: false).map {
            UInt64($0)
        }
        guard (2...3).contains(numbers.count), let position = numbers[0], let order = numbers[1],
            (1..<1 << 53).contains(position), (1..<1 << 53).contains(order)
        else { throw Page.invalidCursor }
        self.position = LogPosition(position)
        after = OrderID(order)
        guard numbers.count == 3 else {
            waitingAt = nil
            return
        }
        guard let time = numbers[2], time <= UInt64(Timestamp.latest.microseconds) else {
            throw Page.invalidCursor
        }
        waitingAt = Timestamp(microseconds: Int64(time))
    }

    /// The cursor as clients see it.
    var text: String {
        let place = "\(position.rawValue).\(after.rawValue)"
        return waitingAt.map { "\(place).\($0.microseconds)" } ?? place
    }
}
