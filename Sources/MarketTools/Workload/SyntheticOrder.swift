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

    /// Windows, caps and renewal, of which most orders have none.
    ///
    /// - Parameter typicalPerDay: how many leads come on a day for each order.
    func limits(typicalPerDay: Double, using random: inout SplitMix64) -> JSONObject {
        var limits = JSONObject()
        if random.chance(0.30) { limits["windows"] = windows(using: &random) }
        if random.chance(0.12) {
            limits["hourCap"] = .integer(
                max(1, Int64(typicalPerDay * Double(random.integer(in: 1...3)) / 3)))
        }
        if random.chance(0.25) {
            limits["dayCap"] = .integer(
                max(1, Int64(typicalPerDay * Double(random.integer(in: 2...8)) / 2)))
        }
        if random.chance(0.10) {
            let yuan = Double(random.integer(in: 100...300)) * max(1, typicalPerDay)
            limits["daySpendFen"] = .integer(100 * Int64(yuan))
        }
        if random.chance(0.12) { limits["renews"] = true }
        return limits
    }

    /// Working hours, with Saturday now and then, or evenings.
    private func windows(using random: inout SplitMix64) -> JSONValue {
        var days = Self.weekdays.prefix(5)
        var (start, end) = (random.integer(in: 8...10), random.integer(in: 17...20))
        switch random.integer(below: 4) {
        case 0: days = Self.weekdays.prefix(6)
        case 1: (days, start, end) = (Self.weekdays[...], 8, 22)
        case 2: (days, start, end) = (Self.weekdays[...], 18, 24)
        default: break
        }
        func clock(_ hour: Int) -> JSONValue { .string(hour < 10 ? "0\(hour):00" : "\(hour):00") }
        return .array(
            days.map { ["weekday": .string($0), "from": clock(start), "to": clock(end)] })
    }

    private static let weekdays = [
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    ]

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
