import ArgumentParser
import MarketRPC
import MarketTools

struct Returns: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the returns that wait for a decision, and what there is to decide by.",
        discussion: """
            Beside each stands how many of the advisor's last \(ReturnQueue.recentSales) sales were given back. \
            `leadctl assignment decideReturn` decides one.
            """)

    @OptionGroup var connection: ConnectionOptions
    @Flag(help: "Decided ones, too.") var all = false
    @Option(help: "Of this advisor only.") var advisor: String?
    @Option(help: "How many at most, newest first.") var limit = 1_000
    @Flag(help: "Answer in JSON.") var json = false

    func validate() throws {
        guard limit >= 1 else { throw ValidationError("--limit is at least 1") }
    }

    func run() async {
        await ending { () throws(ToolError) in
            let queue = try await ReturnQueue(
                connection.connect(), all: all, advisor: advisor, limit: limit)
            show(json ? queue.json.line : queue.text)
        }
    }
}
