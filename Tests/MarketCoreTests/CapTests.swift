import MarketCore
import MarketTestSupport
import Testing

/// What keeps an order from being live for a while (R5.2, R5.3). The world begins on Thursday,
/// 2026-01-01 at 08:00 in market-local time.
struct CapTests {
    private func market(
        change: (inout OrderTerms) -> Void
    ) throws -> (market: TestMarket, order: OrderID) {
        var market = try TestMarket()
        try market.register("chen", fen: 1_000_000)
        let order = try market.order("chen", quantity: 20, change: change)
        return (market, order)
    }

    @Test(.rules("R5.2", "R5.3", "R5.4"))
    func `an hour's cap is never passed and ends with the local hour`() throws {
        var (market, order) = try market { $0.hourCap = 2 }
        let leads = try (1...5).map { try market.lead(of: UInt64($0)) }
        #expect(market.reasons(order) == .hourCap)
        #expect(market.market.waitingLeads == Array(leads[2...]))
        let third = try #require(market.market.openLead(leads[2]))
        #expect(market.market.nextDue == third.arrivedAt + .minutes(5) + .microsecond)
        market.wait(SmallWorld.beginning + .hours(1) - market.market.time)
        try market.runDueWork()
        // Older than the first rung by now, which is all that an order takes by default.
        #expect(market.market.waitingLeads.count == 3)
        #expect(market.reasons(order) == [])
        try market.lead(of: 6)
        try market.lead(of: 7)
        #expect(market.market.order(order)?.released == 4)
        #expect(market.reasons(order) == .hourCap)
    }

    @Test(.rules("R5.3", "R6.4"))
    func `an order whose day turns is offered what waits, newest first`() throws {
        var (market, order) = try market {
            $0.dayCap = 2
            $0.maximumAge = .hours(24)
        }
        // 16 hours to local midnight; the leads come two minutes before it.
        market.wait(.minutes(16 * 60 - 2))
        let leads = try (1...5).map { try market.lead(of: UInt64($0)) }
        #expect(market.reasons(order) == .dayCap)
        market.wait(SmallWorld.beginning + .hours(16) - market.market.time)
        try market.runDueWork()
        #expect(market.market.waitingLeads == [leads[2]])
        #expect(market.market.order(order)?.released == 4)
    }

    @Test(.rules("R5.2", "R5.4"))
    func `a day's spending is never passed, by no fen`() throws {
        var (market, order) = try market { $0.daySpend = Money(fen: 17_999) }
        try market.lead(of: 1)
        #expect(market.reasons(order) == [])
        let second = try market.lead(of: 2)
        #expect(market.assignment(of: second)?.charge == Money(fen: 6_000))
        #expect(market.reasons(order) == .spendCap)
        try market.lead(of: 3)
        #expect(market.reasons(order) == .spendCap)
        #expect(market.market.order(order)?.usage.spent == Money(fen: 12_000))
    }

    @Test(.rules("R5.4", "R6.1", "R6.4"))
    func `an order that can only pay the cheaper rung waits for it, or for the next day`() throws {
        var (market, order) = try market {
            $0.daySpend = Money(fen: 9_000)
            $0.maximumAge = .minutes(60)
        }
        try market.lead(of: 1)
        let second = try market.lead(of: 2)
        #expect(market.reasons(order) == [])
        let waiting = try #require(market.market.openLead(second))
        let terms = try #require(market.market.order(order))
        #expect(
            market.market.ineligibility(of: terms, for: waiting, at: market.now)
                == .spendCapExceeded)
        market.wait(.minutes(31))
        try market.runDueWork()
        #expect(market.assignment(of: second)?.charge == Money(fen: 2_500))
    }

    @Test(.rules("R5.1", "R5.3", "R5.4"))
    func `an advisor's day holds for all of their orders`() throws {
        var market = try TestMarket()
        try market.give(
            .registerAdvisor(
                name: "chen", profile: AdvisorProfile(institution: "bankOne", dailyCap: 2)))
        try market.give(.deposit(advisor: "chen", amount: Money(fen: 100_000), reference: ""))
        let orders = [try market.order("chen"), try market.order("chen"), try market.order("chen")]
        for person in 1...3 { try market.lead(of: UInt64(person)) }
        #expect(market.market.assignments.count == 2)
        #expect(orders.map { market.reasons($0) } == [.advisorCap, .advisorCap, .advisorCap])
        try market.give(
            .updateAdvisor(
                name: "chen", profile: AdvisorProfile(institution: "bankOne", dailyCap: 3)))
        #expect(market.market.assignments.count == 3)
        market.wait(.hours(16))
        try market.runDueWork()
        #expect(orders.map { market.reasons($0) } == [[], [], []])
    }

    @Test(.rules("R5.1", "R6.4"))
    func `a report makes room for open work`() throws {
        var market = try TestMarket()
        try market.give(
            .registerAdvisor(
                name: "chen", profile: AdvisorProfile(institution: "bankOne", openWorkLimit: 1)))
        try market.give(.deposit(advisor: "chen", amount: Money(fen: 100_000), reference: ""))
        let order = try market.order("chen")
        let first = try market.lead(of: 1)
        let second = try market.lead(of: 2)
        #expect(market.reasons(order) == .openWorkLimit)
        #expect(market.market.waitingLeads == [second])
        let id = try #require(market.assignment(of: first)).id
        try market.give(.acknowledgeAssignment(id))
        #expect(market.market.waitingLeads == [second])
        try market.give(.reportStage(id, StageReport(stage: .applied, passed: true)))
        #expect(market.buyer(of: second) == "chen")
        #expect(market.reasons(order) == .openWorkLimit)
        try market.give(.withdrawLead(second))
        #expect(market.reasons(order) == [])
        #expect(market.violation == nil)
    }

    @Test(.rules("R5.2", "R5.3", "R6.4"))
    func `a weekly window opens and closes at its minute`() throws {
        let schedule = try #require(
            WeeklySchedule([.init(weekday: 4, startMinute: 9 * 60, endMinute: 18 * 60)]))
        var (market, order) = try market {
            $0.schedule = schedule
            $0.maximumAge = .minutes(90)
        }
        #expect(market.reasons(order) == .outsideWindow)
        let early = try market.lead(of: 1)
        #expect(market.market.waitingLeads == [early])
        market.wait(SmallWorld.beginning + .hours(1) - market.market.time)
        try market.runDueWork()
        #expect(market.buyer(of: early) == "chen")
        #expect(market.market.time == SmallWorld.beginning + .hours(1))
        market.wait(Timespan(microseconds: 9 * 3_600_000_000 - 1))
        #expect(market.reasons(order) == [])
        market.wait(SmallWorld.beginning + .hours(10) - market.market.time)
        #expect(market.reasons(order) == .outsideWindow)
        market.wait(.hours(7 * 24 - 9))
        #expect(market.reasons(order) == [])
    }

    @Test(.rules("R5.2"))
    func `the release that fills an order begins its next round`() throws {
        var market = try TestMarket()
        try market.register("chen")
        let order = try market.order("chen", quantity: 2) { $0.renews = true }
        try market.lead(of: 1)
        #expect(market.market.order(order)?.round == 1)
        let second = try market.lead(of: 2)
        #expect(market.log.last?.event == .orderRenewed(order))
        #expect(market.market.order(order)?.round == 2)
        #expect(market.market.order(order)?.remaining == 2)
        #expect(market.market.order(order)?.releasedBefore == 2)
        #expect(market.buyer(of: second) == "chen")
        try market.lead(of: 3)
        #expect(market.market.order(order)?.released == 1)
        #expect(market.violation == nil)
    }

    @Test(.rules("R5.2", "R6.4"))
    func `an order that is filled by reservations renews with the release, and sells on`() throws {
        var market = try TestMarket.with { $0.gates.acceptance = .seconds(60) }
        try market.register("chen")
        let order = try market.order("chen", quantity: 1) { $0.renews = true }
        let first = try market.lead(of: 1)
        let second = try market.lead(of: 2)
        #expect(market.reasons(order) == .filled)
        let id = try #require(market.assignment(of: first)).id
        let events = try market.give(.acceptAssignment(id))
        #expect(events.contains(.orderRenewed(order)))
        #expect(market.assignment(of: second)?.isReserved == true)
    }

    @Test(.rules("R5.2", "R6.4"))
    func `an overdue turn outlives the sale that fills and renews its order`() throws {
        var (market, order) = try market {
            $0.quantity = 1
            $0.renews = true
            $0.dayCap = 2
            $0.maximumAge = .minutes(60)
        }
        market.wait(.minutes(16 * 60 - 2))
        try market.lead(of: 1)
        try market.lead(of: 2)
        let waiting = try market.lead(of: 3)
        #expect(market.reasons(order) == .dayCap)
        // Midnight has come, and a lead comes before the work that is due at it.
        market.wait(SmallWorld.beginning + .hours(16) + .seconds(1) - market.market.time)
        #expect(try market.sell(leadOf: 4) == "chen")
        #expect(market.market.nextDue == SmallWorld.beginning + .hours(16))
        try market.runDueWork()
        #expect(market.buyer(of: waiting) == "chen")
        #expect(market.violation == nil)
    }

    /// The turn of the start stays due, so that nothing else notes when the window opens.
    @Test(.rules("R5.3", "R6.1"))
    func `an order whose turn is overdue is found by whatever time brings after it`() throws {
        let window = try #require(
            WeeklySchedule([.init(weekday: 4, startMinute: 9 * 60, endMinute: 18 * 60)]))
        var (market, order) = try market {
            $0.startsAt = SmallWorld.beginning + .minutes(30)
            $0.schedule = window
        }
        try market.lead(of: 1)
        market.wait(SmallWorld.beginning + .minutes(31) - market.market.time)
        try market.lead(of: 2)
        try market.give(.deposit(advisor: "chen", amount: Money(fen: 1), reference: ""))
        try market.lead(of: 3)
        #expect(market.reasons(order) == .outsideWindow)
        #expect(market.market.waitingLeads.count == 3)
        market.wait(SmallWorld.beginning + .minutes(61) - market.market.time)
        #expect(try market.sell(leadOf: 4) == "chen")
        #expect(try market.sell(leadOf: 5) == "chen")
        #expect(market.violation == nil)
    }

    @Test(.rules("R3.1", "R5.3", "R6.2"))
    func `a tested lead is matched with the order whose turn is overdue`() throws {
        let window = try #require(
            WeeklySchedule([.init(weekday: 4, startMinute: 9 * 60, endMinute: 18 * 60)]))
        var (market, order) = try market {
            $0.schedule = window
            $0.priority = 6
        }
        try market.register("wang", fen: 1_000_000)
        try market.order("wang", quantity: 20)
        // It finds that the better order is not live.
        #expect(try market.sell(leadOf: 1) == "wang")
        try market.redefineChannel { $0.isTest = true }
        market.wait(SmallWorld.beginning + .minutes(61) - market.market.time)
        for person in 2...3 as ClosedRange<UInt64> {
            try market.lead(of: person)
            guard case .leadTested(let tested) = market.log.last?.event else {
                Issue.record("not tested")
                return
            }
            #expect(tested.outcome == .matched(order, charge: Money(fen: 6_000)))
        }
    }

    @Test(.rules("R5.3"))
    func `every reason is given, not only the first`() throws {
        var market = try TestMarket()
        try market.give(
            .registerAdvisor(
                name: "chen",
                profile: AdvisorProfile(institution: "bankOne", dailyCap: 1, openWorkLimit: 1)))
        try market.give(.deposit(advisor: "chen", amount: Money(fen: 6_000), reference: ""))
        let order = try market.order("chen", quantity: 1) {
            $0.hourCap = 1
            $0.dayCap = 1
            $0.daySpend = Money(fen: 6_000)
            $0.expiresAt = SmallWorld.beginning + .minutes(1)
        }
        try market.lead(of: 1)
        try market.give(.pauseOrder(order))
        try market.give(.setAvailability(advisor: "chen", online: false))
        try market.give(.suspendAdvisor(name: "chen", reason: ""))
        try market.redefine { $0.retired = true }
        market.wait(.minutes(1))
        let reasons = try #require(market.reasons(order))
        let absent = Unliveness.words.filter { !reasons.contains($0.reason) }.map(\.word)
        #expect(absent == ["cancelled", "notStarted", "outsideWindow"])
    }
}
