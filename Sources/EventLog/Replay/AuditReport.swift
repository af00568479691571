public import MarketCore

/// What an audit looked at and what it found.
public struct AuditReport: Sendable {
    /// Events that one version of the rules decided.
    public struct RulesRange: Hashable, Sendable {
        /// The version.
        public let rulesVersion: Int
        /// The first event.
        public let first: LogPosition
        /// The last event.
        public internal(set) var last: LogPosition
        /// Whether the inputs were decided again and compared; else events and invariants only.
        public let decidedAgain: Bool
    }

    /// What was checked of the contacts.
    public enum Contacts: Hashable, Sendable {
        /// Nothing, and why.
        case unchecked(reason: String)
        /// How many were opened, and how many slots are erased.
        case checked(opened: Int, erased: Int)
    }

    /// The log's last position when the audit began.
    public internal(set) var head: LogPosition = .start
    /// How many records were read and found whole.
    public internal(set) var soundRecords = 0
    /// How many transactions were followed.
    public internal(set) var transactions = 0
    /// The last position whose event was checked for money and exclusivity.
    public internal(set) var eventsCheckedThrough: LogPosition = .start
    /// The last position at which the market was followed, so that decisions could be checked.
    public internal(set) var followedThrough: LogPosition = .start
    /// The versions of the rules in the log.
    public internal(set) var ranges: [RulesRange] = []
    /// The snapshots found to be what the log leads to.
    public internal(set) var soundSnapshots: [LogPosition] = []
    /// What was checked of the contacts.
    public internal(set) var contacts = Contacts.unchecked(reason: "the log was not read")
    /// What is wrong, in the order found; the first ones only.
    public internal(set) var findings: [AuditFinding] = []
    /// How many more things are wrong.
    public internal(set) var omittedFindings = 0
    /// The digest of the market at the head, if it could be followed that far.
    public internal(set) var digest: MarketDigest?

    /// A report on nothing yet.
    init() {}

    /// The report on a log that cannot even be opened, or `nil` for an error other than damage.
    public init?(opening error: EventLogError) {
        guard case .damaged(_, let position, let damage) = error else { return nil }
        findings = [AuditFinding(kind: .record, position: position, message: "\(damage)")]
    }

    /// Whether nothing is wrong.
    public var isSound: Bool { findings.isEmpty }

    /// The first position of the log that something is wrong with, snapshots and keys left aside.
    public var firstDamagedPosition: LogPosition? {
        findings.filter(\.kind.isOfLog).map(\.position).min()
    }
}

extension AuditReport {
    /// Adds the events of one transaction to the ranges.
    mutating func note(
        _ rulesVersion: Int, from first: LogPosition, through last: LogPosition, decidedAgain: Bool
    ) {
        if let range = ranges.last, range.rulesVersion == rulesVersion,
            range.decidedAgain == decidedAgain, range.last.next == first
        {
            ranges[ranges.count - 1].last = last
        } else {
            ranges.append(
                RulesRange(
                    rulesVersion: rulesVersion, first: first, last: last,
                    decidedAgain: decidedAgain))
        }
    }
}
