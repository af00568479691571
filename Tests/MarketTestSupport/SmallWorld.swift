public import MarketCore

/// A world so small that people, advisors and orders keep running into each other.
public enum SmallWorld {
    /// Three categories.
    public static let categories: [Name] = ["homeOwner", "whiteCollar", "everybody"]
    /// Three channels.
    public static let channels: [Name] = ["search", "video", "partner"]
    /// Two payees.
    public static let payees: [Name] = ["platform", "agent"]
    /// Six advisors.
    public static let advisors: [Name] = ["chen", "liu", "wang", "zhao", "sun", "li"]
    /// Where the advisors work.
    public static let institutions = ["bankOne", "bankTwo", "lenderThree"]
    /// Five regions, two of them under others.
    public static let regions = ["33", "3301", "3302", "31", "3101"]
    /// The words of `employment`.
    public static let employments = ["salaried", "civilServant", "selfEmployed"]
    /// How many people there are at a time.
    public static let personCount = 12
    /// When the market is made: 2026-01-01T00:00:00Z.
    public static let beginning = Timestamp(microseconds: 1_767_225_600_000_000)

    /// The attributes, numbered as in ``Number``.
    public static let attributes: [Attribute] = [
        Attribute(name: "region", kind: .region(lengths: [2, 4])),
        Attribute(name: "ownsHouse", kind: .flag),
        Attribute(
            name: "monthlyIncome", kind: .integer(unit: "yuan", minimum: 0, maximum: 50_000)),
        Attribute(name: "employment", kind: .choice(words: employments)),
    ]

    /// The numbers of ``attributes``.
    public enum Number {
        /// A region of two or four digits.
        public static let region = AttributeNumber(0)
        /// A flag.
        public static let ownsHouse = AttributeNumber(1)
        /// 0...50,000 yuan.
        public static let monthlyIncome = AttributeNumber(2)
        /// One of three words.
        public static let employment = AttributeNumber(3)
    }

    /// What the market is founded with.
    public static func foundation(clock: ClockKind = .supplied) -> MarketFoundation {
        MarketFoundation(
            rulesVersion: Market.rulesVersion, clock: clock,
            secretFingerprint: Bytes16(high: 7, low: 7))
    }

    /// Three categories, channels and two payees.
    public static var configuration: MarketConfiguration {
        var configuration = MarketConfiguration()
        configuration.attributes = attributes
        configuration.payees = [("platform", "Platform"), ("agent", "Agent")]
        configuration.channels = [
            ("search", ChannelDefinition(title: "Search", payout: .fixed(Money(fen: 900)))),
            ("video", ChannelDefinition(title: "Video", payout: .fixed(Money(fen: 500)))),
            ("partner", ChannelDefinition(title: "Partner", payout: .fixed(.zero))),
        ]
        configuration.categories = [homeOwner, whiteCollar, everybody]
        configuration.settings.duplicateWindow = .minutes(20)
        return configuration
    }

    /// House owners: the dearest, three rungs, bound for 40 minutes.
    public static var homeOwner: MarketConfiguration.Category {
        MarketConfiguration.Category(
            name: "homeOwner", title: "有房一族",
            qualification: FilterSpecification([("ownsHouse", .flag(true))]),
            ladder: PriceLadder(minutes: [(5, 6_000), (30, 4_000), (90, 2_500)]),
            exclusivity: .minutes(40), splits: [("platform", 500), ("agent", 333)])
    }

    /// The salaried: two rungs, bound for good.
    public static var whiteCollar: MarketConfiguration.Category {
        MarketConfiguration.Category(
            name: "whiteCollar", title: "白领一族",
            qualification: FilterSpecification([
                ("employment", .anyOf(["salaried", "civilServant"]))
            ]),
            ladder: PriceLadder(minutes: [(10, 3_000), (60, 1_500)]),
            exclusivity: nil, splits: [("platform", 1_000)])
    }

    /// Whoever earns something: cheap, one rung, bound for 25 minutes.
    public static var everybody: MarketConfiguration.Category {
        MarketConfiguration.Category(
            name: "everybody", title: "Everybody",
            qualification: FilterSpecification([
                ("monthlyIncome", .range(minimum: 1_000, maximum: nil))
            ]),
            ladder: PriceLadder(minutes: [(45, 800)]), exclusivity: .minutes(25))
    }
}
