import ArgumentParser
import Glibc
import MarketRPC
import MarketTools

/// Where the daemon is.
struct SocketOption: ParsableArguments {
    @Option(
        name: .customLong("socket"),
        help: ArgumentHelp(
            "The daemon's socket; \(MarketConnection.defaultSocketPath) by default, or what LEADMARKET_SOCKET says."
        ))
    var socket: String?

    /// The socket's path.
    var path: String { MarketConnection.socketPath(socket) }
}

/// The options that every load has.
struct LoadOptions: ParsableArguments {
    @OptionGroup var daemon: SocketOption
    @Option(help: "How many connections.") var connections = 32
    @Option(help: "How many requests are in flight on each in a closed loop.") var inFlight = 16
    @Option(
        help: ArgumentHelp(
            "What orders and leads are like: \(Self.words).", valueName: "kind"))
    var workload = "mixed"
    @Option(help: "How many standing orders are open.") var orders = 10_000
    @Option(help: "How many advisors place them; ten at least.") var advisors = 1_000
    @Option(
        help: "A file of leads to hand in instead: requests of `generate`, or CSV with --mapping.")
    var file: String?
    @Option(help: "How CSV becomes leads, as for `leadctl import`.") var mapping: String?
    @Option(
        help: ArgumentHelp(
            "How many different leads there are (default: 131072); they come again, each time of another person."
        ))
    var distinct: Int?
    @Option(
        help:
            "The percentage of requests that change an order instead; 5 for the workload churn, else none."
    )
    var churn: Double?
    @Flag(help: "Watch sales as a frontend does, and measure until their pushes are seen.")
    var subscribe = false
    @Flag(
        help:
            "Do as a frontend does: --subscribe, acknowledge what was sold and accept what is reserved."
    )
    var serve = false
    @Option(help: "How many seconds at the beginning are not measured.") var warmUp = 1.0
    @Option(help: "Seeds orders, leads and arrivals.") var seed: UInt64 = 1
    @Flag(help: "Answer in JSON.") var json = false

    private static let words = BenchmarkOptions.workloadNames.joined(separator: ", ")

    /// What is measured.
    ///
    /// - Throws: ``ToolError/usage(_:)``.
    func benchmark() throws(ToolError) -> BenchmarkOptions {
        var options = BenchmarkOptions(socketPath: daemon.path)
        (options.connections, options.inFlight) = (connections, inFlight)
        (options.orders, options.advisors) = (orders, advisors)
        if let distinct {
            guard file == nil else { throw .usage("--distinct is for leads that are made up") }
            options.distinctLeads = distinct
        }
        (options.file, options.mapping) = (file, mapping)
        guard options.choose(workload: workload) else {
            throw .usage("there is no workload \(workload); it is one of \(Self.words)")
        }
        if let churn { options.changeShare = churn / 100 }
        options.watchesSales = subscribe || serve
        options.servesSales = serve
        (options.warmUpSeconds, options.seed) = (warmUp, seed)
        return options
    }

    /// Prints what came out; a run that a signal ended ends the program as such.
    func show(_ run: BenchmarkRun) {
        if json {
            StandardOutput.write(run.json.encoded + [0x0A])
        } else {
            StandardOutput.write(run.text)
        }
        if run.wasInterrupted { Glibc.exit(ExitStatus.interrupted.rawValue) }
    }
}
