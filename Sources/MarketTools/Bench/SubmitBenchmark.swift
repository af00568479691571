import Histogram
import MarketClient
public import MarketRPC
import NIOCore
import Synchronization

/// Submits leads over the socket as fast as they are answered: so many connections, so many requests in flight on each.
///
/// A closed loop: a slow answer slows the next request, so the latencies are those of this load and of no other.
public struct SubmitBenchmark: Sendable {
    /// What is measured.
    public struct Options: Sendable {
        /// The daemon's socket.
        public var socketPath: String
        /// How many connections.
        public var connections = 32
        /// How many requests are in flight on each.
        public var inFlight = 16
        /// How many standing orders are placed beforehand.
        public var orders = 10_000
        /// How many advisors place them.
        public var advisors = 200
        /// How long is measured, in seconds; `nil`: until ``count``.
        public var seconds: Double? = 10
        /// How many leads are submitted at most.
        public var count: Int?
        /// How long is not measured at the beginning, in seconds.
        public var warmUpSeconds = 1.0
        /// Seeds orders and leads.
        public var seed: UInt64 = 1

        /// The default load against the daemon at `socketPath`.
        public init(socketPath: String) {
            self.socketPath = socketPath
        }
    }

    /// What came out.
    public struct Outcome: Sendable {
        /// Measured answers by status.
        public var statuses: [String: Int] = [:]
        /// How long was measured, in seconds.
        public var seconds = 0.0
        /// Latencies in microseconds: the percentile and its value.
        public var latencies: [(percentile: Double, microseconds: UInt64)] = []
        /// The slowest answer in microseconds.
        public var slowestMicroseconds: UInt64 = 0

        /// How many answers were measured.
        public var answers: Int { statuses.values.reduce(0, +) }
        /// Answers a second.
        public var rate: Double { seconds > 0 ? Double(answers) / seconds : 0 }
    }

    private let options: Options

    /// Prepares a run.
    public init(_ options: Options) {
        self.options = options
    }

    /// Places the orders, then submits leads.
    ///
    /// - Throws: ``ToolError``; also when the market's clock is supplied, on which connections cannot race.
    public func run() async throws(ToolError) -> Outcome {
        let connection = try await MarketConnection(socketPath: options.socketPath)
        let info = try await connection.call("market.info")
        guard info["clock"] == "real" else {
            throw .usage("the market's clock is supplied; measure one with the real clock")
        }
        try await placeOrders()
        let position = try await connection.call("market.health")["position"]?.integer ?? 1
        return try await submit(firstPerson: UInt64(position))
    }

    private func placeOrders() async throws(ToolError) {
        var lines = BenchmarkOrders.lines(options)[...]
        let player = Player(
            Player.Options(socketPath: options.socketPath, path: "orders of the benchmark"),
            progress: ProgressMeter(title: "orders", total: lines.count))
        let summary = try await player.play { lines.popFirst() }
        guard summary.exitStatus == .success else {
            throw .refused(
                request: "placing the orders",
                problem: summary.examples.first ?? "it did not come to its end")
        }
    }

    private func submit(firstPerson: UInt64) async throws(ToolError) -> Outcome {
        let leads = BenchmarkLeads(seed: options.seed, firstPerson: firstPerson)
        let start = ContinuousClock.now
        let warm = start + .seconds(options.warmUpSeconds)
        let limits = SubmitConnection.Limits(
            inFlight: options.inFlight, measureFrom: warm,
            deadline: options.seconds.map { warm + .seconds($0) }, maximumCount: options.count)
        let budget = SubmitConnection.Budget()
        var running: [SubmitConnection] = []
        for _ in 0..<options.connections {
            do throws(ClientError) {
                running.append(
                    try await SubmitConnection.start(
                        socketPath: options.socketPath, limits: limits, leads: leads,
                        budget: budget))
            } catch {
                throw .unreachable("\(error)")
            }
        }
        var outcome = Outcome()
        var histogram = Histogram<UInt64>(numberOfSignificantValueDigits: .three)
        var last = warm
        for connection in running {
            let part = await connection.finished()
            histogram.add(part.histogram)
            outcome.statuses.merge(part.statuses, uniquingKeysWith: +)
            last = max(last, part.lastAnswer)
        }
        outcome.seconds = (last - warm) / .seconds(1)
        if histogram.totalCount > 0 {
            outcome.latencies = [50, 90, 99, 99.9].map {
                ($0, histogram.valueAtPercentile($0))
            }
            outcome.slowestMicroseconds = histogram.max
        }
        return outcome
    }
}

extension SubmitBenchmark.Outcome {
    /// The outcome as JSON.
    public var json: JSONValue {
        var latency = JSONObject()
        for (percentile, microseconds) in latencies {
            let name = percentile == 99.9 ? "p99.9" : "p\(Int(percentile))"
            latency[name] = .integer(Int64(microseconds))
        }
        latency["max"] = .integer(Int64(slowestMicroseconds))
        let counts = statuses.sorted { $0.key < $1.key }.map {
            JSONMember(name: $0.key, value: .integer(Int64($0.value)))
        }
        return [
            "answers": .integer(Int64(answers)), "seconds": .double(seconds),
            "leadsPerSecond": .integer(Int64(rate)), "latencyMicroseconds": .object(latency),
            "statuses": .object(JSONObject(counts)),
        ]
    }

    /// The outcome for people.
    public var text: String {
        var table = TextTable(columns: [.left("latency"), .right("µs")])
        for (percentile, microseconds) in latencies {
            table.add([
                percentile == 99.9 ? "p99.9" : "p\(Int(percentile))", grouped(Int(microseconds)),
            ])
        }
        table.add(["max", grouped(Int(slowestMicroseconds))])
        var counts = TextTable(columns: [.left("answer"), .right("count")])
        for (status, count) in statuses.sorted(by: { $0.key < $1.key }) {
            counts.add([status, grouped(count)])
        }
        return "\(grouped(Int(rate))) leads a second\n\n" + table.rendered + "\n" + counts.rendered
    }
}
