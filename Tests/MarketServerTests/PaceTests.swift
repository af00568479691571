import MarketClient
import MarketCore
import MarketRPC
import MarketTestSupport
import Synchronization
import Testing

@testable import MarketServer

/// How far the market sells ahead of what it tells.
@Suite(.hangGuard)
struct PaceTests {
    /// Hands in leads, twenty at a time; returns once all are answered.
    private func submit(
        _ count: Int, to client: MarketClient, whenAnswered note: @escaping @Sendable () -> Void
    ) async throws {
        for start in stride(from: 1, through: count, by: 20) {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in start..<start + 20 {
                    group.addTask {
                        _ = try await client.call("lead.submit", SmallMarket.lead(number))
                        note()
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    /// How many requests were answered.
    private final class Count: Sendable {
        private let count = Atomic(0)
        var value: Int { count.load(ordering: .relaxed) }
        func add() { count.add(1, ordering: .relaxed) }
    }

    private func seams(_ configure: (inout Server.Seams) -> Void = { _ in }) -> Server.Seams {
        var seams = Server.Seams()
        seams.pace = Follower.Pace(maximumLead: 64, patienceMicroseconds: .max)
        configure(&seams)
        return seams
    }

    @Test func `the market sells no further than its follower comes after`() async throws {
        let gate = StepGate()
        let fixture = try ServerFixture(
            seams: seams { $0.beforeFollowerTurn = { gate.pass(.start) } })
        let client = try await fixture.connect()
        try await SmallMarket.found(client)
        let answered = Count()
        gate.close()
        async let submitting: Void = submit(400, to: client) {
            answered.add()
        }
        // It would not take as long to answer all of them.
        for _ in 0..<200 where answered.value < 200 {
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(answered.value < 200)
        gate.open()
        try await submitting
        #expect(answered.value == 400)
        let health = try await client.call("market.health")
        #expect(health["toldPosition"]?.integer ?? 0 > 0)
        await client.close()
    }

    @Test func `a subscriber that does not read holds nobody up`() async throws {
        let fixture = try ServerFixture(seams: seams())
        let client = try await fixture.connect()
        try await SmallMarket.found(client)
        var configuration = MarketClient.Configuration()
        configuration.maximumBufferedNotifications = 8
        let frontend = try await MarketClient.connect(
            path: fixture.configuration.socketPath, configuration: configuration)
        _ = try await frontend.call("assignment.subscribe", [:])
        // More than fits into its socket and before it.
        try await submit(3_000, to: client) {}
        await client.close()
        await frontend.close()
    }
}
