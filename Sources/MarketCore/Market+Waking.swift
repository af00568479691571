/// What keeps the book's live bits right: an order found not live leaves the book until something
/// that can make it live wakes it.
///
/// It is woken by whatever changes what ``Market/unliveness(of:at:)`` reads to the better: its own
/// changes put it into the book anew, or wake it when it is resumed; a deposit, a void, an approved
/// return, less open work, being reinstated, updated or online wakes an advisor's orders; a
/// redefinition those of the category; and its due turn whatever time brings about (R5.3, R6.4). To
/// wake an order that is not live is only a look too many.
extension Market {
    /// Wakes the orders of an advisor.
    ///
    /// - Complexity: O(orders of the advisor).
    mutating func wakeOrders(of advisor: AdvisorNumber) {
        guard decides else { return }
        for slot in advisorOrders[advisor.index] { book.setLive(slot, to: true) }
    }

    /// Wakes the orders of categories.
    ///
    /// - Complexity: O(orders).
    mutating func wakeOrders(of categories: [CategoryNumber]) {
        guard decides, !categories.isEmpty else { return }
        for (slot, order) in orders.enumerated() where categories.contains(order.category) {
            book.setLive(slot, to: true)
        }
    }

    /// Notes when an order's turn comes, instead of at `former` as was noted before.
    ///
    /// - Complexity: O(log turns) amortised.
    mutating func awaitTurn(ofOrderAt slot: Int, insteadOf former: Timestamp?) {
        let subject = orders[slot].id.position
        if let former { withdrawDue(.orderTurn, of: subject, at: former) }
        if decides, let former {
            turns.withdraw(DueItem(time: former, kind: .orderTurn, subject: subject))
            if turns.isStale {
                var queue = turns
                turns = DueQueue()
                queue.removeLapsed { stands($0) }
                turns = queue
            }
        }
        guard let turn = orders[slot].pendingTurn else { return }
        let item = DueItem(time: turn, kind: .orderTurn, subject: subject)
        due.insert(item)
        if decides { turns.insert(item) }
    }

    /// Wakes the orders whose turn has come but was not run yet: at `time` they may be live.
    ///
    /// - Complexity: O(log turns) for each turn that has come since the last time.
    mutating func wakeOverdueOrders(at time: Timestamp) {
        while let turn = turns.first, turn.time <= time {
            turns.removeFirst()
            if stands(turn), let slot = orderSlots[OrderID(turn.subject)] {
                book.setLive(slot, to: true)
            }
        }
    }

    /// The orders that ``wakeOverdueOrders(at:)`` would wake.
    ///
    /// - Complexity: O(turns that have come since it last did).
    func overdueOrders(at time: Timestamp) -> [Int] {
        var overdue: [Int] = []
        turns.forEach(by: time) { turn in
            if stands(turn), let slot = orderSlots[OrderID(turn.subject)] { overdue.append(slot) }
        }
        return overdue
    }

    /// Takes an advisor's grade over into the book.
    mutating func followGrade(of advisor: AdvisorNumber) {
        guard decides else { return }
        book.setGrade(
            of: advisor, to: advisors[advisor.index].grade, slots: advisorOrders[advisor.index])
    }
}
