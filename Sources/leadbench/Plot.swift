import ArgumentParser
import Foundation
import MarketRPC
import MarketTools

struct Plot: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Draw latency by load as an SVG picture.",
        discussion: """
            Takes what `leadbench load --json` printed and draws p50, p99 and p99.9 over the rates that were offered.
            """)

    @Argument(help: "The runs, one or more files.") var runs: [String]
    @Option(name: .shortAndLong, help: "Where the picture goes.") var output: String
    @Flag(help: "Answer in JSON: where the picture is and how many lines it has.") var json = false

    func run() async {
        await ending { () throws(ToolError) in
            var named: [(name: String, run: JSONValue)] = []
            for path in runs {
                let name = URL(filePath: path).deletingPathExtension().lastPathComponent
                named += try RunComparison.read(path: path).map { (name, $0) }
            }
            let plot = try LatencyPlot(named)
            do {
                try Data(plot.svg.utf8).write(to: URL(filePath: output))
            } catch {
                throw .file(
                    path: output, problem: "cannot be written: \(error.localizedDescription)")
            }
            if json {
                let answer: JSONValue = [
                    "output": .string(output), "lines": .integer(Int64(plot.lineCount)),
                ]
                StandardOutput.write(answer.encoded + [0x0A])
            } else {
                StandardOutput.write("\(output): \(plot.lineCount) lines\n")
            }
        }
    }
}
