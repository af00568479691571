package import MarketCore

/// A standing order in words, as generated.
package struct SyntheticOrder: Sendable {
    /// The category's name.
    package var category: String
    /// Which leads of it.
    package var filter: FilterSpecification
    /// How many.
    package var quantity: Int
    /// What it pays on top, in fen; `nil` for nothing.
    package var premiumFen: Int64?
    /// 0...9; `nil` for the usual one.
    package var priority: Int?
    /// The oldest lead it takes, in days; `nil` for fresh ones only.
    package var maximumAgeDays: Int?
}

/// Makes up standing orders in the categories of the shipped market. All of it is made up: no public data has orders.
package struct SyntheticOrders: Sendable {
    private let regions: SyntheticRegions
    private let categories = WeightedChoice([0.06, 0.20, 0.16, 0.22, 0.10, 0.06, 0.20])

    static let categoryNames = [
        "businessOwner", "homeOwner", "providentFund", "whiteCollar", "carOwner", "lifePolicy",
        "basic",
    ]

    /// Makes up orders for `regions`.
    package init(regions: SyntheticRegions) {
        self.regions = regions
    }

    /// An order without windows and caps.
    ///
    /// - Parameter typicalQuantity: the median quantity.
    package func order(
        typicalQuantity: Double, using random: inout SplitMix64
    ) -> SyntheticOrder {
        let category = Self.categoryNames[categories.index(using: &random)]
        let filter = filter(using: &random)
        let quantity = typicalQuantity * random.logNormal(logMedian: 0, logSpread: 0.8)
        var order = SyntheticOrder(
            category: category, filter: filter, quantity: max(1, Int(quantity)))
        if random.chance(0.30) {
            order.premiumFen = 100 * Int64(1 + random.integer(below: 10))
        }
        if random.chance(0.08) { order.priority = random.integer(in: 3...8) }
        let age = random.fraction()
        if age < 0.25 {
            order.maximumAgeDays = 1
        } else if age < 0.45 {
            order.maximumAgeDays = 3
        }
        return order
    }

    private func filter(using random: inout SplitMix64) -> FilterSpecification {
        var filter = FilterSpecification()
        func add(_ attribute: String, _ test: FilterSpecification.Test) {
            filter.conditions.append((attribute, test))
        }
        let scope = random.fraction()
        if scope < 0.65 {
            var codes: [String] = []
            for _ in 0..<random.integer(in: 1...3) {
                let code = regions.prefecture(using: &random)
                if !codes.contains(code) { codes.append(code) }
            }
            add("region", .anyOf(codes))
        } else if scope < 0.85 {
            let province = regions.prefecture(using: &random).prefix(2)
            add("region", .anyOf([String(province)]))
        }
        if random.chance(0.50) {
            let minimum = 1_000 * Int64(random.integer(in: 3...12))
            add("monthlyIncome", .range(minimum: minimum, maximum: nil))
        }
        if random.chance(0.40) {
            let minimum = Int64(random.integer(in: 20...28))
            let maximum = Int64(random.integer(in: 45...60))
            add("age", .range(minimum: minimum, maximum: maximum))
        }
        if random.chance(0.15) { add("socialInsurance", .flag(true)) }
        if random.chance(0.10) { add("employment", .anyOf(["employee", "publicServant"])) }
        if random.chance(0.08) { add("existingInstalment", .range(minimum: nil, maximum: 5_000)) }
        return filter
    }
}
