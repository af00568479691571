public import MarketCore

/// A method of the socket interface: what it takes, what it answers and who may call it.
///
/// ``Catalogue`` holds all of them. `docs/API.md`, `rpc.discover`, command-line help and the tests of bad input are made
/// from these entries.
public struct Method: Sendable {
    /// What a method does, which says what every method of its kind takes besides its own parameters.
    public enum Kind: Hashable, Sendable {
        /// Changes the market: takes `idempotencyKey` and `at`.
        case mutation
        /// Looks at the market: takes `atLeast`.
        case query
        /// Concerns the daemon or the connection: takes nothing more.
        case control
    }

    /// What reading a method's own parameters yields.
    enum Body: Sendable {
        case mutation(Mutation)
        case query(Query)
        case control(Control)
    }

    /// Reads a method's own parameters.
    typealias Reader = @Sendable (inout Parameters, CallContext) throws(RPCError) -> Body

    /// The name, `noun.verb`.
    public let name: String
    /// What it does.
    public let kind: Kind
    /// What it does, in a sentence or two.
    public let summary: String
    /// Who may call it.
    public let roles: [Role]
    /// Its own parameters.
    public let parameters: [Member]
    /// The members of its result.
    public let result: [Member]
    /// The errors it may answer with besides those that every method of its kind may.
    public let errors: [ErrorCode]
    /// Parameters that it takes, for documents and tests.
    public let example: JSONObject

    private let reader: Reader

    init(
        _ name: String, _ kind: Kind, roles: [Role], _ summary: String,
        parameters: [Member] = [], result: [Member], errors: [ErrorCode] = [],
        example: JSONObject = JSONObject(), reader: @escaping Reader
    ) {
        self.name = name
        self.kind = kind
        self.roles = roles
        self.summary = summary
        self.parameters = parameters
        self.result = result
        self.errors = errors
        self.example = example
        self.reader = reader
    }

    /// The part of the name before the dot.
    public var noun: String { String(name.prefix { $0 != "." }) }

    /// The part of the name after the dot.
    public var verb: String { String(name.drop { $0 != "." }.dropFirst()) }

    /// All parameters: its own and those of its kind.
    public var allParameters: [Member] {
        switch kind {
        case .mutation: parameters + Self.mutationParameters
        case .query: parameters + Self.queryParameters
        case .control: parameters
        }
    }

    /// All errors: those of its kind and its own.
    public var allErrors: [ErrorCode] {
        let common: [ErrorCode] = [
            .invalidParameters, .forbidden, .tooManyInFlight, .overloaded, .internalError,
            .shuttingDown,
        ]
        return switch kind {
        case .mutation:
            common + [.storageFull, .idempotencyMismatch, .wrongClock, .timeInPast]
                + errors
        case .query: common + [.positionNotReached] + errors
        case .control: common + errors
        }
    }

    private static let mutationParameters: [Member] = [
        .optional(
            "idempotencyKey", .text(1...MutationOptions.maximumKeyBytes),
            "makes repeating the request harmless: the first answer comes again"),
        .optional(
            "at", .time,
            "when it happens: required where the market's clock is supplied, refused where it is real"
        ),
    ]

    private static let queryParameters: [Member] = [
        .optional(
            "atLeast", .identifier,
            "answer only once the state has applied this position, as a reply to a change gave it")
    ]

    /// Reads the parameters of a request.
    ///
    /// Checks in this order: the role; the parameters one by one, in the catalogue's order except where one depends on
    /// another; unknown members.
    /// - Throws: `forbidden`, or `invalidParameters` naming the first member at fault.
    public func content(
        of object: JSONObject, context: CallContext
    ) throws(RPCError) -> CallContent {
        guard roles.contains(context.role) else {
            let allowed = roles.map(\.word).joined(separator: ", ")
            throw RPCError(
                .forbidden,
                "\(name) may be called by \(allowed), and this connection's role is \(context.role.word); use another account."
            )
        }
        var parameters = Parameters(object)
        let body = try reader(&parameters, context)
        let content: CallContent
        switch body {
        case .mutation(let mutation):
            let key = try parameters.optionalString(
                "idempotencyKey", length: 1...MutationOptions.maximumKeyBytes)
            let at = try parameters.optionalTime("at")
            content = .mutation(mutation, MutationOptions(idempotencyKey: key, at: at))
        case .query(let query):
            content = .query(query, atLeast: try parameters.optionalPosition("atLeast"))
        case .control(let control):
            content = .control(control)
        }
        try parameters.finish()
        return content
    }
}

/// All methods of the socket interface.
public enum Catalogue {
    /// The methods in the order of the documents.
    public static let methods: [Method] =
        market + advisor + account + order + lead + gates + assignment + contact + channel
        + statistics
        + events

    private static let indices: [String: Int] = Dictionary(
        uniqueKeysWithValues: methods.enumerated().map { ($0.element.name, $0.offset) })

    /// The method called `name`, if there is one.
    public static func method(named name: String) -> Method? {
        indices[name].map { methods[$0] }
    }

    /// What a request asks for.
    ///
    /// - Throws: `unknownMethod`, and what ``Method/content(of:context:)`` throws.
    public static func content(
        of request: Request, context: CallContext
    ) throws(RPCError) -> (method: Method, content: CallContent) {
        guard let method = method(named: request.method) else {
            throw RPCError(
                .unknownMethod,
                "There is no method \"\(request.method.shortened)\"; rpc.discover lists all.")
        }
        return (method, try method.content(of: request.parameters, context: context))
    }
}

extension [Role] {
    /// Everybody who can connect.
    static let everybody: [Role] = [.frontend, .supplier, .operator, .auditor]
    /// Frontends and operators.
    static let trade: [Role] = [.frontend, .operator]
    /// Frontends, operators and auditors.
    static let readers: [Role] = [.frontend, .operator, .auditor]
    /// Operators alone.
    static let operators: [Role] = [.operator]
    /// Operators and auditors.
    static let overseers: [Role] = [.operator, .auditor]
}
