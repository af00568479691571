import MarketCore

/// Standing orders (R5.2, R5.3).
extension Model {
    func orderIndex(_ id: OrderID) throws(Rejection) -> Int {
        for (index, order) in orders.enumerated() where order.id == id { return index }
        throw .unknownOrder
    }

    mutating func placeOrder(
        _ advisor: Name, _ category: Name, _ terms: OrderTerms
    ) throws(Rejection) {
        let buyer = AdvisorNumber(index: try advisorIndex(advisor))
        var found: Int?
        for (index, each) in categories.enumerated() where each.name == category { found = index }
        guard let index = found else { throw .unknownCategory }
        if categories[index].definition.retired { throw .categoryRetired }
        if let end = terms.expiresAt, end <= now { throw .invalidPeriod }
        if !startsBeforeItEnds(terms) { throw .invalidPeriod }
        let number = CategoryNumber(index: index)
        let id = OrderID(emit(.orderPlaced(buyer, number, terms: terms)))
        orders.append(Order(id: id, advisor: buyer, category: number, terms: terms))
        wokenOrders.append(id)
    }

    mutating func amendOrder(_ id: OrderID, _ amendment: OrderAmendment) throws(Rejection) {
        let index = try orderIndex(id)
        if orders[index].isCancelled { throw .orderCancelled }
        var terms = orders[index].terms
        if case .set(let filter) = amendment.filter { terms.filter = filter }
        if case .set(let quantity) = amendment.quantity {
            if quantity < orders[index].reserved + orders[index].released {
                throw .quantityBelowTaken
            }
            terms.quantity = quantity
        }
        if case .set(let premium) = amendment.premium { terms.premium = premium }
        if case .set(let priority) = amendment.priority { terms.priority = priority }
        if case .set(let age) = amendment.maximumAge { terms.maximumAge = age }
        if case .set(let start) = amendment.startsAt { terms.startsAt = start }
        if case .set(let end) = amendment.expiresAt {
            if let end, end <= now, end != terms.expiresAt { throw .invalidPeriod }
            terms.expiresAt = end
        }
        if case .set(let schedule) = amendment.schedule { terms.schedule = schedule }
        if case .set(let cap) = amendment.hourCap { terms.hourCap = cap }
        if case .set(let cap) = amendment.dayCap { terms.dayCap = cap }
        if case .set(let spend) = amendment.daySpend { terms.daySpend = spend }
        if case .set(let renews) = amendment.renews { terms.renews = renews }
        if !startsBeforeItEnds(terms) { throw .invalidPeriod }
        orders[index].terms = terms
        emit(.orderAmended(id, terms: terms))
        wokenOrders.append(id)
    }

    mutating func pauseOrder(_ id: OrderID) throws(Rejection) {
        let index = try orderIndex(id)
        if orders[index].isCancelled { throw .orderCancelled }
        if orders[index].isPaused { throw .orderAlreadyPaused }
        orders[index].isPaused = true
        emit(.orderPaused(id))
    }

    mutating func resumeOrder(_ id: OrderID) throws(Rejection) {
        let index = try orderIndex(id)
        if orders[index].isCancelled { throw .orderCancelled }
        if !orders[index].isPaused { throw .orderNotPaused }
        orders[index].isPaused = false
        emit(.orderResumed(id))
        wokenOrders.append(id)
    }

    mutating func cancelOrder(_ id: OrderID) throws(Rejection) {
        let index = try orderIndex(id)
        if orders[index].isCancelled { throw .orderCancelled }
        orders[index].isCancelled = true
        orders[index].pendingOffer = nil
        emit(.orderCancelled(id))
    }

    private func startsBeforeItEnds(_ terms: OrderTerms) -> Bool {
        guard let start = terms.startsAt, let end = terms.expiresAt else { return true }
        return start < end
    }
}
