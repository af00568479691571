extension Market {
    /// Every reason why `order` cannot take a lead at `time`; empty when it is live (R5.3).
    ///
    /// - Complexity: O(rungs).
    public func unliveness(of order: Order, at time: Timestamp) -> Unliveness {
        var reasons: Unliveness = []
        if order.isPaused { reasons.insert(.paused) }
        if order.remaining <= 0 { reasons.insert(.filled) }
        if order.isCancelled { reasons.insert(.cancelled) }
        if let expiry = order.terms.expiresAt, time >= expiry { reasons.insert(.expired) }
        if let start = order.terms.startsAt, time < start { reasons.insert(.notStarted) }
        let definition = categories[order.category.index].definition
        let cheapest = definition.ladder.cheapestPrice(upToAge: maximumAge(of: order))
        if ledger.available[order.advisor.index] < cheapest + order.terms.premium {
            reasons.insert(.noFunds)
        }
        let advisor = advisors[order.advisor.index]
        if !advisor.isOnline { reasons.insert(.advisorOffline) }
        if advisor.isSuspended { reasons.insert(.advisorSuspended) }
        if definition.retired { reasons.insert(.categoryRetired) }
        return reasons
    }

    /// The oldest lead that `order` takes now: its own limit, or its category's first rung (R5.2).
    public func maximumAge(of order: Order) -> Timespan {
        order.terms.maximumAge ?? categories[order.category.index].definition.ladder.firstAge
    }
}
