import ArgumentParser
import Foundation
import MarketRPC
import MarketTools

struct Submit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Submit leads as fast as they are answered, and tell how fast that is.",
        discussion: """
            A closed loop over the socket of a market with the shipped configuration and the real clock. Orders are \
            placed first; doing it again with the same seed places none twice.
            """)

    @Option(
        name: .customLong("socket"),
        help: "The daemon's socket; by default what LEADMARKET_SOCKET says.")
    var socket: String?
    @Option(help: "How many connections.") var connections = 32
    @Option(help: "How many requests are in flight on each.") var inFlight = 16
    @Option(help: "How many standing orders are open.") var orders = 10_000
    @Option(help: "How many advisors place them.") var advisors = 200
    @Option(help: "How many seconds are measured.") var seconds = 10.0
    @Option(help: "How many leads at most.") var count: Int?
    @Option(help: "How many seconds at the beginning are not measured.") var warmUp = 1.0
    @Option(help: "Seeds orders and leads.") var seed: UInt64 = 1
    @Flag(help: "Answer in JSON.") var json = false

    func validate() throws {
        guard (1...1_024).contains(connections), (1...4_096).contains(inFlight) else {
            throw ValidationError("1 to 1,024 connections with 1 to 4,096 requests in flight each")
        }
        guard (0...10_000_000).contains(orders), (1...1_000_000).contains(advisors) else {
            throw ValidationError("0 to 10,000,000 orders of 1 to 1,000,000 advisors")
        }
        guard (0.1...86_400).contains(seconds), (0...3_600).contains(warmUp) else {
            throw ValidationError("--seconds is 0.1 to 86,400, --warm-up 0 to 3,600")
        }
    }

    func run() async {
        await ending { () throws(ToolError) in
            let environment = ProcessInfo.processInfo.environment["LEADMARKET_SOCKET"]
            var options = SubmitBenchmark.Options(
                socketPath: socket ?? environment ?? MarketConnection.defaultSocketPath)
            (options.connections, options.inFlight) = (connections, inFlight)
            (options.orders, options.advisors) = (orders, advisors)
            (options.seconds, options.count) = (seconds, count)
            (options.warmUpSeconds, options.seed) = (warmUp, seed)
            let outcome = try await SubmitBenchmark(options).run()
            if json {
                StandardOutput.write(outcome.json.encoded + [0x0A])
            } else {
                StandardOutput.write(outcome.text)
            }
        }
    }
}
