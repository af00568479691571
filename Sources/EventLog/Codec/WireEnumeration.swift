internal import MarketCore

/// A choice with a number on disk that neither its Swift name nor its place among the cases has
/// any part in. 0 is no choice, so an absent field is found.
protocol WireEnumeration: CaseIterable {
    /// The number on disk, from 1; never changed and never used again.
    var wireNumber: UInt64 { get }
}

extension WireWriter {
    /// Writes a choice.
    mutating func write(_ choice: some WireEnumeration, field: UInt32) {
        write(choice.wireNumber, field: field)
    }
}

extension WireReader {
    /// Reads a choice.
    @_lifetime(self: copy self)
    mutating func enumeration<Choice: WireEnumeration>() throws(WireError) -> Choice {
        try choice(of: try number())
    }

    /// The choice that `number`, read of the current field, stands for.
    func choice<Choice: WireEnumeration>(of number: UInt64) throws(WireError) -> Choice {
        for choice in Choice.allCases where choice.wireNumber == number { return choice }
        throw invalidValue
    }
}

extension Role: WireEnumeration {
    var wireNumber: UInt64 {
        switch self {
        case .market: 1
        case .frontend: 2
        case .supplier: 3
        case .operator: 4
        case .auditor: 5
        }
    }
}

extension ClockKind: WireEnumeration {
    var wireNumber: UInt64 {
        switch self {
        case .real: 1
        case .supplied: 2
        }
    }
}

extension Grade: WireEnumeration {
    var wireNumber: UInt64 {
        switch self {
        case .elite: 1
        case .standard: 2
        case .novice: 3
        }
    }
}

extension DueItem.Kind: WireEnumeration {
    var wireNumber: UInt64 {
        switch self {
        case .offer: 1
        case .orderTurn: 2
        case .bindingEnd: 3
        case .leadAge: 4
        case .deadline: 5
        }
    }
}

extension LeadRejection: WireEnumeration {
    var wireNumber: UInt64 {
        switch self {
        case .channelPaused: 1
        case .channelCapped: 2
        case .suppressed: 3
        case .industryPeer: 4
        case .noConsent: 5
        case .duplicate: 6
        case .unqualified: 7
        }
    }
}

extension LeadClosure: WireEnumeration {
    var wireNumber: UInt64 {
        switch self {
        case .expired: 1
        case .withdrawn: 2
        case .suppressed: 3
        case .erased: 4
        case .consentTimedOut: 5
        case .pingUnmatched: 6
        case .pingExpired: 7
        case .postRejected: 8
        }
    }
}

extension VoidReason: WireEnumeration {
    var wireNumber: UInt64 {
        switch self {
        case .declined: 1
        case .acceptanceTimedOut: 2
        case .consentRefused: 3
        case .consentTimedOut: 4
        case .pingExpired: 5
        case .postRejected: 6
        case .withdrawn: 7
        case .suppressed: 8
        case .erased: 9
        case .advisorSuspended: 10
        }
    }
}

extension ReturnReason: WireEnumeration {
    var wireNumber: UInt64 {
        switch self {
        case .noSuchNumber: 1
        case .outOfService: 2
        case .wrongPerson: 3
        case .industryPeer: 4
        case .duplicate: 5
        case .unqualified: 6
        }
    }
}

extension RankKey: WireEnumeration {
    var wireNumber: UInt64 {
        switch self {
        case .dedicated: 1
        case .priority: 2
        case .premium: 3
        case .gradeFit: 4
        case .leastRecentlyServed: 5
        }
    }
}

extension TierRules.Aspect: WireEnumeration {
    var wireNumber: UInt64 {
        switch self {
        case .activity: 1
        case .ability: 2
        case .willingness: 3
        }
    }
}

extension CallOutcome: WireEnumeration {
    var wireNumber: UInt64 {
        switch self {
        case .connected: 1
        case .noAnswer: 2
        case .busy: 3
        case .poweredOff: 4
        case .outOfService: 5
        case .noSuchNumber: 6
        case .wrongPerson: 7
        case .refused: 8
        case .industryPeer: 9
        case .unqualified: 10
        }
    }
}

extension Stage: WireEnumeration {
    var wireNumber: UInt64 {
        switch self {
        case .applied: 1
        case .prescreened: 2
        case .approved: 3
        case .drawn: 4
        case .repeated: 5
        }
    }
}
