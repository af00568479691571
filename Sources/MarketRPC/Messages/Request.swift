/// What ties a response to its request.
public enum RequestIdentifier: Sendable, Hashable {
    /// `null`: also the identifier of the response to a message whose own could not be read.
    case null
    /// An integer.
    case integer(Int64)
    /// A string of at most ``maximumStringBytes`` bytes.
    case string(String)

    /// The longest string accepted as an identifier, in bytes of UTF-8.
    public static let maximumStringBytes = 256
}

/// A well-formed JSON-RPC 2.0 request or notification; its method and parameters are yet to be looked at.
public struct Request: Sendable, Equatable {
    /// The identifier, or `nil` for a notification, which gets no response.
    public var identifier: RequestIdentifier?
    /// The method's name.
    public var method: String
    /// The parameters, by name; empty when the request has none. No name occurs twice, at any depth.
    public var parameters: JSONObject

    /// Makes a request.
    public init(
        identifier: RequestIdentifier?, method: String, parameters: JSONObject = JSONObject()
    ) {
        self.identifier = identifier
        self.method = method
        self.parameters = parameters
    }
}

/// One message of a frame, as far as it could be read.
public enum IncomingMessage: Sendable, Equatable {
    /// A request or a notification.
    case request(Request)
    /// No request. Without an identifier the message was a notification, which is not answered.
    case refused(RequestIdentifier?, RPCError)
}

/// What one frame holds.
public enum IncomingFrame: Sendable, Equatable {
    /// One message, to be answered with one response.
    case single(IncomingMessage)
    /// A batch, to be answered with one array of responses, in any order, or nothing when it is empty.
    case batch([IncomingMessage])
}

extension JSONWriter {
    /// Writes the identifier of a message.
    public mutating func identifier(_ identifier: RequestIdentifier) {
        switch identifier {
        case .null: null()
        case .integer(let value): integer(value)
        case .string(let value): string(value)
        }
    }

    /// Writes a request or notification.
    public mutating func request(_ request: Request) {
        beginObject()
        name("jsonrpc")
        string("2.0")
        if let identifier = request.identifier {
            name("id")
            self.identifier(identifier)
        }
        name("method")
        string(request.method)
        if !request.parameters.members.isEmpty {
            name("params")
            value(.object(request.parameters))
        }
        endObject()
    }
}
