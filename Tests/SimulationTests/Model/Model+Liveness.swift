import MarketCore

/// Why an order takes nothing just now (R5.3).
extension Model {
    /// Every reason why `order` takes nothing at `stamp`.
    func unliveness(of order: Order, at stamp: Timestamp) -> Unliveness {
        var reasons: Unliveness = []
        let terms = order.terms
        let advisor = advisors[order.advisor.index]
        let definition = categories[order.category.index].definition
        if order.isPaused { reasons.insert(.paused) }
        if order.isCancelled { reasons.insert(.cancelled) }
        if order.reserved + order.released >= terms.quantity, !forgets(.quantity) {
            reasons.insert(.filled)
        }
        if let end = terms.expiresAt, stamp >= end { reasons.insert(.expired) }
        if let start = terms.startsAt, stamp < start { reasons.insert(.notStarted) }
        if !isOpen(terms.schedule, at: stamp), !forgets(.window) { reasons.insert(.outsideWindow) }
        if !advisor.isOnline { reasons.insert(.advisorOffline) }
        if advisor.isSuspended { reasons.insert(.advisorSuspended) }
        if definition.retired { reasons.insert(.categoryRetired) }
        let cheapest =
            cheapestPrice(definition.ladder, upTo: oldestLead(of: order)) + terms.premium
        if advisor.available < cheapest, !forgets(.funds) { reasons.insert(.noFunds) }
        reasons.formUnion(exhaustedCaps(of: order, cheapest: cheapest, at: stamp))
        if let limit = advisor.profile.openWorkLimit, openWork(of: order.advisor) >= limit,
            !forgets(.openWorkLimit)
        {
            reasons.insert(.openWorkLimit)
        }
        return reasons
    }

    private func exhaustedCaps(
        of order: Order, cheapest: Money, at stamp: Timestamp
    ) -> Unliveness {
        var reasons: Unliveness = []
        if let cap = order.terms.hourCap, !forgets(.hourCap),
            reservations(of: order, at: stamp, unit: hour).count >= cap
        {
            reasons.insert(.hourCap)
        }
        if let cap = order.terms.dayCap, !forgets(.dayCap),
            reservations(of: order, at: stamp, unit: day).count >= cap
        {
            reasons.insert(.dayCap)
        }
        if let limit = order.terms.daySpend, !forgets(.spendCap),
            spentToday(of: order, at: stamp) + cheapest > limit
        {
            reasons.insert(.spendCap)
        }
        if let cap = advisors[order.advisor.index].profile.dailyCap, !forgets(.advisorCap),
            reservedToday(for: order.advisor, at: stamp) >= cap
        {
            reasons.insert(.advisorCap)
        }
        return reasons
    }

    /// Where the reservations of the local hour or day of `stamp` are that were not given back (R8.1).
    private func reservations(
        of order: Order, at stamp: Timestamp, unit: (Timestamp) -> Int64
    ) -> [Int] {
        let current = unit(stamp)
        var found: [Int] = []
        for place in assignments.indices.reversed() {
            if unit(assignments[place].reservedAt) != current { break }
            if assignments[place].order == order.id, counts(place) { found.append(place) }
        }
        return found
    }

    /// A voided reservation no longer counts.
    private func counts(_ place: Int) -> Bool {
        assignments[place].voided == nil || forgets(.voidGivesBack)
    }

    /// How many leads the order took in the local hour of `stamp`.
    func takenThisHour(by order: Order, at stamp: Timestamp) -> Int {
        reservations(of: order, at: stamp, unit: hour).count
    }

    /// How many leads the order took on the local day of `stamp`.
    func takenToday(by order: Order, at stamp: Timestamp) -> Int {
        reservations(of: order, at: stamp, unit: day).count
    }

    /// What the order's reservations of the local day of `stamp` hold or charge.
    func spentToday(of order: Order, at stamp: Timestamp) -> Money {
        var sum = Money.zero
        for place in reservations(of: order, at: stamp, unit: day) {
            sum += assignments[place].charge
        }
        return sum
    }

    /// How many leads were reserved for the advisor on the local day of `stamp`.
    func reservedToday(for advisor: AdvisorNumber, at stamp: Timestamp) -> Int {
        let today = day(stamp)
        var count = 0
        for place in assignments.indices.reversed() {
            if day(assignments[place].reservedAt) != today { break }
            if assignments[place].advisor == advisor, counts(place) { count += 1 }
        }
        return count
    }

    /// How many leads the advisor has open.
    func openWork(of advisor: AdvisorNumber) -> Int {
        var count = 0
        for place in assignments.indices where assignments[place].advisor == advisor {
            if assignments[place].isOpenWork { count += 1 }
        }
        return count
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
}
