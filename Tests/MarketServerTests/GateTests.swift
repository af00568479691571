import MarketClient
import MarketRPC
import MarketTestSupport
import Testing

/// What comes between a reservation and its release, told over the socket (R8.2, R8.3).
@Suite(.hangGuard)
struct GateTests {
    private func gated(_ gates: JSONValue) async throws -> (ServerFixture, MarketClient) {
        let fixture = try ServerFixture()
        let client = try await fixture.connect()
        try await SmallMarket.found(client)
        _ = try await client.call(
            "market.apply",
            [
                "configuration": [
                    "categories": [
                        [
                            "name": "homeOwner", "title": "有房一族",
                            "qualification": ["ownsHouse": true],
                            "ladder": [["maxAge": "1d", "priceFen": 6_000]], "gates": gates,
                        ]
                    ]
                ]
            ])
        return (fixture, client)
    }

    private func assignment(_ id: JSONValue?, _ client: MarketClient) async throws -> JSONValue {
        try await client.call("assignment.get", ["assignment": try #require(id)])
    }

    @Test(.rules("R8.3")) func `an advisor accepts, and the lead is sold`() async throws {
        let (fixture, client) = try await gated(["acceptance": "60s"])
        let reserved = try await client.call("lead.submit", SmallMarket.lead(1, key: "s"))
        #expect(reserved["status"] == "reserved" && reserved["advisor"] == "adv-1")
        #expect(reserved["awaits"]?["acceptance"] == reserved["expiresAt"])
        #expect(reserved["awaits"]?["consent"] == nil)
        let id = try #require(reserved["assignment"])
        let early = await reason { () async throws(ClientError) in
            try await client.call("assignment.acknowledge", ["assignment": id])
        }
        #expect(early == "assignmentNotReleased")
        let call: JSONObject = ["assignment": id, "idempotencyKey": "a"]
        let accepted = try await client.call("assignment.accept", call)
        #expect(accepted["state"] == "released" && accepted["awaits"] == nil)
        #expect(try await assignment(id, client)["state"] == "released")
        // What was told is told again, though more has happened since.
        #expect(try await client.call("assignment.accept", call) == accepted)
        #expect(
            try await client.call("lead.submit", SmallMarket.lead(1, key: "s")) == reserved)
        let late = await reason { () async throws(ClientError) in
            try await client.call("assignment.accept", ["assignment": id])
        }
        #expect(late == "notAwaitingAcceptance")
        _ = fixture
    }

    @Test(.rules("R8.3", "R8.4")) func `a declined lead goes to somebody else`() async throws {
        let (fixture, client) = try await gated(["acceptance": true])
        _ = try await client.call(
            "advisor.register", ["advisor": "adv-2", "institution": "Bank Two"])
        _ = try await client.call(
            "account.deposit", ["advisor": "adv-2", "amountFen": 100_000])
        _ = try await client.call(
            "order.place", ["advisor": "adv-2", "category": "homeOwner", "quantity": 9])
        let reserved = try await client.call("lead.submit", SmallMarket.lead(1))
        let first = try #require(reserved["advisor"])
        let declined = try await client.call(
            "assignment.decline", ["assignment": try #require(reserved["assignment"])])
        #expect(declined["state"] == "voided")
        let voided = try await assignment(reserved["assignment"], client)
        #expect(voided["state"] == "voided" && voided["voidReason"] == "declined")
        let facts = try await client.call(
            "lead.get", ["lead": try #require(reserved["lead"])])
        #expect(facts["status"] == "reserved" && facts["advisor"] != first)
        let listed = try await client.call("assignment.list", ["state": "reserved"])
        #expect(listed["items"]?.array?.count == 1)
        let ended = try await client.call(
            "assignment.list", ["state": "voided", "institution": "Bank One"])
        #expect(ended["items"]?.array?.count == (first == "adv-1" ? 1 : 0))
        _ = fixture
    }

    @Test(.rules("R8.2")) func `the person agrees to the institution that is told`() async throws {
        let (fixture, client) = try await gated(["namedConsent": "5m", "acceptance": true])
        let reserved = try await client.call("lead.submit", SmallMarket.lead(1))
        #expect(reserved["institution"] == "Bank One" && reserved["product"] == "有房一族")
        let id = try #require(reserved["assignment"])
        var consent = try #require(SmallMarket.lead(1)["consent"]?.object)
        consent["institutions"] = ["Bank Nine"]
        let wrong = consent
        let refused = await reason { () async throws(ClientError) in
            try await client.call(
                "assignment.confirmConsent", ["assignment": id, "consent": .object(wrong)])
        }
        #expect(refused == "institutionNotConsented")
        consent["institutions"] = ["Bank One"]
        let confirmed = try await client.call(
            "assignment.confirmConsent", ["assignment": id, "consent": .object(consent)])
        #expect(confirmed["state"] == "reserved")
        #expect(confirmed["awaits"]?["acceptance"] != nil)
        let accepted = try await client.call("assignment.accept", ["assignment": id])
        #expect(accepted["state"] == "released")
        let late = await reason { () async throws(ClientError) in
            try await client.call("assignment.declineConsent", ["assignment": id])
        }
        #expect(late == "notAwaitingConsent")
        _ = fixture
    }

    @Test(.rules("R10.2", "R10.3")) func `an operator decides a return and the money goes back`()
        async throws
    {
        let fixture = try ServerFixture()
        let client = try await fixture.connect()
        try await SmallMarket.found(client)
        let sold = try await client.call("lead.submit", SmallMarket.lead(1))
        let id = try #require(sold["assignment"])
        let request: JSONObject = [
            "assignment": id, "reason": "unqualified", "idempotencyKey": "r",
        ]
        let asked = try await client.call("assignment.requestReturn", request)
        #expect(asked["state"] == "open")
        let open = try await client.call("assignment.list", ["returns": "open"])
        #expect(open["items"]?.array?.first?["return"]?["reason"] == "unqualified")
        let decided = try await client.call(
            "assignment.decideReturn", ["assignment": id, "approve": true, "note": "so it is"])
        #expect(decided["state"] == "approved")
        #expect(try await client.call("assignment.requestReturn", request) == asked)
        let account = try await client.call("account.get", ["advisor": "adv-1"])
        #expect(account["availableFen"] == 1_000_000_000)
        let returned = try await assignment(id, client)["return"]
        #expect(returned?["state"] == "approved" && returned?["automatic"] == false)
        let statistics = try await client.call("stats.returns")
        #expect(
            statistics["rows"] == [
                [
                    "reason": "unqualified", "requested": 1, "approved": 1, "automatic": 0,
                    "refused": 0, "open": 0, "refundedFen": 6_000,
                ]
            ])
        let again = await reason { () async throws(ClientError) in
            try await client.call("assignment.decideReturn", ["assignment": id, "approve": false])
        }
        #expect(again == "noOpenReturn")
    }

    @Test func `an order shows its usage and every reason`() async throws {
        let fixture = try ServerFixture()
        let client = try await fixture.connect()
        try await SmallMarket.found(client)
        let placed = try await client.call(
            "order.place",
            [
                "advisor": "adv-1", "category": "homeOwner", "quantity": 9, "hourCap": 1,
                "premiumFen": 100, "dayCap": 1, "daySpendFen": 6_100,
            ])
        let order = try #require(placed["order"])
        let sold = try await client.call("lead.submit", SmallMarket.lead(1))
        #expect(sold["order"] == order)
        let facts = try await client.call("order.get", ["order": order])
        #expect(facts["usage"] == ["hour": 1, "day": 1, "spentFen": 6_100])
        #expect(facts["reasons"] == ["hourCap", "dayCap", "spendCap"])
        let listed = try await client.call("order.list", ["reason": "dayCap"])
        #expect(listed["items"]?.array?.map { $0["order"] } == [order])
    }
}
