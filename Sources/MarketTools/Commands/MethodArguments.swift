public import MarketRPC

/// A command line such as `order get 17 --json` read against the catalogue of methods.
///
/// Parameters go by position, the required ones first and otherwise in the order of the catalogue, or by name:
/// `--amount-fen 500`, `--amountFen=500`, `--online`, `--no-online`. Objects and lists are JSON; lists of words may also be separated by commas.
public struct MethodArguments: Sendable {
    /// The method meant.
    public let method: MarketRPC.Method
    /// Its parameters.
    public let parameters: JSONObject

    /// Reads the arguments after the noun and the verb.
    ///
    /// - Throws: ``ToolError/usage(_:)``.
    public init(_ method: MarketRPC.Method, _ arguments: [String]) throws(ToolError) {
        self.method = method
        var values: [String: JSONValue] = [:]
        var positional: [String] = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            guard argument.hasPrefix("--"), argument.count > 2 else {
                positional.append(argument)
                continue
            }
            let (member, value) = try Self.named(argument, method: method, rest: &rest)
            guard values.updateValue(value, forKey: member.name) == nil else {
                throw .usage("--\(hyphenated(member.name)) is given twice")
            }
        }
        let missing = method.allParameters.filter { values[$0.name] == nil }
        var open = (missing.filter(\.isRequired) + missing.filter { !$0.isRequired })[...]
        for text in positional {
            guard let member = open.popFirst() else {
                throw .usage("\(method.name) takes no further argument: '\(text)'")
            }
            values[member.name] = try Self.value(text, of: member.type, name: member.name)
        }
        for member in method.allParameters where member.isRequired && values[member.name] == nil {
            throw .usage("\(method.name) needs \(member.name): \(member.meaning)")
        }
        parameters = JSONObject(
            method.allParameters.compactMap { member in
                values[member.name].map { JSONMember(name: member.name, value: $0) }
            })
    }

    /// Reads `--name value`, `--name=value`, `--flag` or `--no-flag`.
    private static func named(
        _ argument: String, method: MarketRPC.Method, rest: inout ArraySlice<String>
    ) throws(ToolError) -> (Member, JSONValue) {
        let parts = argument.dropFirst(2).split(
            separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        func member(_ name: String) -> Member? {
            method.allParameters.first { $0.name == name || hyphenated($0.name) == name }
        }
        if let member = member(name) {
            if parts.count == 2 {
                return (member, try value(String(parts[1]), of: member.type, name: name))
            }
            if case .flag = member.type { return (member, true) }
            guard let text = rest.popFirst() else { throw .usage("--\(name) needs a value") }
            return (member, try value(text, of: member.type, name: name))
        }
        if name.hasPrefix("no-"), let member = member(String(name.dropFirst(3))),
            case .flag = member.type, parts.count == 1
        {
            return (member, false)
        }
        throw .usage(
            "\(method.name) has no parameter \(name); `leadctl \(method.noun) \(method.verb) --help` lists them"
        )
    }

    private static func value(
        _ text: String, of type: ValueType, name: String
    ) throws(ToolError) -> JSONValue {
        switch type {
        case .flag:
            switch text {
            case "true", "yes": return true
            case "false", "no": return false
            default: throw .usage("\(name) must be true or false, not '\(text)'")
            }
        case .integer, .identifier:
            guard let integer = Int64(text) else {
                throw .usage("\(name) must be an integer, not '\(text)'")
            }
            return .integer(integer)
        case .time:
            return Int64(text).map { .integer($0) } ?? .string(text)
        case .name, .text, .phone, .word, .duration, .hexadecimal, .clockTime:
            return .string(text)
        case .weekday:
            return Int64(text).map { .integer($0) } ?? .string(text)
        case .timeout:
            return text == "true" || text == "false" ? .bool(text == "true") : .string(text)
        case .orNull(let type):
            return text == "null" ? .null : try value(text, of: type, name: name)
        case .list(let type, _):
            if text.hasPrefix("[") { return try json(text, name: name) }
            var elements: [JSONValue] = []
            for part in text.split(separator: ",") {
                elements.append(try value(String(part), of: type, name: name))
            }
            return .array(elements)
        case .object, .attributes, .filter, .anything:
            return try json(text, name: name)
        }
    }

    /// JSON given on the command line.
    public static func json(_ text: String, name: String) throws(ToolError) -> JSONValue {
        do throws(JSONError) {
            return try JSONParser().parse(text).value
        } catch {
            throw .usage("\(name) must be JSON: '\(text)' is \(error)")
        }
    }
}

/// `amountFen` as `amount-fen`.
func hyphenated(_ name: String) -> String {
    name.reduce(into: "") { result, letter in
        if letter.isUppercase { result.append("-") }
        result.append(contentsOf: letter.lowercased())
    }
}
