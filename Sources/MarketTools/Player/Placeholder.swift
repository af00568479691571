import MarketRPC

/// A value that only an earlier reply can give: `$assignment:lead-17` is the member `assignment` of the result of the
/// request whose id is `lead-17`.
///
/// With a condition, as in `$assignment?acceptance:lead-17`, it stands for nothing unless the result says so
/// (``EarlierResult/words``). It is a whole string of the parameters. A string that is to begin with `$` itself is written
/// with two.
struct Placeholder: Equatable, Sendable {
    var member: String
    /// What the result must say; `nil` for anything.
    var condition: String?
    var label: String

    /// Reads `text`; `nil` when it is none.
    init?(_ text: String) {
        guard text.hasPrefix("$"), !text.hasPrefix("$$"), let colon = text.firstIndex(of: ":")
        else { return nil }
        let head = text[text.index(after: text.startIndex)..<colon]
        let parts = head.split(separator: "?", omittingEmptySubsequences: false)
        label = String(text[text.index(after: colon)...])
        let areWords = parts.allSatisfy { part in
            !part.isEmpty
                && part.utf8.allSatisfy {
                    (0x61...0x7A).contains($0 | 0x20) || (0x30...0x39).contains($0)
                }
        }
        guard let first = parts.first, parts.count <= 2, areWords, !label.isEmpty else {
            return nil
        }
        member = String(first)
        condition = parts.count == 2 ? String(parts[1]) : nil
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

/// What later lines may refer to of a result: identifiers and names, but no amounts.
struct EarlierResult: Sendable {
    private let members: [JSONMember]
    /// What it says of itself: its status, its state, and what is awaited.
    let words: [String]

    private static let names: Set<String> = [
        "lead", "order", "assignment", "advisor", "institution", "position",
    ]

    init(_ result: JSONValue) {
        members = result.object?.members.filter { Self.names.contains($0.name) } ?? []
        let awaited = result["awaits"]?.object?.members.map(\.name) ?? []
        let said = ["status", "state"].compactMap { result[$0]?.string }
        words = awaited + said
    }

    /// What `placeholder` stands for; `nil` when the result does not say so, or has no such member.
    func value(of placeholder: Placeholder) -> JSONValue? {
        if let condition = placeholder.condition, !words.contains(condition) { return nil }
        return members.first { $0.name == placeholder.member }?.value
    }
}
