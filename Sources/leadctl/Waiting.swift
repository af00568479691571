import ArgumentParser
import MarketRPC
import MarketTools

struct Waiting: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the leads that wait for an order: age, categories, next rung and expiry.")

    @OptionGroup var connection: ConnectionOptions
    @Option(help: "Only leads that belong to this category.") var category: String?
    @Option(help: "How many leads at most, newest first.") var limit = 1_000
    @Flag(help: "Answer in JSON.") var json = false

    func validate() throws {
        guard limit >= 1 else { throw ValidationError("--limit is at least 1") }
    }

    func run() async {
        await ending { () throws(ToolError) in
            let leads = try await WaitingLeads(
                connection.connect(), category: category, limit: limit)
            show(json ? leads.json.line : leads.text)
        }
    }
}
