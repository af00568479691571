import ArgumentParser
import MarketRPC
import MarketTools

struct Apply: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Apply a configuration: attributes, categories, channels, payees, settings.",
        discussion: """
            The file is YAML or JSON and declarative: what is absent stays, what is changed becomes a new \
            version. The answer says what changed.
            """)

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The file; - is the standard input.") var file: String
    @Flag(help: "Only say what would change.") var dryRun = false
    @Option(help: "When, on a supplied clock (RFC 3339).") var at: String?
    @Flag(help: "Answer in JSON.") var json = false

    func run() async {
        await ending { () throws(ToolError) in
            var parameters: JSONObject = ["configuration": try YAMLFile.read(path: file)]
            if dryRun { parameters["dryRun"] = true }
            if let at { parameters["at"] = .string(at) }
            let result = try await connection.connect().call("market.apply", parameters)
            show(json ? result.line : Self.text(result))
        }
    }

    private static func text(_ result: JSONValue) -> String {
        let wasDry = result["dryRun"] == true
        var text = ""
        for name in ["attributes", "categories", "channels", "payees"] {
            let changed = result["changed"]?[name]?.array?.compactMap(\.string) ?? []
            if !changed.isEmpty { text += "\(name): \(changed.joined(separator: ", "))\n" }
        }
        if result["changed"]?["settings"] == true { text += "settings\n" }
        let verb = wasDry ? "would change" : "changed"
        text = text.isEmpty ? "nothing \(verb)\n" : "\(verb):\n" + text
        for warning in result["warnings"]?.array ?? [] {
            text += "warning: \(warning.string ?? "")\n"
        }
        return text
    }
}
