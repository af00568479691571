/// Hands in leads on a schedule and measures from when each was due: an open loop, in which a slow answer slows nothing.
public struct LoadBenchmark: Sendable {
    /// What is loaded, and with what.
    public var options: BenchmarkOptions
    /// How arrivals follow one another.
    public var arrivals = ArrivalSchedule.Kind.poisson
    /// Rates to measure at, in leads a second; these come first.
    public var rates: [Double] = []
    /// Shares of the knee to measure at, in percent.
    public var percents: [Double] = []
    /// The knee in leads a second, if it is known; else a closed loop finds it first.
    public var knee: Double?
    /// How long each step is measured, in seconds.
    public var seconds = 10.0
    /// How many times the knee to overload with afterwards, if at all, and for how long in seconds.
    public var overload: Double?
    /// See ``overload``.
    public var overloadSeconds = 5.0

    /// Prepares a run.
    public init(_ options: BenchmarkOptions) {
        self.options = options
    }

    /// Places the orders, finds the knee where it is needed, then measures step by step.
    ///
    /// - Throws: ``ToolError``.
    public func run() async throws(ToolError) -> BenchmarkRun {
        try check()
        let market = try await BenchmarkMarket.prepare(options)
        var run = BenchmarkRun("load", options, market)
        run.arrivals = arrivals
        run.knee = knee
        let generator = try market.generator(options)
        if run.knee == nil, !percents.isEmpty || overload != nil {
            let record = try SubmitBenchmark.measure(
                generator, options, seconds: min(seconds, 10), count: nil, title: "knee")
            run.closedLoop = LoadMeasurement(record)
            run.knee = run.closedLoop?.leadsPerSecond
        }
        let knee = max(1, run.knee ?? 1)
        let steps: [(percent: Double?, rate: Double)] =
            rates.map { (nil, $0) } + percents.map { ($0, knee * $0 / 100) }
        for (number, step) in steps.enumerated() where !generator.wasInterrupted {
            let phases = [
                open(step.rate, options.warmUpSeconds, seed: UInt64(2 * number)),
                open(step.rate, seconds, seed: UInt64(2 * number + 1)),
            ]
            let title = "\(grouped(Int(step.rate))) a second"
            let records = try generator.run(
                phases, progress: ProgressMeter(title: title, total: nil))
            run.measurements.append(
                LoadMeasurement(records[1], percent: step.percent, offeredPerSecond: step.rate))
        }
        if let overload, !generator.wasInterrupted {
            run.overload = try measure(overload, of: knee, generator)
        }
        run.firstError = generator.firstError
        run.wasInterrupted = generator.wasInterrupted
        return run
    }

    /// A closed loop, which tells what the market takes by now; then half the knee, first until what the
    /// loop left behind is done, the overload, and half the knee again, without a pause.
    private func measure(
        _ factor: Double, of knee: Double, _ generator: LoadGenerator
    ) throws(ToolError) -> OverloadMeasurement {
        let closed = try SubmitBenchmark.measure(
            generator, options, seconds: min(seconds, 5), count: nil, title: "knee by now")
        let half = knee / 2
        let settling = max(options.warmUpSeconds, min(seconds, 5))
        var calm = open(half, min(seconds, 5), seed: 1_001)
        var recovery = open(half, 10, seed: 1_003)
        calm.intervalSeconds = 0.1
        recovery.intervalSeconds = 0.1
        let records = try generator.run(
            [
                open(half, settling, seed: 1_000), calm,
                open(knee * factor, overloadSeconds, seed: 1_002), recovery,
            ], progress: ProgressMeter(title: "overload", total: nil))
        func measurement(_ index: Int, _ label: String, _ share: Double) -> LoadMeasurement {
            LoadMeasurement(
                records[index], percent: share * 100, offeredPerSecond: knee * share, label: label)
        }
        return OverloadMeasurement(
            factor: factor,
            closedLoop: LoadMeasurement(closed, label: "closed loop by then"),
            before: measurement(1, "before", 0.5),
            during: measurement(2, "overload", factor), after: measurement(3, "after", 0.5))
    }

    private func open(_ rate: Double, _ seconds: Double, seed: UInt64) -> LoadPhase {
        let schedule = ArrivalSchedule(
            arrivals, leadsPerSecond: rate, seed: options.seed &+ seed << 32)
        return LoadPhase(pace: .open(schedule), seconds: seconds)
    }

    private func check() throws(ToolError) {
        guard !rates.isEmpty || !percents.isEmpty || overload != nil else {
            throw .usage("say at which rates to load: --rate, --steps or --overload")
        }
        guard rates.allSatisfy({ (1...10_000_000).contains($0) }), knee.map({ $0 >= 1 }) ?? true
        else { throw .usage("a rate is 1 to 10,000,000 leads a second") }
        guard percents.allSatisfy({ (1...1_000).contains($0) }) else {
            throw .usage("a step is 1 to 1,000 percent of the knee")
        }
        guard (0.1...86_400).contains(seconds), (0.1...600).contains(overloadSeconds) else {
            throw .usage("0.1 to 86,400 seconds are measured, and an overload takes 0.1 to 600")
        }
        guard overload.map({ (1...100).contains($0) }) ?? true else {
            throw .usage("an overload is 1 to 100 times the knee")
        }
    }
}
