import MarketCore
import MarketTestSupport
import Testing

/// Who of several goes first (R6.2).
struct RankingTests {
    /// Two orders of a category with a rank list: chen's is older, liu's newer.
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let rank: [RankKey]
        var chen: @Sendable (inout OrderTerms) -> Void = { _ in }
        var liu: @Sendable (inout OrderTerms) -> Void = { _ in }
        var grades: (chen: Grade, liu: Grade) = (.standard, .standard)
        /// Who bought a lead of the category before.
        var served: [Name] = []
        var preferred: Name?
        var tier: Int64?
        let winner: Name
    }

    static let standard = [
        Row(
            testDescription: "the preferred advisor goes before a higher priority",
            rank: RankKey.defaultList, chen: { $0.priority = 9 }, liu: { $0.priority = 0 },
            preferred: "liu", winner: "liu"),
        Row(
            testDescription: "a higher priority goes before a higher premium",
            rank: RankKey.defaultList, chen: { $0.premium = Money(fen: 500) },
            liu: { $0.priority = 6 }, winner: "liu"),
        Row(
            testDescription: "a higher premium goes before a better grade",
            rank: RankKey.defaultList, liu: { $0.premium = Money(fen: 1) },
            grades: (.elite, .novice), tier: 0, winner: "liu"),
        Row(
            testDescription: "a better grade goes before who was never served",
            rank: RankKey.defaultList, grades: (.standard, .elite), served: ["liu"], tier: 0,
            winner: "liu"),
        Row(
            testDescription: "who was never served goes before who was",
            rank: RankKey.defaultList, served: ["chen"], winner: "liu"),
        Row(
            testDescription: "who was served longer ago goes before who was lately",
            rank: RankKey.defaultList, served: ["liu", "chen"], winner: "liu"),
        Row(
            testDescription: "the older order goes before the newer",
            rank: RankKey.defaultList, winner: "chen"),
    ]

    static let own = [
        Row(
            testDescription: "with an empty list the older order wins, whatever else",
            rank: [],
            liu: {
                $0.priority = 9
                $0.premium = Money(fen: 500)
            }, grades: (.novice, .elite), served: ["chen"], preferred: "liu", tier: 0,
            winner: "chen"),
        Row(
            testDescription: "premium before priority", rank: [.premium, .priority],
            chen: { $0.priority = 9 }, liu: { $0.premium = Money(fen: 1) }, winner: "liu"),
        Row(
            testDescription: "priority after premium", rank: [.premium, .priority],
            liu: { $0.priority = 6 }, winner: "liu"),
        Row(
            testDescription: "premium is not listed", rank: [.priority],
            liu: { $0.premium = Money(fen: 500) }, winner: "chen"),
        Row(
            testDescription: "priority is not listed", rank: [.premium],
            liu: { $0.priority = 9 }, winner: "chen"),
        Row(
            testDescription: "turn before priority", rank: [.leastRecentlyServed, .priority],
            chen: { $0.priority = 9 }, served: ["chen"], winner: "liu"),
        Row(
            testDescription: "priority after turn", rank: [.leastRecentlyServed, .priority],
            liu: { $0.priority = 6 }, winner: "liu"),
        Row(
            testDescription: "turn is not listed", rank: [.priority, .premium], served: ["chen"],
            winner: "chen"),
        Row(
            testDescription: "dedicated after priority, which is alike",
            rank: [.priority, .dedicated], preferred: "liu", winner: "liu"),
        Row(
            testDescription: "dedicated after priority, which is not",
            rank: [.priority, .dedicated], chen: { $0.priority = 6 }, preferred: "liu",
            winner: "chen"),
        Row(
            testDescription: "dedicated is not listed",
            rank: [.priority, .premium, .gradeFit, .leastRecentlyServed], preferred: "liu",
            winner: "chen"),
        Row(
            testDescription: "grade fit before premium", rank: [.gradeFit, .premium],
            chen: { $0.premium = Money(fen: 500) }, grades: (.novice, .standard), tier: 0,
            winner: "liu"),
        Row(
            testDescription: "grade fit is not listed", rank: [.priority, .premium],
            grades: (.novice, .elite), tier: 0, winner: "chen"),
    ]

    /// Which grade is nearer to which tier; chen's order is older and wins where both are as near.
    static let fits: [Row] = [
        fit(0, .standard, .elite, "liu"), fit(0, .novice, .standard, "liu"),
        fit(0, .elite, .standard, "chen"), fit(1, .elite, .standard, "liu"),
        fit(1, .novice, .standard, "liu"), fit(1, .novice, .elite, "chen"),
        fit(1, .elite, .novice, "chen"), fit(2, .elite, .standard, "liu"),
        fit(2, .standard, .novice, "liu"), fit(2, .novice, .standard, "chen"),
        fit(nil, .novice, .elite, "chen"), fit(3, .novice, .elite, "chen"),
    ]

    private static func fit(_ tier: Int64?, _ chen: Grade, _ liu: Grade, _ winner: Name) -> Row {
        Row(
            testDescription: "tier \(tier.map(String.init) ?? "none"): \(chen) against \(liu)",
            rank: [.gradeFit], grades: (chen, liu), tier: tier, winner: winner)
    }

    @Test(.rules("R6.2"), arguments: standard + own + fits)
    func `the first key of the list on which two orders differ decides`(row: Row) throws {
        var market = try Self.market(row.rank)
        try market.register("chen", grade: row.grades.chen)
        try market.register("liu", grade: row.grades.liu)
        for (number, name) in row.served.enumerated() {
            let order = try market.order(name)
            #expect(try market.sell(leadOf: UInt64(90 + number)) == name)
            try market.give(.cancelOrder(order))
        }
        try market.order("chen", change: row.chen)
        try market.order("liu", change: row.liu)
        let lead = try market.lead(of: 1) {
            $0.preferredAdvisor = row.preferred
            $0.attributes[Self.tier] = row.tier
        }
        #expect(market.buyer(of: lead) == row.winner)
    }

    @Test(.rules("R6.2"))
    func `without a tier attribute all grades fit alike`() throws {
        var market = try TestMarket()
        try market.register("chen", grade: .novice)
        try market.register("liu", grade: .elite)
        try market.order("chen")
        try market.order("liu")
        #expect(try market.sell(leadOf: 1) == "chen")
    }

    @Test(.rules("R6.2", "R4.4"))
    func `a person's buyer is dedicated, whomever a later lead prefers`() throws {
        var market = try Self.market([.leastRecentlyServed, .dedicated])
        try market.register("chen")
        try market.register("liu")
        try market.order("chen")
        #expect(try market.sell(leadOf: 1) == "chen")
        try market.order("liu")
        market.wait(.minutes(21))
        #expect(try market.sell(leadOf: 1) { $0.preferredAdvisor = "liu" } == "chen")
    }

    @Test(.rules("R6.2"))
    func `ten orders of one advisor do not take ten turns`() throws {
        var market = try TestMarket()
        try market.register("chen", fen: 1_000_000)
        try market.register("liu", fen: 1_000_000)
        for _ in 0..<10 { try market.order("chen", quantity: 5) }
        try market.order("liu", quantity: 5)
        let buyers = try (1...6).map { try market.sell(leadOf: $0) }
        #expect(buyers == ["chen", "liu", "chen", "liu", "chen", "liu"])
    }

    @Test(.rules("R6.2"))
    func `turns are counted by category`() throws {
        var market = try TestMarket()
        try market.register("chen")
        try market.register("liu")
        try market.order("chen")
        try market.order("chen", "everybody")
        #expect(try market.sell(leadOf: 1) == "chen")
        try market.order("liu", "everybody")
        let buyer = try market.sell(leadOf: 2) {
            $0.attributes = Attributes()
            $0.attributes[SmallWorld.Number.monthlyIncome] = 5_000
        }
        #expect(buyer == "chen")
    }

    @Test(.rules("R6.2"))
    func `amending and pausing change nobody's turn`() throws {
        var market = try TestMarket()
        try market.register("chen", fen: 1_000_000)
        try market.register("liu", fen: 1_000_000)
        let first = try market.order("chen")
        try market.order("liu")
        #expect(try market.sell(leadOf: 1) == "chen")
        try market.give(.pauseOrder(first))
        try market.give(.resumeOrder(first))
        try market.give(.amendOrder(first, OrderAmendment()))
        #expect(try market.sell(leadOf: 2) == "liu")
        #expect(try market.sell(leadOf: 3) == "chen")
    }

    @Test(.rules("R6.2", "R2.2"))
    func `a redefined list holds for the orders that stand already`() throws {
        var market = try Self.market([.priority])
        for (name, priority, premium): (Name, Int, Int64) in [
            ("chen", 9, 0), ("liu", 5, 200), ("wang", 5, 300), ("zhao", 0, 100),
        ] {
            try market.register(name)
            try market.order(name) {
                $0.priority = priority
                $0.premium = Money(fen: premium)
            }
        }
        #expect(try market.sell(leadOf: 1) == "chen")
        try market.redefine(rank: [.premium])
        #expect(try market.sell(leadOf: 2) == "wang")
        try market.redefine(rank: [.leastRecentlyServed, .premium])
        #expect(try market.sell(leadOf: 3) == "liu")
        #expect(try market.sell(leadOf: 4) == "zhao")
        #expect(try market.sell(leadOf: 5) == "chen")
        try market.redefine(rank: [.priority, .premium])
        #expect(try market.sell(leadOf: 6) == "chen")
        try market.redefine(rank: [])
        #expect(try market.sell(leadOf: 7) == "chen")
    }

    // MARK: - Worlds

    /// The attribute that follows those of the small world.
    private static let tier = AttributeNumber(4)

    /// A small world where house owners are ranked by `rank` and leads have tiers of four words, of
    /// which the last is none.
    private static func market(_ rank: [RankKey]) throws(Rejection) -> TestMarket {
        var market = try TestMarket()
        var configuration = MarketConfiguration()
        configuration.attributes = [
            Attribute(name: "tier", kind: .choice(words: ["a", "b", "c", "unknown"]))
        ]
        configuration.settings.tierAttribute = "tier"
        try market.give(.applyConfiguration(configuration))
        try market.redefine(rank: rank)
        return market
    }
}

extension TestMarket {
    fileprivate mutating func redefine(rank: [RankKey]) throws(Rejection) {
        var category = SmallWorld.homeOwner
        category.rank = rank
        var configuration = MarketConfiguration()
        configuration.categories = [category]
        try give(.applyConfiguration(configuration))
    }

    fileprivate mutating func register(_ name: Name, grade: Grade) throws(Rejection) {
        try register(name)
        try give(
            .updateAdvisor(
                name: name, profile: AdvisorProfile(institution: "bankOne", grade: grade)))
    }
}
