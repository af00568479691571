import ArgumentParser
import MarketRPC
import MarketTools

struct Play: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Send the requests of a workload, in order, many at a time.",
        discussion: """
            Ends with 1 when errors came that a workload does not expect, 130 when interrupted, 69 when the daemon went \
            away; then it says with which line to go on.
            """)

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "JSON-RPC lines, also gzip; - is the standard input.") var file: String
    @Option(help: "How many requests may wait for their replies.") var inFlight = 256
    @Option(help: "The line to begin with.") var fromLine = 1
    @Flag(help: "Answer in JSON.") var json = false

    func validate() throws {
        guard (1...4_096).contains(inFlight) else {
            throw ValidationError("--in-flight is 1 to 4096")
        }
        guard fromLine >= 1 else { throw ValidationError("--from-line counts from 1") }
    }

    func run() async {
        await ending { () throws(ToolError) in
            StopRequest.listen()
            var total: Int?
            if file != "-" {
                var counter = LineReader(try InputFile(path: file))
                while try counter.next() != nil {}
                total = max(0, counter.lineNumber - fromLine + 1)
            }
            var reader = LineReader(try InputFile(path: file))
            var options = Player.Options(socketPath: connection.socketPath, path: file)
            options.inFlight = inFlight
            options.fromLine = fromLine
            let player = Player(options, progress: ProgressMeter(title: "requests", total: total))
            let summary = try await player.play { () throws(ToolError) in
                try reader.next().map { WorkloadLine(number: reader.lineNumber, bytes: $0) }
            }
            show(json ? summary.json.line : summary.text)
            end(summary.exitStatus)
        }
    }
}
