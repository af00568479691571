import MarketCore
import MarketTestSupport

/// Configurations: sound ones, such as change nothing, and such as do not fit.
extension CommandGenerator {
    mutating func configuration(_ model: Model) -> MarketConfiguration {
        var configuration = MarketConfiguration()
        switch random.below(13) {
        case 0: return configuration
        case 1, 5: breakAttributes(&configuration)
        case 2, 6: breakCategories(&configuration)
        case 3: breakOthers(&configuration)
        case 4: breakSettings(&configuration.settings)
        default: break
        }
        if random.chance(50) {
            configuration.categories.append(category())
        }
        if random.chance(10) {
            configuration.categories.append(SmallWorld.homeOwner)
        }
        if random.chance(30) {
            let name = random.pick(World.channels)
            configuration.channels.append((name, channelDefinition(name)))
        }
        if random.chance(10) {
            configuration.payees.append((random.pick(SmallWorld.payees), random.pick(["A", "B"])))
        }
        if random.chance(10) {
            let income = AttributeKind.integer(
                unit: "yuan", minimum: 0, maximum: Int64(random.pick([50_000, 60_000, 70_000])))
            configuration.attributes.append(Attribute(name: "monthlyIncome", kind: income))
        }
        if random.chance(10) {
            configuration.attributes.append(Attribute(name: "ownsCar", kind: .flag))
        }
        if random.chance(15) {
            let lengths = AttributeKind.region(lengths: [2, 4, 6])
            configuration.attributes.append(Attribute(name: "region", kind: lengths))
        }
        if random.chance(20) {
            configuration.settings.duplicateWindow = .minutes(Int64(random.pick([0, 5, 20, 40])))
        }
        if random.chance(20) {
            let count = random.below(3)
            configuration.settings.categoryOrder = Array(
                SmallWorld.categories.shuffled(using: &random).prefix(count))
        }
        if random.chance(70) { changeSettings(&configuration.settings) }
        return configuration
    }

    private mutating func category() -> MarketConfiguration.Category {
        var category = random.pick([
            SmallWorld.homeOwner, SmallWorld.whiteCollar, SmallWorld.everybody,
        ])
        if random.chance(40) {
            category.ladder = random.pick([
                PriceLadder(minutes: [(5, 5_000), (40, 3_500), (100, 900)]),
                PriceLadder(minutes: [(3, 2_000), (20, 2_600), (50, 1_000)]),
                PriceLadder(minutes: [(15, 1_200)]), PriceLadder(minutes: [(60, 0)]),
            ])
        }
        if random.chance(30) {
            category.exclusivity = random.pick([nil, .minutes(1), .minutes(10), .minutes(60)])
        }
        if random.chance(20) { category.splits = random.pick([[], [("agent", 9_999)]]) }
        if random.chance(20) {
            category.qualification = FilterSpecification([("region", .anyOf(["33"]))])
        }
        category.retired = random.chance(12)
        addGates(to: &category)
        return category
    }

    private mutating func breakAttributes(_ configuration: inout MarketConfiguration) {
        let low = AttributeKind.integer(unit: "yuan", minimum: 0, maximum: 40_000)
        let upsideDown = AttributeKind.integer(unit: "", minimum: 1, maximum: 0)
        configuration.attributes += random.pick([
            [Attribute(name: "monthlyIncome", kind: low)],
            [Attribute(name: "ownsHouse", kind: low)],
            [Attribute(name: "region", kind: .region(lengths: [4]))],
            [Attribute(name: "employment", kind: .choice(words: ["salaried"]))],
            [Attribute(name: "age", kind: upsideDown)],
            [Attribute(name: "ownsCar", kind: .flag), Attribute(name: "ownsCar", kind: .flag)],
            (0..<62).map { number in
                Attribute(name: Name("extra\(number)") ?? "extra", kind: .flag)
            },
        ])
    }

    private mutating func breakCategories(_ configuration: inout MarketConfiguration) {
        var category = category()
        let long = String(repeating: "x", count: 129)
        switch random.below(15) {
        case 0: category.title = long
        case 1: category.splits = [("nobody", 100)]
        case 2: category.splits = [("agent", 0)]
        case 3: category.splits = [("agent", 6_000), ("platform", 4_001)]
        case 4: category.splits = [("agent", 1), ("agent", 1)]
        case 5: category.exclusivity = Timespan(microseconds: 0)
        case 6: category.qualification = FilterSpecification([("shoeSize", .flag(true))])
        case 7: category.qualification = FilterSpecification([("region", .flag(true))])
        case 8: category.rank = [.premium, .gradeFit, .premium]
        case 9: category.gates.namedConsent = Timespan(microseconds: 0)
        case 10: category.gates.acceptance = .days(36_501)
        case 11: category.returns.window = Timespan(microseconds: -1)
        case 12: category.returns.automaticShare = random.pick([-1, 10_001])
        case 13: category.returns.automaticSpan = random.pick([0, 201])
        default: configuration.categories.append(category)
        }
        configuration.categories.append(category)
    }

    private mutating func breakOthers(_ configuration: inout MarketConfiguration) {
        let long = String(repeating: "x", count: 129)
        let free = ChannelPayout.fixed(.zero)
        let sound = ChannelDefinition(title: "Search", payout: free)
        func channel(_ definition: ChannelDefinition) {
            configuration.channels = [("search", definition)]
        }
        switch random.below(10) {
        case 0: configuration.payees.append(("agent", long))
        case 1: configuration.payees += [("agent", "A"), ("agent", "A")]
        case 2: channel(ChannelDefinition(title: long, payout: free))
        case 3: channel(ChannelDefinition(title: "", payout: .fixed(Money(fen: -1))))
        case 4: configuration.channels += [("search", sound), ("search", sound)]
        case 5: channel(ChannelDefinition(title: "", payout: .share(basisPoints: 10_001)))
        case 6: channel(ChannelDefinition(title: "", payout: free, dailyCap: -1))
        default: breakSettings(&configuration.settings)
        }
    }
}
