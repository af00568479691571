import MarketCore
import MarketTestSupport
import Testing

/// Applying configurations (R1.1, R2.2, R12.2).
struct ConfigurationTests {
    @Test
    func `what is as it was is no change`() throws {
        var market = try TestMarket()
        let before = market.market.encodeState()
        #expect(try market.give(.applyConfiguration(SmallWorld.configuration)) == [])
        #expect(try market.give(.applyConfiguration(MarketConfiguration())) == [])
        #expect(market.market.encodeState() == before)
    }

    @Test
    func `a change lists what differs and nothing else`() throws {
        var market = try TestMarket()
        var configuration = SmallWorld.configuration
        configuration.channels[1].definition.payout = .fixed(Money(fen: 501))
        configuration.categories[2].retired = true
        configuration.settings.duplicateWindow = .minutes(21)
        let events = try market.give(.applyConfiguration(configuration))
        guard events.count == 1, case .configurationApplied(let change) = events[0] else {
            Issue.record("not applied")
            return
        }
        #expect(change.attributes == [])
        #expect(change.payees == [])
        #expect(change.channels.map(\.name) == ["video"])
        #expect(change.categories.map(\.name) == ["everybody"])
        #expect(change.settings?.duplicateWindow == .minutes(21))
        #expect(change.settings?.phonePattern == .chineseMobile)
    }

    @Test(.rules("R2.2"))
    func `a redefinition is a new version, absence changes nothing`() throws {
        var market = try TestMarket()
        var configuration = MarketConfiguration()
        var category = SmallWorld.homeOwner
        category.title = "Home owners"
        configuration.categories = [category]
        try market.give(.applyConfiguration(configuration))
        #expect(market.market.categories.map(\.version) == [2, 1, 1])
        #expect(market.market.categories[0].versions.map(\.title) == ["有房一族", "Home owners"])
    }

    @Test(.rules("R1.1"))
    func `attributes are added and widened`() throws {
        var market = try TestMarket()
        var configuration = MarketConfiguration()
        configuration.attributes = [
            Attribute(name: "region", kind: .region(lengths: [2, 4, 6])),
            Attribute(name: "employment", kind: .choice(words: SmallWorld.employments + ["none"])),
            Attribute(
                name: "monthlyIncome", kind: .integer(unit: "yuan", minimum: -1, maximum: 60_000)),
            Attribute(name: "ownsCar", kind: .flag),
        ]
        try market.give(.applyConfiguration(configuration))
        #expect(market.market.schema.attributes.count == 5)
        #expect(market.market.schema.number(of: "ownsCar") == AttributeNumber(4))
        #expect(market.market.schema.number(of: "region") == SmallWorld.Number.region)
    }

    @Test
    func `a part may use what an earlier part defines`() throws {
        var market = try TestMarket()
        var configuration = MarketConfiguration()
        configuration.attributes = [Attribute(name: "ownsCar", kind: .flag)]
        configuration.payees = [("garage", "Garage")]
        configuration.categories = [
            MarketConfiguration.Category(
                name: "carOwner", title: "", qualification: Self.filter("ownsCar", .flag(true)),
                ladder: PriceLadder(minutes: [(1, 1)]), splits: [("garage", 10_000)])
        ]
        configuration.settings.categoryOrder = ["carOwner"]
        try market.give(.applyConfiguration(configuration))
        #expect(market.market.triedCategories.first == CategoryNumber(3))
        #expect(market.market.categories[3].definition.splits.first?.payee == PayeeNumber(2))
    }

    /// A configuration that does not fit, and why.
    struct FaultRow: Sendable, CustomTestStringConvertible {
        let path: String
        let reason: ConfigurationFault.Reason
        let change: @Sendable (inout MarketConfiguration) -> Void

        var testDescription: String { "\(path): \(reason)" }

        init(
            _ path: String, _ reason: ConfigurationFault.Reason,
            _ change: @escaping @Sendable (inout MarketConfiguration) -> Void
        ) {
            self.path = path
            self.reason = reason
            self.change = change
        }
    }

    private static let long = String(repeating: "x", count: 129)

    private static func filter(
        _ attribute: String, _ test: FilterSpecification.Test
    ) -> FilterSpecification {
        FilterSpecification([(attribute, test)])
    }

    private static func attribute(
        _ name: Name, _ reason: ConfigurationFault.Reason, _ kind: AttributeKind
    ) -> FaultRow {
        FaultRow("attributes.\(name)", reason) {
            $0.attributes = [Attribute(name: name, kind: kind)]
        }
    }

    private static func category(
        _ part: String, _ reason: ConfigurationFault.Reason,
        _ change: @escaping @Sendable (inout MarketConfiguration.Category) -> Void
    ) -> FaultRow {
        FaultRow("categories.homeOwner.\(part)", reason) { configuration in
            var category = SmallWorld.homeOwner
            change(&category)
            configuration.categories = [category]
        }
    }

    static let faults =
        attributeFaults + categoryFaults + settingFaults + tierFaults + gradeFaults + [
            FaultRow("payees.agent", .repeated) { $0.payees = [("agent", "A"), ("agent", "B")] },
            FaultRow("payees.agent.title", .titleTooLong) { $0.payees = [("agent", long)] },
            FaultRow("channels.search", .repeated) { configuration in
                let definition = ChannelDefinition(title: "", payout: .fixed(.zero))
                configuration.channels = [("search", definition), ("search", definition)]
            },
            FaultRow("channels.search.title", .titleTooLong) {
                $0.channels = [
                    ("search", ChannelDefinition(title: long, payout: .fixed(Money(fen: -1))))
                ]
            },
            FaultRow("channels.search.payoutFen", .outOfRange) {
                $0.channels = [
                    ("search", ChannelDefinition(title: "", payout: .fixed(Money(fen: -1))))
                ]
            },
            FaultRow("channels.search.payoutFen", .outOfRange) {
                let payout = ChannelDefinition.maximumPayout + Money(fen: 1)
                $0.channels = [("search", ChannelDefinition(title: "", payout: .fixed(payout)))]
            },
            FaultRow("channels.search.payoutBasisPoints", .outOfRange) {
                let payout = ChannelPayout.share(basisPoints: 10_001)
                $0.channels = [("search", ChannelDefinition(title: "", payout: payout))]
            },
            FaultRow("channels.search.payoutBasisPoints", .outOfRange) {
                let payout = ChannelPayout.share(basisPoints: -1)
                $0.channels = [("search", ChannelDefinition(title: "", payout: payout))]
            },
            FaultRow("channels.search.dailyCap", .outOfRange) {
                let payout = ChannelPayout.fixed(.zero)
                $0.channels = [
                    ("search", ChannelDefinition(title: "", payout: payout, dailyCap: -1))
                ]
            },
        ]

    private static let settingFaults = [
        FaultRow("settings.duplicateWindow", .outOfRange) {
            $0.settings.duplicateWindow = Timespan(microseconds: -1)
        },
        FaultRow("settings.categoryOrder.everybody", .repeated) {
            $0.settings.categoryOrder = ["everybody", "everybody"]
        },
        FaultRow("settings.categoryOrder.nothing", .unknownName) {
            $0.settings.categoryOrder = ["everybody", "nothing"]
        },
        FaultRow("settings.pingTimeout", .outOfRange) {
            $0.settings.pingTimeout = Timespan(microseconds: 0)
        },
        FaultRow("settings.pingTimeout", .outOfRange) { $0.settings.pingTimeout = .days(36_501) },
        FaultRow("settings.qualitySpan", .outOfRange) { $0.settings.qualitySpan = 0 },
        FaultRow("settings.qualitySpan", .outOfRange) {
            $0.settings.qualitySpan = QualityWindow.maximumLength + 1
        },
        FaultRow("settings.qualityLimit", .outOfRange) { $0.settings.qualityLimit = -1 },
        FaultRow("settings.qualityLimit", .outOfRange) { $0.settings.qualityLimit = 10_001 },
    ]

    /// A change of the tier rules, in a configuration whose tier attribute and rules are sound.
    private static func tiers(
        _ part: String, _ reason: ConfigurationFault.Reason,
        _ change: @escaping @Sendable (inout MarketConfiguration.TierRules) -> Void
    ) -> FaultRow {
        FaultRow("settings.tierRules\(part)", reason) { configuration in
            configuration.attributes = [
                Attribute(name: "tier", kind: .choice(words: ["a", "b", "c"]))
            ]
            configuration.settings.tierAttribute = "tier"
            var rules = MarketConfiguration.TierRules(
                rules: [rule("ownsHouse", .flag(true))], firstTierFrom: 2, secondTierFrom: 1)
            change(&rules)
            configuration.settings.tierRules = .set(rules)
        }
    }

    private static func rule(
        _ attribute: String, _ test: FilterSpecification.Test, points: Int = 1
    ) -> MarketConfiguration.TierRules.Rule {
        .init(aspect: .ability, filter: filter(attribute, test), points: points)
    }

    private static let tierFaults = [
        FaultRow("settings.tierAttribute", .unknownName) { $0.settings.tierAttribute = "shoeSize" },
        FaultRow("settings.tierAttribute", .invalidTierAttribute) {
            $0.settings.tierAttribute = "ownsHouse"
        },
        FaultRow("settings.tierAttribute", .invalidTierAttribute) {
            $0.attributes = [Attribute(name: "tier", kind: .choice(words: ["a", "b"]))]
            $0.settings.tierAttribute = "tier"
        },
        FaultRow("settings.tierRules", .invalidTierAttribute) {
            $0.settings.tierRules = .set(
                .init(
                    rules: [rule("ownsHouse", .flag(true))], firstTierFrom: 2, secondTierFrom: 1))
        },
        tiers("", .invalidTierRules) { $0.rules = [] },
        tiers("", .invalidTierRules) { rules in
            rules.rules = Array(repeating: rules.rules[0], count: 65)
        },
        tiers("", .invalidTierRules) { $0.firstTierFrom = 0 },
        tiers(".rules.1.points", .outOfRange) {
            $0.rules.append(rule("ownsHouse", .flag(true), points: 1_001))
        },
        tiers(".rules.1.points", .outOfRange) {
            $0.rules.append(rule("ownsHouse", .flag(true), points: -1_001))
        },
        tiers(
            ".rules.1.filter",
            .invalidFilter(FilterFault(attribute: "shoeSize", reason: .unknownAttribute))
        ) { $0.rules.append(rule("shoeSize", .flag(true))) },
        tiers(".rules.1.filter", .invalidTierAttribute) {
            $0.rules.append(rule("tier", .anyOf(["a"])))
        },
    ]

    /// A change of sound grade rules.
    private static func grades(
        _ part: String, _ change: @escaping @Sendable (inout GradeRules) -> Void
    ) -> FaultRow {
        FaultRow("settings.gradeRules.\(part)", .outOfRange) { configuration in
            let thresholds = GradeRules.Thresholds(connection: 0, discipline: 0, approval: 10_000)
            var rules = GradeRules(window: 1, elite: thresholds, standard: thresholds)
            change(&rules)
            configuration.settings.gradeRules = .set(rules)
        }
    }

    private static let gradeFaults = [
        grades("window") { $0.window = 0 },
        grades("window") { $0.window = AdvisorRecord.length + 1 },
        grades("elite.connection") { $0.elite.connection = 10_001 },
        grades("elite.discipline") { $0.elite.discipline = -1 },
        grades("elite.approval") { $0.elite.approval = 10_001 },
        grades("standard.connection") { $0.standard.connection = -1 },
        grades("standard.discipline") { $0.standard.discipline = 10_001 },
        grades("standard.approval") { $0.standard.approval = -1 },
    ]

    private static let attributeFaults = [
        FaultRow("attributes.age", .repeated) {
            $0.attributes = [
                Attribute(name: "age", kind: .flag), Attribute(name: "age", kind: .flag),
            ]
        },
        attribute("age", .invalidAttribute, .integer(unit: "", minimum: 1, maximum: 0)),
        attribute("age", .invalidAttribute, .integer(unit: long, minimum: 0, maximum: 0)),
        attribute("age", .invalidAttribute, .choice(words: [])),
        attribute("age", .invalidAttribute, .choice(words: ["a", "a"])),
        attribute("age", .invalidAttribute, .choice(words: [""])),
        attribute("age", .invalidAttribute, .region(lengths: [])),
        attribute("age", .invalidAttribute, .region(lengths: [4, 2])),
        attribute("age", .invalidAttribute, .region(lengths: [13])),
        attribute("region", .attributeNarrowed, .region(lengths: [2])),
        attribute("employment", .attributeNarrowed, .choice(words: ["salaried"])),
        attribute(
            "employment", .attributeNarrowed, .choice(words: SmallWorld.employments.reversed())),
        attribute(
            "monthlyIncome", .attributeNarrowed, .integer(unit: "yuan", minimum: 1, maximum: 50_000)
        ),
        attribute(
            "monthlyIncome", .attributeKindChanged,
            .integer(unit: "fen", minimum: 0, maximum: 50_000)),
        attribute("ownsHouse", .attributeKindChanged, .choice(words: ["yes", "no"])),
        FaultRow("attributes.extra60", .tooManyAttributes) { configuration in
            configuration.attributes = (0..<62).map { number in
                Attribute(name: Name("extra\(number)") ?? "extra", kind: .flag)
            }
        },
    ]

    private static let categoryFaults = [
        FaultRow("categories.homeOwner", .repeated) {
            $0.categories = [SmallWorld.homeOwner, SmallWorld.homeOwner]
        },
        category("title", .titleTooLong) { $0.title = long },
        category(
            "qualification",
            .invalidFilter(FilterFault(attribute: "shoeSize", reason: .unknownAttribute))
        ) { $0.qualification = filter("shoeSize", .flag(true)) },
        category("exclusivity", .outOfRange) { $0.exclusivity = Timespan(microseconds: 0) },
        category("exclusivity", .outOfRange) { $0.exclusivity = .days(36_501) },
        category("splits.nobody", .unknownName) { $0.splits = [("nobody", 1)] },
        category("splits.agent", .invalidSplit) { $0.splits = [("agent", 0)] },
        category("splits.agent", .invalidSplit) { $0.splits = [("agent", 10_001)] },
        category("splits.agent", .invalidSplit) { $0.splits = [("agent", 1), ("agent", 1)] },
        category("splits", .invalidSplit) { $0.splits = [("agent", 5_001), ("platform", 5_000)] },
        category("rank", .repeated) { $0.rank = [.premium, .priority, .premium] },
        category("gates.namedConsent", .outOfRange) {
            $0.gates.namedConsent = Timespan(microseconds: 0)
        },
        category("gates.namedConsent", .outOfRange) { $0.gates.namedConsent = .days(36_501) },
        category("gates.acceptance", .outOfRange) {
            $0.gates.acceptance = Timespan(microseconds: 0)
        },
        category("gates.acceptance", .outOfRange) { $0.gates.acceptance = .days(36_501) },
        category("returns.window", .outOfRange) {
            $0.returns.window = Timespan(microseconds: -1)
        },
        category("returns.window", .outOfRange) { $0.returns.window = .days(36_501) },
        category("returns.automaticShare", .outOfRange) { $0.returns.automaticShare = -1 },
        category("returns.automaticShare", .outOfRange) { $0.returns.automaticShare = 10_001 },
        category("returns.automaticSpan", .outOfRange) { $0.returns.automaticSpan = 0 },
        category("returns.automaticSpan", .outOfRange) {
            $0.returns.automaticSpan = AdvisorRecord.length + 1
        },
    ]

    @Test(.rules("R1.1", "R2.1"), arguments: faults)
    func `a configuration that does not fit is refused whole`(row: FaultRow) throws {
        var market = try TestMarket()
        var configuration = MarketConfiguration()
        configuration.settings.duplicateWindow = .minutes(99)
        row.change(&configuration)
        let before = market.market.encodeState()
        let fault = ConfigurationFault(path: row.path, reason: row.reason)
        #expect(throws: Rejection.invalidConfiguration(fault)) {
            try market.give(.applyConfiguration(configuration))
        }
        #expect(market.market.encodeState() == before)
    }

    @Test(.rules("R2.1", "R10.2", "R9.4", "R3.2"))
    func `what is just within its bounds is taken`() throws {
        var market = try TestMarket()
        var configuration = MarketConfiguration()
        var category = SmallWorld.homeOwner
        category.gates = Gates(namedConsent: .microsecond, acceptance: .maximum)
        category.returns = ReturnPolicy(
            window: Timespan(microseconds: 0), automaticShare: 10_000,
            automaticSpan: AdvisorRecord.length)
        configuration.categories = [category]
        configuration.settings.pingTimeout = .microsecond
        configuration.settings.qualitySpan = QualityWindow.maximumLength
        configuration.settings.qualityLimit = 0
        let most = GradeRules.Thresholds(connection: 10_000, discipline: 10_000, approval: 10_000)
        configuration.settings.gradeRules = .set(
            GradeRules(window: AdvisorRecord.length, elite: most, standard: most))
        configuration.attributes = [
            Attribute(name: "tier", kind: .choice(words: ["a", "b", "c"]))
        ]
        configuration.settings.tierAttribute = "tier"
        let rule = Self.rule("ownsHouse", .flag(true), points: -1_000)
        configuration.settings.tierRules = .set(
            .init(
                rules: Array(repeating: rule, count: TierRules.maximumRules), firstTierFrom: 0,
                secondTierFrom: 0))
        try market.give(.applyConfiguration(configuration))
        let settings = market.market.settings
        #expect(market.market.categories[0].definition.gates == category.gates)
        #expect(market.market.categories[0].definition.returns == category.returns)
        #expect(settings.pingTimeout == .microsecond)
        #expect(settings.qualitySpan == QualityWindow.maximumLength)
        #expect(settings.qualityLimit == 0)
        #expect(settings.gradeRules?.window == AdvisorRecord.length)
        #expect(settings.tierAttribute == AttributeNumber(4))
        #expect(settings.tierRules?.rules.count == TierRules.maximumRules)
        // What is not named stays, what is set to nothing goes.
        var end = MarketConfiguration()
        end.settings.gradeRules = .set(nil)
        try market.give(.applyConfiguration(end))
        #expect(market.market.settings.gradeRules == nil)
        #expect(market.market.settings.tierRules == settings.tierRules)
    }

    @Test(.rules("R1.5"))
    func `a new tier attribute that the rules in force test is refused`() throws {
        var market = try TestMarket()
        var configuration = MarketConfiguration()
        configuration.attributes = ["tier", "class"].map {
            Attribute(name: $0, kind: .choice(words: ["a", "b", "c"]))
        }
        configuration.settings.tierAttribute = "tier"
        configuration.settings.tierRules = .set(
            .init(
                rules: [Self.rule("class", .anyOf(["a"]))], firstTierFrom: 1, secondTierFrom: 1))
        try market.give(.applyConfiguration(configuration))
        var renamed = MarketConfiguration()
        renamed.settings.tierAttribute = "class"
        let fault = ConfigurationFault(
            path: "settings.tierRules.rules.0.filter", reason: .invalidTierAttribute)
        #expect(throws: Rejection.invalidConfiguration(fault)) {
            try market.give(.applyConfiguration(renamed))
        }
    }
}
