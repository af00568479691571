import MarketCore
import MarketTestSupport

/// What a configuration says about channels, gates and the market's own settings.
extension CommandGenerator {
    /// The configuration that a market of the simulation begins with.
    mutating func openingConfiguration() -> MarketConfiguration {
        var configuration = SmallWorld.configuration
        configuration.attributes.append(World.tierAttribute)
        configuration.channels = World.channels.map { ($0, channelDefinition($0)) }
        for index in configuration.categories.indices {
            addGates(to: &configuration.categories[index])
        }
        configuration.settings.tierAttribute = "tier"
        changeSettings(&configuration.settings)
        configuration.settings.qualitySpan = random.within(6...15)
        configuration.settings.qualityLimit = random.pick([4_000, 6_000, 7_500])
        configuration.settings.gradeRules = .set(gradeRules())
        return configuration
    }

    mutating func channelDefinition(_ name: Name) -> ChannelDefinition {
        let payout: ChannelPayout =
            random.chance(50)
            ? .fixed(Money(fen: Int64(random.below(8) * 300)))
            : .share(basisPoints: random.pick([0, 1_234, 3_333, 5_000]))
        return ChannelDefinition(
            title: "Channel", payout: payout,
            dailyCap: random.chance(15) ? random.within(0...20) : nil,
            isTest: random.chance(name == "trial" ? 80 : 3))
    }

    /// Gates, a rank list and a return policy.
    mutating func addGates(to category: inout MarketConfiguration.Category) {
        if random.chance(35) {
            category.gates.acceptance = .seconds(Int64(random.pick([30, 60, 240])))
        }
        if random.chance(35) {
            category.gates.namedConsent = .seconds(Int64(random.pick([45, 120, 600])))
        }
        switch random.below(4) {
        case 0: category.rank = RankKey.allCases.shuffled(using: &random)
        case 1: category.rank = [.gradeFit, .dedicated]
        case 2:
            let count = random.below(4)
            category.rank = Array(RankKey.allCases.shuffled(using: &random).prefix(count))
        default: break
        }
        category.returns = ReturnPolicy(
            window: .minutes(Int64(random.pick([2, 10, 60, 4_320]))),
            automaticShare: random.pick([0, 3_334, 10_000, 10_000, 10_000]),
            automaticSpan: random.pick([1, 3, 10, 50]))
    }

    mutating func changeSettings(_ settings: inout MarketConfiguration.Settings) {
        if random.chance(15) {
            settings.pingTimeout = .seconds(Int64(random.pick([20, 60, 180])))
        }
        if random.chance(10) { settings.qualitySpan = random.within(3...15) }
        if random.chance(10) { settings.qualityLimit = random.pick([0, 3_500, 6_000, 10_000]) }
        if random.chance(20) {
            settings.tierRules = .set(random.chance(25) ? nil : tierRules())
        }
        if random.chance(15) {
            settings.gradeRules = .set(random.chance(20) ? nil : gradeRules())
        }
    }

    private mutating func tierRules() -> MarketConfiguration.TierRules {
        typealias Rule = MarketConfiguration.TierRules.Rule
        let rules = [
            Rule(
                aspect: .ability, filter: FilterSpecification([("ownsHouse", .flag(true))]),
                points: random.within(-2...4)),
            Rule(
                aspect: .willingness,
                filter: FilterSpecification([
                    ("monthlyIncome", .range(minimum: 5_000, maximum: nil))
                ]), points: 3),
            Rule(aspect: .activity, filter: FilterSpecification([]), points: 1),
        ]
        return MarketConfiguration.TierRules(
            rules: rules, firstTierFrom: random.within(3...6),
            secondTierFrom: random.within(-1...3))
    }

    private mutating func gradeRules() -> GradeRules {
        let elite = GradeRules.Thresholds(
            connection: random.pick([5_000, 6_667, 10_000]), discipline: random.pick([0, 5_000]),
            approval: random.pick([0, 2_500]))
        let standard = GradeRules.Thresholds(
            connection: random.pick([0, 2_500, 3_333]), discipline: random.pick([0, 3_333]),
            approval: 0)
        return GradeRules(window: random.within(1...4), elite: elite, standard: standard)
    }

    mutating func breakSettings(_ settings: inout MarketConfiguration.Settings) {
        var rules = tierRules()
        var grades = gradeRules()
        switch random.below(14) {
        case 0: settings.duplicateWindow = Timespan(microseconds: -1)
        case 1: settings.categoryOrder = ["nothing"]
        case 2: settings.categoryOrder = ["everybody", "everybody"]
        case 3: settings.pingTimeout = Timespan(microseconds: 0)
        case 4: settings.qualitySpan = random.pick([0, 1_001])
        case 5: settings.qualityLimit = random.pick([-1, 10_001])
        case 6: settings.tierAttribute = random.pick(["nothing", "ownsHouse", "employments"])
        case 7: settings.tierAttribute = "ownsHouse"
        case 8:
            rules.rules[0].filter = FilterSpecification([("tier", .anyOf(["A"]))])
            settings.tierRules = .set(rules)
        case 9:
            rules.secondTierFrom = rules.firstTierFrom + 1
            settings.tierRules = .set(rules)
        case 10:
            rules.rules = []
            settings.tierRules = .set(rules)
        case 11:
            rules.rules[1].points = 1_001
            settings.tierRules = .set(rules)
        case 12:
            grades.window = random.pick([0, 201])
            settings.gradeRules = .set(grades)
        default:
            grades.elite.approval = 10_001
            settings.gradeRules = .set(grades)
        }
    }
}
