import MarketCore
import MarketRPC
import MarketWorkload

extension SyntheticOrders {
    /// The parameters of `order.place`, without the advisor.
    ///
    /// - Parameter typicalQuantity: the median quantity.
    func terms(typicalQuantity: Double, using random: inout SplitMix64) -> JSONObject {
        let order = order(typicalQuantity: typicalQuantity, using: &random)
        var terms: JSONObject = [
            "category": .string(order.category), "filter": .object(Self.object(order.filter)),
            "quantity": .integer(Int64(order.quantity)),
        ]
        if let premium = order.premiumFen { terms["premiumFen"] = .integer(premium) }
        if let priority = order.priority { terms["priority"] = .integer(Int64(priority)) }
        if let days = order.maximumAgeDays { terms["maxAge"] = .string("\(days)d") }
        return terms
    }

    /// A filter as `order.place` takes it.
    static func object(_ filter: FilterSpecification) -> JSONObject {
        var object = JSONObject()
        for (attribute, test) in filter.conditions {
            switch test {
            case .flag(let flag):
                object[attribute] = .bool(flag)
            case .range(let minimum, let maximum):
                var range = JSONObject()
                if let minimum { range["minimum"] = .integer(minimum) }
                if let maximum { range["maximum"] = .integer(maximum) }
                object[attribute] = .object(range)
            case .anyOf(let words):
                object[attribute] = .array(words.map { .string($0) })
            }
        }
        return object
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
}
