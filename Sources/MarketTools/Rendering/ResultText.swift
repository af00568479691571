public import MarketRPC

/// A result of any method for people: its list as a table, the rest as names and values.
public enum ResultText {
    /// How many characters of a value stand in a table.
    static let maximumCellLength = 64

    /// The text, each line ended.
    public static func render(_ result: JSONValue) -> String {
        guard case .object(let object) = result else { return cell(result, name: "") + "\n" }
        let tables = object.members.count(where: isTable)
        var text = ""
        var scalars: [JSONMember] = []
        for member in object.members {
            if isTable(member), let elements = member.value.array {
                if !text.isEmpty { text += "\n" }
                if tables > 1 { text += "\(member.name):\n" }
                text += elements.isEmpty ? "none\n" : table(elements)
            } else {
                scalars.append(member)
            }
        }
        guard !scalars.isEmpty else { return text }
        let width = scalars.map { displayWidth(heading($0.name)) }.max() ?? 0
        let lines = scalars.map { member in
            let name = heading(member.name)
            let padding = String(repeating: " ", count: width - displayWidth(name))
            return "\(name)\(padding)  \(cell(member.value, name: member.name))\n"
        }
        return text + (text.isEmpty ? "" : "\n") + lines.joined()
    }

    /// Whether a member is a list of objects; an empty list is one under the names that such lists have.
    private static func isTable(_ member: JSONMember) -> Bool {
        guard let elements = member.value.array else { return false }
        return elements.isEmpty
            ? ["items", "rows", "events", "categories"].contains(member.name)
            : elements.allSatisfy { $0.object != nil }
    }

    private static func table(_ elements: [JSONValue]) -> String {
        var names: [String] = []
        for element in elements {
            for member in element.object?.members ?? [] where !names.contains(member.name) {
                names.append(member.name)
            }
        }
        let columns = names.map { name -> TextTable.Column in
            let isNumber = elements.allSatisfy { $0[name].map { $0.integer != nil } ?? true }
            return isNumber ? .right(heading(name)) : .left(heading(name))
        }
        var table = TextTable(columns: columns)
        for element in elements {
            table.add(
                names.map { name in element[name].map { shortened(cell($0, name: name)) } ?? "" })
        }
        return table.rendered
    }

    /// A cell so narrow that a table stays readable; `--json` has it whole.
    private static func shortened(_ text: String) -> String {
        text.count <= maximumCellLength ? text : text.prefix(maximumCellLength - 1) + "…"
    }

    private static func heading(_ name: String) -> String {
        for suffix in ["BasisPoints", "Fen"] where name.hasSuffix(suffix) {
            return String(name.dropLast(suffix.count))
        }
        return name
    }

    /// A value as people read it: amounts in yuan, shares in percent, nested values as JSON.
    private static func cell(_ value: JSONValue, name: String) -> String {
        switch value {
        case .null: return "-"
        case .bool(let flag): return flag ? "yes" : "no"
        case .string(let text): return text
        case .integer(let integer):
            if name.hasSuffix("Fen") { return yuan(fen: integer) }
            if name.hasSuffix("BasisPoints") { return percent(basisPoints: integer) }
            return String(integer)
        case .array(let elements) where elements.allSatisfy({ $0.string != nil }):
            return elements.isEmpty ? "-" : elements.compactMap(\.string).joined(separator: ", ")
        case .unsigned, .double, .array, .object:
            return String(decoding: value.encoded, as: UTF8.self)
        }
    }
}
