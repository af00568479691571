extension Market {
    /// Days and hours in market-local time (R5.3).
    public var calendar: MarketCalendar {
        MarketCalendar(utcOffsetMinutes: foundation?.utcOffsetMinutes ?? 0)
    }

    /// Every reason why `order` cannot take a lead at `time`; empty when it is live (R5.3).
    ///
    /// - Complexity: O(rungs + windows).
    @inline(__always)
    public func unliveness(of order: Order, at time: Timestamp) -> Unliveness {
        var reasons = capsReached(by: order, at: time)
        if order.isPaused { reasons.insert(.paused) }
        if order.remaining <= 0 { reasons.insert(.filled) }
        if order.isCancelled { reasons.insert(.cancelled) }
        if let expiry = order.terms.expiresAt, time >= expiry { reasons.insert(.expired) }
        if let start = order.terms.startsAt, time < start { reasons.insert(.notStarted) }
        if !order.terms.schedule.holds(at: time, in: calendar) { reasons.insert(.outsideWindow) }
        let cheapest = cheapestCharge(of: order)
        if let limit = order.terms.daySpend,
            order.usage.spent(at: time, in: calendar) + cheapest > limit
        {
            reasons.insert(.spendCap)
        }
        if ledger.available[order.advisor.index] < cheapest { reasons.insert(.noFunds) }
        let advisor = advisors[order.advisor.index]
        if !advisor.isOnline { reasons.insert(.advisorOffline) }
        if advisor.isSuspended { reasons.insert(.advisorSuspended) }
        if let limit = advisor.profile.openWorkLimit, advisor.openWork >= limit {
            reasons.insert(.openWorkLimit)
        }
        if categories[order.category.index].definition.retired { reasons.insert(.categoryRetired) }
        return reasons
    }

    /// The caps on numbers of leads that keep `order` from another one: its own of the hour and the
    /// day, and its advisor's.
    @inline(__always)
    func capsReached(by order: Order, at time: Timestamp) -> Unliveness {
        var reasons: Unliveness = []
        if let cap = order.terms.hourCap, order.usage.hourCount(at: time, in: calendar) >= cap {
            reasons.insert(.hourCap)
        }
        if let cap = order.terms.dayCap, order.usage.dayCount(at: time, in: calendar) >= cap {
            reasons.insert(.dayCap)
        }
        let advisor = advisors[order.advisor.index]
        if let cap = advisor.profile.dailyCap,
            advisor.reservedToday.count(on: calendar.day(of: time)) >= cap
        {
            reasons.insert(.advisorCap)
        }
        return reasons
    }

    /// The least that `order` can pay for a lead: the cheapest price within its age, and its premium.
    @inline(__always)
    private func cheapestCharge(of order: Order) -> Money {
        categories[order.category.index].definition.ladder.cheapestPrice(
            upToAge: maximumAge(of: order)) + order.terms.premium
    }

    /// The oldest lead that `order` takes now: its own limit, or its category's first rung (R5.2).
    @inline(__always)
    public func maximumAge(of order: Order) -> Timespan {
        order.terms.maximumAge ?? categories[order.category.index].definition.ladder.firstAge
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
        return nextTurn(of: orders[slot], after: time)
    }

    private func nextTurn(of order: Order, after time: Timestamp) -> Timestamp? {
        let caps = capsReached(by: order, at: time)
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
