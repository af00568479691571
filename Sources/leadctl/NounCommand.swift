import MarketRPC
import MarketTools

/// A command of the form NOUN VERB, made from the catalogue of methods.
struct NounCommand {
    private let noun: String
    private let rest: [String]
    private var socket: String?
    private var isJSON = false
    private var wantsHelp = false

    /// Recognises the command, or `help` for it; `nil` when the word is no noun of the catalogue.
    init?(_ arguments: [String]) {
        var words: [String] = []
        var remaining = arguments[...]
        while let argument = remaining.popFirst() {
            switch argument {
            case "--json": isJSON = true
            case "--help", "-h": wantsHelp = true
            case "--socket": socket = remaining.popFirst() ?? ""
            case _ where argument.hasPrefix("--socket="):
                socket = String(argument.dropFirst("--socket=".count))
            default: words.append(argument)
            }
        }
        if words.count > 1, words[0] == "help" {
            wantsHelp = true
            words.removeFirst()
        }
        guard let first = words.first, MethodHelp.nouns.contains(first) else { return nil }
        noun = first
        rest = Array(words.dropFirst())
    }

    func run() async throws(ToolError) {
        guard let verb = rest.first else {
            if wantsHelp { return show(MethodHelp.text(noun: noun)) }
            throw .usage("a verb is missing\n\n" + MethodHelp.text(noun: noun))
        }
        guard let method = MethodHelp.method(noun: noun, verb: verb) else {
            throw .usage("\(noun) has no verb '\(verb)'\n\n" + MethodHelp.text(noun: noun))
        }
        if wantsHelp { return show(MethodHelp.text(method)) }
        let arguments = try MethodArguments(method, Array(rest.dropFirst()))
        let connection = try await MarketConnection(
            socketPath: MarketConnection.socketPath(socket))
        let result = try await connection.call(method.name, arguments.parameters)
        show(isJSON ? result.line : ResultText.render(result))
        if method.verb == "subscribe" { await Watch.showNotifications(of: connection) }
    }
}

extension JSONValue {
    /// The value as one line of JSON, with its line end.
    var line: String { String(decoding: encoded, as: UTF8.self) + "\n" }
}
