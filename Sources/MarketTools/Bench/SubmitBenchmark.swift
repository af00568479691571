/// Submits leads over the socket as fast as they are answered: so many connections, so many requests in flight on each.
///
/// A closed loop: a slow answer slows the next request, so the latencies are those of this load and of no other. It
/// finds what the market can take, the *knee*; latencies at a load below it are ``LoadBenchmark``'s.
public struct SubmitBenchmark: Sendable {
    /// What is loaded, and with what.
    public var options: BenchmarkOptions
    /// How long is measured, in seconds.
    public var seconds = 10.0
    /// How many leads are measured at most.
    public var count: Int?

    /// Prepares a run.
    public init(_ options: BenchmarkOptions) {
        self.options = options
    }

    /// Places the orders, then submits leads.
    ///
    /// - Throws: ``ToolError``.
    public func run() async throws(ToolError) -> BenchmarkRun {
        guard (0.1...86_400).contains(seconds) else {
            throw .usage("0.1 to 86,400 seconds are measured")
        }
        let market = try await BenchmarkMarket.prepare(options)
        var run = BenchmarkRun("submit", options, market)
        let generator = try market.generator(options)
        let record = try Self.measure(
            generator, options, seconds: seconds, count: count, title: "leads")
        run.measurements = [LoadMeasurement(record)]
        run.firstError = generator.firstError
        run.wasInterrupted = generator.wasInterrupted
        return run
    }

    /// Runs the closed loop once.
    static func measure(
        _ generator: LoadGenerator, _ options: BenchmarkOptions, seconds: Double, count: Int?,
        title: String
    ) throws(ToolError) -> PhaseRecord {
        let pace = LoadPhase.Pace.closed(inFlight: options.inFlight)
        let phases = [
            LoadPhase(pace: pace, seconds: options.warmUpSeconds),
            LoadPhase(pace: pace, seconds: seconds, maximumCount: count),
        ]
        return try generator.run(phases, progress: ProgressMeter(title: title, total: nil))[1]
    }
}

extension BenchmarkMarket {
    /// Connects a generator for this market.
    func generator(_ options: BenchmarkOptions) throws(ToolError) -> LoadGenerator {
        var settings = LoadGenerator.Options(socketPath: options.socketPath)
        settings.connections = options.connections
        settings.firstPerson = firstPerson
        settings.servesSales = options.servesSales
        settings.watchesFrom = options.watchesSales ? position + 1 : nil
        return try LoadGenerator(settings, deck: deck, changes: changes)
    }
}
