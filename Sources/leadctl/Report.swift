import ArgumentParser
import MarketTools

struct Report: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Show what became of the leads, how fast, calls, returns, orders, channels, books.",
        discussion: "Ends with 1 when something does not add up or the daemon reports damage.")

    @OptionGroup var connection: ConnectionOptions
    @Option(help: "Include everything up to this log position.") var atLeast: Int64?
    @Flag(help: "Answer in JSON.") var json = false

    func run() async {
        await ending { () throws(ToolError) in
            let report = try await MarketReport(connection.connect(), atLeast: atLeast)
            show(json ? report.json.line : report.text)
            if !report.isSound { end(.refused) }
        }
    }
}
