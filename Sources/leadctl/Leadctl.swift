import ArgumentParser
import Foundation
import MarketTools

/// `leadctl`: operates a market over its socket.
@main
struct Leadctl: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "leadctl",
        abstract: "Operate a market over the socket of its daemon.",
        discussion: """
            Besides the sub-commands below, every method is a noun and a verb, such as \
            `leadctl order get 17`, `leadctl advisor list --limit 20` or \
            `leadctl stats connectionRate --by channel`; `leadctl NOUN --help` and \
            `leadctl NOUN VERB --help` say more:

            \(MethodHelp.overview)

            Exit codes: 0 all went well; 1 the market refused; 64 wrong usage; 65 a file's contents are \
            wrong; 66 a file cannot be read or written; 69 the daemon cannot be reached; 130 interrupted.
            """,
        subcommands: [
            Apply.self, Call.self, Watch.self, Backup.self, Import.self, Play.self, Report.self,
            Orders.self, Waiting.self, Returns.self, Explain.self, Suppress.self,
        ])

    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        if let noun = NounCommand(arguments) {
            await ending { () throws(ToolError) in try await noun.run() }
        } else {
            await main(arguments)
        }
    }
}

/// Runs `body` and ends the program as its error says.
func ending(
    isolation: isolated (any Actor)? = #isolation, _ body: () async throws(ToolError) -> Void
) async {
    do throws(ToolError) {
        try await body()
    } catch {
        StandardError.write("leadctl: \(error)\n")
        exit(error.exitStatus.rawValue)
    }
}

/// Ends the program with `status` unless all went well.
func end(_ status: ExitStatus) {
    if status != .success { exit(status.rawValue) }
}
