import MarketCore

/// What must hold after every command, computed anew from everything there ever was.
extension Model {
    /// Says what is wrong, or `nil`.
    ///
    /// - Parameters:
    ///   - known: how many of the releases were looked at before and hold.
    ///   - liveness: why each order takes nothing just now.
    func brokenInvariant(known: Int, liveness: [Unliveness]) -> String? {
        exclusivityFault(known) ?? overshootFault() ?? ledgerFault() ?? waitingFault(liveness)
    }

    /// R4.5: no lead is sold twice, nobody bound is sold to another, one open lead a person.
    private func exclusivityFault(_ known: Int) -> String? {
        let sold =
            releases.count == known
            ? [] : releases.compactMap { id in assignments.first { $0.id == id } }
        for (index, assignment) in sold.enumerated().dropFirst(known) {
            for earlier in sold[..<index] {
                if earlier.lead == assignment.lead {
                    return "R4.5: lead \(assignment.lead.rawValue) was sold twice"
                }
                guard earlier.identity == assignment.identity,
                    earlier.advisor != assignment.advisor, let time = assignment.releasedAt
                else { continue }
                if earlier.boundUntil.map({ $0 >= time }) ?? true {
                    return """
                        R4.5: assignment \(assignment.id.rawValue) sold a person bound by \
                        \(earlier.id.rawValue)
                        """
                }
            }
        }
        var holders: [Identity: Int] = [:]
        for place in leads.indices where leads[place].isOpen {
            guard let other = holders.updateValue(place, forKey: leads[place].identity) else {
                continue
            }
            return """
                R4.5: leads \(leads[other].id.rawValue) and \(leads[place].id.rawValue) are both open
                """
        }
        return nil
    }

    /// R5.4: nothing is taken beyond quantity or balance.
    private func overshootFault() -> String? {
        var taken: [OrderID: (reserved: Int, released: Int)] = [:]
        for place in assignments.indices {
            var ofOrder = taken[assignments[place].order] ?? (0, 0)
            if assignments[place].isReserved { ofOrder.reserved += 1 }
            if assignments[place].releasedAt != nil { ofOrder.released += 1 }
            taken[assignments[place].order] = ofOrder
        }
        for order in orders {
            let (reserved, released) = taken[order.id] ?? (0, 0)
            if reserved != order.reserved || released != order.released + order.releasedBefore
                || reserved + order.released > order.terms.quantity
            {
                return """
                    R5.4: order \(order.id.rawValue) took \(reserved) and \(released) of \
                    \(order.terms.quantity)
                    """
            }
        }
        for advisor in advisors where advisor.available < .zero || advisor.held < .zero {
            return "R12.3: advisor \(advisor.name) has \(advisor.available.fen)"
        }
        return nil
    }

    /// R12.3: cash = available + held + payables + revenue.
    private func ledgerFault() -> String? {
        var liabilities = revenue
        for advisor in advisors { liabilities += advisor.available + advisor.held }
        for channel in channels { liabilities += channel.payable }
        for payee in payees { liabilities += payee.payable }
        return cash == liabilities
            ? nil : "R12.3: cash \(cash.fen), liabilities and revenue \(liabilities.fen)"
    }

    /// R6.4: with no due work outstanding, no waiting lead has an eligible order.
    private func waitingFault(_ liveness: [Unliveness]) -> String? {
        if let due = nextDue, due <= time { return nil }
        let waiting = leads.filter { $0.state == .waiting }
        if waiting.isEmpty { return nil }
        for (order, reasons) in zip(orders, liveness) where reasons.isEmpty {
            for lead in waiting where price(of: lead, for: order, at: time) != nil {
                return "R6.4: lead \(lead.id.rawValue) waits for order \(order.id.rawValue)"
            }
        }
        return nil
    }
}
