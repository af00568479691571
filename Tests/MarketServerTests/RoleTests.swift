import MarketClient
import MarketCore
import MarketRPC
import MarketServer
import MarketTestSupport
import Synchronization
import Testing

/// Says who the next caller is.
private final class Callers: Sendable {
    private let uid = Mutex<UInt32>(1)

    func become(_ uid: UInt32) { self.uid.withLock { $0 = uid } }

    var peer: PeerCredentials { PeerCredentials(pid: 1, uid: uid.withLock { $0 }, gid: 999) }
}

@Suite(.hangGuard)
struct RoleTests {
    private static let operatorUser: UInt32 = 11
    private static let frontendUser: UInt32 = 12
    private static let auditorUser: UInt32 = 13
    private static let supplierUser: UInt32 = 14
    private static let otherSupplierUser: UInt32 = 15

    private let callers = Callers()

    private func fixture() throws -> ServerFixture {
        var seams = Server.Seams()
        seams.credentials = { [callers] in callers.peer }
        return try ServerFixture(seams: seams) { configuration in
            configuration.roles.users = [
                Self.operatorUser: Grant(role: .operator),
                Self.frontendUser: Grant(role: .frontend),
                Self.auditorUser: Grant(role: .auditor),
                Self.supplierUser: Grant(role: .supplier, channel: "web"),
                Self.otherSupplierUser: Grant(role: .supplier, channel: "other"),
            ]
        }
    }

    private func client(_ fixture: ServerFixture, as uid: UInt32) async throws -> MarketClient {
        callers.become(uid)
        let client = try await fixture.connect()
        // The credentials are read when the connection is let in, before it is answered.
        _ = try await client.call("market.info")
        return client
    }

    @Test func `a caller under no role is told so and turned away`() throws {
        let fixture = try fixture()
        callers.become(77)
        let peer = try BlockingClient(fixture.configuration.socketPath)
        let answer = try #require(peer.readLine())
        #expect(answer.contains(#""reason":"forbidden""#))
        #expect(answer.contains("77"))
        #expect(peer.readLine() == nil)
    }

    @Test func `roles may do what the catalogue says and nothing else`() async throws {
        let fixture = try fixture()
        let chief = try await client(fixture, as: Self.operatorUser)
        try await SmallMarket.found(chief)
        let frontend = try await client(fixture, as: Self.frontendUser)
        let auditor = try await client(fixture, as: Self.auditorUser)
        for client in [frontend, auditor] {
            let refused = await reason { () async throws(ClientError) in
                try await client.call("account.deposit", ["advisor": "adv-1", "amountFen": 1])
            }
            #expect(refused == "forbidden")
        }
        let sold = try await frontend.call("lead.submit", SmallMarket.lead(1))
        let assignment = try #require(sold["assignment"])
        let refused = await reason { () async throws(ClientError) in
            try await auditor.call("assignment.contact", ["assignment": assignment])
        }
        #expect(refused == "forbidden")
        let events = try await auditor.call(
            "events.read", ["from": 1, "atLeast": try #require(sold["position"])])
        #expect(!events.encoded.contains("13900000001"))
        #expect(!events.encoded.contains("王女士"))
    }

    @Test func `a supplier hands in and sees leads of its own channel alone`() async throws {
        let fixture = try fixture()
        let chief = try await client(fixture, as: Self.operatorUser)
        try await SmallMarket.found(chief)
        _ = try await chief.call(
            "market.apply",
            ["configuration": ["channels": [["name": "other", "title": "O", "payoutFen": 1]]]])
        let supplier = try await client(fixture, as: Self.supplierUser)
        let other = try await client(fixture, as: Self.otherSupplierUser)
        let decision = try await supplier.call("lead.submit", SmallMarket.lead(1))
        let look: JSONObject = [
            "lead": try #require(decision["lead"]), "atLeast": try #require(decision["position"]),
        ]
        #expect(try await supplier.call("lead.get", look)["channel"] == "web")
        let hidden = await reason { () async throws(ClientError) in
            try await other.call("lead.get", look)
        }
        #expect(hidden == "unknownLead")
        let foreign = await reason { () async throws(ClientError) in
            try await other.call("lead.submit", SmallMarket.lead(2))
        }
        #expect(foreign == "forbidden")
    }

    @Test(.rules("R8.5")) func `a supplier is told no advisor, order or price`() async throws {
        let fixture = try fixture()
        let chief = try await client(fixture, as: Self.operatorUser)
        try await SmallMarket.found(chief)
        _ = try await chief.call(
            "market.apply", ["configuration": ["channels": [["name": "other"]]]])
        let supplier = try await client(fixture, as: Self.supplierUser)
        var ping = SmallMarket.lead(1)
        ping["consent"] = nil
        ping["contact"] = nil
        let reserved = try await supplier.call("lead.ping", ping)
        let lead = try #require(reserved["lead"])
        var post = SmallMarket.lead(1)
        post["channel"] = nil
        post["attributes"] = nil
        post["lead"] = lead
        let posted = try await supplier.call("lead.post", post)
        let submitted = try await supplier.call("lead.submit", SmallMarket.lead(2))
        let looked = try await supplier.call(
            "lead.get", ["lead": lead, "atLeast": try #require(posted["position"])])
        #expect(reserved["status"] == "reserved" && posted["status"] == "released")
        for answer in [reserved, posted, submitted, looked] {
            #expect(answer["institution"] == "Bank One" && answer["payoutFen"] == 1_000)
            #expect(answer["product"] == "有房一族" && answer["assignment"] != nil)
            for hidden in ["advisor", "order", "priceFen", "category"] {
                #expect(answer[hidden] == nil, "\(hidden)")
            }
        }
        let seen = try await chief.call("lead.get", ["lead": lead])
        #expect(seen["advisor"] == "adv-1" && seen["priceFen"] == 6_000)
        let foreign = try await client(fixture, as: Self.otherSupplierUser)
        let stolen = post
        let refused = await reason { () async throws(ClientError) in
            try await foreign.call("lead.post", stolen)
        }
        #expect(refused == "leadNotPinged")
    }

    @Test(.rules("R8.2")) func `a supplier answers for consents of its own channel alone`()
        async throws
    {
        let fixture = try fixture()
        let chief = try await client(fixture, as: Self.operatorUser)
        try await SmallMarket.found(chief)
        _ = try await chief.call("market.apply", ["configuration": SmallMarket.gated])
        _ = try await chief.call(
            "market.apply", ["configuration": ["channels": [["name": "other"]]]])
        let supplier = try await client(fixture, as: Self.supplierUser)
        let other = try await client(fixture, as: Self.otherSupplierUser)
        let reserved = try await supplier.call("lead.submit", SmallMarket.lead(1))
        let consent = try #require(SmallMarket.lead(1)["consent"])
        let answer: JSONObject = [
            "assignment": try #require(reserved["assignment"]), "consent": consent,
        ]
        let hidden = await reason { () async throws(ClientError) in
            try await other.call("assignment.confirmConsent", answer)
        }
        #expect(hidden == "unknownAssignment")
        let accepting = await reason { () async throws(ClientError) in
            try await supplier.call("assignment.accept", ["assignment": answer["assignment"] ?? 1])
        }
        #expect(accepting == "forbidden")
        let confirmed = try await supplier.call("assignment.confirmConsent", answer)
        #expect(confirmed["state"] == "reserved")
    }

    @Test func `a key of one principal means nothing to another`() async throws {
        let fixture = try fixture()
        let chief = try await client(fixture, as: Self.operatorUser)
        try await SmallMarket.found(chief)
        let frontend = try await client(fixture, as: Self.frontendUser)
        let first = try await chief.call("lead.submit", SmallMarket.lead(1, key: "k"))
        let second = try await frontend.call("lead.submit", SmallMarket.lead(2, key: "k"))
        #expect(first["status"] == "released")
        #expect(second["status"] == "released")
        #expect(first["lead"] != second["lead"])
    }
}

extension JSONValue {
    fileprivate var encoded: String {
        var writer = JSONWriter()
        writer.value(self)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
