import ArgumentParser
import MarketRPC
import MarketTools

struct Compare: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Put two runs side by side, with how far each figure lies apart.",
        discussion: """
            Each file has what --json printed, one run a line; of several runs the median and the spread are compared. \
            "apart" means that all runs of one lie above all of the other.
            """)

    @Argument(help: "The runs to compare with.") var first: String
    @Argument(help: "The runs that are compared.") var second: String
    @Flag(help: "Answer in JSON.") var json = false

    func run() async {
        await ending { () throws(ToolError) in
            let comparison = try RunComparison(
                RunComparison.read(path: first), RunComparison.read(path: second))
            if json {
                StandardOutput.write(comparison.json.encoded + [0x0A])
            } else {
                StandardOutput.write(comparison.text)
            }
        }
    }
}
