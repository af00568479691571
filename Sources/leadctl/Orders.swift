import ArgumentParser
import MarketRPC
import MarketTools

struct Orders: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show all standing orders, and every reason why one takes no lead just now.",
        discussion: "How many orders each reason keeps stands below.")

    @OptionGroup var connection: ConnectionOptions
    @Flag(help: "Only orders that are not live.") var notLive = false
    @Option(help: "Of this advisor only.") var advisor: String?
    @Option(help: "Of this category only.") var category: String?
    @Option(help: "Not live for this reason, among others perhaps.") var reason: String?
    @Flag(help: "Answer in JSON.") var json = false

    func run() async {
        await ending { () throws(ToolError) in
            var selection = OrderOverview.Selection()
            (selection.advisor, selection.category) = (advisor, category)
            (selection.areNotLive, selection.reason) = (notLive, reason)
            let orders = try await OrderOverview(connection.connect(), selection)
            show(json ? orders.json.line : orders.text)
        }
    }
}
