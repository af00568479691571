public import MarketCore

/// Where a lead stands, as `lead.get` says and `lead.list` asks.
public enum LeadStatus: WireWord {
    /// Accepted and not sold yet.
    case waiting
    /// Sold.
    case released
    /// Closed unsold: its last rung ended.
    case expired
    /// Closed unsold: the person took it back.
    case withdrawn
    /// Closed unsold: the person was suppressed.
    case suppressed
    /// Closed unsold: the person was erased.
    case erased
    /// Turned away.
    case rejected
    /// Set aside for an order, and something is still awaited before the sale.
    case reserved
    /// Of a test channel: decided, and nothing came of it.
    case tested
    /// Closed unsold: the person did not say in time whether they agree to the institution.
    case consentTimedOut
    /// Closed unsold: no order was eligible when it was pinged.
    case pingUnmatched
    /// Closed unsold: its post did not come in time.
    case pingExpired
    /// Closed unsold: its post was turned away.
    case postRejected

    /// The status's word.
    public var word: String {
        switch self {
        case .waiting: "waiting"
        case .released: "released"
        case .expired: "expired"
        case .withdrawn: "withdrawn"
        case .suppressed: "suppressed"
        case .erased: "erased"
        case .rejected: "rejected"
        case .reserved: "reserved"
        case .tested: "tested"
        case .consentTimedOut: "consentTimedOut"
        case .pingUnmatched: "pingUnmatched"
        case .pingExpired: "pingExpired"
        case .postRejected: "postRejected"
        }
    }
}

/// Whether an order can take a lead now.
public enum OrderState: WireWord {
    /// It can.
    case live
    /// It cannot, for reasons it names.
    case notLive

    /// The state's word.
    public var word: String {
        switch self {
        case .live: "live"
        case .notLive: "notLive"
        }
    }
}

/// Which assignments `assignment.list` is asked for.
public enum AssignmentState: WireWord {
    /// Released, and neither a frontend nor the advisor has reacted.
    case unacknowledged
    /// Released, and somebody has reacted.
    case acknowledged
    /// Reserved: something is still awaited before the release.
    case reserved
    /// Ended without a release.
    case voided
    /// Released, and an approved return gave the money back.
    case returned
    /// Pushed for longer than it may take, and nobody has reacted (R8.6).
    case overdue

    /// The state's word.
    public var word: String {
        switch self {
        case .unacknowledged: "unacknowledged"
        case .acknowledged: "acknowledged"
        case .reserved: "reserved"
        case .voided: "voided"
        case .returned: "returned"
        case .overdue: "overdue"
        }
    }
}

/// Where an assignment stands, as `assignment.get` says (R8.1).
public enum AssignmentStatus: WireWord {
    /// Something is still awaited before the release.
    case reserved
    /// It was sold.
    case released
    /// It ended without a release.
    case voided

    /// The status's word.
    public var word: String {
        switch self {
        case .reserved: "reserved"
        case .released: "released"
        case .voided: "voided"
        }
    }
}

/// Which returns `assignment.list` is asked for (R10).
public enum ReturnSelection: WireWord {
    /// Those that wait for an operator.
    case open
    /// Those that are decided.
    case decided

    /// The selection's word.
    public var word: String {
        switch self {
        case .open: "open"
        case .decided: "decided"
        }
    }
}

/// What became of a return (R10).
public enum ReturnOutcome: WireWord {
    /// An operator has to decide.
    case open
    /// The money went back.
    case approved
    /// The sale stands.
    case refused

    /// The state's word.
    public var word: String {
        switch self {
        case .open: "open"
        case .approved: "approved"
        case .refused: "refused"
        }
    }
}

/// Whether a channel's leads are taken (R3.1).
public enum ChannelState: WireWord {
    /// Its leads are decided and change nothing else.
    case test
    /// Its leads are taken.
    case live
    /// Its leads are turned away.
    case paused

    /// The state of `channel`.
    public init(of channel: Channel) {
        self = channel.isPaused ? .paused : channel.definition.isTest ? .test : .live
    }

    /// The state's word.
    public var word: String {
        switch self {
        case .test: "test"
        case .live: "live"
        case .paused: "paused"
        }
    }
}

/// What `stats.connectionRate` has a row for each of.
public enum RateGrouping: WireWord {
    /// A span from a lead's arrival to the first call.
    case bucket
    /// A category.
    case category
    /// A channel.
    case channel
    /// An advisor.
    case advisor

    /// The grouping's word.
    public var word: String {
        switch self {
        case .bucket: "bucket"
        case .category: "category"
        case .channel: "channel"
        case .advisor: "advisor"
        }
    }
}

/// What `stats.leads` has a row for each of.
public enum LeadGrouping: WireWord {
    /// All leads together.
    case status
    /// A category.
    case category
    /// A channel.
    case channel

    /// The grouping's word.
    public var word: String {
        switch self {
        case .status: "status"
        case .category: "category"
        case .channel: "channel"
        }
    }
}

/// The kinds of attributes (R1.1).
public enum AttributeKindWord: WireWord {
    /// True or false.
    case flag
    /// A whole number.
    case integer
    /// One of declared words.
    case choice
    /// A region code.
    case region

    /// The kind's word.
    public var word: String {
        switch self {
        case .flag: "flag"
        case .integer: "integer"
        case .choice: "choice"
        case .region: "region"
        }
    }
}
