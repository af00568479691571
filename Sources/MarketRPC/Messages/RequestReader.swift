public import NIOCore

/// Turns frames into requests (JSON-RPC 2.0, section 4).
///
/// Checks in this order: the frame is JSON; it is an object or a batch of 1 to ``maximumBatchRequests``; the identifier;
/// members that occur twice around the parameters; unknown members there; `jsonrpc`; `method`; the kind of `params`;
/// members that occur twice inside them. Confined to one thread, like the parser it owns.
public final class RequestReader {
    /// The batch limit when none is given.
    public static let defaultMaximumBatchRequests = 1_000

    /// The most requests accepted in one batch.
    public let maximumBatchRequests: Int
    /// The most arrays and objects open at once in a frame, the request's own included.
    public let maximumDepth: Int

    private let parser: JSONParser

    /// Makes a reader.
    public init(
        maximumDepth: Int = JSONParser.defaultMaximumDepth,
        maximumBatchRequests: Int = defaultMaximumBatchRequests
    ) {
        self.maximumDepth = maximumDepth
        self.maximumBatchRequests = maximumBatchRequests
        parser = JSONParser(maximumDepth: maximumDepth)
    }

    /// Reads one frame.
    public func read(_ frame: ByteBuffer) -> IncomingFrame {
        let document: JSONParser.Document
        do throws(JSONError) {
            document = try parser.parse(frame)
        } catch {
            return .single(.refused(.null, RPCError(error, maximumDepth: maximumDepth)))
        }
        guard case .array(let elements) = document.value else {
            return .single(Self.message(document.value, mayRepeat: document.hasDuplicates))
        }
        if elements.isEmpty {
            return .single(
                .refused(
                    .null,
                    RPCError(.invalidRequest, "The batch is empty; send at least one request.")))
        }
        if elements.count > maximumBatchRequests {
            let message =
                "The batch holds \(elements.count) requests and the limit is \(maximumBatchRequests); split it."
            return .single(.refused(.null, RPCError(.batchTooLarge, message)))
        }
        return .batch(elements.map { Self.message($0, mayRepeat: document.hasDuplicates) })
    }

    private static func message(_ value: JSONValue, mayRepeat: Bool) -> IncomingMessage {
        guard case .object(let envelope) = value else {
            return .refused(
                .null,
                RPCError(.invalidRequest, "A request is an object, not \(value.kindInWords)."))
        }
        do throws(RefusedMessage) {
            return .request(try request(envelope, mayRepeat: mayRepeat))
        } catch {
            return .refused(error.identifier, error.error)
        }
    }

    private static func request(
        _ envelope: JSONObject, mayRepeat: Bool
    ) throws(RefusedMessage) -> Request {
        let parts = EnvelopeParts(envelope)
        let identifier = try parts.checkedIdentifier()
        // A message that is no request is answered even without an identifier (JSON-RPC 2.0, section 5).
        func refusal(_ message: String) -> RefusedMessage {
            RefusedMessage(
                identifier: identifier ?? .null, error: RPCError(.invalidRequest, message))
        }
        if let name = parts.repeated {
            throw refusal("The member \(name) occurs twice; send it once.")
        }
        if let name = parts.unknown {
            throw refusal(
                "The member \(name) is unknown; a request has jsonrpc, id, method and params.")
        }
        guard parts.version == .string("2.0") else {
            throw refusal("The member jsonrpc must be the string \"2.0\".")
        }
        guard case .string(let method)? = parts.method else {
            throw refusal("The member method must be a string, such as \"lead.submit\".")
        }
        guard let parameters = parts.parameters else {
            return Request(identifier: identifier, method: method)
        }
        switch parameters {
        case .object(let object):
            if mayRepeat, let path = object.firstDuplicate() {
                let error = RPCError.invalidParameter(path, "occurs twice; send it once.")
                throw RefusedMessage(identifier: identifier, error: error)
            }
            return Request(identifier: identifier, method: method, parameters: object)
        case .array:
            let message =
                "Parameters go by name: send params as an object such as {\"lead\": 4711}, not as an array."
            throw RefusedMessage(
                identifier: identifier, error: RPCError(.invalidParameters, message, field: ""))
        case .null, .bool, .integer, .unsigned, .double, .string:
            throw refusal("The member params must be an object, not \(parameters.kindInWords).")
        }
    }
}

/// A message that is no request, with what its response needs.
private struct RefusedMessage: Error {
    let identifier: RequestIdentifier?
    let error: RPCError
}

/// The members of a request.
private struct EnvelopeParts {
    private(set) var identifier: JSONValue?
    private(set) var version: JSONValue?
    private(set) var method: JSONValue?
    private(set) var parameters: JSONValue?
    private(set) var unknown: String?
    private(set) var repeated: String?

    init(_ envelope: JSONObject) {
        for member in envelope.members {
            let isRepeated: Bool
            switch member.name {
            case "id": isRepeated = Self.place(member.value, in: &identifier)
            case "jsonrpc": isRepeated = Self.place(member.value, in: &version)
            case "method": isRepeated = Self.place(member.value, in: &method)
            case "params": isRepeated = Self.place(member.value, in: &parameters)
            default:
                isRepeated = false
                if unknown == nil { unknown = member.name.shortened }
            }
            if isRepeated { repeated = member.name }
        }
    }

    /// Fills `slot` and returns whether it was filled before.
    private static func place(_ value: JSONValue, in slot: inout JSONValue?) -> Bool {
        defer { slot = value }
        return slot != nil
    }

    func checkedIdentifier() throws(RefusedMessage) -> RequestIdentifier? {
        let problem: String
        switch identifier {
        case nil: return nil
        case .null: return .null
        case .integer(let value): return .integer(value)
        case .string(let value) where value.utf8.count <= RequestIdentifier.maximumStringBytes:
            return .string(value)
        case .string:
            problem =
                "is longer than \(RequestIdentifier.maximumStringBytes) bytes; use a shorter one."
        case .some(let value):
            problem = "must be an integer, a string or null, not \(value.kindInWords)."
        }
        throw RefusedMessage(
            identifier: .null, error: RPCError(.invalidRequest, "The member id \(problem)"))
    }
}

extension String {
    /// The text, cut to what a message should repeat of it.
    var shortened: String {
        count <= 64 ? self : "\(prefix(64))…"
    }
}
