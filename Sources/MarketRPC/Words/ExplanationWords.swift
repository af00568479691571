public import MarketCore

/// What became of an order in the decision about a lead, as `lead.explain` says (R6.5).
public enum VerdictWord: WireWord {
    /// It got the lead.
    case won
    /// A rule kept it from the lead.
    case ineligible
    /// It lost to another order.
    case outranked
    /// It was eligible, and a category that is tried earlier got the lead.
    case laterCategory

    /// The word of `verdict`.
    public init(_ verdict: Verdict) {
        self =
            switch verdict {
            case .won: .won
            case .ineligible: .ineligible
            case .outranked: .outranked
            case .laterCategory: .laterCategory
            }
    }

    /// The verdict's word.
    public var word: String {
        switch self {
        case .won: "won"
        case .ineligible: "ineligible"
        case .outranked: "outranked"
        case .laterCategory: "laterCategory"
        }
    }
}

/// The first rule that kept an order from a lead, as `lead.explain` says (R6.1, R6.5).
public enum IneligibilityWord: WireWord {
    /// The lead is not in the order's category.
    case otherCategory
    /// The order was not live.
    case notLive
    /// The lead does not pass the order's filter.
    case filtered
    /// The lead was older than the order takes.
    case tooOld
    /// The balance did not cover the price.
    case insufficientFunds
    /// What the order could still spend that day did not cover the price.
    case spendCapExceeded
    /// The person was bound to another advisor.
    case boundElsewhere
    /// The consent names other institutions.
    case consentElsewhere
    /// The advisor had let the lead go, or the person had refused the institution.
    case excluded

    /// The word of `ineligibility`.
    public init(_ ineligibility: Ineligibility) {
        self =
            switch ineligibility {
            case .otherCategory: .otherCategory
            case .notLive: .notLive
            case .filtered: .filtered
            case .tooOld: .tooOld
            case .insufficientFunds: .insufficientFunds
            case .spendCapExceeded: .spendCapExceeded
            case .boundElsewhere: .boundElsewhere
            case .consentElsewhere: .consentElsewhere
            case .excluded: .excluded
            }
    }

    /// The rule's word.
    public var word: String {
        switch self {
        case .otherCategory: "otherCategory"
        case .notLive: "notLive"
        case .filtered: "filtered"
        case .tooOld: "tooOld"
        case .insufficientFunds: "insufficientFunds"
        case .spendCapExceeded: "spendCapExceeded"
        case .boundElsewhere: "boundElsewhere"
        case .consentElsewhere: "consentElsewhere"
        case .excluded: "excluded"
        }
    }
}

/// What the decision was that `lead.explain` explains (R6.5).
public enum DecisionKind: WireWord {
    /// The lead was set aside for an order; its latest reservation.
    case reserved
    /// It was turned away.
    case rejected
    /// It was closed unsold.
    case closed
    /// It waits: as of now.
    case waiting
    /// It was of a test channel.
    case tested

    /// The kind's word.
    public var word: String {
        switch self {
        case .reserved: "reserved"
        case .rejected: "rejected"
        case .closed: "closed"
        case .waiting: "waiting"
        case .tested: "tested"
        }
    }
}

/// What would have become of a lead of a test channel (R3.1).
public enum TestOutcomeWord: WireWord {
    /// It would have been set aside for an order.
    case matched
    /// It would have waited, or a ping would have been answered with no.
    case unmatched
    /// It would have been turned away.
    case rejected

    /// The word of `outcome`.
    public init(_ outcome: TestedLead.Outcome) {
        self =
            switch outcome {
            case .matched: .matched
            case .unmatched: .unmatched
            case .rejected: .rejected
            }
    }

    /// The outcome's word.
    public var word: String {
        switch self {
        case .matched: "matched"
        case .unmatched: "unmatched"
        case .rejected: "rejected"
        }
    }
}
