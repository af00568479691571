/// Why an advisor wants the money of a sale back (R10.1).
public enum ReturnReason: Hashable, Sendable, CaseIterable {
    /// The number does not exist (空号).
    case noSuchNumber
    /// The line is suspended (停机).
    case outOfService
    /// Somebody else answers.
    case wrongPerson
    /// The person works in the trade.
    case industryPeer
    /// The advisor had bought this person before; the market's records prove it of the latest buyer.
    case duplicate
    /// What the lead declared is not so.
    case unqualified

    /// The word it goes by in the log and on the wire.
    public var word: String {
        switch self {
        case .noSuchNumber: "noSuchNumber"
        case .outOfService: "outOfService"
        case .wrongPerson: "wrongPerson"
        case .industryPeer: "industryPeer"
        case .duplicate: "duplicate"
        case .unqualified: "unqualified"
        }
    }

    /// Whether an approved return takes the person off the market (R4.5).
    var suppresses: Bool {
        switch self {
        case .noSuchNumber, .wrongPerson, .industryPeer: true
        case .outOfService, .duplicate, .unqualified: false
        }
    }
}

/// What an advisor brings forward for a return.
public struct ReturnRequest: Hashable, Sendable {
    /// Why.
    public var reason: ReturnReason
    /// The id of a call-detail record, at most 64 bytes; empty when there is none.
    public var evidence: String

    /// Asks for a return.
    public init(reason: ReturnReason, evidence: String = "") {
        self.reason = reason
        self.evidence = evidence
    }
}

/// How a return was decided.
public struct ReturnDecision: Hashable, Sendable {
    /// Whether the money goes back.
    public var isApproved: Bool
    /// Whether evidence decided it, without an operator (R10.2).
    public var isAutomatic: Bool
    /// What the operator says about it, at most 256 bytes; empty otherwise.
    public var note: String

    /// Decides about a return.
    public init(isApproved: Bool, isAutomatic: Bool, note: String = "") {
        self.isApproved = isApproved
        self.isAutomatic = isAutomatic
        self.note = note
    }
}

/// How far the return of an assignment is.
public enum ReturnState: Hashable, Sendable {
    /// An operator has to decide.
    case open(ReturnRequest)
    /// It is decided.
    case decided(ReturnRequest, ReturnDecision)

    /// What was asked for.
    public var request: ReturnRequest {
        switch self {
        case .open(let request), .decided(let request, _): request
        }
    }

    /// How it was decided; `nil` while it is open.
    public var decision: ReturnDecision? {
        switch self {
        case .open: nil
        case .decided(_, let decision): decision
        }
    }
}
