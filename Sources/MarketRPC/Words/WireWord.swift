public import MarketCore

/// An enumeration whose cases have fixed words on the wire.
///
/// The words are written out here and nowhere else, so that renaming a case never changes what clients see.
public protocol WireWord: CaseIterable, Hashable, Sendable {
    /// The word that stands for this case, for ever.
    var word: String { get }
}

extension WireWord {
    /// All words in the order of the cases.
    public static var words: [String] { allCases.map(\.word) }

    /// The case that `word` stands for.
    public init?(word: String) {
        guard let value = Self.allCases.first(where: { $0.word == word }) else { return nil }
        self = value
    }
}

extension Role: WireWord {
    /// The role's word.
    public var word: String {
        switch self {
        case .market: "market"
        case .frontend: "frontend"
        case .supplier: "supplier"
        case .operator: "operator"
        case .auditor: "auditor"
        }
    }
}

extension ClockKind: WireWord {
    /// The clock's word.
    public var word: String {
        switch self {
        case .real: "real"
        case .supplied: "supplied"
        }
    }
}

extension Grade: WireWord {
    /// The grade's word (R5.1).
    public var word: String {
        switch self {
        case .elite: "elite"
        case .standard: "standard"
        case .novice: "novice"
        }
    }
}

extension CallOutcome: WireWord {
    /// The outcome's word (R9.1).
    public var word: String {
        switch self {
        case .connected: "connected"
        case .noAnswer: "noAnswer"
        case .busy: "busy"
        case .poweredOff: "poweredOff"
        case .outOfService: "outOfService"
        case .noSuchNumber: "noSuchNumber"
        case .wrongPerson: "wrongPerson"
        case .refused: "refused"
        case .industryPeer: "industryPeer"
        case .unqualified: "unqualified"
        }
    }
}

extension Stage: WireWord {
    /// The stage's word (R9.2).
    public var word: String {
        switch self {
        case .applied: "applied"
        case .prescreened: "prescreened"
        case .approved: "approved"
        case .drawn: "drawn"
        case .repeated: "repeated"
        }
    }
}

extension LeadRejection: WireWord {
    /// The word of why a lead is turned away (R4.3).
    public var word: String {
        switch self {
        case .channelPaused: "channelPaused"
        case .channelCapped: "channelCapped"
        case .suppressed: "suppressed"
        case .industryPeer: "industryPeer"
        case .noConsent: "noConsent"
        case .duplicate: "duplicate"
        case .unqualified: "unqualified"
        }
    }
}

extension LeadClosure: WireWord {
    /// The word of why a lead is closed unsold.
    public var word: String {
        switch self {
        case .expired: "expired"
        case .withdrawn: "withdrawn"
        case .suppressed: "suppressed"
        case .erased: "erased"
        case .consentTimedOut: "consentTimedOut"
        case .pingUnmatched: "pingUnmatched"
        case .pingExpired: "pingExpired"
        case .postRejected: "postRejected"
        }
    }
}

extension VoidReason: WireWord {
    /// The word of why a reservation ended without a release (R8.1).
    public var word: String {
        switch self {
        case .declined: "declined"
        case .acceptanceTimedOut: "acceptanceTimedOut"
        case .consentRefused: "consentRefused"
        case .consentTimedOut: "consentTimedOut"
        case .pingExpired: "pingExpired"
        case .postRejected: "postRejected"
        case .withdrawn: "withdrawn"
        case .suppressed: "suppressed"
        case .erased: "erased"
        case .advisorSuspended: "advisorSuspended"
        }
    }
}

extension ReturnReason: WireWord {
    /// The word of why an advisor wants their money back (R10.1).
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
}

extension RankKey: WireWord {
    /// The word of what decides between orders (R6.2).
    public var word: String {
        switch self {
        case .dedicated: "dedicated"
        case .priority: "priority"
        case .premium: "premium"
        case .gradeFit: "gradeFit"
        case .leastRecentlyServed: "leastRecentlyServed"
        }
    }
}

extension TierRules.Aspect: WireWord {
    /// The word of what a tier rule speaks for (R1.5).
    public var word: String {
        switch self {
        case .activity: "activity"
        case .ability: "ability"
        case .willingness: "willingness"
        }
    }
}

extension DueItem.Kind: WireWord {
    /// The word of what becomes due.
    public var word: String {
        switch self {
        case .offer: "offer"
        case .orderTurn: "orderTurn"
        case .bindingEnd: "bindingEnd"
        case .leadAge: "leadAge"
        case .deadline: "deadline"
        }
    }
}

extension Unliveness {
    /// The words of the reasons, in the order of R5.3.
    public var reasonWords: [String] {
        Self.words.compactMap { contains($0.reason) ? $0.word : nil }
    }
}
