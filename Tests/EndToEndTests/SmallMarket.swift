import MarketRPC
import Testing

/// The market of the catalogue's own examples, on supplied time.
enum SmallMarket {
    /// The time of everything that happens in it, in microseconds.
    static let time: Int64 = 1_795_263_000_000_000

    /// `parameters` with the time that a supplied clock wants.
    static func dated(_ parameters: JSONObject, later seconds: Int64 = 0) -> JSONObject {
        var dated = parameters
        dated["at"] = .integer(time + seconds * 1_000_000)
        return dated
    }

    /// The example of a method.
    static func example(_ method: String) throws -> JSONObject {
        try #require(Catalogue.method(named: method)).example
    }

    /// Applies the example of `market.apply` without its gates, so that leads are sold at once, and
    /// makes an advisor with money and an order.
    static func found(on client: LineSocket) async throws {
        var configuration = try example("market.apply")
        configuration["dryRun"] = false
        var definitions = try #require(configuration["configuration"]?.object)
        definitions["categories"] = .array(
            try #require(definitions["categories"]?.array).map { category in
                var category = try #require(category.object)
                category["gates"] = nil
                return .object(category)
            })
        configuration["configuration"] = .object(definitions)
        try await client.call("market.apply", dated(configuration))
        try await client.call("advisor.register", dated(try example("advisor.register")))
        var deposit = try example("account.deposit")
        deposit["amountFen"] = 100_000_000
        try await client.call("account.deposit", dated(deposit))
        try await client.call(
            "order.place",
            dated(["advisor": "adv-17", "category": "homeOwner", "quantity": 1_000]))
    }

    /// Hands in the lead of the person with `number`, which must be sold.
    @discardableResult
    static func sell(_ number: Int, on client: LineSocket) async throws -> JSONValue {
        let decision = try await client.call("lead.submit", dated(try lead(number)))
        try #require(decision["status"] == "released", "\(decision)")
        return decision
    }

    /// A lead of the person with `number`.
    static func lead(_ number: Int) throws -> JSONObject {
        var lead = try example("lead.submit")
        let digits = String(number)
        let zeros = String(repeating: "0", count: 8 - digits.utf8.count)
        lead["phone"] = .string("139" + zeros + digits)
        lead["idempotencyKey"] = nil
        return lead
    }
}
