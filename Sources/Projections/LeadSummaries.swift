internal import LMDB
public import MarketCore

/// Where a lead stands.
public enum LeadStatus: UInt8, Hashable, Sendable, CaseIterable {
    /// Open, for want of an eligible order.
    case waiting = 1
    /// Sold.
    case released = 2
    /// Closed unsold, too old.
    case expired = 3
    /// Closed unsold, at the person's wish.
    case withdrawn = 4
    /// Closed unsold, the person being suppressed.
    case suppressed = 5
    /// Closed unsold, the person being erased.
    case erased = 6
    /// Turned away.
    case rejected = 7
    /// Set aside for an order, before the sale.
    case reserved = 8
    /// Of a test channel: decided, and nothing came of it.
    case tested = 9
    /// Closed unsold, the person not having answered in time.
    case consentTimedOut = 10
    /// Closed unsold, no order being eligible when it was asked about.
    case pingUnmatched = 11
    /// Closed unsold, no post having come in time.
    case pingExpired = 12
    /// Closed unsold, its post being turned away.
    case postRejected = 13

    init(_ closure: LeadClosure) {
        switch closure {
        case .expired: self = .expired
        case .withdrawn: self = .withdrawn
        case .suppressed: self = .suppressed
        case .erased: self = .erased
        case .consentTimedOut: self = .consentTimedOut
        case .pingUnmatched: self = .pingUnmatched
        case .pingExpired: self = .pingExpired
        case .postRejected: self = .postRejected
        }
    }
}

/// A lead in short.
public struct LeadSummary: Hashable, Sendable {
    /// The lead.
    public var id: LeadID
    /// Where it stands.
    public var status: LeadStatus
    /// Where it came from.
    public var channel: ChannelNumber
    /// When it came in.
    public var arrivedAt: Timestamp
    /// The assignment that it is reserved or sold by; `nil` otherwise.
    public var assignment: AssignmentID?
}

/// Every lead that ever came in, with where it stands.
///
/// Key: lead id. Row: status, channel, arrival, assignment (0 for none).
struct LeadSummaries: Projection {
    static let tableName = "leads"

    private var pending: [LeadID: LeadSummary] = [:]

    mutating func note(_ recorded: RecordedEvent, before market: Market) {
        switch recorded.event {
        case .leadAccepted(let lead):
            set(LeadID(recorded.position), .waiting, lead.channel, recorded.time)
        case .leadRejected(let lead):
            set(LeadID(recorded.position), .rejected, lead.channel, recorded.time)
        case .leadPinged(let lead):
            set(LeadID(recorded.position), .waiting, lead.channel, recorded.time)
        case .leadTested(let lead):
            set(LeadID(recorded.position), .tested, lead.channel, recorded.time)
        case .leadReserved(let reservation):
            guard let lead = market.openLead(reservation.lead) else { return }
            set(
                lead.id, .reserved, lead.channel, lead.arrivedAt,
                AssignmentID(recorded.position))
        case .leadVoided(let id, _):
            guard let assignment = market.assignment(id) else { return }
            set(assignment.lead, .waiting, assignment.channel, assignment.leadArrivedAt)
        case .leadClosed(let id, let closure):
            guard let lead = market.openLead(id) else { return }
            set(id, LeadStatus(closure), lead.channel, lead.arrivedAt)
        case .leadReleased(let release):
            guard let assignment = market.assignment(release.assignment) else { return }
            set(
                assignment.lead, .released, assignment.channel, assignment.leadArrivedAt,
                assignment.id)
        default:
            break
        }
    }

    private mutating func set(
        _ id: LeadID, _ status: LeadStatus, _ channel: ChannelNumber, _ arrivedAt: Timestamp,
        _ assignment: AssignmentID? = nil
    ) {
        pending[id] = LeadSummary(
            id: id, status: status, channel: channel, arrivedAt: arrivedAt, assignment: assignment)
    }

    mutating func write(to table: Table, in transaction: inout Transaction) throws(ViewError) {
        for id in pending.keys.sorted() {
            guard let summary = pending[id] else { continue }
            var row = RowWriter()
            row.write(summary.status.rawValue)
            row.write(summary.channel.rawValue)
            row.write(summary.arrivedAt.microseconds)
            row.write(summary.assignment?.rawValue ?? 0)
            let key = Self.key(id)
            try translating { () throws(LMDBError) in
                try transaction.put(row, for: key, in: table)
            }
        }
        pending.removeAll(keepingCapacity: true)
    }

    static func key(_ id: LeadID) -> RowWriter {
        var key = RowWriter()
        key.write(id.rawValue)
        return key
    }
}

extension ViewReader {
    /// The summary of one lead, or `nil` when there is none at that position.
    public func lead(_ id: LeadID) throws(ViewError) -> LeadSummary? {
        try leads(before: LeadID(id.position.next), limit: 1) { $0.id == id }.first
    }

    /// Leads with ids under `before`, newest first, that `accepts`; looks at `examined` rows at the
    /// most and says where to go on.
    ///
    /// - Returns: The summaries; their last id is where the next page goes on from.
    public func leads(
        before: LeadID, limit: Int, examined: Int = 100_000,
        where accepts: (LeadSummary) -> Bool = { _ in true }
    ) throws(ViewError) -> [LeadSummary] {
        var found: [LeadSummary] = []
        var rest = examined
        try scan(tables.leads, from: LeadSummaries.key(before).bytes, backwards: true) {
            key, row throws(ViewError) in
            let summary = try Self.summary(key, row)
            if accepts(summary) { found.append(summary) }
            rest -= 1
            return found.count < limit && rest > 0
        }
        return found
    }

    private static func summary(_ key: RawSpan, _ row: RawSpan) throws(ViewError) -> LeadSummary {
        var keyReader = RowReader(key)
        var reader = RowReader(row)
        let id = LeadID(try keyReader.read(UInt64.self))
        guard let status = LeadStatus(rawValue: try reader.read()) else { throw .damagedRow }
        let channel = ChannelNumber(try reader.read(UInt32.self))
        let arrivedAt = Timestamp(microseconds: try reader.read())
        let assignment: UInt64 = try reader.read()
        return LeadSummary(
            id: id, status: status, channel: channel, arrivedAt: arrivedAt,
            assignment: assignment == 0 ? nil : AssignmentID(assignment))
    }
}
