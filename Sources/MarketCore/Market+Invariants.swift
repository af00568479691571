/// A promise of the market that does not hold: a fault in the rules or a damaged log.
public struct InvariantViolation: Error, Hashable, Sendable, CustomStringConvertible {
    /// The rule that promises it, such as `R12.3`.
    public let rule: String
    /// What was found.
    public let description: String
}

extension Market {
    /// Checks every promise about the state as a whole.
    ///
    /// - Throws: ``InvariantViolation`` for the first that does not hold.
    /// - Complexity: O(state).
    public func checkInvariants() throws(InvariantViolation) {
        try checkLedger()
        try checkOrders()
        try checkExclusivity()
        try checkWaitingLeads()
        try checkWaitingIndex()
        try checkBook()
    }

    /// A market that decides finds every live order: its bit in the book is set, or its turn is
    /// overdue and will be seen to (R6.1).
    ///
    /// - Complexity: O(orders + rows of the book).
    private func checkBook() throws(InvariantViolation) {
        guard decides else { return }
        try book.checkInvariants()
        for (slot, order) in orders.enumerated() where !book.isLive(slot) {
            if let turn = order.pendingTurn, turn <= time, let first = turns.first?.time,
                first <= turn
            {
                continue
            }
            guard !unliveness(of: order, at: time).isEmpty else {
                throw InvariantViolation(
                    rule: "R6.1", description: "live order \(order.id.rawValue) is not found")
            }
        }
    }

    /// Money: nothing is made or lost, nobody overspends (R5.4, R12.1, R12.3).
    public func checkLedger() throws(InvariantViolation) {
        guard ledger.imbalance == .zero else {
            throw InvariantViolation(
                rule: "R12.1", description: "the ledger is off by \(ledger.imbalance.fen) fen")
        }
        var held = Array(repeating: Money.zero, count: advisors.count)
        for assignment in assignments where assignment.isReserved {
            held[assignment.advisor.index] += assignment.charge
        }
        for number in advisors.indices {
            guard ledger.available[number] >= .zero else {
                throw InvariantViolation(
                    rule: "R12.3",
                    description: "\(advisors[number].name) has a negative available balance")
            }
            guard ledger.held[number] == held[number] else {
                throw InvariantViolation(
                    rule: "R12.3",
                    description: "\(advisors[number].name) has held money without reservations")
            }
        }
    }

    private func checkOrders() throws(InvariantViolation) {
        var reserved: [OrderID: Int] = [:]
        var released: [OrderID: Int] = [:]
        var openWork = Array(repeating: 0, count: advisors.count)
        for assignment in assignments {
            if assignment.isReserved {
                reserved[assignment.order, default: 0] += 1
            } else if assignment.releasedAt != nil {
                released[assignment.order, default: 0] += 1
            }
            if assignment.isOpenWork { openWork[assignment.advisor.index] += 1 }
        }
        for order in orders {
            guard order.reserved == reserved[order.id, default: 0],
                order.releasedBefore + order.released == released[order.id, default: 0],
                order.remaining >= 0
            else {
                throw InvariantViolation(
                    rule: "R5.4",
                    description: "order \(order.id.rawValue) has counts unlike its assignments")
            }
        }
        for (advisor, count) in zip(advisors, openWork) where advisor.openWork != count {
            throw InvariantViolation(
                rule: "R5.1", description: "\(advisor.name) has open work unlike their assignments")
        }
    }

    /// A person has at most one open lead, no lead is sold twice, and a person is bound to whoever
    /// bought their last lead (R4.5). That no sale broke an earlier binding shows from the log alone.
    ///
    /// - Complexity: O(assignments + persons).
    public func checkExclusivity() throws(InvariantViolation) {
        var open: [Identity: LeadID] = [:]
        for lead in openLeads.inOrder {
            guard open.updateValue(lead.id, forKey: lead.identity) == nil,
                person(lead.identity)?.openLead == lead.id
            else {
                throw InvariantViolation(
                    rule: "R4.5",
                    description: "lead \(lead.id.rawValue)'s person has another open lead")
            }
        }
        var sold: Set<LeadID> = []
        var last: [Identity: Assignment] = [:]
        for assignment in assignments {
            if assignment.releasedAt != nil { last[assignment.identity] = assignment }
            guard assignment.voided != nil || sold.insert(assignment.lead).inserted else {
                throw InvariantViolation(
                    rule: "R4.5",
                    description:
                        "lead \(assignment.lead.rawValue) was sold twice: \(assignment.id.rawValue)"
                )
            }
        }
        for (identity, assignment) in last
        where person(identity)?.lastSale != assignment.id {
            throw InvariantViolation(
                rule: "R4.5",
                description: "assignment \(assignment.id.rawValue) did not bind its person")
        }
        for identity in people.identities {
            guard let lead = person(identity)?.openLead else { continue }
            guard open[identity] == lead else {
                throw InvariantViolation(
                    rule: "R4.5", description: "lead \(lead.rawValue) is open for its person alone")
            }
        }
    }

    /// With no due work outstanding, no waiting lead has an eligible order (R6.4).
    ///
    /// - Complexity: O(waiting × orders).
    private func checkWaitingLeads() throws(InvariantViolation) {
        let reserved = reservations.compactMap { assignments[$0] }.filter {
            $0.isReserved && openLeads[$0.lead]?.reservation == $0.id
        }
        guard waiting.count + reserved.count == openLeads.count,
            reserved.count == reservations.count,
            waiting.allSatisfy({ openLeads[$0]?.reservation == nil && openLeads[$0] != nil })
        else {
            throw InvariantViolation(
                rule: "R6.4", description: "the open leads are not those that wait or are reserved")
        }
        if let due = nextDue, due <= time { return }
        for id in waiting {
            guard let lead = openLeads[id] else { continue }
            for order in orders where ineligibility(of: order, for: lead, at: time) == nil {
                throw InvariantViolation(
                    rule: "R6.4",
                    description: "lead \(id.rawValue) waits though order \(order.id.rawValue) is"
                        + " eligible")
            }
        }
    }
}
