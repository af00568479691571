import ArgumentParser
import MarketRPC
import MarketTools

struct Explain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show why each order did or did not get a lead.",
        discussion: """
            As of the decision: the first rule that failed, or what the order lost on. The daemon rebuilds the state of then, \
            which may take a while for an old lead.
            """)

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The lead's number.") var lead: Int64
    @Option(help: "How many orders at most.") var limit = 1_000
    @Flag(help: "Answer in JSON.") var json = false

    func validate() throws {
        guard lead >= 1, limit >= 1 else {
            throw ValidationError("the lead's number and --limit are at least 1")
        }
    }

    func run() async {
        await ending { () throws(ToolError) in
            let explanation = try await LeadExplanation(
                connection.connect(), lead: lead, limit: limit)
            show(json ? explanation.json.line : explanation.text)
        }
    }
}
