import ArgumentParser
import Foundation
import MarketRPC
import MarketTools

struct Backup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make a consistent copy of the running market: the log first, then the keys.",
        discussion: """
            The daemon writes the copy, so the directory is one of its machine and must be writable for it; it \
            must not exist or be empty. Read the copy with `leadreplay verify DIRECTORY` before relying on it.
            """)

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "Where to; a relative path is relative to this directory.")
    var directory: String
    @Option(help: "How many seconds to wait for it.") var timeout: Int = 3_600
    @Flag(help: "Answer in JSON.") var json = false

    func run() async {
        await ending { () throws(ToolError) in
            let path = URL(filePath: directory).standardizedFileURL.path(percentEncoded: false)
            let result = try await connection.connect().call(
                "market.backup", ["directory": .string(path)], timeout: .seconds(timeout))
            show(json ? result.line : ResultText.render(result))
        }
    }
}
