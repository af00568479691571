/// An event in its place: where and when it happened and, on inputs, who caused it.
public struct RecordedEvent: Hashable, Sendable {
    /// The event's own position.
    public var position: LogPosition
    /// The position of its transaction's first event, the input.
    public var transaction: LogPosition
    /// The transaction's stamp.
    public var time: Timestamp
    /// Who caused it; on the first event of a transaction only.
    public var input: InputContext?
    /// What happened.
    public var event: Event

    /// Places an event.
    public init(
        position: LogPosition, transaction: LogPosition, time: Timestamp, input: InputContext?,
        event: Event
    ) {
        self.position = position
        self.transaction = transaction
        self.time = time
        self.input = input
        self.event = event
    }
}

/// Who gave an input, and how a repetition of it is recognised.
public struct InputContext: Hashable, Sendable {
    /// Who: the role their connection has.
    public var role: Role
    /// Who: the user id the kernel vouches for.
    public var principal: UInt32
    /// The `at` of the request where it differs from the stamp (supplied clock).
    public var suppliedTime: Timestamp?
    /// The request's idempotency key, if it had one.
    public var idempotency: IdempotencyMark?

    /// Describes an input's origin.
    public init(
        role: Role, principal: UInt32, suppliedTime: Timestamp? = nil,
        idempotency: IdempotencyMark? = nil
    ) {
        self.role = role
        self.principal = principal
        self.suppliedTime = suppliedTime
        self.idempotency = idempotency
    }

    /// The market's own doing: due work, creation, a change of rules.
    public static let market = InputContext(role: .market, principal: 0)
}

/// What a principal may do.
public enum Role: Hashable, Sendable, CaseIterable {
    /// The market itself.
    case market
    /// The advisor app or an application form.
    case frontend
    /// A channel's gateway.
    case supplier
    /// Who runs the market.
    case `operator`
    /// Who checks it and sees no contact data.
    case auditor
}

/// A request's idempotency key and content as the log holds them.
public struct IdempotencyMark: Hashable, Sendable {
    /// The first 16 bytes of a digest of principal and key.
    public var key: Bytes16
    /// The first 16 bytes of an HMAC of the canonical parameters.
    public var content: Bytes16

    /// Makes a mark.
    public init(key: Bytes16, content: Bytes16) {
        self.key = key
        self.content = content
    }
}
