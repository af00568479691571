import MarketClient
import MarketCore
import MarketRPC
import MarketServer
import MarketTestSupport
import Testing

@Suite(.hangGuard)
struct SubscriptionTests {
    private func subscriber(
        _ fixture: ServerFixture, from: Int64? = nil, buffered: Int = 1_024
    ) async throws -> (MarketClient, Notifications.Iterator) {
        var configuration = MarketClient.Configuration()
        configuration.maximumBufferedNotifications = buffered
        let client = try await MarketClient.connect(
            path: fixture.configuration.socketPath, configuration: configuration)
        var parameters: JSONObject = [:]
        if let from { parameters["from"] = .integer(from) }
        _ = try await client.call("assignment.subscribe", parameters)
        return (client, client.notifications.makeAsyncIterator())
    }

    /// The leads of the next `count` first deliveries.
    private func leads(
        _ iterator: inout Notifications.Iterator, _ count: Int
    ) async -> [Int64] {
        var found: [Int64] = []
        while found.count < count, let notification = await iterator.next() {
            if notification.parameters["redelivered"] == false {
                found.append(notification.parameters["lead"]?.integer ?? -1)
            }
        }
        return found
    }

    @Test(.rules("R8.6"))
    func `two frontends see every first delivery once and in order, one stopped meanwhile`()
        async throws
    {
        let fixture = try ServerFixture()
        let client = try await fixture.connect()
        try await SmallMarket.found(client)
        var (running, live) = try await subscriber(fixture)
        // This one reads nothing until everything is sold; 8 notifications fill its buffer.
        var (stopped, late) = try await subscriber(fixture, buffered: 8)
        let count = 3_000
        let submitting = Task {
            var sold: [Int64] = []
            for start in stride(from: 1, through: count, by: 100) {
                try await withThrowingTaskGroup(of: JSONValue.self) { group in
                    for number in start..<start + 100 {
                        group.addTask {
                            try await client.call("lead.submit", SmallMarket.lead(number))
                        }
                    }
                    for try await decision in group {
                        sold.append(try #require(decision["lead"]?.integer))
                    }
                }
            }
            return sold.sorted()
        }
        let seen = await leads(&live, count)
        let sold = try await submitting.value
        #expect(seen == sold)
        #expect(await leads(&late, count) == sold)
        await running.close()
        await stopped.close()
        running = client
        stopped = client
    }

    @Test(.rules("R8.6")) func `a subscriber that names a position gets everything from there`()
        async throws
    {
        // Nothing comes a third time while the test waits for its turn.
        let fixture = try ServerFixture { $0.delivery.redeliverAfter = .seconds(3_600) }
        let client = try await fixture.connect()
        try await SmallMarket.found(client)
        var positions: [Int64] = []
        for number in 1...10 {
            let decision = try await client.call("lead.submit", SmallMarket.lead(number))
            positions.append(try #require(decision["position"]?.integer))
        }
        let (first, iterator) = try await subscriber(fixture, from: positions[4])
        var notifications = iterator
        var seen: [Int64] = []
        var again: [Int64] = []
        while seen.count + again.count < 10, let one = await notifications.next() {
            let position = try #require(one.parameters["position"]?.integer)
            if one.parameters["redelivered"] == true {
                again.append(position)
            } else {
                seen.append(position)
            }
        }
        #expect(again == Array(positions[..<4]))
        #expect(seen == Array(positions[4...]))
        await first.close()
    }

    @Test(.rules("R8.6")) func `what is not acknowledged comes again, flagged, until it is`()
        async throws
    {
        let fixture = try ServerFixture { $0.delivery.redeliverAfter = .seconds(1) }
        let client = try await fixture.connect()
        try await SmallMarket.found(client)
        var (frontend, iterator) = try await subscriber(fixture)
        let decision = try await client.call("lead.submit", SmallMarket.lead(1))
        let first = try #require(await iterator.next()).parameters
        #expect(first["redelivered"] == false)
        #expect(first["contact"] == ["phone": "13900000001", "name": "王女士"])
        #expect(first["attributes"] == ["ownsHouse": true, "age": 34, "region": "330106"])
        let second = try #require(await iterator.next()).parameters
        #expect(second["redelivered"] == true)
        #expect(second["assignment"] == decision["assignment"])
        _ = try await client.call(
            "assignment.acknowledge", ["assignment": try #require(decision["assignment"])])
        let other = try await client.call("lead.submit", SmallMarket.lead(2))
        while let next = await iterator.next()?.parameters {
            // A redelivery may have been under way when the acknowledgement came.
            if next["assignment"] == other["assignment"], next["redelivered"] == true { break }
        }
        await frontend.close()
        frontend = client
    }

    @Test(.rules("R8.6"))
    func `after an acknowledgement a late subscriber is told of the sale, not the contact`()
        async throws
    {
        let fixture = try ServerFixture()
        let client = try await fixture.connect()
        try await SmallMarket.found(client)
        let decision = try await client.call("lead.submit", SmallMarket.lead(1))
        _ = try await client.call(
            "assignment.acknowledge", ["assignment": try #require(decision["assignment"])])
        var (frontend, iterator) = try await subscriber(fixture, from: 1)
        let pushed = try #require(await iterator.next()).parameters
        #expect(pushed["assignment"] == decision["assignment"])
        #expect(pushed["contact"] == nil)
        await frontend.close()
        frontend = client
    }

    @Test func `events are sent from a position on and then as they happen`() async throws {
        let fixture = try ServerFixture()
        let client = try await fixture.connect()
        try await SmallMarket.found(client)
        let reader = try await fixture.connect()
        let subscribed = try await reader.call("events.subscribe", ["from": 1])
        var iterator = reader.notifications.makeAsyncIterator()
        let decision = try await client.call("lead.submit", SmallMarket.lead(1))
        let head = try #require(decision["position"]?.integer)
        var positions: [Int64] = []
        while positions.last != head, let event = await iterator.next() {
            positions.append(try #require(event.parameters["position"]?.integer))
        }
        #expect(positions == Array(1...head))
        let number = try #require(subscribed["subscription"])
        #expect(try await reader.call("events.unsubscribe", ["subscription": number]) == [:])
        let refused = await reason { () async throws(ClientError) in
            try await reader.call("events.unsubscribe", ["subscription": number])
        }
        #expect(refused == "unknownSubscription")
    }
}
