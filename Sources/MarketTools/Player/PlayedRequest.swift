import MarketRPC

/// A line of a workload, understood.
struct PlayedRequest: Sendable {
    /// The line's number.
    var number: Int
    /// The request's id as text.
    var label: String
    /// The request itself; its parameters may hold placeholders.
    var request: Request
    /// The placeholders in its parameters.
    var placeholders: [Placeholder]

    /// Understands `line`.
    ///
    /// - Throws: ``ToolError/line(path:line:problem:)``.
    init(_ line: WorkloadLine, parser: JSONParser, path: String) throws(ToolError) {
        func fault(_ problem: String) -> ToolError {
            .line(path: path, line: line.number, problem: problem)
        }
        let value: JSONValue
        do throws(JSONError) {
            value = try parser.parse(line.bytes).value
        } catch {
            throw fault("is no JSON (\(error))")
        }
        guard case .object(let envelope) = value, envelope["jsonrpc"] == "2.0",
            let method = envelope["method"]?.string
        else { throw fault("is no JSON-RPC 2.0 request") }
        let identifier: RequestIdentifier
        switch envelope["id"] {
        case .string(let text)?: (label, identifier) = (text, .string(text))
        case .integer(let integer)?: (label, identifier) = (String(integer), .integer(integer))
        default: throw fault("has no id; a request of a workload is labelled by its id")
        }
        let parameters: JSONObject
        switch envelope["params"] {
        case nil: parameters = JSONObject()
        case .object(let object)?: parameters = object
        default: throw fault("has parameters that are no object")
        }
        number = line.number
        request = Request(identifier: identifier, method: method, parameters: parameters)
        placeholders = Placeholder.all(in: .object(parameters))
    }

    /// The line to send, with its line end.
    ///
    /// - Parameter replacement: what each placeholder stands for.
    func line(replacing replacement: (Placeholder) -> JSONValue) -> [UInt8] {
        var request = request
        let resolved = Placeholder.replaced(in: .object(request.parameters), by: replacement)
        if case .object(let object) = resolved { request.parameters = object }
        var writer = JSONWriter(capacity: 512)
        writer.request(request)
        writer.endLine()
        return writer.bytes
    }
}
