import MarketRPC

/// Makes up standing orders in the categories of the shipped market. All of it is made up: no public data has orders.
struct SyntheticOrders: Sendable {
    private let regions: SyntheticRegions
    private let categories = WeightedChoice([0.06, 0.20, 0.16, 0.22, 0.10, 0.06, 0.20])

    private static let categoryNames = [
        "businessOwner", "homeOwner", "providentFund", "whiteCollar", "carOwner", "lifePolicy",
        "basic",
    ]

    init(regions: SyntheticRegions) {
        self.regions = regions
    }

    /// The parameters of `order.place`, without the advisor.
    ///
    /// - Parameter typicalQuantity: the median quantity.
    func terms(typicalQuantity: Double, using random: inout SplitMix64) -> JSONObject {
        var terms: JSONObject = [
            "category": .string(Self.categoryNames[categories.index(using: &random)])
        ]
        terms["filter"] = .object(filter(using: &random))
        let quantity = typicalQuantity * random.logNormal(logMedian: 0, logSpread: 0.8)
        terms["quantity"] = .integer(max(1, Int64(quantity)))
        if random.chance(0.30) {
            terms["premiumFen"] = .integer(100 * Int64(1 + random.integer(below: 10)))
        }
        if random.chance(0.08) { terms["priority"] = .integer(Int64(random.integer(in: 3...8))) }
        let age = random.fraction()
        if age < 0.25 {
            terms["maxAge"] = "1d"
        } else if age < 0.45 {
            terms["maxAge"] = "3d"
        }
        return terms
    }

    private func filter(using random: inout SplitMix64) -> JSONObject {
        var filter = JSONObject()
        let scope = random.fraction()
        if scope < 0.65 {
            var codes: [String] = []
            for _ in 0..<random.integer(in: 1...3) {
                let code = regions.prefecture(using: &random)
                if !codes.contains(code) { codes.append(code) }
            }
            filter["region"] = .array(codes.map { .string($0) })
        } else if scope < 0.85 {
            let province = regions.prefecture(using: &random).prefix(2)
            filter["region"] = [.string(String(province))]
        }
        if random.chance(0.50) {
            let minimum = 1_000 * Int64(random.integer(in: 3...12))
            filter["monthlyIncome"] = ["minimum": .integer(minimum)]
        }
        if random.chance(0.40) {
            filter["age"] = [
                "minimum": .integer(Int64(random.integer(in: 20...28))),
                "maximum": .integer(Int64(random.integer(in: 45...60))),
            ]
        }
        if random.chance(0.15) { filter["socialInsurance"] = true }
        if random.chance(0.10) { filter["employment"] = ["employee", "publicServant"] }
        if random.chance(0.08) { filter["existingInstalment"] = ["maximum": 5_000] }
        return filter
    }
}
