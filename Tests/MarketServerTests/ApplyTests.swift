import MarketClient
import MarketRPC
import MarketTestSupport
import Testing

/// Configurations, told over the socket.
@Suite(.hangGuard)
struct ApplyTests {
    /// What `market.info` shows of a configuration.
    private static func configuration(_ information: JSONValue) -> JSONObject {
        func items(_ name: String, without dropped: String...) -> JSONValue {
            .array(
                (information[name]?.array ?? []).map { item in
                    var object = item.object ?? [:]
                    for name in dropped { object[name] = nil }
                    return .object(object)
                })
        }
        return [
            "attributes": items("attributes"), "payees": items("payees"),
            "categories": items("categories", without: "version"),
            "channels": items("channels", without: "state"),
            "settings": information["settings"] ?? [:],
        ]
    }

    @Test func `what is shown of the market changes nothing when it is applied again`()
        async throws
    {
        let fixture = try ServerFixture()
        let client = try await fixture.connect()
        let example = try #require(Catalogue.method(named: "market.apply")?.example)
        let whole = try #require(example["configuration"])
        let applied = try await client.call("market.apply", ["configuration": whole])
        let information = try await client.call(
            "market.info", ["atLeast": try #require(applied["position"])])
        let category = information["categories"]?.array?.first
        #expect(category?["gates"] == ["namedConsent": "10m", "acceptance": "45s"])
        #expect(
            category?["rank"] == ["dedicated", "premium", "gradeFit", "leastRecentlyServed"])
        #expect(information["channels"]?.array?.last?["state"] == "test")
        #expect(information["settings"]?["tierAttribute"] == "tier")
        let again = try await client.call(
            "market.apply", ["configuration": .object(Self.configuration(information))])
        #expect(
            again["changed"] == [
                "attributes": [], "categories": [], "channels": [], "payees": [],
                "settings": false,
            ])
        #expect(again["position"] == applied["position"])
    }

    @Test func `a configuration that pays out more than it takes in is warned about`()
        async throws
    {
        let fixture = try ServerFixture()
        let client = try await fixture.connect()
        func warnings(_ channels: JSONValue) async throws -> [String] {
            var configuration = try #require(SmallMarket.configuration.object)
            configuration["channels"] = channels
            let answer = try await client.call(
                "market.apply", ["configuration": .object(configuration), "dryRun": true])
            return try #require(answer["warnings"]?.array).compactMap(\.string)
        }
        // Splits take 500 basis points, and the cheapest rung is 4,000 fen.
        #expect(try await warnings([["name": "a", "payoutBasisPoints": 9_500]]) == [])
        #expect(try await warnings([["name": "a", "payoutFen": 3_800]]) == [])
        let share = try await warnings([["name": "a", "payoutBasisPoints": 9_501]])
        #expect(share.count == 1 && share[0].contains("10001 basis points"))
        let fixed = try await warnings([["name": "a", "payoutFen": 3_801]])
        #expect(fixed.count == 1 && fixed[0].contains("pays out 4001"))
        #expect(
            try await warnings([["name": "a", "payoutFen": 9_000, "test": true]]) == [])
    }

    @Test(.rules("R3.1")) func `a test channel's lead is decided and changes nothing`()
        async throws
    {
        let fixture = try ServerFixture()
        let client = try await fixture.connect()
        try await SmallMarket.found(client)
        _ = try await client.call(
            "market.apply",
            [
                "configuration": [
                    "channels": [["name": "trial", "payoutBasisPoints": 2_000, "test": true]]
                ]
            ])
        var lead = SmallMarket.lead(1, key: "t")
        lead["channel"] = "trial"
        let tested = try await client.call("lead.submit", lead)
        #expect(tested["status"] == "tested" && tested["outcome"] == "matched")
        #expect(tested["priceFen"] == 6_000 && tested["payoutFen"] == 1_200)
        #expect(tested["assignment"] == nil)
        #expect(try await client.call("lead.submit", lead) == tested)
        let channel = try await client.call("channel.get", ["channel": "trial"])
        #expect(channel["takenToday"] == 0 && channel["state"] == "test")
        #expect(channel["quality"]?["decided"] == 0)
        let sold = try await client.call("lead.submit", SmallMarket.lead(1))
        #expect(sold["status"] == "released")
    }
}
