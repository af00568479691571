/// An answer to one request.
public struct Response: Sendable, Equatable {
    /// The identifier of the request, or `null` when it could not be read.
    public let identifier: RequestIdentifier
    /// The result, or the error.
    public let outcome: Result<JSONValue, RPCError>

    /// Makes a response.
    public init(identifier: RequestIdentifier, outcome: Result<JSONValue, RPCError>) {
        self.identifier = identifier
        self.outcome = outcome
    }
}

extension JSONWriter {
    /// Writes a response. Its identifier comes first of what varies, so that ``ResponseLine`` finds it without parsing.
    public mutating func response(_ response: Response) {
        switch response.outcome {
        case .success(let result):
            self.response(response.identifier) { $0.value(result) }
        case .failure(let error):
            beginResponse(response.identifier)
            name("error")
            self.error(error)
            endObject()
        }
    }

    /// Writes a response whose result `body` writes, without a tree in between.
    public mutating func response(_ identifier: RequestIdentifier, body: (inout JSONWriter) -> Void)
    {
        beginResponse(identifier)
        name("result")
        body(&self)
        endObject()
    }

    /// Writes a response that is an error, which was encoded before.
    public mutating func response(_ identifier: RequestIdentifier, error: [UInt8]) {
        beginResponse(identifier)
        name("error")
        encoded(error)
        endObject()
    }

    /// Writes a notification whose parameters `body` writes.
    public mutating func notification(_ method: String, body: (inout JSONWriter) -> Void) {
        beginning(#"{"jsonrpc":"2.0","method":"#)
        string(method)
        name("params")
        body(&self)
        endObject()
    }

    private mutating func beginResponse(_ identifier: RequestIdentifier) {
        beginning(#"{"jsonrpc":"2.0","id":"#)
        self.identifier(identifier)
    }
}
