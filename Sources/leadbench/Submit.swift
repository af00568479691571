import ArgumentParser
import MarketTools

struct Submit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Submit leads as fast as they are answered, and tell how fast that is.",
        discussion: """
            A closed loop over the socket of a market with the shipped configuration and the real clock: it finds the \
            knee. Orders are placed first; doing it again with the same numbers places none twice.
            """)

    @OptionGroup var options: LoadOptions
    @Option(help: "How many seconds are measured.") var seconds = 10.0
    @Option(help: "How many leads are measured at most, after the warm-up's.") var count: Int?

    func run() async {
        await ending { () throws(ToolError) in
            StopRequest.listen()
            var benchmark = try SubmitBenchmark(options.benchmark())
            (benchmark.seconds, benchmark.count) = (seconds, count)
            options.show(try await benchmark.run())
        }
    }
}
