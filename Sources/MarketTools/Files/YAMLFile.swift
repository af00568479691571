public import MarketRPC
import Yams

/// Reads YAML as the JSON that it stands for.
///
/// Plain scalars are `null` (also `~` and nothing), `true`, `false`, integers, decimal numbers or else
/// strings; quoted scalars are strings. So `5m`, `24h` and `+08:00` are strings without quotes, and a region code needs quotes. Only
/// one document, no custom tags, no keys that occur twice.
public enum YAMLFile {
    /// Reads the file at `path`, which may be gzip; `-` is the standard input.
    ///
    /// - Throws: ``ToolError``.
    public static func read(path: String) throws(ToolError) -> JSONValue {
        let file = try InputFile(path: path)
        var bytes: [UInt8] = []
        while true {
            let piece = try file.read()
            if piece.isEmpty { break }
            bytes += piece
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .contents(path: path, problem: "is not UTF-8")
        }
        return try parse(text, path: path)
    }

    /// Reads `text`; `path` is what messages call it.
    ///
    /// - Throws: ``ToolError/line(path:line:problem:)``.
    public static func parse(_ text: String, path: String) throws(ToolError) -> JSONValue {
        let node: Node?
        do {
            node = try Yams.compose(yaml: text)
        } catch let error as YamlError {
            throw .contents(path: path, problem: "is no valid YAML: \(error)")
        } catch {
            throw .contents(path: path, problem: "is no valid YAML")
        }
        return try node.map { node throws(ToolError) in try value(node, path: path) } ?? .null
    }

    private static func value(_ node: Node, path: String) throws(ToolError) -> JSONValue {
        switch node {
        case .scalar(let scalar):
            return scalar.style == .plain || scalar.style == .any
                ? plain(scalar.string) : .string(scalar.string)
        case .sequence(let sequence):
            var elements: [JSONValue] = []
            for element in sequence { elements.append(try value(element, path: path)) }
            return .array(elements)
        case .mapping(let mapping):
            var members: [JSONMember] = []
            for (key, element) in mapping {
                guard case .scalar(let name) = key else {
                    throw .line(
                        path: path, line: key.mark?.line ?? 0,
                        problem: "a key must be a word")
                }
                members.append(
                    JSONMember(name: name.string, value: try value(element, path: path)))
            }
            return .object(JSONObject(members))
        case .alias:
            throw .line(path: path, line: node.mark?.line ?? 0, problem: "an unresolved alias")
        }
    }

    private static func plain(_ text: String) -> JSONValue {
        switch text {
        case "", "~", "null": return .null
        case "true": return .bool(true)
        case "false": return .bool(false)
        default: break
        }
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) || "-.".utf8.contains($0) }),
            DecimalText(text) != nil
        else { return .string(text) }
        if let integer = Int64(text) { return .integer(integer) }
        return Double(text).map { .double($0) } ?? .string(text)
    }
}
