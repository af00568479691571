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

/// Whether a frontend or the advisor has reacted to an assignment.
public enum AssignmentState: WireWord {
    /// Nobody has.
    case unacknowledged
    /// Somebody has.
    case acknowledged

    /// The state's word.
    public var word: String {
        switch self {
        case .unacknowledged: "unacknowledged"
        case .acknowledged: "acknowledged"
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
