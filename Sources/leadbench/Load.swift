import ArgumentParser
import MarketTools

struct Load: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Hand in leads on a schedule, and tell how long each took from when it was due.",
        discussion: """
            An open loop: a slow answer slows nothing. Rates are given, or as percentages of the knee, which a closed \
            loop finds first. --overload then sends several times the knee and tells how soon latency is back, and \
            how much was decided meanwhile of what a closed loop right before took.
            """)

    @OptionGroup var options: LoadOptions
    @Option(help: "A rate in leads a second; may be given several times.") var rate: [Double] = []
    @Option(help: "Percentages of the knee, as in 25,50,75,90.") var steps: String?
    @Option(help: "The knee in leads a second; measured if not given.") var knee: Double?
    @Option(help: "How arrivals follow one another: poisson or fixed.") var arrivals = "poisson"
    @Option(help: "How many seconds each step is measured.") var seconds = 10.0
    @Option(help: "How many times the knee to overload with at the end.") var overload: Double?
    @Option(help: "For how many seconds (default: 5).") var overloadSeconds: Double?

    func run() async {
        await ending { () throws(ToolError) in
            StopRequest.listen()
            var benchmark = try LoadBenchmark(options.benchmark())
            guard let kind = ArrivalSchedule.Kind(rawValue: arrivals) else {
                throw .usage("--arrivals is poisson or fixed")
            }
            benchmark.arrivals = kind
            benchmark.rates = rate
            benchmark.percents = try percents()
            benchmark.knee = knee
            benchmark.seconds = seconds
            benchmark.overload = overload
            if let overloadSeconds {
                guard overload != nil else { throw .usage("--overload-seconds needs --overload") }
                benchmark.overloadSeconds = overloadSeconds
            }
            options.show(try await benchmark.run())
        }
    }

    private func percents() throws(ToolError) -> [Double] {
        try (steps ?? "").split(separator: ",").map { word throws(ToolError) in
            guard let percent = Double(word) else {
                throw .usage("--steps is a list of percentages such as 25,50,75,90")
            }
            return percent
        }
    }
}
