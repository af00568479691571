import MarketCore
import MarketRPC
import Synchronization
import Testing

/// Leads of ever new people, handed in one after the other until told to stop, so that something
/// goes on in a market for as long as a test wants.
final class LeadStream: Sendable {
    private struct State {
        var count = 0
        var isStopping = false
        var isOver = false
    }

    private let state = Mutex(State())
    private let template: JSONObject
    private let daemon: RunningDaemon

    /// Hands in copies of `template`, a lead of its channel, each with another phone.
    init(of template: JSONObject, to daemon: RunningDaemon) {
        self.template = template
        self.daemon = daemon
    }

    /// Hands in leads while `body` runs, which is given this to wait for some of them.
    func during<Value: Sendable>(
        _ body: (LeadStream) async throws -> Value
    ) async throws -> Value {
        async let running: Void = run()
        defer { state.withLock { $0.isStopping = true } }
        let value = try await body(self)
        state.withLock { $0.isStopping = true }
        try await running
        return value
    }

    /// Waits until `count` more leads have been answered.
    func more(_ count: Int) async throws {
        let goal = state.withLock { $0.count } + count
        while state.withLock({ $0.count }) < goal {
            try #require(!state.withLock { $0.isOver }, "no more leads are answered")
            try await Task.sleep(for: .milliseconds(1))
        }
    }

    private func run() async throws {
        defer { state.withLock { $0.isOver = true } }
        let client = try daemon.connect()
        var lead = template
        lead["idempotencyKey"] = nil
        var number = 0
        while !state.withLock({ $0.isStopping }) {
            let digits = String(number)
            number += 1
            let zeros = String(repeating: "0", count: 8 - digits.utf8.count)
            lead["phone"] = .string("199" + zeros + digits)
            _ = try await client.call("lead.submit", lead)
            state.withLock { $0.count += 1 }
        }
    }
}
