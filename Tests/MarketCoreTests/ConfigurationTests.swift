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
        attributeFaults + categoryFaults + [
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
            FaultRow("settings.duplicateWindow", .outOfRange) {
                $0.settings.duplicateWindow = Timespan(microseconds: -1)
            },
            FaultRow("settings.categoryOrder.everybody", .repeated) {
                $0.settings.categoryOrder = ["everybody", "everybody"]
            },
            FaultRow("settings.categoryOrder.nothing", .unknownName) {
                $0.settings.categoryOrder = ["everybody", "nothing"]
            },
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
    ]

    @Test(arguments: faults)
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
}
