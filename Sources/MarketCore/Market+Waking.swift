/// What keeps the book's live bits right: an order found not live leaves the book until something
/// that can make it live wakes it.
///
/// It is woken by whatever changes what ``Market/unliveness(of:at:)`` reads to the better: its own
/// changes put it into the book anew; a deposit, a void, an approved return, less open work, being
/// reinstated, updated or online wakes an advisor's orders; a redefinition those of the category; and
/// its due turn whatever time brings about (R5.3, R6.4). To wake an order that is not live is only a
/// look too many.
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

    /// Whether the turn of an order may have come, by `time`, that was neither run nor woken yet.
    func hasOverdueTurns(at time: Timestamp) -> Bool {
        guard let due = due.first?.time else { return false }
        return due <= time && wokenThrough < time
    }

    /// Wakes the orders whose turn has come but was not run yet: at `time` they may be live.
    ///
    /// - Complexity: O(1) without overdue work, else O(overdue).
    mutating func wakeOverdueOrders(at time: Timestamp) {
        guard hasOverdueTurns(at: time) else { return }
        var overdue: [Int] = []
        due.forEach(by: time) { item in
            if item.kind == .orderTurn, item.time > wokenThrough,
                let slot = orderSlots[OrderID(item.subject)],
                orders[slot].pendingTurn == item.time
            {
                overdue.append(slot)
            }
        }
        for slot in overdue { book.setLive(slot, to: true) }
        wokenThrough = time
    }

    /// Takes an advisor's grade over into the book.
    mutating func followGrade(of advisor: AdvisorNumber) {
        guard decides else { return }
        book.setGrade(
            of: advisor, to: advisors[advisor.index].grade, slots: advisorOrders[advisor.index])
    }
}
