import MarketCore

/// The market that `deploy/market.yaml` describes, as far as leads and orders go: a test holds the two
/// together.
enum ShippedMarket {
    /// The whole configuration.
    static var configuration: MarketConfiguration {
        var configuration = MarketConfiguration()
        configuration.attributes = attributes
        configuration.categories = categories
        configuration.channels = channels
        configuration.payees = [(name("land-registry"), "不动产核验")]
        configuration.settings = settings
        return configuration
    }

    /// A name that is known to be well-formed.
    static func name(_ text: String) -> Name {
        guard let name = Name(text) else { preconditionFailure("\(text) is no name") }
        return name
    }

    private static var attributes: [Attribute] {
        func attribute(_ text: String, _ kind: AttributeKind) -> Attribute {
            Attribute(name: name(text), kind: kind)
        }
        func yuan(_ text: String, most: Int64 = 10_000_000) -> Attribute {
            attribute(text, .integer(unit: "yuan", minimum: 0, maximum: most))
        }
        return [
            attribute("region", .region(lengths: [2, 4, 6])),
            attribute("age", .integer(unit: "year", minimum: 18, maximum: 70)),
            yuan("monthlyIncome"), yuan("loanAmount", most: 100_000_000),
            attribute("loanTermMonths", .integer(unit: "month", minimum: 1, maximum: 360)),
            yuan("existingInstalment"), yuan("creditCardLimit"),
            attribute("employment", .choice(words: SyntheticLeads.employmentWords)),
            attribute("ownsHouse", .flag), attribute("ownsCar", .flag),
            attribute("socialInsurance", .flag), attribute("providentFund", .flag),
            attribute("payrollCard", .flag), attribute("lifePolicy", .flag),
            attribute("businessLicence", .flag), attribute("overdue", .flag),
            attribute("scenario", .choice(words: SyntheticLeads.scenarioWords)),
            attribute("tier", .choice(words: ["A", "B", "C"])),
        ]
    }

    private static var channels: [(name: Name, definition: ChannelDefinition)] {
        func fixed(_ title: String, _ fen: Int64) -> ChannelDefinition {
            ChannelDefinition(title: title, payout: .fixed(Money(fen: fen)))
        }
        return [
            (name("direct"), fixed("自有渠道", 0)), (name("partner-a"), fixed("合作渠道甲", 700)),
            (name("partner-b"), fixed("合作渠道乙", 500)),
            (
                name("partner-c"),
                ChannelDefinition(title: "合作渠道丙", payout: .share(basisPoints: 2_000), dailyCap: 60)
            ),
            (
                name("exchange"),
                ChannelDefinition(title: "流量交易所", payout: .share(basisPoints: 3_000))
            ),
            (
                name("sandbox"),
                ChannelDefinition(title: "联调测试", payout: .fixed(.zero), isTest: true)
            ),
        ]
    }

    private static var settings: MarketConfiguration.Settings {
        var settings = MarketConfiguration.Settings()
        settings.duplicateWindow = .days(30)
        settings.phonePattern = .chineseMobile
        settings.categoryOrder = SyntheticOrders.categoryNames.map { name($0) }
        settings.pingTimeout = .minutes(3)
        settings.qualitySpan = 200
        settings.qualityLimit = 4_000
        settings.tierAttribute = name("tier")
        settings.tierRules = .set(tierRules)
        settings.gradeRules = .set(
            GradeRules(
                window: 40,
                elite: GradeRules.Thresholds(connection: 6_500, discipline: 7_500, approval: 100),
                standard: GradeRules.Thresholds(connection: 5_000, discipline: 5_000, approval: 0)))
        return settings
    }

    private static var tierRules: MarketConfiguration.TierRules {
        typealias Rule = MarketConfiguration.TierRules.Rule
        func rule(
            _ aspect: TierRules.Aspect, _ attribute: String, _ test: FilterSpecification.Test,
            _ points: Int
        ) -> Rule {
            Rule(aspect: aspect, filter: FilterSpecification([(attribute, test)]), points: points)
        }
        func least(_ minimum: Int64) -> FilterSpecification.Test {
            .range(minimum: minimum, maximum: nil)
        }
        return MarketConfiguration.TierRules(
            rules: [
                rule(.activity, "scenario", .anyOf(["newApplication"]), 15),
                rule(.activity, "scenario", .anyOf(["repeatCustomer"]), 20),
                rule(.activity, "scenario", .anyOf(["lapsed"]), -10),
                rule(.ability, "monthlyIncome", least(8_000), 15),
                rule(.ability, "monthlyIncome", least(15_000), 10),
                rule(.ability, "ownsHouse", .flag(true), 20),
                rule(.ability, "providentFund", .flag(true), 10),
                rule(.ability, "socialInsurance", .flag(true), 5),
                rule(.ability, "existingInstalment", least(5_000), -15),
                rule(.ability, "overdue", .flag(true), -40),
                rule(.willingness, "loanAmount", least(50_000), 10),
                rule(.willingness, "loanTermMonths", least(24), 5),
            ], firstTierFrom: 60, secondTierFrom: 30)
    }
}
