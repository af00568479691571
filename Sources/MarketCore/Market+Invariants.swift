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
        try checkDueWork()
    }

    /// What lapses is withdrawn: the first piece of due work, if it is known to stand, does (R6.4).
    private func checkDueWork() throws(InvariantViolation) {
        guard due.isFirstKnown, let first = due.first, !stands(first) else { return }
        throw InvariantViolation(
            rule: "R6.4", description: "due work of \(first.subject.rawValue) lapsed untold")
    }

    /// A market that decides finds every live order: its bit in the book is set, or its turn is
    /// overdue and will be seen to (R6.1).
    ///
    /// - Complexity: O(orders + rows of the book).
    private func checkBook() throws(InvariantViolation) {
        guard decides else { return }
        try book.checkInvariants()
        for slot in orders.indices where book.holds(slot) {
            guard orders[slot].standsInBook else {
                throw InvariantViolation(
                    rule: "R5.2",
                    description: "order \(orders[slot].id.rawValue) is over and stands in the book")
            }
            try book.checkEntries(of: orders[slot], slot: slot)
        }
        for slot in orders.indices where !book.isLive(slot) {
            if let turn = orders[slot].pendingTurn, turn <= time, let first = turns.first?.time,
                first <= turn
            {
                continue
            }
            guard !unliveness(ofOrderAt: slot, at: time).isEmpty else {
                throw InvariantViolation(
                    rule: "R6.1", description: "live order \(orders[slot].id.rawValue) is not found"
                )
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
        for place in assignments.indices where assignments[place].isReserved {
            held[assignments[place].advisor.index] += assignments[place].charge
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
        var reserved = Array(repeating: 0, count: orders.count)
        var released = reserved
        var openWork = Array(repeating: 0, count: advisors.count)
        for place in assignments.indices {
            if assignments[place].isOpenWork { openWork[assignments[place].advisor.index] += 1 }
            guard let slot = orderSlots[assignments[place].order] else { continue }
            if assignments[place].isReserved {
                reserved[slot] += 1
            } else if assignments[place].releasedAt != nil {
                released[slot] += 1
            }
        }
        for (slot, order) in orders.enumerated() {
            guard order.reserved == reserved[slot],
                order.releasedBefore + order.released == released[slot], order.remaining >= 0
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
        for lead in openLeads.inOrder where person(lead.identity)?.openLead != lead.id {
            throw InvariantViolation(
                rule: "R4.5",
                description: "lead \(lead.id.rawValue)'s person has another open lead")
        }
        var sold = Array(repeating: false, count: Int(clamping: head.rawValue) + 1)
        for place in assignments.indices {
            if assignments[place].voided == nil {
                let lead = Int(clamping: assignments[place].lead.rawValue)
                guard lead < sold.count, !sold[lead] else {
                    throw InvariantViolation(
                        rule: "R4.5",
                        description: "lead \(assignments[place].lead.rawValue) was sold twice:"
                            + " \(assignments[place].id.rawValue)")
                }
                sold[lead] = true
            }
            guard assignments[place].releasedAt != nil else { continue }
            let last = people.slot(of: assignments[place].identity)
                .flatMap { people[$0].lastSale }
            guard let last, last >= place else {
                throw InvariantViolation(
                    rule: "R4.5",
                    description: "assignment \(assignments[place].id.rawValue) did not bind its"
                        + " person")
            }
        }
        for part in 0..<People.partCount {
            for record in people.records(ofPart: part) { try checkExclusivity(of: record) }
        }
    }

    /// What a person is said to have open and to have been sold last is theirs.
    private func checkExclusivity(of person: PersonRecord) throws(InvariantViolation) {
        if let slot = person.openLead {
            let lead = openLeads[slot]
            guard lead.identity == person.identity, openLeads.slot(of: lead.id) == slot else {
                throw InvariantViolation(
                    rule: "R4.5",
                    description: "lead \(lead.id.rawValue) is open for its person alone")
            }
        }
        if let place = person.lastSale {
            guard assignments[place].identity == person.identity,
                assignments[place].releasedAt != nil
            else {
                throw InvariantViolation(
                    rule: "R4.5",
                    description: "assignment \(assignments[place].id.rawValue) is the last of"
                        + " another person")
            }
        }
    }

    /// With no due work outstanding, no waiting lead has an eligible order (R6.4).
    ///
    /// - Complexity: O(waiting × orders).
    private func checkWaitingLeads() throws(InvariantViolation) {
        let reserved = openLeads.inOrder.count { lead in
            guard let id = lead.reservation, let assignment = assignments[id] else { return false }
            return assignment.isReserved && assignment.lead == lead.id
        }
        guard waiting.count + reserved == openLeads.count,
            reserved == orders.reduce(0, { $0 + $1.reserved }),
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
