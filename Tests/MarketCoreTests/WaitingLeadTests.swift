import MarketCore
import MarketTestSupport
import Testing

/// Leads that nobody wanted at once (R6.4).
struct WaitingLeadTests {
    /// Something that makes a waiting lead eligible.
    struct Trigger: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let terms: @Sendable (inout OrderTerms) -> Void
        let obstruct: @Sendable (inout TestMarket, OrderID) throws(Rejection) -> Void
        let release: @Sendable (inout TestMarket, OrderID) throws(Rejection) -> Void

        init(
            _ description: String, terms: @escaping @Sendable (inout OrderTerms) -> Void = { _ in },
            obstruct: @escaping @Sendable (inout TestMarket, OrderID) throws(Rejection) -> Void,
            release: @escaping @Sendable (inout TestMarket, OrderID) throws(Rejection) -> Void
        ) {
            testDescription = description
            self.terms = terms
            self.obstruct = obstruct
            self.release = release
        }
    }

    private static func redefined(
        _ change: (inout MarketConfiguration.Category) -> Void
    ) -> Command {
        var configuration = MarketConfiguration()
        var category = SmallWorld.homeOwner
        change(&category)
        configuration.categories = [category]
        return .applyConfiguration(configuration)
    }

    static let triggers = [
        Trigger("it is resumed") { (market, order) throws(Rejection) in
            try market.give(.pauseOrder(order))
        } release: { (market, order) throws(Rejection) in
            try market.give(.resumeOrder(order))
        },
        Trigger("it is amended", terms: { $0.expiresAt = SmallWorld.beginning + .seconds(1) }) {
            (market, _) throws(Rejection) in
            market.wait(.seconds(2))
        } release: { (market, order) throws(Rejection) in
            var amendment = OrderAmendment()
            amendment.expiresAt = .set(nil)
            try market.give(.amendOrder(order, amendment))
        },
        Trigger("money comes", terms: { $0.premium = Money(fen: 94_001) }) {
            (_, _) throws(Rejection) in
        } release: { (market, _) throws(Rejection) in
            try market.give(.deposit(advisor: "chen", amount: Money(fen: 1), reference: ""))
        },
        Trigger("its advisor comes online") { (market, _) throws(Rejection) in
            try market.give(.setAvailability(advisor: "chen", online: false))
        } release: { (market, _) throws(Rejection) in
            try market.give(.setAvailability(advisor: "chen", online: true))
        },
        Trigger("its advisor is reinstated") { (market, _) throws(Rejection) in
            try market.give(.suspendAdvisor(name: "chen", reason: ""))
        } release: { (market, _) throws(Rejection) in
            try market.give(.reinstateAdvisor(name: "chen"))
        },
        Trigger("its advisor moves to the institution that the consent names") {
            (market, _) throws(Rejection) in
            let profile = AdvisorProfile(institution: "bankTwo")
            try market.give(.updateAdvisor(name: "chen", profile: profile))
        } release: { (market, _) throws(Rejection) in
            let profile = AdvisorProfile(institution: "bankOne")
            try market.give(.updateAdvisor(name: "chen", profile: profile))
        },
        Trigger("its category takes the lead after all") { (market, _) throws(Rejection) in
            try market.give(
                redefined { $0.ladder = PriceLadder(minutes: [(5, 200_000)]) })
        } release: { (market, _) throws(Rejection) in
            try market.give(redefined { _ in })
        },
        Trigger("it starts", terms: { $0.startsAt = SmallWorld.beginning + .minutes(1) }) {
            (_, _) throws(Rejection) in
        } release: { (market, _) throws(Rejection) in
            market.wait(.minutes(1))
            try market.runDueWork()
        },
        Trigger(
            "the lead reaches a cheaper rung",
            terms: {
                $0.premium = Money(fen: 95_000)
                $0.maximumAge = .minutes(30)
            }
        ) {
            (_, _) throws(Rejection) in
        } release: { (market, _) throws(Rejection) in
            market.wait(.minutes(6))
            try market.runDueWork()
        },
    ]

    @Test(.rules("R6.4"), arguments: triggers)
    func `a waiting lead is offered to an order again when`(row: Trigger) throws {
        var market = try TestMarket()
        try market.register("chen")
        let order = try market.order("chen", change: row.terms)
        try row.obstruct(&market, order)
        let lead = try market.lead(of: 1) { $0.consent = .given(to: ["bankOne"]) }
        #expect(market.market.waitingLeads == [lead])
        try row.release(&market, order)
        #expect(market.market.assignment(of: lead)?.order == order)
        try market.market.checkInvariants()
    }

    @Test(.rules("R6.4"))
    func `the newest waiting lead is offered first`() throws {
        var market = try TestMarket()
        let leads = try (1...3).map { try market.lead(of: $0) }
        try market.register("chen")
        try market.order("chen", quantity: 2)
        #expect(leads.map { market.buyer(of: $0) } == [nil, "chen", "chen"])
    }

    @Test(.rules("R6.4"))
    func `a waiting lead goes to the best order, not to the one that woke it`() throws {
        var market = try TestMarket()
        try market.register("chen")
        try market.register("liu")
        try market.order("liu") { $0.maximumAge = .minutes(30) }
        try market.give(.setAvailability(advisor: "liu", online: false))
        let lead = try market.lead(of: 1)
        // Liu's order is the older one; both become live in the transaction that starts chen's.
        let order = try market.order("chen") { $0.startsAt = SmallWorld.beginning + .minutes(2) }
        market.wait(.minutes(2))
        try market.give(.pauseOrder(order))
        try market.give(.setAvailability(advisor: "liu", online: true))
        #expect(market.buyer(of: lead) == "liu")
    }

    @Test(.rules("R6.4"))
    func `a lead expires a microsecond after the last rung of its categories`() throws {
        var market = try TestMarket()
        let lead = try market.lead(of: 1)
        let arrival = market.market.time
        var boundaries: [Int64] = []
        while let due = market.market.nextDue {
            boundaries.append((due - arrival).microseconds)
            market.wait(due - market.market.time)
            try market.runDueWork()
        }
        #expect(boundaries == [300_000_001, 1_800_000_001, 5_400_000_001])
        #expect(market.log.last?.event == .leadClosed(lead, .expired))
        #expect(market.market.openLead(lead) == nil)
    }

    @Test(.rules("R2.2"))
    func `a lead whose categories are all retired expires`() throws {
        var market = try TestMarket()
        let lead = try market.lead(of: 1)
        try market.give(Self.redefined { $0.retired = true })
        #expect(market.market.nextDue == market.market.time)
        let events = try market.runDueWork()
        #expect(events.last == .leadClosed(lead, .expired))
    }

    @Test
    func `time that passes in vain is noted all the same`() throws {
        var market = try TestMarket()
        #expect(try market.give(.passTime) == [.timePassed(through: nil)])
    }

    /// Found by the simulation: the rung's end was forgotten and the lead waited for its next one.
    @Test(.rules("R6.4"))
    func `an overdue rung is not forgotten when a configuration is applied`() throws {
        var market = try TestMarket()
        try market.register("chen", fen: 4_000)
        let order = try market.order("chen") { $0.maximumAge = .minutes(30) }
        let lead = try market.lead(of: 1)
        market.wait(.minutes(6))
        var configuration = MarketConfiguration()
        configuration.payees = [("agent", "Another title")]
        try market.give(.applyConfiguration(configuration))
        try market.runDueWork()
        #expect(market.market.assignment(of: lead)?.order == order)
        try market.market.checkInvariants()
    }

    @Test(.rules("R6.4"))
    func `a transaction sells at most 256 waiting leads and puts the rest off`() throws {
        var market = try TestMarket()
        let count = Market.offerLimit + 3
        for person in 1...UInt64(count) { try market.lead(of: person) }
        try market.register("chen", fen: 0)
        let order = try market.order("chen", quantity: 1_000)
        let events = try market.give(
            .deposit(advisor: "chen", amount: Money(fen: 100_000_000), reference: ""))
        #expect(events.count == 1 + 2 * Market.offerLimit + 1)
        #expect(events.last == .offersDeferred(orders: [order], leads: []))
        #expect(market.market.waitingLeads.count == 3)
        #expect(market.market.nextDue == market.market.time)
        try market.runDueWork()
        #expect(market.market.waitingLeads.isEmpty)
    }

    @Test(.rules("R6.4", "R6.2"))
    func `a lead that was put off goes to the best order when a lesser one wants it`() throws {
        var market = try TestMarket()
        let count = Market.offerLimit + 1
        let leads = try (1...UInt64(count)).map { try market.lead(of: $0) }
        try market.register("wang", fen: 100_000_000)
        try market.register("chen", fen: 0)
        let order = try market.order("chen", quantity: 1_000) { $0.premium = Money(fen: 500) }
        try market.give(.deposit(advisor: "chen", amount: Money(fen: 100_000_000), reference: ""))
        #expect(Array(market.market.waitingLeads) == [leads[0]])
        try market.order("wang", quantity: 1_000)
        #expect(market.market.waitingLeads.isEmpty)
        #expect(market.market.assignment(of: leads[0])?.order == order)
    }

    @Test(.rules("R6.4"))
    func `an order that is cancelled or put off again is not due when it was put off`() throws {
        var market = try TestMarket()
        for person in 1...UInt64(2 * Market.offerLimit + 1) { try market.lead(of: person) }
        try market.register("chen", fen: 0)
        let order = try market.order("chen", quantity: 1_000)
        try market.give(.deposit(advisor: "chen", amount: Money(fen: 100_000_000), reference: ""))
        #expect(market.market.nextDue == market.market.time)
        market.wait(.seconds(1))
        try market.give(.deposit(advisor: "chen", amount: Money(fen: 1), reference: ""))
        #expect(market.market.nextDue == market.market.time)
        try market.give(.cancelOrder(order))
        #expect(market.market.nextDue.map { $0 > market.market.time } == true)
        try market.market.checkInvariants()
    }

    @Test(.rules("R6.4"))
    func `a lead that was put off and withdrawn is not due any more`() throws {
        var market = try TestMarket()
        let old = try market.lead(of: 1)
        market.wait(.minutes(4))
        try market.register("chen", fen: 100_000_000)
        let order = try market.order("chen", quantity: 1_000) {
            $0.startsAt = SmallWorld.beginning + .minutes(5)
            $0.maximumAge = .minutes(30)
        }
        for person in 1...UInt64(Market.offerLimit) { try market.lead(of: 1 + person) }
        market.wait(.minutes(2))
        #expect(
            try market.give(.passTime).last == .offersDeferred(orders: [order], leads: [old]))
        try market.give(.cancelOrder(order))
        #expect(market.market.nextDue.map { $0 <= market.market.time } == true)
        try market.give(.withdrawLead(old))
        #expect(market.market.nextDue.map { $0 > market.market.time } != false)
        try market.market.checkInvariants()
    }

    @Test(.rules("R6.4"))
    func `exactly 256 sales put nothing off`() throws {
        var market = try TestMarket()
        for person in 1...UInt64(Market.offerLimit) { try market.lead(of: person) }
        try market.register("chen", fen: 100_000_000)
        try market.order("chen", quantity: 1_000)
        #expect(market.market.waitingLeads.isEmpty)
        guard case .leadReleased = market.log.last?.event else {
            Issue.record("something was put off")
            return
        }
    }
}
