public import MarketCore

/// Something that is wrong with a log, a snapshot or the keys.
public struct AuditFinding: Hashable, Sendable {
    /// What kind of thing is wrong. The words are stable.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// A record is damaged, missing, or not in its place.
        case record
        /// A record is whole, and its payload is no event.
        case payload
        /// The event cannot have happened: it names what was not there.
        case impossible
        /// The rules decide otherwise about the same input at the same time.
        case decision
        /// Money is not where the events say it is, or was overspent (R12).
        case ledger
        /// A person or a lead was sold as it must not be (R4.4, R4.5).
        case exclusivity
        /// Another promise about the state does not hold.
        case invariant
        /// A snapshot is damaged, or is not what the log leads to.
        case snapshot
        /// The secret or the key file is not there, damaged, or of another log; or a contact does not open with
        /// its key.
        case contact
        /// A key of who was erased is still there (R4.2).
        case erasure

        /// Whether the log itself is at fault, and nothing beside it.
        var isOfLog: Bool {
            switch self {
            case .record, .payload, .impossible, .decision, .ledger, .exclusivity, .invariant: true
            case .snapshot, .contact, .erasure: false
            }
        }
    }

    /// What kind it is.
    public let kind: Kind
    /// Where: the event at fault, or the snapshot's position.
    public let position: LogPosition
    /// What is wrong, in words.
    public let message: String

    /// Reports something wrong.
    public init(kind: Kind, position: LogPosition, message: String) {
        self.kind = kind
        self.position = position
        self.message = message
    }

    /// What to do about it.
    public var advice: String {
        switch kind {
        case .record, .payload:
            """
            Do not start a market on this log. Keep a copy, restore the last backup that verifies, \
            and check the disk.
            """
        case .impossible, .decision, .exclusivity:
            """
            The record is whole, so this was written and did not come from the disk: by another \
            program, or by a fault in the rules. Keep a copy and compare it with a backup.
            """
        case .ledger, .invariant:
            """
            Keep a copy, compare it with a backup, and trace what the message names with \
            `leadreplay trace`.
            """
        case .snapshot:
            "Snapshots are derived from the log: delete this one, and the log is used instead."
        case .contact:
            """
            Contacts cannot be opened without their keys: restore secret and key file from the backup \
            that belongs to the log.
            """
        case .erasure:
            """
            Whoever has log and key file can read contacts of who was erased: start the market, which \
            overwrites these keys, and destroy copies of the key file that have them.
            """
        }
    }
}

/// Findings in the order of what they are about, of which only the first are kept.
struct AuditFindings {
    /// A place in the order.
    struct Place {
        fileprivate let number: Int
    }

    private var kept: [(place: Place, finding: AuditFinding)] = []
    /// How many were left out.
    private(set) var omitted = 0
    private var places = 0
    private let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    /// The first ones.
    var findings: [AuditFinding] { kept.map(\.finding) }

    mutating func add(_ kind: AuditFinding.Kind, at position: LogPosition, _ message: String) {
        add(AuditFinding(kind: kind, position: position, message: message))
    }

    mutating func add(_ finding: AuditFinding) { add(finding, at: keepPlace()) }

    /// Keeps the next place for what is found later.
    mutating func keepPlace() -> Place {
        places += 1
        return Place(number: places)
    }

    /// Adds a finding at a place that was kept for it.
    ///
    /// - Complexity: O(findings kept).
    mutating func add(_ finding: AuditFinding, at place: Place) {
        let index = kept.firstIndex { $0.place.number > place.number } ?? kept.count
        kept.insert((place, finding), at: index)
        if kept.count > limit {
            kept.removeLast()
            omitted += 1
        }
    }
}
