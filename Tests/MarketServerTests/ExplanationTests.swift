import EventLog
import Foundation
import MarketClient
import MarketCore
import MarketRPC
import MarketTestSupport
import Testing

@testable import MarketServer

@Suite(.hangGuard)
struct ExplanationTests {
    /// Where rebuilding began and went on.
    private let steps = StepGate()

    private func fixture(snapshotEvery events: Int = 1_000_000) throws -> ServerFixture {
        var seams = Server.Seams()
        seams.beforeRebuildStep = { [steps] in steps.pass($0) }
        return try ServerFixture(clock: .supplied, seams: seams) { configuration in
            configuration.storage.snapshotIntervalEvents = events
        }
    }

    /// All parts of an explanation, its items together.
    private func explain(
        _ lead: JSONValue, limit: Int64, _ client: MarketClient
    ) async throws -> (first: JSONValue, items: [JSONValue]) {
        var parameters: JSONObject = ["lead": lead, "limit": .integer(limit)]
        let first = try await client.call("lead.explain", parameters)
        var items = first["items"]?.array ?? []
        var cursor = first["cursor"]
        while let next = cursor {
            parameters["cursor"] = next
            let part = try await client.call("lead.explain", parameters)
            #expect(part["decision"] == first["decision"])
            items += part["items"]?.array ?? []
            cursor = part["cursor"]
        }
        return (first, items)
    }

    /// A market in which leads are sold, declined, expire and are tested, with orders coming and
    /// going between them, and snapshots: two while it grows, however busy the machine is.
    private func grow(_ market: inout GatedMarket, _ snapshots: SnapshotStore) async throws {
        try await market.order("adv-1", "offered", priority: 9)
        try await market.order("adv-2", "offered")
        try await market.order("adv-2", "homeOwner")
        for round in 0..<12 as Range<Int64> {
            let decision = try await market.lead()
            let assignment = try #require(decision["assignment"])
            let answer = round % 3 == 0 ? "assignment.decline" : "assignment.accept"
            try await market.give(answer, ["assignment": assignment])
            _ = try await market.lead(ownsHouse: true)
            _ = try await market.lead(age: 50)
            _ = try await market.lead(channel: "trial")
            let order = try await market.order("adv-1", "homeOwner", priority: round % 10)
            if round % 2 == 0 { try await market.give("order.pause", ["order": order]) }
            guard round % 6 == 5 else { continue }
            while try snapshots.positions().count < round / 6 + 1 {
                // Whatever the follower is asked lets it look whether one is due.
                _ = try await market.client.call("lead.list", ["limit": 1])
                try await Task.sleep(for: .milliseconds(5))
            }
        }
        // Those for whom nobody placed an order expire.
        market.wait(seconds: 86_400)
        try await market.give("market.advance", [:])
    }

    @Test(.rules("R6.5"))
    func `what is said of a lead long ago is what the rules said then`() async throws {
        // Six rounds, after which a snapshot is waited for, have more events than that.
        let fixture = try fixture(snapshotEvery: 40)
        var market = try await GatedMarket(fixture)
        let store = SnapshotStore(
            directory: fixture.configuration.dataDirectory + "/snapshots")
        try await grow(&market, store)
        await market.client.close()
        #expect(fixture.stop() == .clean)
        let expected = try PastDecisions(log: fixture.configuration.dataDirectory + "/log")
        let kinds = Set(expected.decisions.map(\.kind))
        #expect(kinds == ["reserved", "closed", "tested"])
        let snapshots = try store.positions()
        #expect(snapshots.count == SnapshotStore.keptNewest)

        try fixture.start()
        let client = try await fixture.connect()
        // Newest first, so that no state is reached from the one before.
        for decision in expected.decisions.reversed() {
            steps.forget()
            let said = try await explain(
                .integer(Int64(decision.lead.rawValue)), limit: 3, client)
            #expect(said.first["decision"]?["kind"] == .string(decision.kind))
            #expect(
                said.first["decision"]?["position"]?.integer
                    == Int64(decision.position.rawValue))
            #expect(said.items == decision.items)
            let start = snapshots.first { $0 < decision.position } ?? .start
            #expect(steps.seen.allSatisfy { $0 >= start })
            #expect(steps.seen.isEmpty || steps.seen.first == start)
        }
        await client.close()
        #expect(fixture.stop() == .clean)
    }

    @Test(.rules("R6.5"))
    func `a lead that waits is explained as of one moment, however many parts are asked for`()
        async throws
    {
        var market = try await GatedMarket(try fixture())
        for _ in 0..<3 {
            let order = try await market.order("adv-1", "asked")
            try await market.give("order.pause", ["order": order])
        }
        let lead = try #require(try await market.lead(age: 50)["lead"])
        let all = try await market.client.call("lead.explain", ["lead": lead])
        #expect(all["decision"]?["kind"] == "waiting")
        #expect(all["status"] == "waiting")
        let items = try #require(all["items"]?.array)
        #expect(items.count == 3)
        for item in items {
            #expect(item["verdict"] == "ineligible")
            #expect(item["rule"] == "notLive")
            #expect(item["reasons"] == ["paused"])
        }
        let first = try await market.client.call("lead.explain", ["lead": lead, "limit": 1])
        // The lead is reserved meanwhile; the parts that follow are still about its waiting.
        let taker = try await market.order("adv-2", "asked")
        let second = try await market.client.call(
            "lead.explain",
            ["lead": lead, "limit": 5, "cursor": try #require(first["cursor"])])
        #expect(second["decision"] == first["decision"])
        #expect(second["status"] == "reserved")
        #expect(second["items"] == .array(Array(items[1...])))
        #expect(second["cursor"] == nil)
        let now = try await market.client.call("lead.explain", ["lead": lead])
        #expect(now["decision"]?["kind"] == "reserved")
        #expect(now["items"]?.array?.last?["order"] == taker)
        #expect(now["items"]?.array?.last?["verdict"] == "won")
    }

    @Test(.rules("R6.5", "R8.4"))
    func `of several reservations the latest is explained, and a rejection has no orders`()
        async throws
    {
        var market = try await GatedMarket(try fixture())
        try await market.order("adv-1", "offered", priority: 9)
        try await market.order("adv-2", "offered")
        let decision = try await market.lead()
        let declined = try await market.give(
            "assignment.decline", ["assignment": try #require(decision["assignment"])])
        let said = try await market.client.call(
            "lead.explain",
            [
                "lead": try #require(decision["lead"]),
                "atLeast": try #require(declined["position"]),
            ])
        #expect(said["items"]?.array?.map { $0["verdict"] } == ["ineligible", "won"])
        #expect(said["items"]?.array?.first?["rule"] == "excluded")
        let rejected = try await market.unqualifiedLead()
        let reason = try await market.client.call(
            "lead.explain",
            [
                "lead": try #require(rejected["lead"]),
                "atLeast": try #require(rejected["position"]),
            ])
        #expect(reason["decision"]?["kind"] == "rejected")
        #expect(reason["reason"] == "unqualified")
        #expect(reason["items"] == [])
    }

    @Test(arguments: [
        "x", "1", "0.1", "1.1", "1.1.1", "99999999.1", "99999999.1.1", "1.2.3.4", "-1.2", "1..2",
        "9.9.99999999999999999999", "9007199254740993.1",
    ])
    func `a cursor that was made up is refused`(cursor: String) async throws {
        var market = try await GatedMarket(try fixture())
        let order = try await market.order("adv-1", "offered")
        try await market.give("order.pause", ["order": order])
        let lead = try await market.lead()
        let refused = await reason { () async throws(ClientError) in
            try await market.client.call(
                "lead.explain",
                [
                    "lead": lead["lead"] ?? .null, "cursor": .string(cursor),
                    "atLeast": lead["position"] ?? .null,
                ])
        }
        #expect(refused == "invalidParameters")
    }

    // MARK: - Beside everything else

    @Test(.rules("R6.5"))
    func `while a past state is rebuilt everything else goes on, and too many wait no longer`()
        async throws
    {
        var market = try await GatedMarket(try fixture())
        try await market.order("adv-1", "homeOwner")
        let lead = try #require(try await market.lead(ownsHouse: true)["lead"])
        try await market.give("market.advance", [:])
        let asker = try await market.fixture.connect()
        steps.close()
        let first = Task { try await asker.call("lead.explain", ["lead": lead]) }
        await steps.reached()
        // Nothing below depends on how long the rebuilding takes: it does not go on.
        for _ in 0..<20 {
            #expect(try await market.lead(ownsHouse: true)["status"] == "released")
        }
        let look = try await asker.call("lead.get", ["lead": lead])
        #expect(look["status"] == "released")
        await withTaskGroup(of: String?.self) { group in
            for _ in 0...Explainer.maximumWaiting {
                group.addTask {
                    await reason { () async throws(ClientError) in
                        try await asker.call("lead.explain", ["lead": lead])
                    }
                }
            }
            // One has no room, and is the first to be answered, since no other can be.
            #expect(await group.next() == "overloaded")
            steps.open()
            for await refusal in group { #expect(refusal == nil) }
        }
        #expect(try await first.value["decision"]?["kind"] == "reserved")
        // The state was rebuilt once and served them all.
        #expect(steps.seen.count == 1)
    }

    @Test
    func `a rebuilding is given up when its asker leaves, and the daemon stops in the middle`()
        async throws
    {
        var market = try await GatedMarket(try fixture())
        try await market.order("adv-1", "homeOwner")
        let lead = try #require(try await market.lead(ownsHouse: true)["lead"])
        try await market.give("market.advance", [:])
        let leaver = try await market.fixture.connect()
        let server = try #require(market.fixture.server)
        steps.close()
        let left = Task { try? await leaver.call("lead.explain", ["lead": lead]) }
        await steps.reached()
        // Whoever asks was let in.
        let connections = server.connectionCount
        await leaver.close()
        while server.connectionCount == connections {
            try? await Task.sleep(for: .milliseconds(1))
        }
        steps.open()
        #expect(await left.value == nil)
        // Had it been finished, the state would be at hand.
        _ = try await market.client.call("lead.explain", ["lead": lead])
        #expect(steps.seen.count == 2)

        let earlier = try #require(try await market.lead(ownsHouse: true)["lead"])
        try await market.give("market.advance", [:])
        let stayer = try await market.fixture.connect()
        steps.close()
        let stopped = Task {
            await reason { () async throws(ClientError) in
                try await stayer.call("lead.explain", ["lead": earlier])
            }
        }
        await steps.reached()
        let fixture = market.fixture
        // On a thread of its own, for it blocks until the gate opens.
        let end = Task {
            await withCheckedContinuation { continuation in
                Thread.detachNewThread { continuation.resume(returning: fixture.stop()) }
            }
        }
        while !server.explainer.isStopping {
            try? await Task.sleep(for: .milliseconds(1))
        }
        steps.open()
        #expect(await end.value == .clean)
        #expect(await stopped.value == "shuttingDown")
    }
}
