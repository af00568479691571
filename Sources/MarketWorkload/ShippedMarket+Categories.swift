import MarketCore

extension ShippedMarket {
    /// The categories, the dearest first.
    static var categories: [MarketConfiguration.Category] {
        [businessOwner, homeOwner, providentFund, whiteCollar, carOwner, lifePolicy, basic]
    }

    private static var businessOwner: MarketConfiguration.Category {
        MarketConfiguration.Category(
            name: name("businessOwner"), title: "企业主",
            qualification: creditworthy([("businessLicence", .flag(true))]),
            ladder: ladder(8_000, 5_500, 3_500, 1_800),
            rank: [.dedicated, .premium, .gradeFit, .leastRecentlyServed],
            gates: Gates(acceptance: .seconds(60)),
            returns: ReturnPolicy(window: .days(7), automaticShare: 1_500, automaticSpan: 50))
    }

    private static var homeOwner: MarketConfiguration.Category {
        MarketConfiguration.Category(
            name: name("homeOwner"), title: "有房一族",
            qualification: creditworthy([("ownsHouse", .flag(true))]),
            ladder: ladder(6_000, 4_000, 2_500, 1_200), splits: [(name("land-registry"), 300)])
    }

    private static var providentFund: MarketConfiguration.Category {
        MarketConfiguration.Category(
            name: name("providentFund"), title: "公积金一族",
            qualification: creditworthy([("providentFund", .flag(true))]),
            ladder: ladder(5_500, 3_800, 2_200, 1_000))
    }

    private static var whiteCollar: MarketConfiguration.Category {
        MarketConfiguration.Category(
            name: name("whiteCollar"), title: "白领一族",
            qualification: creditworthy([
                ("employment", .anyOf(["employee", "publicServant"])),
                ("payrollCard", .flag(true)),
                ("monthlyIncome", .range(minimum: 5_000, maximum: nil)),
            ]),
            ladder: ladder(5_000, 3_500, 2_000, 1_000),
            rank: [.dedicated, .priority, .gradeFit, .premium, .leastRecentlyServed])
    }

    private static var carOwner: MarketConfiguration.Category {
        MarketConfiguration.Category(
            name: name("carOwner"), title: "有车一族",
            qualification: creditworthy([("ownsCar", .flag(true))]),
            ladder: ladder(4_500, 3_000, 1_800, 900))
    }

    private static var lifePolicy: MarketConfiguration.Category {
        MarketConfiguration.Category(
            name: name("lifePolicy"), title: "保单一族",
            qualification: creditworthy([("lifePolicy", .flag(true))]),
            ladder: ladder(4_000, 2_800, 1_600, 800), gates: Gates(namedConsent: .minutes(10)))
    }

    private static var basic: MarketConfiguration.Category {
        MarketConfiguration.Category(
            name: name("basic"), title: "基础客户",
            qualification: FilterSpecification([
                ("monthlyIncome", .range(minimum: 2_000, maximum: nil))
            ]),
            ladder: ladder(2_500, 1_500, 800), rank: [.dedicated, .leastRecentlyServed],
            returns: ReturnPolicy(window: .hours(48), automaticShare: 1_000, automaticSpan: 50))
    }

    private static func creditworthy(
        _ conditions: [(attribute: String, test: FilterSpecification.Test)]
    ) -> FilterSpecification {
        FilterSpecification(conditions + [("overdue", .flag(false))])
    }

    /// Prices in fen up to five minutes, a day, three days and seven.
    private static func ladder(_ prices: Int64...) -> PriceLadder {
        let ages: [Timespan] = [.minutes(5), .days(1), .days(3), .days(7)]
        let rungs = zip(ages, prices).map {
            PriceLadder.Rung(maximumAge: $0, price: Money(fen: $1))
        }
        guard let ladder = PriceLadder(rungs) else { preconditionFailure("ages ascend") }
        return ladder
    }
}
