import MarketClient
import MarketCore
import MarketRPC
import MarketServer
import MarketTestSupport
import Synchronization
import Testing

/// A supplier sees its own channel's leads and nobody else's, whatever it calls.
@Suite(.hangGuard)
struct SupplierTests {
    private static let operatorUser: UInt32 = 11
    private static let supplierUser: UInt32 = 14
    private static let otherSupplierUser: UInt32 = 15

    /// A market with two suppliers, each with a connection.
    private struct World {
        let fixture: ServerFixture
        let chief: MarketClient
        let own: MarketClient
        let other: MarketClient
    }

    private func world() async throws -> World {
        let caller = Caller()
        var seams = Server.Seams()
        seams.credentials = { caller.peer }
        let fixture = try ServerFixture(seams: seams) { configuration in
            configuration.roles.users = [
                Self.operatorUser: Grant(role: .operator),
                Self.supplierUser: Grant(role: .supplier, channel: "web"),
                Self.otherSupplierUser: Grant(role: .supplier, channel: "other"),
            ]
        }
        func connect(_ uid: UInt32) async throws -> MarketClient {
            caller.become(uid)
            let client = try await fixture.connect()
            // The credentials are read when the connection is let in, before it is answered.
            _ = try await client.call("market.info")
            return client
        }
        let chief = try await connect(Self.operatorUser)
        try await SmallMarket.found(chief)
        _ = try await chief.call(
            "market.apply",
            [
                "configuration": [
                    "channels": [["name": "other", "title": "Other", "payoutFen": 777]],
                    "categories": [
                        [
                            "name": "asked", "title": "Asked",
                            "qualification": ["ownsHouse": false],
                            "ladder": [["maxAge": "1d", "priceFen": 3_000]],
                            "gates": ["namedConsent": true],
                        ]
                    ],
                ]
            ])
        _ = try await chief.call(
            "order.place", ["advisor": "adv-1", "category": "asked", "quantity": 100])
        return World(
            fixture: fixture, chief: chief, own: try await connect(Self.supplierUser),
            other: try await connect(Self.otherSupplierUser))
    }

    private func lead(_ number: Int, ownsHouse: Bool) -> JSONObject {
        var lead = SmallMarket.lead(number)
        lead["channel"] = nil
        lead["attributes"] = ["ownsHouse": .bool(ownsHouse)]
        return lead
    }

    private func refusal(
        _ client: MarketClient, _ method: String, _ parameters: JSONObject
    ) async -> String? {
        await reason { () async throws(ClientError) in
            try await client.call(method, parameters)
        }
    }

    @Test func `what a supplier may call is this and no more, each tried below`() {
        let methods = Catalogue.methods.filter { $0.roles.contains(.supplier) }.map(\.name)
        #expect(
            Set(methods) == [
                "rpc.discover", "market.info", "market.health", "lead.submit", "lead.ping",
                "lead.post", "lead.get", "assignment.confirmConsent", "assignment.declineConsent",
                "channel.get", "channel.list",
            ])
    }

    @Test(.rules("R8.5"))
    func `answers to a supplier name no advisor, order or price`() async throws {
        let world = try await world()
        let told: Set<String> = [
            "lead", "status", "assignment", "payoutFen", "institution", "product", "awaits",
            "expiresAt", "position",
        ]
        func check(_ answer: JSONValue) {
            guard case .object(let object) = answer else { return }
            #expect(Set(object.members.map(\.name)).isSubset(of: told))
        }
        check(try await world.own.call("lead.submit", lead(1, ownsHouse: true)))
        check(try await world.own.call("lead.submit", lead(2, ownsHouse: false)))
        let pinged = try await world.own.call(
            "lead.ping",
            [
                "phone": .string(SmallMarket.phone(3)), "attributes": ["ownsHouse": true],
                "idempotencyKey": "p",
            ])
        check(pinged)
        #expect(pinged["payoutFen"] == 1_000)
        var post = lead(3, ownsHouse: true)
        post["attributes"] = nil
        post["lead"] = pinged["lead"]
        post["idempotencyKey"] = "q"
        let posted = try await world.own.call("lead.post", post)
        #expect(posted["status"] == "released")
        check(posted)
        // The same answer comes again to a repetition, no fuller than before.
        #expect(try await world.own.call("lead.post", post) == posted)
        var preferring = lead(4, ownsHouse: true)
        preferring["preferredAdvisor"] = "adv-1"
        #expect(await refusal(world.own, "lead.submit", preferring) == "forbidden")
    }

    @Test(.rules("R8.2", "R8.5"))
    func `other channels' leads do not exist for a supplier`() async throws {
        let world = try await world()
        let sold = try await world.own.call("lead.submit", lead(1, ownsHouse: true))
        let asked = try await world.own.call("lead.submit", lead(2, ownsHouse: false))
        #expect(asked["status"] == "reserved")
        let pinged = try await world.own.call(
            "lead.ping",
            ["phone": .string(SmallMarket.phone(3)), "attributes": ["ownsHouse": true]])
        #expect(pinged["status"] == "reserved")
        for answer in [sold, asked, pinged] {
            let look: JSONObject = [
                "lead": try #require(answer["lead"]), "atLeast": try #require(pinged["position"]),
            ]
            #expect(await refusal(world.own, "lead.get", look) == nil)
            #expect(await refusal(world.other, "lead.get", look) == "unknownLead")
        }
        var post = lead(3, ownsHouse: true)
        post["attributes"] = nil
        post["lead"] = pinged["lead"]
        #expect(await refusal(world.other, "lead.post", post) == "leadNotPinged")
        let consent = try #require(SmallMarket.lead(2)["consent"])
        let assignment = try #require(asked["assignment"])
        let confirm: JSONObject = ["assignment": assignment, "consent": consent]
        let unknown = "unknownAssignment"
        #expect(await refusal(world.other, "assignment.confirmConsent", confirm) == unknown)
        #expect(
            await refusal(world.other, "assignment.declineConsent", ["assignment": assignment])
                == unknown)
        #expect(await refusal(world.own, "assignment.confirmConsent", confirm) == nil)
        #expect(await refusal(world.own, "lead.post", post) == nil)
        var foreign = lead(4, ownsHouse: true)
        foreign["channel"] = "web"
        #expect(await refusal(world.other, "lead.submit", foreign) == "forbidden")
        foreign["consent"] = nil
        foreign["contact"] = nil
        #expect(await refusal(world.other, "lead.ping", foreign) == "forbidden")
    }

    @Test func `a supplier sees no channel but its own, and no prices`() async throws {
        let world = try await world()
        let channels = try await world.other.call("channel.list")
        #expect(channels["items"]?.array?.map { $0["channel"] } == ["other"])
        #expect(await refusal(world.other, "channel.get", ["channel": "web"]) == "forbidden")
        let information = try await world.other.call("market.info")
        #expect(information["channels"]?.array?.map { $0["name"] } == ["other"])
        #expect(information["payees"] == [])
        let categories = try #require(information["categories"]?.array)
        #expect(categories.map { $0["title"] } == ["有房一族", "Asked"])
        for category in categories { #expect(category["ladder"] == nil) }
        #expect(
            try #require(Catalogue.method(named: "market.info")).mismatches(in: information)
                == [])
        let all = try await world.chief.call("market.info")
        #expect(all["channels"]?.array?.count == 2)
        #expect(all["categories"]?.array?.first?["ladder"] != nil)
    }
}

/// Says who the next caller is.
private final class Caller: Sendable {
    private let uid = Mutex<UInt32>(1)

    func become(_ uid: UInt32) { self.uid.withLock { $0 = uid } }

    var peer: PeerCredentials { PeerCredentials(pid: 1, uid: uid.withLock { $0 }, gid: 999) }
}
