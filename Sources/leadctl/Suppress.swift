import ArgumentParser
import MarketRPC
import MarketTools

struct Suppress: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look after the do-not-contact list.",
        discussion: "`leadctl contact suppress` and `unsuppress` concern one person.",
        subcommands: [SuppressImport.self])
}

struct SuppressImport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Put the people of a file on the do-not-contact list.",
        discussion: """
            One phone number or identity (32 hexadecimal digits) a line, or in a column of a CSV file; what follows a # is a \
            comment. Whoever is on the list already is counted, so doing it again changes nothing. Lines that are not \
            understood are shown with their numbers; then the rest is imported nevertheless and the exit code is 65.
            """)

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The file, also gzip; - is the standard input.") var file: String
    @Option(help: "The column with the people; the file is then CSV with a header.")
    var column: String?
    @Option(help: "Why, for the log.") var reason: String = ""
    @Option(help: "When, on a supplied clock (RFC 3339).") var at: String?
    @Option(help: "How many requests may wait for their replies.") var inFlight = 256
    @Flag(help: "Only check the lines as the market would; nothing is sent.") var dryRun = false
    @Flag(help: "Answer in JSON.") var json = false

    func validate() throws {
        guard (1...4_096).contains(inFlight) else {
            throw ValidationError("--in-flight is 1 to 4096")
        }
        guard reason.utf8.count <= 128 else {
            throw ValidationError("--reason has at most 128 bytes")
        }
    }

    func run() async {
        await ending { () throws(ToolError) in
            StopRequest.listen()
            let list = try SuppressionFile(InputFile(path: file), column: column)
            var options = SuppressionImport.Options(socketPath: connection.socketPath, path: file)
            (options.reason, options.at, options.inFlight) = (reason, at, inFlight)
            let task = SuppressionImport(list, options)
            let outcome: SuppressionImport.Outcome
            if dryRun {
                outcome = task.dryRun(try await connection.connect().call("market.info"))
            } else {
                outcome = try await task.run(
                    progress: ProgressMeter(title: "people", total: list.entries.count))
            }
            for misfit in outcome.misfits {
                StandardError.write("\(file):\(misfit.line): \(misfit.problem)\n")
            }
            show(json ? outcome.json.line : outcome.text)
            end(outcome.exitStatus)
        }
    }
}
