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
        orders[orders.count - 1].pendingStart = startAhead(terms)
        offer([id])
    }

    mutating func amendOrder(_ id: OrderID, _ amendment: OrderAmendment) throws(Rejection) {
        let index = try orderIndex(id)
        if orders[index].isCancelled { throw .orderCancelled }
        var terms = orders[index].terms
        if case .set(let filter) = amendment.filter { terms.filter = filter }
        if case .set(let quantity) = amendment.quantity {
            if quantity < orders[index].released { throw .quantityBelowTaken }
            terms.quantity = quantity
        }
        if case .set(let premium) = amendment.premium { terms.premium = premium }
        if case .set(let priority) = amendment.priority { terms.priority = priority }
        if case .set(let age) = amendment.maximumAge { terms.maximumAge = age }
        if case .set(let start) = amendment.startsAt { terms.startsAt = start }
        if case .set(let end) = amendment.expiresAt {
            if let end, end <= now { throw .invalidPeriod }
            terms.expiresAt = end
        }
        if !startsBeforeItEnds(terms) { throw .invalidPeriod }
        orders[index].terms = terms
        orders[index].pendingStart = startAhead(terms)
        emit(.orderAmended(id, terms: terms))
        offer([id])
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
        offer([id])
    }

    mutating func cancelOrder(_ id: OrderID) throws(Rejection) {
        let index = try orderIndex(id)
        if orders[index].isCancelled { throw .orderCancelled }
        orders[index].isCancelled = true
        orders[index].pendingStart = nil
        orders[index].pendingOffer = nil
        emit(.orderCancelled(id))
    }

    /// Every reason why `order` takes nothing at `stamp` (R5.3).
    func unliveness(of order: Order, at stamp: Timestamp) -> Unliveness {
        var reasons: Unliveness = []
        let terms = order.terms
        let advisor = advisors[order.advisor.index]
        let definition = categories[order.category.index].definition
        if order.isPaused { reasons.insert(.paused) }
        if order.isCancelled { reasons.insert(.cancelled) }
        if order.released >= terms.quantity, !forgets(.quantity) { reasons.insert(.filled) }
        if let end = terms.expiresAt, stamp >= end { reasons.insert(.expired) }
        if let start = terms.startsAt, stamp < start { reasons.insert(.notStarted) }
        if !advisor.isOnline { reasons.insert(.advisorOffline) }
        if advisor.isSuspended { reasons.insert(.advisorSuspended) }
        if definition.retired { reasons.insert(.categoryRetired) }
        let cheapest = cheapestPrice(definition.ladder, upTo: oldestLead(of: order))
        if advisor.available < cheapest + terms.premium, !forgets(.funds) {
            reasons.insert(.noFunds)
        }
        return reasons
    }

    /// The oldest lead that `order` takes: its own limit, or the first rung's (R5.2).
    func oldestLead(of order: Order) -> Timespan {
        order.terms.maximumAge
            ?? categories[order.category.index].definition.ladder.rungs[0].maximumAge
    }

    /// The least that some lead of at most `age` costs; a rung holds from where the last one ends.
    private func cheapestPrice(_ ladder: PriceLadder, upTo age: Timespan) -> Money {
        var cheapest = ladder.rungs[0].price
        var youngest = Timespan(microseconds: 0)
        for rung in ladder.rungs {
            if youngest <= age, rung.price < cheapest { cheapest = rung.price }
            youngest = Timespan(microseconds: rung.maximumAge.microseconds + 1)
        }
        return cheapest
    }

    private func startAhead(_ terms: OrderTerms) -> Timestamp? {
        if let start = terms.startsAt, start > now { return start }
        return nil
    }

    private func startsBeforeItEnds(_ terms: OrderTerms) -> Bool {
        guard let start = terms.startsAt, let end = terms.expiresAt else { return true }
        return start < end
    }
}
