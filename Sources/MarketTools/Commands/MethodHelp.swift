public import MarketRPC

/// Help on the methods, made from the catalogue.
public enum MethodHelp {
    /// The nouns, in the order of the catalogue.
    public static var nouns: [String] {
        Catalogue.methods.reduce(into: []) { nouns, method in
            if !nouns.contains(method.noun) { nouns.append(method.noun) }
        }
    }

    /// The method that the words on a command line mean: `set-availability` and `setAvailability` are the same.
    public static func method(noun: String, verb: String) -> MarketRPC.Method? {
        Catalogue.methods.first {
            $0.noun == noun && ($0.verb == verb || hyphenated($0.verb) == verb)
        }
    }

    /// A line for each noun with its verbs.
    public static var overview: String {
        let nouns = nouns
        let width = nouns.map(\.count).max() ?? 0
        return nouns.map { noun in
            let verbs = Catalogue.methods.filter { $0.noun == noun }.map(\.verb)
            let padding = String(repeating: " ", count: width - noun.count)
            return "  \(noun)\(padding)  \(verbs.joined(separator: ", "))"
        }.joined(separator: "\n")
    }

    /// What can be done with a noun.
    public static func text(noun: String) -> String {
        var table = TextTable(columns: [.left("VERB"), .left("WHAT IT DOES")])
        for method in Catalogue.methods where method.noun == noun {
            table.add([method.verb, method.summary])
        }
        return "USAGE: leadctl \(noun) VERB [PARAMETERS] [--json] [--socket PATH]\n\n"
            + table.rendered
    }

    /// What a method takes and answers.
    public static func text(_ method: MarketRPC.Method) -> String {
        var usage = "USAGE: leadctl \(method.noun) \(method.verb)"
        for member in method.parameters.filter(\.isRequired)
            + method.parameters.filter({ !$0.isRequired })
        {
            usage += member.isRequired ? " \(member.name)" : " [\(member.name)]"
        }
        var text = "\(method.summary)\n\n\(usage) [--json] [--socket PATH]\n"
        text += "Roles: \(method.roles.map { "\($0)" }.joined(separator: ", "))\n"
        if !method.allParameters.isEmpty {
            text +=
                "\nPARAMETERS, by position (the required ones first) or by name:\n\n"
                + table(method.allParameters)
        }
        if !method.result.isEmpty { text += "\nRESULT:\n\n" + table(method.result) }
        let errors = method.errors.map(\.reason)
        if !errors.isEmpty { text += "\nERRORS: \(errors.joined(separator: ", "))\n" }
        return text
    }

    private static func table(_ members: [Member]) -> String {
        var table = TextTable(columns: [.left("NAME"), .left("TYPE"), .left(""), .left("MEANING")])
        for member in members {
            table.add([
                member.name, word(for: member.type), member.isRequired ? "required" : "",
                member.meaning,
            ])
        }
        return table.rendered
    }

    private static func word(for type: ValueType) -> String {
        switch type {
        case .flag: "true|false"
        case .integer, .identifier: "integer"
        case .name: "name"
        case .text: "text"
        case .phone: "phone"
        case .word(let words): words.count > 4 ? "word" : words.joined(separator: "|")
        case .time: "time"
        case .duration(let forever): forever ? "duration|forever" : "duration"
        case .timeout: "true|false|duration"
        case .weekday: "weekday"
        case .clockTime: "hh:mm"
        case .hexadecimal: "hex"
        case .list(let type, _): "list of \(word(for: type))"
        case .object, .attributes, .filter: "object"
        case .orNull(let type): "\(word(for: type))|null"
        case .anything: "JSON"
        }
    }
}
