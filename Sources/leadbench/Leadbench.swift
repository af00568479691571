import ArgumentParser
import Foundation
import MarketTools

/// `leadbench`: makes workloads and measures a market under them.
@main
struct Leadbench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "leadbench",
        abstract: "Make workloads, and measure a market under load.",
        discussion: """
            Exit codes: 0 all went well; 1 the market refused; 64 wrong usage; 65 a file's contents are \
            wrong; 66 a file cannot be read or written; 69 the daemon cannot be reached; 130 a signal \
            ended it before its time, with what was measured by then.
            """,
        subcommands: [
            Generate.self, Submit.self, Load.self, Floor.self, Compare.self, Plot.self, Table.self,
            Ready.self,
        ])
}

/// Runs `body` and ends the program as its error says.
func ending(
    isolation: isolated (any Actor)? = #isolation, _ body: () async throws(ToolError) -> Void
) async {
    do throws(ToolError) {
        try await body()
    } catch {
        StandardError.write("leadbench: \(error)\n")
        exit(error.exitStatus.rawValue)
    }
}
