import MarketRPC

/// A value that only an earlier reply can give: `$assignment:lead-17` is the member `assignment` of the result of the
/// request whose id is `lead-17`.
///
/// It is a whole string of the parameters. A string that is to begin with `$` itself is written with two.
struct Placeholder: Equatable, Sendable {
    var member: String
    var label: String

    /// Reads `text`; `nil` when it is none.
    init?(_ text: String) {
        guard text.hasPrefix("$"), !text.hasPrefix("$$"), let colon = text.firstIndex(of: ":")
        else { return nil }
        member = String(text[text.index(after: text.startIndex)..<colon])
        label = String(text[text.index(after: colon)...])
        let isWord = member.utf8.allSatisfy {
            (0x61...0x7A).contains($0 | 0x20) || (0x30...0x39).contains($0)
        }
        guard !member.isEmpty, isWord, !label.isEmpty else { return nil }
    }

    /// The placeholders in `value`, in the order they stand there.
    static func all(in value: JSONValue) -> [Placeholder] {
        switch value {
        case .string(let text): Placeholder(text).map { [$0] } ?? []
        case .array(let elements): elements.flatMap(all)
        case .object(let object): object.members.flatMap { all(in: $0.value) }
        case .null, .bool, .integer, .unsigned, .double: []
        }
    }

    /// `value` with every placeholder replaced, and `$$` by `$`.
    static func replaced(
        in value: JSONValue, by replacement: (Placeholder) -> JSONValue
    ) -> JSONValue {
        switch value {
        case .string(let text):
            if let placeholder = Placeholder(text) { return replacement(placeholder) }
            return text.hasPrefix("$$") ? .string(String(text.dropFirst())) : value
        case .array(let elements):
            return .array(elements.map { replaced(in: $0, by: replacement) })
        case .object(let object):
            return .object(
                JSONObject(
                    object.members.map {
                        JSONMember(name: $0.name, value: replaced(in: $0.value, by: replacement))
                    }))
        case .null, .bool, .integer, .unsigned, .double:
            return value
        }
    }
}
