import Foundation
import MarketClient
import MarketCore
import MarketRPC
import MarketServer
import MarketTestSupport
import Testing

@Suite(.hangGuard)
struct ScrubTests {
    @Test func `a flipped bit in the log is found while the daemon runs, and its place named`()
        async throws
    {
        let fixture = try ServerFixture()
        var client = try await fixture.connect()
        try await SmallMarket.found(client)
        let mark = "scrub-me-please"
        let deposit = try await client.call(
            "account.deposit",
            ["advisor": "adv-1", "amountFen": 1, "reference": .string(mark)])
        for number in 1...20 { _ = try await client.call("lead.submit", SmallMarket.lead(number)) }
        await client.close()
        // The snapshot of a clean stop spares the next start from reading the damage itself.
        #expect(fixture.stop() == .clean)
        try flip(mark, in: fixture.configuration.dataDirectory + "/log/data.mdb")
        try fixture.start()
        client = try await fixture.connect()
        var health = try await client.call("market.health")
        let deadline = ContinuousClock.now + .seconds(120)
        while health["status"] == "ok", ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(20))
            health = try await client.call("market.health")
        }
        #expect(health["status"] == "damaged")
        #expect(health["scrub"]?["damagedPosition"] == deposit["position"])
        let place = try #require(deposit["position"])
        let refused = await reason { [client] () async throws(ClientError) in
            try await client.call("events.read", ["from": place])
        }
        #expect(refused == "internalError")
    }

    /// Changes one bit of every place where `text` stands in the file.
    private func flip(_ text: String, in path: String) throws {
        var data = try Data(contentsOf: URL(fileURLWithPath: path))
        var places = 0
        while let range = data.range(of: Data(text.utf8)) {
            data[range.lowerBound] ^= 1
            places += 1
        }
        #expect(places > 0)
        try data.write(to: URL(fileURLWithPath: path))
    }
}
