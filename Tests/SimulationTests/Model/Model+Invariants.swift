import MarketCore

/// What must hold after every command, computed anew from everything there ever was.
extension Model {
    /// Says what is wrong, or `nil`.
    ///
    /// - Parameter known: how many of the assignments were looked at before and hold.
    func brokenInvariant(known: Int) -> String? {
        exclusivityFault(known) ?? overshootFault() ?? ledgerFault() ?? waitingFault()
    }

    /// R4.5: no lead is sold twice, nobody bound is sold to another, one open lead a person.
    private func exclusivityFault(_ known: Int) -> String? {
        for (index, assignment) in assignments.enumerated().dropFirst(known) {
            for earlier in assignments[..<index] {
                if earlier.lead == assignment.lead {
                    return "R4.5: lead \(assignment.lead.rawValue) was sold twice"
                }
                guard earlier.identity == assignment.identity,
                    earlier.advisor != assignment.advisor
                else { continue }
                if earlier.boundUntil.map({ $0 >= assignment.releasedAt }) ?? true {
                    return """
                        R4.5: assignment \(assignment.id.rawValue) sold a person bound by \
                        \(earlier.id.rawValue)
                        """
                }
            }
        }
        let waiting = leads.filter { $0.state == .waiting }
        for (index, lead) in waiting.enumerated() {
            for other in waiting[..<index] where other.content.identity == lead.content.identity {
                return "R4.5: leads \(other.id.rawValue) and \(lead.id.rawValue) are both open"
            }
        }
        return nil
    }

    /// R5.4: nothing is taken beyond quantity or balance.
    private func overshootFault() -> String? {
        for order in orders {
            let taken = assignments.filter { $0.order == order.id }.count
            if taken != order.released || taken > order.terms.quantity {
                return "R5.4: order \(order.id.rawValue) took \(taken) of \(order.terms.quantity)"
            }
        }
        for advisor in advisors where advisor.available < .zero {
            return "R12.3: advisor \(advisor.name) has \(advisor.available.fen)"
        }
        return nil
    }

    /// R12.3: cash = available + payables + revenue.
    private func ledgerFault() -> String? {
        var liabilities = revenue
        for advisor in advisors { liabilities += advisor.available }
        for channel in channels { liabilities += channel.payable }
        for payee in payees { liabilities += payee.payable }
        return cash == liabilities
            ? nil : "R12.3: cash \(cash.fen), liabilities and revenue \(liabilities.fen)"
    }

    /// R6.4: with no due work outstanding, no waiting lead has an eligible order.
    private func waitingFault() -> String? {
        if let due = nextDue, due <= time { return nil }
        for lead in leads where lead.state == .waiting {
            for order in orders
            where lead.categories.contains(order.category)
                && price(of: lead, for: order, at: time) != nil
            {
                return "R6.4: lead \(lead.id.rawValue) waits for order \(order.id.rawValue)"
            }
        }
        return nil
    }
}
