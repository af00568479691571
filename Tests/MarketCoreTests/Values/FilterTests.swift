import MarketCore
import MarketTestSupport
import Testing

/// Filters and their resolution (R1.3, R1.4).
struct FilterTests {
    /// The schema of the small world.
    private func schema() throws -> AttributeSchema { try TestMarket().market.schema }

    private func filter(
        _ conditions: [(attribute: String, test: FilterSpecification.Test)]
    ) throws -> Filter {
        try schema().filter(FilterSpecification(conditions))
    }

    private func attributes(
        region: String? = nil, ownsHouse: Bool? = nil, income: Int64? = nil,
        employment: Int64? = nil
    ) -> Attributes {
        var attributes = Attributes()
        attributes[SmallWorld.Number.region] = region.map { RegionCode(known: $0).rawValue }
        attributes[SmallWorld.Number.ownsHouse] = ownsHouse.map { $0 ? 1 : 0 }
        attributes[SmallWorld.Number.monthlyIncome] = income
        attributes[SmallWorld.Number.employment] = employment
        return attributes
    }

    @Test(.rules("R1.4"))
    func `an empty filter accepts everything`() throws {
        #expect(try filter([]) == .everything)
        #expect(Filter.everything.accepts(Attributes()))
    }

    @Test(.rules("R1.3"))
    func `a predicate on an absent attribute is false`() throws {
        let open = FilterSpecification.Test.range(minimum: 0, maximum: nil)
        for (name, test) in [
            ("region", .anyOf(["33"])), ("ownsHouse", .flag(false)), ("monthlyIncome", open),
            ("employment", .anyOf(SmallWorld.employments)),
        ] as [(String, FilterSpecification.Test)] {
            #expect(try !filter([(name, test)]).accepts(Attributes()))
        }
    }

    @Test(.rules("R1.4"))
    func `ranges include their ends`() throws {
        let range = try filter([("monthlyIncome", .range(minimum: 100, maximum: 200))])
        let accepted = [99, 100, 200, 201].map { range.accepts(attributes(income: $0)) }
        #expect(accepted == [false, true, true, false])
        let from = try filter([("monthlyIncome", .range(minimum: 100, maximum: nil))])
        #expect(
            [99, 100, 50_000].map { from.accepts(attributes(income: $0)) } == [false, true, true])
        let upTo = try filter([("monthlyIncome", .range(minimum: nil, maximum: 100))])
        #expect([0, 100, 101].map { upTo.accepts(attributes(income: $0)) } == [true, true, false])
    }

    @Test(.rules("R1.1", "R1.4"))
    func `a region lies under itself and its prefixes`() throws {
        let filter = try filter([("region", .anyOf(["33", "3101"]))])
        let accepted = ["33", "3301", "3302", "31", "3101"].map {
            filter.accepts(attributes(region: $0))
        }
        #expect(accepted == [true, true, true, false, true])
    }

    @Test(.rules("R1.4"))
    func `a conjunction needs every predicate`() throws {
        let both = try filter([
            ("employment", .anyOf(["selfEmployed", "salaried"])), ("ownsHouse", .flag(true)),
        ])
        #expect(both.predicates.map(\.attribute) == [AttributeNumber(1), AttributeNumber(3)])
        #expect(both.accepts(attributes(ownsHouse: true, employment: 2)))
        #expect(!both.accepts(attributes(ownsHouse: false, employment: 2)))
        #expect(!both.accepts(attributes(ownsHouse: true, employment: 1)))
    }

    @Test
    func `words in any order and twice are one filter`() throws {
        let left = try filter([("employment", .anyOf(["selfEmployed", "salaried", "salaried"]))])
        let right = try filter([("employment", .anyOf(["salaried", "selfEmployed"]))])
        #expect(left == right)
        let specification = try schema().specification(of: left)
        #expect(specification.conditions.map(\.attribute) == ["employment"])
        #expect(try schema().filter(specification) == left)
    }

    static let faults: [(String, FilterSpecification.Test, FilterFault.Reason)] = [
        ("shoeSize", .flag(true), .unknownAttribute),
        ("", .flag(true), .unknownAttribute),
        ("ownsHouse", .range(minimum: 0, maximum: 1), .wrongKind),
        ("monthlyIncome", .flag(true), .wrongKind),
        ("monthlyIncome", .anyOf(["1"]), .wrongKind),
        ("region", .flag(true), .wrongKind),
        ("monthlyIncome", .range(minimum: nil, maximum: nil), .rangeOutOfBounds),
        ("monthlyIncome", .range(minimum: 2, maximum: 1), .rangeOutOfBounds),
        ("monthlyIncome", .range(minimum: -1, maximum: nil), .rangeOutOfBounds),
        ("monthlyIncome", .range(minimum: nil, maximum: 50_001), .rangeOutOfBounds),
        ("employment", .anyOf(["retired"]), .unknownChoice),
        ("employment", .anyOf([]), .invalidSetSize),
        ("region", .anyOf([]), .invalidSetSize),
        ("region", .anyOf(Array(repeating: "33", count: 1_025)), .invalidSetSize),
        ("region", .anyOf(["330"]), .invalidRegion),
        ("region", .anyOf(["3a"]), .invalidRegion),
    ]

    @Test(arguments: faults)
    func `a condition that does not fit the schema is named`(
        attribute: String, test: FilterSpecification.Test, reason: FilterFault.Reason
    ) throws {
        let schema = try schema()
        #expect(throws: FilterFault(attribute: attribute, reason: reason)) {
            try schema.filter(FilterSpecification([(attribute, test)]))
        }
    }

    @Test(.rules("R1.4"))
    func `an attribute is named once and at most 32 are`() throws {
        var market = try TestMarket()
        var configuration = MarketConfiguration()
        let names = (0..<33).map { "flag\($0)" }
        configuration.attributes = names.compactMap(Name.init(_:)).map {
            Attribute(name: $0, kind: .flag)
        }
        try market.give(.applyConfiguration(configuration))
        let schema = market.market.schema
        let conditions = names.map { (attribute: $0, test: FilterSpecification.Test.flag(true)) }
        #expect(throws: FilterFault(attribute: "flag32", reason: .tooManyPredicates)) {
            try schema.filter(FilterSpecification(conditions))
        }
        #expect(throws: FilterFault(attribute: "flag0", reason: .repeatedAttribute)) {
            try schema.filter(FilterSpecification([conditions[0], conditions[0]]))
        }
        let largest = try schema.filter(FilterSpecification(Array(conditions.dropLast())))
        #expect(largest.predicates.count == 32)
    }

    @Test
    func `words become values and values words`() throws {
        let schema = try schema()
        let pairs: [(AttributeWord, AttributeNumber, Int64?)] = [
            (.flag(true), SmallWorld.Number.ownsHouse, 1),
            (.flag(false), SmallWorld.Number.ownsHouse, 0),
            (.integer(50_000), SmallWorld.Number.monthlyIncome, 50_000),
            (.integer(50_001), SmallWorld.Number.monthlyIncome, nil),
            (.integer(-1), SmallWorld.Number.monthlyIncome, nil),
            (.text("civilServant"), SmallWorld.Number.employment, 1),
            (.text("retired"), SmallWorld.Number.employment, nil),
            (.text("3301"), SmallWorld.Number.region, RegionCode(known: "3301").rawValue),
            (.text("330"), SmallWorld.Number.region, nil),
            (.flag(true), SmallWorld.Number.region, nil),
            (.text("33"), SmallWorld.Number.ownsHouse, nil),
        ]
        for (word, number, value) in pairs {
            #expect(schema.value(word, for: number) == value)
            if let value { #expect(schema.word(value, for: number) == word) }
        }
    }
}
