/// What an answer says became of a request.
enum AnswerKind: UInt8, CaseIterable, Sendable {
    case released, reserved, waiting, tested, unmatched
    case channelPaused, channelCapped, suppressed, industryPeer, noConsent, duplicate, unqualified
    /// A change was made: the answer to a request that hands in no lead.
    case changed
    case overloaded, storageFull, tooManyInFlight, shuttingDown
    /// A frontend was too late: the reservation had lapsed, or somebody else had answered.
    case notAwaitingAcceptance, deadlinePassed, alreadyAcknowledged
    /// Any other error.
    case otherError
    /// An answer that this program does not know.
    case unknown

    /// Where a kind is counted.
    enum Group: String, Sendable {
        case answers, rejected, errors
    }

    /// The word that requests and reports use.
    var word: String { "\(self)" }

    /// Where it is counted.
    var group: Group {
        switch self {
        case .released, .reserved, .waiting, .tested, .unmatched, .changed: .answers
        case .channelPaused, .channelCapped, .suppressed, .industryPeer, .noConsent, .duplicate,
            .unqualified:
            .rejected
        case .overloaded, .storageFull, .tooManyInFlight, .shuttingDown, .notAwaitingAcceptance,
            .deadlinePassed, .alreadyAcknowledged, .otherError, .unknown:
            .errors
        }
    }

    /// Whether the market decided: latencies are taken of these.
    var isDecision: Bool { group != .errors }

    /// Whether it is no answer that a load is about: neither a decision, nor that there are too many or that it is
    /// too late.
    var isUnusual: Bool {
        switch self {
        case .overloaded, .notAwaitingAcceptance, .deadlinePassed, .alreadyAcknowledged: false
        default: !isDecision
        }
    }
}

/// How many answers said what.
struct AnswerCounts: Sendable, Equatable {
    private var counts = [Int](repeating: 0, count: AnswerKind.allCases.count)

    /// How many said `kind`.
    subscript(kind: AnswerKind) -> Int {
        get { counts[Int(kind.rawValue)] }
        set { counts[Int(kind.rawValue)] = newValue }
    }

    /// How many there were.
    var total: Int { counts.reduce(0, +) }

    /// How many leads were decided.
    var decisions: Int { AnswerKind.allCases.reduce(0) { $0 + ($1.isDecision ? self[$1] : 0) } }
}
