import MarketClient
import MarketRPC
import MarketTestSupport
import Testing

/// Asking about leads and posting them, told over the socket (R8.5).
@Suite(.hangGuard)
struct PingTests {
    /// MD5 of the phone number of person 1.
    private static let digest = "9982f948fc5098f6545568ef428df756"

    private static func ping(_ number: Int) -> JSONObject {
        var lead = SmallMarket.lead(number)
        lead["consent"] = nil
        lead["contact"] = nil
        return lead
    }

    private static func post(_ lead: JSONValue?, _ number: Int) throws -> JSONObject {
        let lead: JSONValue = try #require(lead)
        var post = SmallMarket.lead(number)
        post["channel"] = nil
        post["attributes"] = nil
        post["lead"] = lead
        return post
    }

    @Test(.rules("R4.1", "R8.5"))
    func `a digest that was pinged and the phone that is posted are one person`() async throws {
        let fixture = try ServerFixture()
        let client = try await fixture.connect()
        try await SmallMarket.found(client)
        var ping = Self.ping(1)
        ping["phone"] = nil
        ping["phoneMd5"] = .string(Self.digest)
        let reserved = try await client.call("lead.ping", ping)
        #expect(reserved["status"] == "reserved")
        #expect(reserved["institution"] == "Bank One" && reserved["product"] == "有房一族")
        #expect(reserved["payoutFen"] == 1_000 && reserved["priceFen"] == 6_000)
        #expect(reserved["expiresAt"] == reserved["awaits"]?["post"])
        let other = try Self.post(reserved["lead"], 2)
        let mismatch = await reason { () async throws(ClientError) in
            try await client.call("lead.post", other)
        }
        #expect(mismatch == "identityMismatch")
        let sold = try await client.call("lead.post", Self.post(reserved["lead"], 1))
        #expect(sold["status"] == "released" && sold["awaits"] == nil)
        #expect(sold["assignment"] == reserved["assignment"] && sold["lead"] == reserved["lead"])
        let contact = try await client.call(
            "assignment.contact", ["assignment": try #require(sold["assignment"])])
        #expect(contact["contact"] == ["phone": "13900000001", "name": "王女士"])
        let again = try Self.post(reserved["lead"], 1)
        let twice = await reason { () async throws(ClientError) in
            try await client.call("lead.post", again)
        }
        #expect(twice == "leadNotPinged")
    }

    @Test(.rules("R8.5")) func `a ping that no order takes is answered with no`() async throws {
        let fixture = try ServerFixture()
        let client = try await fixture.connect()
        try await SmallMarket.found(client, funds: 1)
        let answer = try await client.call("lead.ping", Self.ping(1))
        #expect(answer["status"] == "unmatched" && answer["assignment"] == nil)
        let facts = try await client.call(
            "lead.get",
            [
                "lead": try #require(answer["lead"]),
                "atLeast": try #require(answer["position"]),
            ])
        #expect(facts["status"] == "pingUnmatched")
    }

    @Test(.rules("R8.5")) func `a post without consent is turned away and closes the lead`()
        async throws
    {
        let fixture = try ServerFixture()
        let client = try await fixture.connect()
        try await SmallMarket.found(client)
        let reserved = try await client.call("lead.ping", Self.ping(1))
        var post = try Self.post(reserved["lead"], 1)
        post["consent"] = nil
        let answer = try await client.call("lead.post", post)
        #expect(answer["status"] == "rejected" && answer["reason"] == "noConsent")
        let facts = try await client.call(
            "lead.get",
            [
                "lead": try #require(answer["lead"]),
                "atLeast": try #require(answer["position"]),
            ])
        #expect(facts["status"] == "postRejected" && facts["assignment"] == nil)
    }

    @Test func `a repeated ping and post get the first answers again`() async throws {
        let fixture = try ServerFixture()
        let client = try await fixture.connect()
        try await SmallMarket.found(client)
        var ping = Self.ping(1)
        ping["idempotencyKey"] = "ping"
        let reserved = try await client.call("lead.ping", ping)
        var post = try Self.post(reserved["lead"], 1)
        post["idempotencyKey"] = "post"
        let sold = try await client.call("lead.post", post)
        #expect(try await client.call("lead.ping", ping) == reserved)
        #expect(try await client.call("lead.post", post) == sold)
        post["contact"] = ["name": "another"]
        let other = post
        let mismatch = await reason { () async throws(ClientError) in
            try await client.call("lead.post", other)
        }
        #expect(mismatch == "idempotencyMismatch")
        await client.close()
        fixture.stop()
        try fixture.start()
        let later = try await fixture.connect()
        #expect(try await later.call("lead.ping", ping) == reserved)
    }
}
