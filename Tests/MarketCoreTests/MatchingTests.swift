import MarketCore
import MarketTestSupport
import Testing

/// Who is eligible, and at what price (R5.3, R6.1, R7.1).
struct MatchingTests {
    /// One way not to be eligible (R6.1).
    struct Obstacle: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let terms: @Sendable (inout OrderTerms, Timestamp) -> Void
        let prepare: @Sendable (inout TestMarket, OrderID) throws(Rejection) -> Void
        let lead: @Sendable (inout LeadSubmission) -> Void
        let expected: Ineligibility

        /// An obstacle in the order's terms or in the lead.
        init(
            _ description: String, _ expected: Ineligibility,
            terms: @escaping @Sendable (inout OrderTerms, Timestamp) -> Void = { _, _ in },
            lead: @escaping @Sendable (inout LeadSubmission) -> Void = { _ in }
        ) {
            testDescription = description
            self.terms = terms
            self.lead = lead
            self.expected = expected
            prepare = { (_, _) throws(Rejection) in }
        }

        /// An obstacle that comes about once the order is placed.
        init(
            _ description: String, _ expected: Ineligibility, quantity: Int = 10,
            prepare: @escaping @Sendable (inout TestMarket, OrderID) throws(Rejection) -> Void
        ) {
            testDescription = description
            terms = { terms, _ in terms.quantity = quantity }
            lead = { _ in }
            self.expected = expected
            self.prepare = prepare
        }
    }

    static let obstacles = [
        Obstacle("it is paused", .notLive(.paused)) { (market, order) throws(Rejection) in
            try market.give(.pauseOrder(order))
        },
        Obstacle("it is cancelled", .notLive(.cancelled)) { (market, order) throws(Rejection) in
            try market.give(.cancelOrder(order))
        },
        Obstacle("it is filled", .notLive(.filled), quantity: 1) {
            (market, _) throws(Rejection) in
            try market.lead(of: 77)
        },
        Obstacle(
            "it has expired", .notLive(.expired),
            terms: { terms, now in terms.expiresAt = now + .microsecond }),
        Obstacle(
            "it has not started", .notLive(.notStarted),
            terms: { terms, now in terms.startsAt = now + .hours(1) }),
        Obstacle(
            "there are no funds", .notLive(.noFunds),
            terms: { terms, _ in terms.premium = Money(fen: 94_001) }),
        Obstacle("the advisor is offline", .notLive(.advisorOffline)) {
            (market, _) throws(Rejection) in
            try market.give(.setAvailability(advisor: "chen", online: false))
        },
        Obstacle("the advisor is suspended", .notLive(.advisorSuspended)) {
            (market, _) throws(Rejection) in
            try market.give(.suspendAdvisor(name: "chen", reason: ""))
        },
        Obstacle(
            "the filter asks for another region", .filtered,
            terms: { terms, _ in
                let prefix = RegionPrefix(RegionCode(known: "31"))
                terms.filter = Filter(sorted: [
                    Predicate(attribute: SmallWorld.Number.region, test: .regions([prefix]))
                ])
            }),
        Obstacle(
            "the filter asks for what the lead leaves out", .filtered,
            terms: { terms, _ in
                let test = PredicateTest.range(minimum: 0, maximum: nil)
                terms.filter = Filter(sorted: [
                    Predicate(attribute: SmallWorld.Number.monthlyIncome, test: test)
                ])
            }),
        Obstacle(
            "the balance covers a later rung alone", .insufficientFunds,
            terms: { terms, _ in
                terms.premium = Money(fen: 95_000)
                terms.maximumAge = .minutes(30)
            }),
        Obstacle(
            "consent names another institution", .consentElsewhere,
            lead: { $0.consent = .given(to: ["bankTwo"]) }),
    ]

    @Test(.rules("R1.3", "R6.1", "R8.2"), arguments: obstacles)
    func `an order does not get a lead, and the market says why`(row: Obstacle) throws {
        var market = try TestMarket()
        try market.register("chen")
        let now = market.now
        let order = try market.order("chen") { row.terms(&$0, now) }
        try row.prepare(&market, order)
        let id = try market.lead(of: 1, change: row.lead)
        #expect(market.buyer(of: id) == nil)
        let lead = try #require(market.market.openLead(id))
        let subject = try #require(market.market.order(order))
        let reason = market.market.ineligibility(of: subject, for: lead, at: market.market.time)
        #expect(reason == row.expected)
        // The same without the obstacle sells.
        var free = try TestMarket()
        try free.register("chen")
        try free.order("chen")
        #expect(try free.sell(leadOf: 1) == "chen")
    }

    @Test(.rules("R5.3", "R5.5"))
    func `an order that is not live gives every reason`() throws {
        var market = try TestMarket()
        try market.register("chen", fen: 0)
        let now = market.now
        let order = try market.order("chen") {
            $0.startsAt = now + .hours(1)
            $0.expiresAt = now + .hours(2)
        }
        try market.give(.pauseOrder(order))
        try market.give(.setAvailability(advisor: "chen", online: false))
        try market.give(.suspendAdvisor(name: "chen", reason: ""))
        var configuration = MarketConfiguration()
        var category = SmallWorld.homeOwner
        category.retired = true
        configuration.categories = [category]
        try market.give(.applyConfiguration(configuration))
        let subject = try #require(market.market.order(order))
        let all: Unliveness = [
            .paused, .noFunds, .advisorOffline, .advisorSuspended, .categoryRetired,
        ]
        #expect(market.market.unliveness(of: subject, at: now) == all.union(.notStarted))
        #expect(market.market.unliveness(of: subject, at: now + .hours(1)) == all)
        #expect(market.market.unliveness(of: subject, at: now + .hours(2)) == all.union(.expired))
    }

    /// Minutes and microseconds of age, and the price an order takes the lead at.
    static let ages: [(microseconds: Int64, fen: Int64?)] = [
        (1, 6_000), (300_000_000, 6_000), (300_000_001, 4_000), (1_800_000_000, 4_000),
        (1_800_000_001, 2_500), (5_400_000_000, 2_500), (5_400_000_001, nil),
    ]

    @Test(.rules("R7.1"), arguments: ages)
    func `the age at reservation, inclusive, picks the first rung that holds it`(
        age: (microseconds: Int64, fen: Int64?)
    ) throws {
        var market = try TestMarket()
        try market.register("chen")
        let lead = try market.lead(of: 1)
        let arrival = market.market.time
        market.wait(Timespan(microseconds: age.microseconds))
        try market.order("chen") { $0.maximumAge = .hours(9) }
        #expect(market.market.assignment(of: lead)?.charge.fen == age.fen)
        #expect(market.market.time - arrival == Timespan(microseconds: age.microseconds))
    }

    @Test(.rules("R5.2"))
    func `an order that names no age takes leads of the first rung only`() throws {
        var market = try TestMarket()
        try market.register("chen")
        let old = try market.lead(of: 1)
        market.wait(.microsecond)
        let young = try market.lead(of: 2)
        market.wait(.minutes(5))
        try market.order("chen")
        #expect(market.buyer(of: old) == nil)
        #expect(market.buyer(of: young) == "chen")
    }
}
