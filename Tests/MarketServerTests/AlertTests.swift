import Logging
import MarketClient
import MarketCore
import MarketRPC
import MarketServer
import MarketTestSupport
import Testing

@Suite(.hangGuard)
struct AlertTests {
    @Test(.rules("R8.6"))
    func `a delivery is overdue once the time is past, said once, until acknowledged`()
        async throws
    {
        let log = RecordingLog()
        var market = try await GatedMarket(ServerFixture(clock: .supplied, logger: log.logger))
        try await market.order("adv-1", "homeOwner")
        try await market.order("adv-2", "offered")
        let acknowledged = try await market.lead(ownsHouse: true)
        let late = try await market.lead(ownsHouse: true)
        let reserved = try await market.lead()
        #expect(reserved["status"] == "reserved")
        try await market.give(
            "assignment.acknowledge", ["assignment": try #require(acknowledged["assignment"])])
        // The lead that is late was sold two seconds ago: 120 s after the sale all is well.
        market.wait(seconds: 117)
        try await market.give("market.advance", [:])
        #expect(try await market.health()["overdueDeliveries"] == 0)
        try await market.give("market.advance", [:])
        #expect(try await market.health()["overdueDeliveries"] == 1)
        market.wait(seconds: 1_000)
        try await market.give("market.advance", [:])
        #expect(try await market.health()["overdueDeliveries"] == 1)
        let lines = log.lines("a delivery is overdue")
        #expect(lines.count == 1)
        #expect(lines.first?.level == .warning)
        #expect(lines.first?.metadata["assignment"] == late["assignment"]?.integer.map { "\($0)" })
        #expect(lines.first?.metadata["advisor"] == "adv-1")
        let listed = try await market.client.call("assignment.list", ["state": "overdue"])
        #expect(listed["items"]?.array?.map { $0["assignment"] } == [late["assignment"]])

        // Who comes later is told of what is overdue now.
        var chief = try await market.subscriber("alerts.subscribe")
        let alert = try #require(await chief.next())
        #expect(alert["kind"] == "deliveryOverdue")
        #expect(alert["assignment"] == late["assignment"])
        #expect(alert["advisor"] == "adv-1")
        #expect(alert["since"] != nil)
        try await market.give(
            "assignment.acknowledge", ["assignment": try #require(late["assignment"])])
        #expect(try await market.health()["overdueDeliveries"] == 0)
    }

    @Test(.rules("R8.6", "R8.7"), arguments: ["contact.suppress", "lead.erase"])
    func `who is suppressed or erased is no longer overdue`(method: String) async throws {
        var market = try await GatedMarket(ServerFixture(clock: .supplied))
        try await market.order("adv-1", "homeOwner")
        _ = try await market.lead(ownsHouse: true)
        let phone = market.lastPhone
        _ = try await market.lead(ownsHouse: true)
        market.wait(seconds: 200)
        try await market.give("market.advance", [:])
        #expect(try await market.health()["overdueDeliveries"] == 2)
        try await market.give(method, ["phone": phone])
        #expect(try await market.health()["overdueDeliveries"] == 1)
    }

    @Test(.rules("R8.6"))
    func `on the machine's clock an alert comes without anybody asking, after a restart, too`()
        async throws
    {
        let fixture = try ServerFixture { $0.delivery.overdueAfter = .seconds(1) }
        let client = try await fixture.connect()
        try await SmallMarket.found(client)
        let chief = try await fixture.connect()
        _ = try await chief.call("alerts.subscribe")
        var alerts = chief.notifications.makeAsyncIterator()
        let sold = try await client.call("lead.submit", SmallMarket.lead(1))
        let alert = try #require(await alerts.next())
        #expect(alert.method == "alert")
        #expect(alert.parameters["assignment"] == sold["assignment"])
        await chief.close()
        await client.close()
        #expect(fixture.stop() == .clean)
        try fixture.start()
        let again = try await fixture.connect()
        _ = try await again.call("alerts.subscribe")
        var later = again.notifications.makeAsyncIterator()
        #expect(await later.next()?.parameters["assignment"] == sold["assignment"])
    }

    @Test(.rules("R3.2"))
    func `a channel that pauses itself is alerted about and logged`() async throws {
        let log = RecordingLog()
        var market = try await GatedMarket(ServerFixture(clock: .supplied, logger: log.logger))
        var chief = try await market.subscriber("alerts.subscribe")
        for _ in 0..<2 {
            _ = try await market.lead(ownsHouse: true)
            #expect(try await market.unqualifiedLead()["reason"] == "unqualified")
        }
        let alert = try #require(await chief.next())
        #expect(alert["kind"] == "channelPaused")
        #expect(alert["channel"] == "web")
        #expect(alert["bad"] == 2)
        #expect(alert["of"] == 4)
        #expect(log.lines("a channel paused itself").map { $0.metadata["channel"] } == ["web"])
        // Who asks for the past is told of it, too.
        var later = try await market.subscriber("alerts.subscribe", ["from": 1])
        #expect(await later.next()?["position"] == alert["position"])
    }
}
