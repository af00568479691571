internal import LMDB
public import MarketCore

/// What an event concerns; its stream is all events that concern it.
public struct StreamSubject: Hashable, Comparable, Sendable {
    /// What kind of thing it is.
    public enum Kind: UInt8, Hashable, Sendable {
        /// A lead, by id.
        case lead = 1
        /// An order, by id.
        case order = 2
        /// An assignment, by id.
        case assignment = 3
        /// An advisor, by number.
        case advisor = 4
    }

    /// What kind of thing it is.
    public let kind: Kind
    /// Its id or number.
    public let id: UInt64

    /// A lead.
    public static func lead(_ id: LeadID) -> StreamSubject {
        StreamSubject(kind: .lead, id: id.rawValue)
    }

    /// An order.
    public static func order(_ id: OrderID) -> StreamSubject {
        StreamSubject(kind: .order, id: id.rawValue)
    }

    /// An assignment.
    public static func assignment(_ id: AssignmentID) -> StreamSubject {
        StreamSubject(kind: .assignment, id: id.rawValue)
    }

    /// An advisor.
    public static func advisor(_ number: AdvisorNumber) -> StreamSubject {
        StreamSubject(kind: .advisor, id: UInt64(number.rawValue))
    }

    /// Orders subjects by kind and id.
    public static func < (left: StreamSubject, right: StreamSubject) -> Bool {
        (left.kind.rawValue, left.id) < (right.kind.rawValue, right.id)
    }

    /// What `recorded` concerns, asked of the market as it stood before.
    public static func subjects(
        of recorded: RecordedEvent, before market: Market
    ) -> [StreamSubject] {
        switch recorded.event {
        case .advisorRegistered:
            return [.advisor(AdvisorNumber(index: market.advisors.count))]
        case .advisorUpdated(let advisor, _), .availabilitySet(let advisor, _),
            .advisorSuspended(let advisor, _), .advisorReinstated(let advisor),
            .advisorGraded(let advisor, _), .deposited(let advisor, _, _),
            .withdrawn(let advisor, _, _):
            return [.advisor(advisor)]
        case .orderPlaced(let advisor, _, _):
            return [.order(OrderID(recorded.position)), .advisor(advisor)]
        case .orderAmended(let id, _), .orderPaused(let id), .orderResumed(let id),
            .orderCancelled(let id), .orderRenewed(let id):
            return [.order(id)] + (market.order(id).map { [.advisor($0.advisor)] } ?? [])
        case .leadAccepted, .leadRejected, .leadPinged, .leadTested:
            return [.lead(LeadID(recorded.position))]
        case .leadPosted(let post):
            guard let id = market.openLead(post.lead)?.reservation else {
                return [.lead(post.lead)]
            }
            return around(id, market)
        case .leadWithdrawn(let id):
            return [.lead(id)] + (market.assignment(of: id).map { [.assignment($0.id)] } ?? [])
        case .leadClosed(let id, _):
            return [.lead(id)]
        case .leadReserved(let reservation):
            return [
                .lead(reservation.lead), .assignment(AssignmentID(recorded.position)),
                .order(reservation.order),
            ] + (market.order(reservation.order).map { [.advisor($0.advisor)] } ?? [])
        case .leadReleased(let release):
            return around(release.assignment, market)
        case .assignmentAcknowledged(let id), .contactDisclosed(let id),
            .contactReported(let id, _), .stageReported(let id, _), .leadVoided(let id, _),
            .assignmentAccepted(let id), .consentConfirmed(let id, _), .returnRequested(let id, _),
            .returnDecided(let id, _):
            return around(id, market)
        case .personErased(let identity):
            return market.person(identity)?.openLead.map { [.lead($0)] } ?? []
        case .personSuppressed(let identity, _):
            return market.person(identity)?.openLead.map { [.lead($0)] } ?? []
        case .marketCreated, .rulesChanged, .configurationApplied, .timePassed, .offersDeferred,
            .channelPaid, .payeePaid, .personUnsuppressed, .channelPaused, .channelResumed,
            .channelPausedItself:
            return []
        }
    }

    private static func around(_ id: AssignmentID, _ market: Market) -> [StreamSubject] {
        guard let assignment = market.assignment(id) else { return [] }
        return [
            .assignment(id), .lead(assignment.lead), .order(assignment.order),
            .advisor(assignment.advisor),
        ]
    }
}

/// Which events concern a lead, an order, an assignment or an advisor.
///
/// Key: kind, id, position. No value.
struct StreamIndex: Projection {
    static let tableName = "streams"

    private var pending: [(subject: StreamSubject, position: LogPosition)] = []

    mutating func note(_ recorded: RecordedEvent, before market: Market) {
        for subject in StreamSubject.subjects(of: recorded, before: market) {
            pending.append((subject, recorded.position))
        }
    }

    mutating func write(to table: Table, in transaction: inout Transaction) throws(ViewError) {
        pending.sort { ($0.subject, $0.position) < ($1.subject, $1.position) }
        for (subject, position) in pending {
            let key = Self.key(subject, position)
            try translating { () throws(LMDBError) in
                try transaction.put(RowWriter(), for: key, in: table)
            }
        }
        pending.removeAll(keepingCapacity: true)
    }

    static func key(_ subject: StreamSubject, _ position: LogPosition) -> RowWriter {
        var key = RowWriter()
        key.write(subject.kind.rawValue)
        key.write(subject.id)
        key.write(position.rawValue)
        return key
    }
}

extension ViewReader {
    /// The positions of the events that concern `subject`, ascending, from `start` on.
    ///
    /// - Complexity: O(log rows + limit).
    public func stream(
        of subject: StreamSubject, from start: LogPosition = .start, limit: Int
    ) throws(ViewError) -> [LogPosition] {
        var positions: [LogPosition] = []
        guard limit > 0 else { return positions }
        try scan(tables.streams, from: StreamIndex.key(subject, start).bytes) {
            key, _ throws(ViewError) in
            var reader = RowReader(key)
            guard try reader.read(UInt8.self) == subject.kind.rawValue,
                try reader.read(UInt64.self) == subject.id
            else { return false }
            positions.append(LogPosition(try reader.read()))
            return positions.count < limit
        }
        return positions
    }
}
