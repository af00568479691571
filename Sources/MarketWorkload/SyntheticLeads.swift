import Glibc
package import MarketCore

/// Makes up applications in the attributes of the shipped market (`deploy/market.yaml`).
package struct SyntheticLeads: Sendable {
    /// An attribute's name and what a lead says of it.
    package typealias Declared = (name: String, value: AttributeWord)

    private let regions: SyntheticRegions
    private let years = WeightedChoice(FittedShares.loanYears)
    private let channels = WeightedChoice(FittedShares.channels.map(\.share))
    private let steadyChannels = WeightedChoice(FittedShares.steadyChannels.map(\.share))
    private let employments = WeightedChoice([0.62, 0.09, 0.09, 0.08, 0.07, 0.01, 0.04])
    private let scenarios = WeightedChoice([0.55, 0.12, 0.13, 0.10, 0.07, 0.03])

    static let employmentWords = [
        "employee", "publicServant", "selfEmployed", "businessOwner", "freelance", "retired",
        "other",
    ]
    static let scenarioWords = [
        "newApplication", "registeredNotApplied", "abandonedMidway", "appliedOnce",
        "repeatCustomer", "lapsed",
    ]

    /// Makes up leads of `regions`.
    package init(regions: SyntheticRegions) {
        self.regions = regions
    }

    /// A channel, by its share of the real leads.
    package func channel(using random: inout SplitMix64) -> String {
        FittedShares.channels[channels.index(using: &random)].name
    }

    /// A channel that takes any number of leads, for benchmarks.
    package func steadyChannel(using random: inout SplitMix64) -> String {
        FittedShares.steadyChannels[steadyChannels.index(using: &random)].name
    }

    /// What a lead declares. Flags go with the income: who earns more is likelier to own a house.
    package func declaration(using random: inout SplitMix64) -> [Declared] {
        var declaration: [Declared] = []
        declaration.reserveCapacity(17)
        func add(_ name: String, _ value: AttributeWord) {
            declaration.append((name, value))
        }
        let county = regions.county(using: &random)
        if random.chance(FittedShares.regionDeclared) { add("region", .text(county)) }
        let age =
            18
            + random.logNormal(
                logMedian: FittedShares.ageLogMedian, logSpread: FittedShares.ageLogSpread)
        add("age", .integer(Int64(min(70, age))))

        let wealth = random.normal()
        let incomeLog = FittedShares.incomeLogMedian + FittedShares.incomeLogSpread * wealth
        add("monthlyIncome", amount(exp(incomeLog), step: 100))
        if random.chance(FittedShares.loanDeclared) {
            let loanLog =
                FittedShares.loanLogMean
                + FittedShares.loanIncomeSlope * (incomeLog - FittedShares.loanIncomeLogMean)
                + FittedShares.loanLogResidual * random.normal()
            add("loanAmount", amount(exp(loanLog), step: 1_000))
            add("loanTermMonths", .integer(Int64(12 * (1 + years.index(using: &random)))))
        }
        let pays = random.chance(
            FittedShares.instalmentShare, value: wealth, slope: FittedShares.instalmentSlope)
        let instalment = random.logNormal(
            logMedian: FittedShares.instalmentLogMedian,
            logSpread: FittedShares.instalmentLogSpread)
        add("existingInstalment", pays ? amount(instalment, step: 10) : .integer(0))

        let employment = Self.employmentWords[employments.index(using: &random)]
        add("employment", .text(employment))
        let isEmployed = employment == "employee" || employment == "publicServant"
        let ownsHouse = random.chance(0.33, value: wealth, slope: 0.9)
        add("ownsHouse", .flag(ownsHouse))
        add("ownsCar", .flag(random.chance(ownsHouse ? 0.45 : 0.18, value: wealth, slope: 0.7)))
        add("socialInsurance", .flag(random.chance(isEmployed ? 0.85 : 0.35)))
        add(
            "providentFund",
            .flag(random.chance(isEmployed ? 0.50 : 0.05, value: wealth, slope: 0.5)))
        add("payrollCard", .flag(random.chance(isEmployed ? 0.80 : 0.10)))
        add("lifePolicy", .flag(random.chance(0.15, value: wealth, slope: 0.5)))
        add("businessLicence", .flag(random.chance(employment == "businessOwner" ? 0.85 : 0.02)))
        add("overdue", .flag(random.chance(0.07, value: wealth, slope: -0.6)))
        add("scenario", .text(Self.scenarioWords[scenarios.index(using: &random)]))
        return declaration
    }

    /// An amount of the bank's units in yuan, as people round it.
    private func amount(_ units: Double, step: Double) -> AttributeWord {
        let yuan = units * FittedShares.amountScale
        return .integer(Int64((yuan / step).rounded() * step))
    }
}
