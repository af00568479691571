import Histogram
import MarketClient
import MarketRPC
import NIOCore
import Synchronization

/// One connection of a benchmark: sends a lead for each answer.
///
/// Its variables are confined to the connection's event loop until ``finished()`` returns.
final class SubmitConnection: @unchecked Sendable {
    /// When to measure and when to stop.
    struct Limits: Sendable {
        var inFlight: Int
        var measureFrom: ContinuousClock.Instant
        var deadline: ContinuousClock.Instant?
        var maximumCount: Int?
    }

    /// How many leads have been submitted, by all connections together.
    final class Budget: Sendable {
        private let used = Atomic<Int>(0)

        /// The number of the next lead, from 0.
        func next() -> Int { used.add(1, ordering: .relaxed).oldValue }
    }

    /// What one connection measured.
    struct Part: Sendable {
        var histogram = Histogram<UInt64>(numberOfSignificantValueDigits: .three)
        var statuses: [String: Int] = [:]
        var lastAnswer: ContinuousClock.Instant
    }

    private let limits: Limits
    private let leads: BenchmarkLeads
    private let budget: Budget
    private var connection: LineConnection?
    private var sentAt: [ContinuousClock.Instant]
    private var pending = 0
    private var turn = 0
    private var part: Part
    private var continuation: CheckedContinuation<Part, Never>?
    private var isOver = false

    private init(limits: Limits, leads: BenchmarkLeads, budget: Budget) {
        self.limits = limits
        self.leads = leads
        self.budget = budget
        sentAt = Array(repeating: limits.measureFrom, count: limits.inFlight)
        part = Part(lastAnswer: limits.measureFrom)
    }

    static func start(
        socketPath: String, limits: Limits, leads: BenchmarkLeads, budget: Budget
    ) async throws(ClientError) -> SubmitConnection {
        let this = SubmitConnection(limits: limits, leads: leads, budget: budget)
        let connection = try await LineConnection.connect(
            path: socketPath, onLine: { this.receive($0) },
            onEnd: { _ in
                this.pending = 0
                this.endIfDone(stopping: true)
            })
        connection.eventLoop.execute {
            this.connection = connection
            var buffer = ByteBuffer()
            for slot in 0..<limits.inFlight { this.submit(slot: slot, into: &buffer) }
            if buffer.readableBytes > 0 { connection.enqueue(buffer) }
            this.endIfDone(stopping: this.pending == 0)
        }
        return this
    }

    /// Waits for the last answer and gives what was measured.
    func finished() async -> Part {
        let eventLoop = connection?.eventLoop
        return await withCheckedContinuation { continuation in
            let take: @Sendable () -> Void = {
                if self.isOver {
                    continuation.resume(returning: self.part)
                } else {
                    self.continuation = continuation
                }
            }
            if let eventLoop { eventLoop.execute(take) } else { take() }
        }
    }

    private func submit(slot: Int, into buffer: inout ByteBuffer) {
        let now = ContinuousClock.now
        if let deadline = limits.deadline, now >= deadline { return }
        let index = budget.next()
        if let maximum = limits.maximumCount, index >= maximum { return }
        sentAt[slot] = now
        pending += 1
        turn += 1
        leads.append(index, identifier: turn * limits.inFlight + slot, to: &buffer)
    }

    private func receive(_ line: ByteBuffer) {
        guard let (identifier, isError) = ResponseLine.summary(of: line) else { return }
        let slot = Int(identifier) % limits.inFlight
        let now = ContinuousClock.now
        pending -= 1
        if sentAt[slot] >= limits.measureFrom {
            part.histogram.record(UInt64((now - sentAt[slot]) / .microseconds(1)))
            part.statuses[isError ? "error" : Self.status(of: line), default: 0] += 1
            part.lastAnswer = now
        }
        var buffer = ByteBuffer()
        submit(slot: slot, into: &buffer)
        if buffer.readableBytes > 0 { connection?.enqueue(buffer) }
        endIfDone(stopping: pending == 0)
    }

    private func endIfDone(stopping: Bool) {
        guard stopping, !isOver else { return }
        isOver = true
        continuation?.resume(returning: part)
        continuation = nil
    }

    /// The word after `"status":"` without parsing the line.
    private static func status(of line: ByteBuffer) -> String {
        let view = line.readableBytesView
        let name = Array(#""status":""#.utf8)
        guard let range = view.firstRange(of: name) else { return "?" }
        return String(decoding: view[range.upperBound...].prefix { $0 != 0x22 }, as: UTF8.self)
    }
}
