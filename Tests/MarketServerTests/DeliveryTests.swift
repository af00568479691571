import Foundation
import Logging
import MarketClient
import MarketCore
import MarketRPC
import MarketServer
import MarketTestSupport
import Testing

@Suite(.hangGuard)
struct DeliveryTests {
    @Test(.rules("R8.2", "R8.3", "R8.6"))
    func `a reservation is told without the contact, the release with it`() async throws {
        var market = try await GatedMarket(ServerFixture(clock: .supplied))
        try await market.order("adv-1", "asked")
        var frontend = try await market.subscriber()
        let decision = try await market.lead(age: 45)
        #expect(decision["status"] == "reserved")
        let assignment = try #require(decision["assignment"])
        let told = try #require(await frontend.next())
        #expect(told["status"] == "reserved")
        #expect(told["assignment"] == assignment)
        #expect(told["position"] == assignment)
        #expect(told["redelivered"] == false)
        #expect(told["institution"] == "Bank One")
        #expect(told["product"] == "Asked")
        #expect(told["attributes"] == ["ownsHouse": false, "age": 45])
        #expect(told["contact"] == nil)
        let awaits = try #require(told["awaits"])
        #expect(awaits["acceptance"] != nil && awaits["consent"] != nil && awaits["post"] == nil)

        try await market.give("assignment.accept", ["assignment": assignment])
        // Somebody who comes only now is told of the rest.
        var late = try await market.subscriber()
        let again = try #require(await late.next())
        #expect(again["status"] == "reserved")
        #expect(again["redelivered"] == true)
        #expect(again["awaits"] == .object(["consent": try #require(awaits["consent"])]))

        let consent = try #require(SmallMarket.lead(1)["consent"])
        try await market.give(
            "assignment.confirmConsent", ["assignment": assignment, "consent": consent])
        for iterator in [0, 1] {
            let sold =
                try #require(iterator == 0 ? await frontend.next() : await late.next())
            #expect(sold["status"] == "released")
            #expect(sold["assignment"] == assignment)
            #expect(sold["redelivered"] == false)
            #expect(sold["contact"]?["phone"] == "13900000001")
            #expect(sold["awaits"] == nil)
        }
    }

    @Test(.rules("R8.3", "R8.4"))
    func `a void is told with its reason, and the next reservation after it`() async throws {
        var market = try await GatedMarket(ServerFixture(clock: .supplied))
        try await market.order("adv-1", "offered", priority: 9)
        try await market.order("adv-2", "offered")
        var frontend = try await market.subscriber()
        let decision = try await market.lead()
        let first = try #require(await frontend.next())
        #expect(first["advisor"] == "adv-1")
        try await market.give(
            "assignment.decline", ["assignment": try #require(decision["assignment"])])
        let voided = try #require(await frontend.next())
        #expect(voided["status"] == "voided")
        #expect(voided["reason"] == "declined")
        #expect(voided["assignment"] == decision["assignment"])
        #expect(voided["contact"] == nil)
        let second = try #require(await frontend.next())
        #expect(second["status"] == "reserved")
        #expect(second["advisor"] == "adv-2")
        market.wait(seconds: 61)
        try await market.give("market.advance", [:])
        let lapsed = try #require(await frontend.next())
        #expect(lapsed["status"] == "voided")
        #expect(lapsed["reason"] == "acceptanceTimedOut")
    }

    @Test(.rules("R8.6"))
    func `a subscriber is told what is its advisor's or institution's alone`() async throws {
        var market = try await GatedMarket(ServerFixture(clock: .supplied))
        try await market.order("adv-1", "offered")
        try await market.order("adv-2", "homeOwner")
        var one = try await market.subscriber("assignment.subscribe", ["advisor": "adv-1"])
        var two = try await market.subscriber(
            "assignment.subscribe", ["institution": "Bank Two"])
        var all = try await market.subscriber()
        for ownsHouse in [true, false, true] { _ = try await market.lead(ownsHouse: ownsHouse) }
        #expect(await one.next()?["advisor"] == "adv-1")
        for _ in 0..<2 { #expect(await two.next()?["advisor"] == "adv-2") }
        var seen: [JSONValue?] = []
        for _ in 0..<3 { seen.append(await all.next()?["advisor"]) }
        #expect(seen == ["adv-2", "adv-1", "adv-2"])
        let refused = await reason { () async throws(ClientError) in
            try await market.client.call(
                "assignment.subscribe", ["advisor": "adv-1", "institution": "Bank One"])
        }
        #expect(refused == "invalidParameters")
    }

    @Test(.rules("R8.5", "R8.6"))
    func `a posted lead is pushed with the contact of its post, after a restart, too`()
        async throws
    {
        let fixture = try ServerFixture(clock: .supplied)
        var market = try await GatedMarket(fixture)
        try await market.order("adv-1", "offered")
        var frontend = try await market.subscriber()
        let pinged = try await market.ping()
        let reserved = try #require(await frontend.next())
        #expect(reserved["status"] == "reserved")
        #expect(reserved["awaits"]?["post"] != nil)
        _ = try await market.post(try #require(pinged["lead"]))
        let posted = try #require(await frontend.next())
        #expect(posted["awaits"]?["post"] == nil)
        #expect(posted["awaits"]?["acceptance"] != nil)
        try await market.give(
            "assignment.accept", ["assignment": try #require(pinged["assignment"])])
        let sold = try #require(await frontend.next())
        #expect(sold["contact"]?["name"] == "王女士")
        await frontend.client.close()
        await market.client.close()
        #expect(fixture.stop() == .clean)
        try fixture.start()
        var later = try await market.subscriber()
        let again = try #require(await later.next())
        #expect(again["redelivered"] == true)
        #expect(again["position"] == sold["position"])
        #expect(again["contact"] == sold["contact"])
    }

    enum Ending: CaseIterable { case acknowledge, withdraw, suppress, erase }

    @Test(.rules("R8.6", "R8.7", "R4.2"), arguments: Ending.allCases)
    func `once settled, a sale is told without its contact`(ending: Ending) async throws {
        var market = try await GatedMarket(ServerFixture(clock: .supplied))
        try await market.order("adv-1", "homeOwner")
        let decision = try await market.lead(ownsHouse: true)
        let phone = market.lastPhone
        switch ending {
        case .acknowledge:
            try await market.give(
                "assignment.acknowledge", ["assignment": try #require(decision["assignment"])])
        case .withdraw:
            try await market.give("lead.withdraw", ["lead": try #require(decision["lead"])])
        case .suppress: try await market.give("contact.suppress", ["phone": phone])
        case .erase: try await market.give("lead.erase", ["phone": phone])
        }
        _ = try await market.health()
        let other = try await market.lead(ownsHouse: true)
        var frontend = try await market.subscriber("assignment.subscribe", ["from": 1])
        let settled = try #require(await frontend.next())
        #expect(settled["assignment"] == decision["assignment"])
        #expect(settled["contact"] == nil)
        #expect(settled["contactUnavailable"] == nil)
        let open = try #require(await frontend.next())
        #expect(open["assignment"] == other["assignment"])
        #expect(open["contact"] != nil)
    }

    @Test(.rules("R8.6"))
    func `a contact that cannot be opened is told and logged, and stops nobody else's`()
        async throws
    {
        let log = RecordingLog()
        let fixture = try ServerFixture(clock: .supplied, logger: log.logger)
        var market = try await GatedMarket(fixture)
        try await market.order("adv-1", "homeOwner")
        let damaged = try await market.lead(ownsHouse: true)
        let path = fixture.configuration.keysDirectory + "/contacts"
        let file = try FileHandle(forUpdating: URL(filePath: path))
        try file.seek(toOffset: 44)
        try file.write(contentsOf: [0xff, 0x00, 0xff])
        try file.close()
        _ = try await market.lead(ownsHouse: true)
        for _ in 0..<2 {
            var frontend = try await market.subscriber()
            let first = try #require(await frontend.next())
            #expect(first["assignment"] == damaged["assignment"])
            #expect(first["contact"] == nil)
            #expect(first["contactUnavailable"] == true)
            let second = try #require(await frontend.next())
            #expect(second["contact"] != nil)
            #expect(second["contactUnavailable"] == nil)
            await frontend.client.close()
        }
        let lines = log.lines("a contact cannot be opened")
        #expect(lines.count == 1)
        #expect(lines.first?.level == .warning)
        #expect(lines.first?.metadata["assignment"] == damaged["assignment"]?.text)
    }
}

extension JSONValue {
    /// An integer's digits.
    fileprivate var text: String? { integer.map { "\($0)" } }
}
