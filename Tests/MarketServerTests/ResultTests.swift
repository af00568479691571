import MarketClient
import MarketCore
import MarketRPC
import MarketTestSupport
import Testing

/// Every method's answer has the members that the catalogue, and so `docs/API.md`, promises.
struct ResultTests {
    @Test(.hangGuard)
    func `every method answers what the catalogue says`() async throws {
        let fixture = try ServerFixture()
        let client = try await fixture.connect()
        var session = CheckedSession(client: client)
        try await session.setUp()
        try await session.sell()
        try await session.look()
        try await session.answerGates()
        try await session.takeBack()
        try await session.endThings(fixture)
        let unused = Set(Catalogue.methods.map(\.name)).subtracting(session.called)
        #expect(unused == ["market.advance"])
        await client.close()
        fixture.stop()
    }

    @Test(.hangGuard)
    func `time advances on a supplied clock as the catalogue says`() async throws {
        let fixture = try ServerFixture(clock: .supplied)
        let client = try await fixture.connect()
        var session = CheckedSession(client: client)
        try await session.call("market.advance", ["at": "2030-01-01T00:00:00Z"])
        try await session.call("market.info")
        await client.close()
        fixture.stop()
    }
}

/// Calls methods and holds each answer against the catalogue.
private struct CheckedSession {
    let client: MarketClient
    private(set) var called: Set<String> = []
    private var order: JSONValue = .null
    private var lead: JSONValue = .null
    private var assignment: JSONValue = .null

    init(client: MarketClient) {
        self.client = client
    }

    @discardableResult
    mutating func call(_ name: String, _ parameters: JSONObject = [:]) async throws -> JSONValue {
        let method = try #require(Catalogue.method(named: name))
        let result = try await client.call(name, parameters)
        #expect(method.mismatches(in: result) == [], "\(name)")
        called.insert(name)
        return result
    }

    mutating func setUp() async throws {
        try await call("rpc.discover")
        try await call("market.info")
        try await call(
            "market.apply", ["configuration": SmallMarket.configuration, "dryRun": true])
        try await call("market.apply", ["configuration": SmallMarket.configuration])
        try await call("advisor.register", ["advisor": "adv-1", "institution": "Bank One"])
        try await call(
            "advisor.update",
            [
                "advisor": "adv-1", "grade": "elite", "gradeDerived": true, "dailyCap": 1_000,
                "openWorkLimit": 1_000,
            ])
        try await call("account.deposit", ["advisor": "adv-1", "amountFen": 900_000])
        try await call(
            "account.withdraw", ["advisor": "adv-1", "amountFen": 100, "reference": "r"])
        let placed = try await call(
            "order.place",
            [
                "advisor": "adv-1", "category": "homeOwner", "quantity": 2, "maxAge": "1d",
                "filter": ["age": ["minimum": 20], "region": ["33"]],
                "expiresAt": "2090-01-01T00:00:00Z", "hourCap": 100, "dayCap": 100,
                "daySpendFen": 900_000, "renews": true,
                "windows": .array(
                    Weekday.words.map {
                        ["weekday": .string($0), "from": "00:00", "to": "24:00"]
                    }),
            ])
        order = try #require(placed["order"])
        try await call("order.amend", ["order": order, "premiumFen": 500, "expiresAt": nil])
        try await call("order.pause", ["order": order])
        try await call("order.resume", ["order": order])
    }

    mutating func sell() async throws {
        let subscribed = try await call("assignment.subscribe", [:])
        let watched = try await call("events.subscribe", ["from": 1])
        let sold = try await call("lead.submit", SmallMarket.lead(1))
        #expect(sold["status"] == "released")
        lead = try #require(sold["lead"])
        assignment = try #require(sold["assignment"])
        let duplicate = try await call("lead.submit", SmallMarket.lead(1))
        #expect(duplicate["reason"] == "duplicate")
        try await call("assignment.acknowledge", ["assignment": assignment])
        try await call("assignment.contact", ["assignment": assignment])
        let found = try await client.call("assignment.get", ["assignment": assignment])
        try await call(
            "assignment.reportContact",
            [
                "assignment": assignment, "attempts": 1, "outcome": "connected",
                "firstCallAt": try #require(found["releasedAt"]),
            ])
        try await call(
            "assignment.reportStage",
            ["assignment": assignment, "stage": "drawn", "passed": true, "amountFen": 5])
        try await call(
            "assignment.unsubscribe", ["subscription": try #require(subscribed["subscription"])])
        try await call(
            "events.unsubscribe", ["subscription": try #require(watched["subscription"])])
    }

    mutating func look() async throws {
        try await call("order.get", ["order": order])
        try await call("order.list", ["advisor": "adv-1", "limit": 1])
        try await call("order.list", ["reason": "hourCap"])
        try await call("advisor.get", ["advisor": "adv-1"])
        try await call("advisor.list")
        try await call("account.get", ["advisor": "adv-1"])
        try await call("account.get")
        try await call("account.statement", ["advisor": "adv-1"])
        try await call("lead.get", ["lead": lead])
        try await call("lead.list")
        for status in LeadStatus.words {
            try await call("lead.list", ["status": .string(status)])
        }
        try await call("lead.explain", ["lead": lead])
        try await call("lead.trace", ["lead": lead])
        try await call("assignment.get", ["assignment": assignment])
        for state in AssignmentState.words {
            try await call("assignment.list", ["state": .string(state)])
        }
        try await call("channel.get", ["channel": "web"])
        try await call("channel.list")
        for grouping in RateGrouping.words {
            try await call("stats.connectionRate", ["by": .string(grouping)])
        }
        for grouping in LeadGrouping.words {
            try await call("stats.leads", ["by": .string(grouping)])
        }
        try await call("market.depth")
        try await call("market.info")
        try await call("market.health")
        try await call("market.digest")
        try await call("events.read", ["from": 1, "limit": 1_000])
    }

    /// Has leads wait for what gates ask, and answers.
    mutating func answerGates() async throws {
        try await call("market.apply", ["configuration": SmallMarket.gated])
        try await call("market.info")
        var ping = SmallMarket.lead(5)
        ping["consent"] = nil
        ping["contact"] = nil
        let pinged = try await call("lead.ping", ping)
        #expect(pinged["status"] == "reserved" && pinged["awaits"]?["post"] != nil)
        let number = try #require(pinged["lead"])
        try await call("lead.get", ["lead": number])
        var post = SmallMarket.lead(5)
        post["channel"] = nil
        post["attributes"] = nil
        post["lead"] = number
        let posted = try await call("lead.post", post)
        #expect(posted["status"] == "reserved" && posted["awaits"]?["consent"] != nil)
        let reserved = try #require(posted["assignment"])
        try await call("assignment.get", ["assignment": reserved])
        let consent = try #require(SmallMarket.lead(5)["consent"])
        let confirmed = try await call(
            "assignment.confirmConsent", ["assignment": reserved, "consent": consent])
        #expect(confirmed["state"] == "reserved" && confirmed["awaits"]?["acceptance"] != nil)
        let accepted = try await call("assignment.accept", ["assignment": reserved])
        #expect(accepted["state"] == "released")
        for (person, method) in [(6, "assignment.decline"), (7, "assignment.declineConsent")] {
            let waiting = try await call("lead.submit", SmallMarket.lead(person))
            let answer = try await call(
                method, ["assignment": try #require(waiting["assignment"])])
            #expect(answer["state"] == "voided")
            let lead = try #require(waiting["lead"])
            try await call("lead.explain", ["lead": lead, "limit": 1])
            try await call("lead.withdraw", ["lead": lead])
            try await call("lead.get", ["lead": lead])
        }
        var trial = SmallMarket.lead(8)
        trial["channel"] = "trial"
        let tested = try await call("lead.submit", trial)
        #expect(tested["status"] == "tested" && tested["outcome"] == "matched")
        try await call("lead.get", ["lead": try #require(tested["lead"])])
        try await call("lead.explain", ["lead": try #require(tested["lead"])])
        try await call("channel.list")
    }

    /// Gives a sale back.
    mutating func takeBack() async throws {
        let asked = try await call(
            "assignment.requestReturn",
            ["assignment": assignment, "reason": "outOfService", "evidence": "cdr"])
        #expect(asked["state"] == "open")
        try await call("assignment.list", ["returns": "open"])
        let decided = try await call(
            "assignment.decideReturn",
            ["assignment": assignment, "approve": true, "note": "checked"])
        #expect(decided["state"] == "approved")
        try await call("assignment.get", ["assignment": assignment])
        try await call("account.statement", ["advisor": "adv-1"])
        try await call("stats.returns")
        let matched = try await call("stats.matching")
        #expect(matched["taken"] == 4 && matched["released"] == 2)
        let watched = try await call("alerts.subscribe")
        try await call(
            "alerts.unsubscribe", ["subscription": try #require(watched["subscription"])])
        try await call("events.read", ["from": 1, "limit": 1_000])
    }

    mutating func endThings(_ fixture: ServerFixture) async throws {
        try await call("channel.pause", ["channel": "web"])
        try await call("channel.resume", ["channel": "web"])
        try await call("channel.pay", ["channel": "web", "amountFen": 10])
        try await call("payee.pay", ["payee": "platform", "amountFen": 10])
        try await call("order.cancel", ["order": order])
        let waiting = try await call("lead.submit", SmallMarket.lead(2))
        #expect(waiting["status"] == "waiting")
        try await call("market.depth", ["category": "homeOwner"])
        let counted = try await call(
            "stats.leads", ["by": "category", "atLeast": try #require(waiting["position"])])
        let rows = try #require(counted["rows"]?.array)
        let row = try #require(rows.first { $0["key"] == "homeOwner" })
        #expect(row["submitted"] == 5 && row["waiting"] == 1 && row["released"] == 2)
        #expect(row["withdrawn"] == 2 && row["returned"] == 1)
        let none = rows.first { $0["key"] == "none" }
        #expect(none?["submitted"] == 1 && none?["rejected"]?["duplicate"] == 1)
        try await call("lead.list", ["status": "waiting"])
        try await call("lead.withdraw", ["lead": try #require(waiting["lead"])])
        try await call("contact.suppress", ["phone": .string(SmallMarket.phone(3)), "reason": "r"])
        try await call("contact.unsuppress", ["phone": .string(SmallMarket.phone(3))])
        try await call("lead.erase", ["lead": lead])
        try await call("lead.get", ["lead": lead])
        try await call("advisor.setAvailability", ["advisor": "adv-1", "online": false])
        try await call("advisor.suspend", ["advisor": "adv-1"])
        try await call("advisor.get", ["advisor": "adv-1"])
        try await call("advisor.reinstate", ["advisor": "adv-1"])
        try await call("market.backup", ["directory": .string(fixture.directory.path("copy"))])
    }
}
