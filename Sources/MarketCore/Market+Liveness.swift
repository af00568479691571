extension Market {
    /// Days and hours in market-local time (R5.3).
    public var calendar: MarketCalendar {
        MarketCalendar(utcOffsetMinutes: foundation?.utcOffsetMinutes ?? 0)
    }

    /// Every reason why `order`, one of the market's, cannot take a lead at `time`; empty when it is
    /// live (R5.3).
    ///
    /// - Complexity: O(rungs + windows).
    public func unliveness(of order: Order, at time: Timestamp) -> Unliveness {
        unliveness(ofOrderAt: slot(of: order), at: time)
    }

    /// As ``unliveness(of:at:)``. It reads the order where it stands: a copy would count references.
    @inline(__always)
    func unliveness(ofOrderAt slot: Int, at time: Timestamp) -> Unliveness {
        var reasons = capsReached(byOrderAt: slot, at: time)
        if orders[slot].isPaused { reasons.insert(.paused) }
        if orders[slot].remaining <= 0 { reasons.insert(.filled) }
        if orders[slot].isCancelled { reasons.insert(.cancelled) }
        if let expiry = orders[slot].terms.expiresAt, time >= expiry { reasons.insert(.expired) }
        if let start = orders[slot].terms.startsAt, time < start { reasons.insert(.notStarted) }
        if !orders[slot].terms.schedule.holds(at: time, in: calendar) {
            reasons.insert(.outsideWindow)
        }
        let category = orders[slot].category.index
        let cheapest =
            categories[category].definition.ladder.cheapestPrice(
                upToAge: maximumAge(ofOrderAt: slot)) + orders[slot].terms.premium
        if let limit = orders[slot].terms.daySpend,
            orders[slot].usage.spent(at: time, in: calendar) + cheapest > limit
        {
            reasons.insert(.spendCap)
        }
        let advisor = orders[slot].advisor.index
        if ledger.available[advisor] < cheapest { reasons.insert(.noFunds) }
        if !advisors[advisor].isOnline { reasons.insert(.advisorOffline) }
        if advisors[advisor].isSuspended { reasons.insert(.advisorSuspended) }
        if let limit = advisors[advisor].profile.openWorkLimit,
            advisors[advisor].openWork >= limit
        {
            reasons.insert(.openWorkLimit)
        }
        if categories[category].definition.retired { reasons.insert(.categoryRetired) }
        return reasons
    }

    /// The caps on numbers of leads that keep the order in a slot from another one: its own of the
    /// hour and the day, and its advisor's.
    @inline(__always)
    func capsReached(byOrderAt slot: Int, at time: Timestamp) -> Unliveness {
        var reasons: Unliveness = []
        if let cap = orders[slot].terms.hourCap,
            orders[slot].usage.hourCount(at: time, in: calendar) >= cap
        {
            reasons.insert(.hourCap)
        }
        if let cap = orders[slot].terms.dayCap,
            orders[slot].usage.dayCount(at: time, in: calendar) >= cap
        {
            reasons.insert(.dayCap)
        }
        let advisor = orders[slot].advisor.index
        if let cap = advisors[advisor].profile.dailyCap,
            advisors[advisor].reservedToday.count(on: calendar.day(of: time)) >= cap
        {
            reasons.insert(.advisorCap)
        }
        return reasons
    }

    /// The oldest lead that the order in a slot takes now: its own limit, or its category's first rung
    /// (R5.2).
    @inline(__always)
    func maximumAge(ofOrderAt slot: Int) -> Timespan {
        orders[slot].terms.maximumAge
            ?? categories[orders[slot].category.index].definition.ladder.firstAge
    }

    /// Where an order of the market stands.
    func slot(of order: Order) -> Int {
        guard let slot = orderSlots[order.id] else {
            preconditionFailure("an order is asked about in the market it is of")
        }
        return slot
    }

    /// The first time after `time` at which, by the mere course of time, `order` may take leads it
    /// cannot take now: its start, its next window, or the next hour or day when a cap is reached.
    ///
    /// An order that is paused, filled or ended has none: what brings it back offers it leads anyway.
    /// A cap on spending is taken for reached once anything is spent: a dearer lead may not fit.
    func nextTurn(ofOrderAt slot: Int, after time: Timestamp) -> Timestamp? {
        let isTimed =
            orders[slot].terms.isTimed
            || advisors[orders[slot].advisor.index].profile.dailyCap != nil
        guard isTimed, orders[slot].standsInBook, !orders[slot].isPaused else { return nil }
        let caps = capsReached(byOrderAt: slot, at: time)
        return nextTurn(of: orders[slot], reaching: caps, after: time)
    }

    private func nextTurn(
        of order: Order, reaching caps: Unliveness, after time: Timestamp
    ) -> Timestamp? {
        let spends =
            order.terms.daySpend != nil && order.usage.spent(at: time, in: calendar) > .zero
        var next: Timestamp?
        func consider(_ turn: Timestamp?) {
            if let turn, turn > time { next = min(next ?? turn, turn) }
        }
        consider(order.terms.startsAt)
        consider(order.terms.schedule.nextStart(after: time, in: calendar))
        if caps.contains(.hourCap) { consider(calendar.startOfNextHour(of: time)) }
        if spends || !caps.isDisjoint(with: [.dayCap, .advisorCap]) {
            consider(calendar.startOfNextDay(of: time))
        }
        guard let next else { return nil }
        if let expiry = order.terms.expiresAt, expiry <= next { return nil }
        return next
    }
}
