import MarketCore
import MarketTestSupport
import Testing

/// Tiers that the market derives by scored rules (R1.5).
struct TierTests {
    /// The attribute that follows those of the small world.
    private static let tier = AttributeNumber(4)

    /// A market whose leads get points for a house, an income and being salaried; a house and an
    /// income make the first tier, one of them or a low income with a salary the second.
    private static func market() throws(Rejection) -> TestMarket {
        var market = try TestMarket()
        var configuration = MarketConfiguration()
        configuration.attributes = [
            Attribute(name: "tier", kind: .choice(words: ["a", "b", "c"]))
        ]
        configuration.settings.tierAttribute = "tier"
        configuration.settings.tierRules = .set(
            MarketConfiguration.TierRules(
                rules: [
                    .init(
                        aspect: .ability,
                        filter: FilterSpecification([("ownsHouse", .flag(true))]), points: 30),
                    .init(
                        aspect: .ability,
                        filter: FilterSpecification([
                            ("monthlyIncome", .range(minimum: 8_000, maximum: nil))
                        ]), points: 30),
                    .init(
                        aspect: .willingness,
                        filter: FilterSpecification([
                            ("monthlyIncome", .range(minimum: nil, maximum: 2_000))
                        ]), points: -20),
                    .init(
                        aspect: .activity,
                        filter: FilterSpecification([("employment", .anyOf(["salaried"]))]),
                        points: 10),
                ], firstTierFrom: 60, secondTierFrom: 20))
        try market.give(.applyConfiguration(configuration))
        return market
    }

    /// What a lead declares and the tier it gets.
    static let rows: [(house: Int64?, income: Int64?, employment: Int64?, tier: Int64)] = [
        (1, 8_000, nil, 0), (1, 8_000, 0, 0), (1, 7_999, 0, 1), (1, nil, nil, 1),
        (0, 8_000, nil, 1), (1, 2_000, nil, 2), (1, 2_000, 0, 1), (0, 2_000, 0, 2),
        (nil, 5_000, 0, 2), (nil, 8_000, 1, 1),
    ]

    @Test(.rules("R1.5"), arguments: rows)
    func `points add up and the thresholds make the tier, whatever the lead says`(
        row: (house: Int64?, income: Int64?, employment: Int64?, tier: Int64)
    ) throws {
        for declared in [nil, 0, 1, 2] as [Int64?] {
            var market = try Self.market()
            var attributes = Attributes()
            attributes[SmallWorld.Number.ownsHouse] = row.house
            attributes[SmallWorld.Number.monthlyIncome] = row.income
            attributes[SmallWorld.Number.employment] = row.employment
            attributes[Self.tier] = declared
            let lead = try market.lead(of: 1) { $0.attributes = attributes }
            attributes[Self.tier] = row.tier
            #expect(market.market.openLead(lead)?.attributes == attributes)
            guard case .leadAccepted(let accepted) = market.log.last?.event else {
                Issue.record("the lead was not taken")
                return
            }
            #expect(accepted.attributes == attributes)
        }
    }

    @Test(.rules("R1.5", "R8.5"))
    func `a ping and a rejected lead get their tier too`() throws {
        var market = try Self.market()
        var attributes = TestMarket.houseOwner
        attributes[Self.tier] = 0
        let ping = try market.give(
            .pingLead(
                LeadPing(channel: "search", identity: .person(1), attributes: attributes)))
        attributes[Self.tier] = 1
        let pinged = PingedLead(
            channel: ChannelNumber(0), identity: .person(1), attributes: attributes)
        #expect(ping.first == .leadPinged(pinged))

        let events = try market.give(
            .submitLead(
                LeadSubmission(
                    channel: "search", identity: .person(2), attributes: Attributes(),
                    consent: .given())))
        guard case .leadRejected(let rejected) = events.first else {
            Issue.record("a lead of no category was taken")
            return
        }
        #expect(rejected.attributes[Self.tier] == 2)
    }

    @Test(.rules("R1.5", "R1.4"))
    func `filters see the derived tier`() throws {
        var market = try Self.market()
        try market.register("chen")
        try market.order("chen") {
            $0.filter = Filter(sorted: [
                Predicate(attribute: Self.tier, test: .choices([0]))
            ])
        }
        #expect(try market.sell(leadOf: 1) { $0.attributes[Self.tier] = 0 } == nil)
        let rich = try market.sell(leadOf: 2) {
            $0.attributes[SmallWorld.Number.monthlyIncome] = 9_000
        }
        #expect(rich == "chen")
    }

    @Test(.rules("R1.5"))
    func `without rules a lead declares its tier itself`() throws {
        var market = try Self.market()
        var configuration = MarketConfiguration()
        configuration.settings.tierRules = .set(nil)
        try market.give(.applyConfiguration(configuration))
        let declared = try market.lead(of: 1) { $0.attributes[Self.tier] = 0 }
        let silent = try market.lead(of: 2)
        #expect(market.market.openLead(declared)?.attributes[Self.tier] == 0)
        #expect(market.market.openLead(silent)?.attributes[Self.tier] == nil)
    }
}
