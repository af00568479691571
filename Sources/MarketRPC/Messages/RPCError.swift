/// An error as a client sees it: a row of the ``ErrorCode`` table with the particulars.
public struct RPCError: Error, Sendable, Equatable {
    /// The row of the table.
    public let code: ErrorCode
    /// What is wrong and what to do, in plain words.
    public let message: String
    /// The path of the parameter at fault, as in `filter.region[2]`.
    public let field: String?

    /// Makes an error.
    ///
    /// - Parameter message: in plain words; without one, the meaning in the table.
    public init(_ code: ErrorCode, _ message: String? = nil, field: String? = nil) {
        self.code = code
        self.message = message ?? code.definition.meaning
        self.field = field
    }

    /// An error of a parameter, whose message starts with its path.
    public static func invalidParameter(_ path: FieldPath, _ problem: String) -> RPCError {
        let field = path.description
        return RPCError(
            .invalidParameters, "\(field.isEmpty ? "params" : field): \(problem)", field: field)
    }

    /// The error of a line that is no JSON.
    public init(_ error: JSONError, maximumDepth: Int) {
        switch error {
        case .malformed:
            self.init(
                .malformedMessage,
                "The line is not one well-formed JSON text; send one message a line.")
        case .invalidUTF8:
            self.init(
                .malformedMessage,
                "The line or an escape in it is not valid UTF-8; encode it as UTF-8.")
        case .tooDeep:
            self.init(
                .malformedMessage,
                "Arrays and objects are nested deeper than \(maximumDepth); send a flatter message."
            )
        case .numberOutOfRange:
            self.init(.malformedMessage, "A number does not fit 64 bits; send a smaller one.")
        case .outOfMemory:
            self.init(.internalError, "There was no memory to read the message; try again later.")
        }
    }

    /// The error of a line that is too long.
    public init(_ error: FramingError) {
        switch error {
        case .frameTooLarge(let limit):
            self.init(
                .frameTooLarge,
                "A line is longer than \(limit) bytes and the connection closes; send less in one line."
            )
        }
    }
}

extension RPCError {
    /// The text of the error object of a response.
    public var encoded: [UInt8] {
        var writer = JSONWriter()
        writer.error(self)
        return writer.bytes
    }
}

extension JSONWriter {
    /// Writes the error object of a response.
    public mutating func error(_ error: RPCError) {
        let definition = error.code.definition
        beginObject()
        name("code")
        integer(Int64(error.code.rawValue))
        name("message")
        string(error.message)
        name("data")
        beginObject()
        name("reason")
        string(definition.reason)
        if let field = error.field {
            name("field")
            string(field)
        }
        name("retryable")
        bool(definition.isRetryable)
        endObject()
        endObject()
    }
}
