import MarketCore
import MarketTestSupport
import Testing

/// What a configuration changed says what configuration it was.
struct ConfigurationReplayTests {
    @Test(.rules("R2.1", "R2.2"), arguments: 0..<8)
    func `deciding what stands behind a change gives that change again`(seed: UInt64) throws {
        var market = try TestMarket()
        var random = SeededRandom(seed: seed)
        var applied = 0
        for _ in 0..<40 {
            let before = market
            let configuration = random.configuration(for: market.market)
            let command = Command.applyConfiguration(configuration)
            guard let event = try market.give(command).first else { continue }
            applied += 1
            let behind = try #require(before.market.command(behind: event))
            #expect(try before.market.decide(behind, at: before.now) == [event])
        }
        #expect(applied > 30)
    }

    @Test(.rules("R2.2"))
    func `a configuration given again changes nothing`() throws {
        var market = try TestMarket()
        var random = SeededRandom(seed: 77)
        for _ in 0..<40 {
            let configuration = random.configuration(for: market.market)
            try market.give(.applyConfiguration(configuration))
            #expect(try market.give(.applyConfiguration(configuration)) == [])
        }
    }
}

/// Configurations that fit, of anything that can be configured.
extension SeededRandom {
    fileprivate mutating func configuration(for market: Market) -> MarketConfiguration {
        var configuration = MarketConfiguration()
        configuration.attributes = attributes()
        var schema = market.schema.attributes.map(\.name)
        schema += configuration.attributes.map(\.name).filter { !schema.contains($0) }
        if chance(40) {
            configuration.payees = [(pick(SmallWorld.payees + ["third"]), pick(["One", "Two"]))]
        }
        if chance(40) {
            configuration.channels = [(pick(SmallWorld.channels + ["fourth"]), channel())]
        }
        let payees = market.payees.map(\.name) + configuration.payees.map(\.name)
        if chance(70) { configuration.categories = [category(schema, payees: payees)] }
        let categories = market.categories.map(\.name) + configuration.categories.map(\.name)
        configuration.settings = settings(for: market, schema, categories: categories)
        return configuration
    }

    private mutating func attributes() -> [Attribute] {
        var attributes = [
            Attribute(
                name: pick(["tier", "class"]), kind: .choice(words: ["a", "b", "c", "d"]))
        ]
        if chance(30) { attributes.append(Attribute(name: "ownsCar", kind: .flag)) }
        if chance(30) {
            attributes.append(Attribute(name: "region", kind: .region(lengths: [2, 4])))
        }
        return attributes
    }

    private mutating func channel() -> ChannelDefinition {
        ChannelDefinition(
            title: pick(["Search", ""]),
            payout: chance(50)
                ? .fixed(Money(fen: Int64(below(900)))) : .share(basisPoints: within(0...10_000)),
            dailyCap: chance(50) ? below(50) : nil, isTest: chance(20))
    }

    private mutating func category(
        _ schema: [Name], payees: [Name]
    ) -> MarketConfiguration.Category {
        var rank = RankKey.allCases
        rank.shuffle(using: &self)
        return MarketConfiguration.Category(
            name: pick(SmallWorld.categories + ["fourth"]), title: pick(["A", "B"]),
            qualification: filter(schema), ladder: PriceLadder(minutes: [(5, 6_000), (30, 4_000)]),
            exclusivity: chance(50) ? .minutes(Int64(within(1...90))) : nil,
            splits: chance(50) ? [(pick(payees), within(1...5_000))] : [], retired: chance(20),
            rank: Array(rank.prefix(within(0...5))),
            gates: Gates(
                namedConsent: chance(50) ? .seconds(Int64(within(1...90))) : nil,
                acceptance: chance(50) ? .microsecond : nil),
            returns: ReturnPolicy(
                window: .hours(Int64(below(90))), automaticShare: within(0...10_000),
                automaticSpan: within(1...AdvisorRecord.length)))
    }

    private mutating func settings(
        for market: Market, _ schema: [Name], categories: [Name]
    ) -> MarketConfiguration.Settings {
        var settings = MarketConfiguration.Settings()
        if chance(30) { settings.duplicateWindow = .days(Int64(below(60))) }
        if chance(30) { settings.categoryOrder = chance(50) ? [] : [pick(categories)] }
        if chance(30) { settings.pingTimeout = .seconds(Int64(within(1...900))) }
        if chance(30) { settings.qualitySpan = within(1...QualityWindow.maximumLength) }
        if chance(30) { settings.qualityLimit = within(0...10_000) }
        // Rules that are kept could test a new tier attribute: it comes with new ones or none.
        if chance(30), let tier = schema.first(where: { $0 == "tier" || $0 == "class" }) {
            settings.tierAttribute = tier
            settings.tierRules = .set(chance(30) ? nil : tierRules(schema))
        }
        if chance(30) {
            let thresholds = GradeRules.Thresholds(
                connection: within(0...10_000), discipline: within(0...10_000),
                approval: within(0...10_000))
            settings.gradeRules = .set(
                chance(30)
                    ? nil
                    : GradeRules(
                        window: within(1...AdvisorRecord.length), elite: thresholds,
                        standard: thresholds))
        }
        return settings
    }

    private mutating func tierRules(_ schema: [Name]) -> MarketConfiguration.TierRules {
        let plain = schema.filter { $0 != "tier" && $0 != "class" }
        let rules = (0..<within(1...4)).map { _ in
            MarketConfiguration.TierRules.Rule(
                aspect: pick(TierRules.Aspect.allCases), filter: filter(plain),
                points: within(-1_000...1_000))
        }
        let second = within(-100...100)
        return MarketConfiguration.TierRules(
            rules: rules, firstTierFrom: second + below(100), secondTierFrom: second)
    }

    /// A filter on one attribute of `schema`, or on none.
    private mutating func filter(_ schema: [Name]) -> FilterSpecification {
        let name = pick(schema)
        switch name {
        case "region":
            return FilterSpecification([(name.description, .anyOf(["33", "3101"]))])
        case "ownsHouse", "ownsCar":
            return FilterSpecification([(name.description, .flag(chance(50)))])
        case "monthlyIncome":
            return FilterSpecification([
                (name.description, .range(minimum: Int64(below(9_000)), maximum: nil))
            ])
        case "tier", "class":
            return FilterSpecification([(name.description, .anyOf(["b", "a"]))])
        default:
            return FilterSpecification()
        }
    }
}
