import MarketClient
import MarketCore
import MarketRPC
import MarketServer
import MarketTestSupport
import Testing

@Suite(.hangGuard)
struct ServerTests {
    @Test(.rules("R4.6", "R8.1")) func `a lead is sold, charged, disclosed and acknowledged`()
        async throws
    {
        let fixture = try ServerFixture()
        let client = try await fixture.connect()
        try await SmallMarket.found(client)
        let decision = try await client.call("lead.submit", SmallMarket.lead(1))
        #expect(decision["status"] == "released")
        #expect(decision["advisor"] == "adv-1")
        #expect(decision["category"] == "homeOwner")
        #expect(decision["priceFen"] == 6_000)
        let position = try #require(decision["position"])
        let assignment = try #require(decision["assignment"])
        let account = try await client.call(
            "account.get", ["advisor": "adv-1", "atLeast": position])
        #expect(account["availableFen"] == 999_994_000)
        let ledger = try await client.call("account.get", ["atLeast": position])
        #expect(ledger["balanced"] == true)
        #expect(ledger["payableFen"] == 1_300)
        let contact = try await client.call("assignment.contact", ["assignment": assignment])
        #expect(contact["contact"] == ["phone": "13900000001", "name": "王女士"])
        let done = try await client.call(
            "assignment.acknowledge", ["assignment": assignment])
        let facts = try await client.call(
            "assignment.get",
            ["assignment": assignment, "atLeast": try #require(done["position"])])
        #expect(facts["acknowledged"] == true)
        await client.close()
        #expect(fixture.stop() == .clean)
    }

    @Test func `every look of the catalogue answers`() async throws {
        let fixture = try ServerFixture()
        let client = try await fixture.connect()
        try await SmallMarket.found(client)
        let decision = try await client.call("lead.submit", SmallMarket.lead(1))
        let lead = try #require(decision["lead"])
        let calls: [(String, JSONObject)] = [
            ("rpc.discover", [:]), ("market.info", [:]), ("market.health", [:]),
            ("market.depth", [:]), ("market.depth", ["category": "homeOwner"]),
            ("advisor.get", ["advisor": "adv-1"]), ("advisor.list", [:]),
            ("account.get", [:]), ("account.statement", ["advisor": "adv-1"]),
            ("order.list", ["advisor": "adv-1", "state": "live"]),
            ("order.get", ["order": try #require(decision["order"])]),
            ("lead.get", ["lead": lead]), ("lead.list", [:]), ("lead.trace", ["lead": lead]),
            ("lead.list", ["status": "released", "category": "homeOwner"]),
            ("assignment.list", ["advisor": "adv-1"]),
            ("channel.get", ["channel": "web"]), ("channel.list", [:]),
            ("stats.connectionRate", [:]), ("stats.leads", ["by": "channel"]),
            ("stats.leads", [:]), ("events.read", ["from": 1, "limit": 1_000]),
        ]
        for (method, parameters) in calls {
            let looking = client
            let refused = await reason { () async throws(ClientError) in
                try await looking.call(method, parameters)
            }
            #expect(refused == nil, "\(method) \(parameters)")
        }
        let trace = try await client.call("lead.trace", ["lead": lead])
        #expect(trace["events"]?.array?.count == 3)
        let statement = try await client.call("account.statement", ["advisor": "adv-1"])
        #expect(statement["items"]?.array?.count == 2)
        let digest = try await client.call("market.digest")
        #expect(digest["writerDigest"] == digest["followerDigest"])
    }

    @Test func `a dry run says what would change and changes nothing`() async throws {
        let fixture = try ServerFixture()
        let client = try await fixture.connect()
        let dry = try await client.call(
            "market.apply", ["configuration": SmallMarket.configuration, "dryRun": true])
        #expect(dry["dryRun"] == true)
        #expect(dry["changed"]?["categories"] == ["homeOwner"])
        let info = try await client.call("market.info")
        #expect(info["categories"]?.array?.isEmpty == true)
    }

    @Test func `requests behind an apply on one connection are read with the new schema`()
        async throws
    {
        let fixture = try ServerFixture()
        let client = try await fixture.connect()
        async let applied = client.call(
            "market.apply", ["configuration": SmallMarket.configuration])
        async let decided = client.call("lead.submit", SmallMarket.lead(1))
        _ = try await applied
        #expect(try await decided["status"] == "waiting")
    }

    @Test func `an idempotency key gives the first answer again, also after a restart`()
        async throws
    {
        let fixture = try ServerFixture()
        var client = try await fixture.connect()
        try await SmallMarket.found(client)
        let first = try await client.call("lead.submit", SmallMarket.lead(1, key: "k1"))
        #expect(try await client.call("lead.submit", SmallMarket.lead(1, key: "k1")) == first)
        await client.close()
        #expect(fixture.stop() == .clean)
        try fixture.start()
        client = try await fixture.connect()
        #expect(try await client.call("lead.submit", SmallMarket.lead(1, key: "k1")) == first)
        let again = client
        let other = await reason { () async throws(ClientError) in
            try await again.call("lead.submit", SmallMarket.lead(2, key: "k1"))
        }
        #expect(other == "idempotencyMismatch")
    }

    @Test func `on the supplied clock every change says when, and due work runs on the way`()
        async throws
    {
        let fixture = try ServerFixture(clock: .supplied)
        let client = try await fixture.connect()
        let missing = await reason { () async throws(ClientError) in
            try await client.call(
                "market.apply", ["configuration": SmallMarket.configuration])
        }
        #expect(missing == "wrongClock")
        let start = "2026-01-01T00:00:00Z"
        _ = try await client.call(
            "market.apply",
            ["configuration": SmallMarket.configuration, "at": .string(start)])
        var lead = SmallMarket.lead(1)
        lead["at"] = .string(start)
        #expect(try await client.call("lead.submit", lead)["status"] == "waiting")
        let advanced = try await client.call("market.advance", ["at": "2026-01-03T00:00:00Z"])
        let listed = try await client.call(
            "lead.list", ["atLeast": try #require(advanced["position"])])
        #expect(listed["items"]?.array?.first?["status"] == "expired")
        let past = await reason { () async throws(ClientError) in
            try await client.call("market.advance", ["at": "2026-01-02T00:00:00Z"])
        }
        #expect(past == "timeInPast")
        let tooLate = await reason { () async throws(ClientError) in
            try await client.call("market.advance", ["at": "9999-12-31T23:59:59.999999Z"])
        }
        #expect(tooLate == "invalidParameters")
    }

    @Test(arguments: ["9223372036854775807", "-1", "x", ""])
    func `a cursor that was never given out is refused`(cursor: String) async throws {
        let fixture = try ServerFixture()
        let client = try await fixture.connect()
        try await SmallMarket.found(client)
        let lists = ["advisor.list", "order.list", "lead.list", "assignment.list"]
        for method in lists {
            let refused = await reason { () async throws(ClientError) in
                try await client.call(method, ["cursor": .string(cursor)])
            }
            #expect(refused == "invalidParameters", "\(method) \(cursor)")
        }
    }

    @Test(.rules("R4.2")) func `an erased contact is never shown again`() async throws {
        let fixture = try ServerFixture()
        let client = try await fixture.connect()
        try await SmallMarket.found(client)
        let decision = try await client.call("lead.submit", SmallMarket.lead(1))
        _ = try await client.call("lead.erase", ["lead": try #require(decision["lead"])])
        let assignment = try #require(decision["assignment"])
        let refused = await reason { () async throws(ClientError) in
            try await client.call("assignment.contact", ["assignment": assignment])
        }
        #expect(refused == "personErased" || refused == "contactErased")
        let other = SmallMarket.lead(1)
        #expect(try await client.call("lead.submit", other)["reason"] == "suppressed")
    }

    @Test func `a backup is a market that starts with the same digest`() async throws {
        let fixture = try ServerFixture()
        let client = try await fixture.connect()
        try await SmallMarket.found(client)
        for number in 1...50 { _ = try await client.call("lead.submit", SmallMarket.lead(number)) }
        let digest = try await client.call("market.digest")
        let copy = fixture.directory.path("copy")
        let made = try await client.call("market.backup", ["directory": .string(copy)])
        #expect(made["position"] == digest["position"])
        let restored = try ServerFixture { configuration in
            configuration.dataDirectory = copy
            configuration.keysDirectory = copy + "/keys"
        }
        let second = try await restored.connect()
        #expect(
            try await second.call("market.digest")["writerDigest"] == digest["writerDigest"])
    }

    @Test(arguments: [["views"], ["snapshots"], ["views", "snapshots"]])
    func `views and snapshots come back when they were deleted`(
        deleted: [String]
    ) async throws {
        let fixture = try ServerFixture()
        var client = try await fixture.connect()
        try await SmallMarket.found(client)
        for number in 1...20 { _ = try await client.call("lead.submit", SmallMarket.lead(number)) }
        let digest = try await client.call("market.digest")
        let counts = try await client.call("stats.leads")
        await client.close()
        #expect(fixture.stop() == .clean)
        for derived in deleted {
            try Files.remove(fixture.configuration.dataDirectory + "/" + derived)
        }
        try fixture.start()
        client = try await fixture.connect()
        #expect(try await client.call("market.digest") == digest)
        #expect(try await client.call("stats.leads") == counts)
    }
}
