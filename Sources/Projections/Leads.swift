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

/// Every lead that ever came in: where it stands, and which events concern it.
///
/// 1. A lead opened since the last checkpoint has one entry in ``opened``, ascending by id; an
///    older one that something happened to has one in ``older``.
/// 2. The events of an entry are linked in log order.
struct Leads: Projection {
    static let tableName = "leads"

    /// What happened to one lead.
    struct Entry: Sendable {
        let id: LeadID
        /// When it came in; unknown of older leads.
        var arrivedAt = Timestamp.epoch
        /// What it is reserved or sold by, where ``status`` is set.
        var assignment: AssignmentID?
        /// Where it came from; unknown of older leads.
        var channel = ChannelNumber(0)
        /// Where in ``Leads/events`` its first and its last event are.
        var firstEvent: UInt32 = .max
        var lastEvent: UInt32 = .max
        /// Where it stands; `nil` where an older lead stays as it was.
        var status: LeadStatus?

        /// The summary of a lead that was opened.
        var summary: LeadSummary? {
            status.map {
                LeadSummary(
                    id: id, status: $0, channel: channel, arrivedAt: arrivedAt,
                    assignment: assignment)
            }
        }

        /// Brings an older summary up to date.
        func update(_ summary: inout LeadSummary) {
            guard let status else { return }
            summary.status = status
            summary.assignment = assignment
        }
    }

    /// One event of a lead, and where its next one is.
    private struct Link: Sendable {
        let position: LogPosition
        var next: UInt32
    }

    private(set) var opened: [Entry] = []
    private(set) var older: [Entry] = []
    private var olderPlaces: [LeadID: Int] = [:]
    private var events: [Link] = []

    mutating func note(
        _ recorded: RecordedEvent, of assignment: Assignment?, before market: Market
    ) {
        let position = recorded.position
        switch recorded.event {
        case .leadAccepted(let lead):
            open(.waiting, lead.channel, recorded)
        case .leadPinged(let lead):
            open(.waiting, lead.channel, recorded)
        case .leadRejected(let lead):
            open(.rejected, lead.channel, recorded)
        case .leadTested(let lead):
            open(.tested, lead.channel, recorded)
        case .leadReserved(let reservation):
            set(reservation.lead, .reserved, AssignmentID(position), at: position)
        case .leadReleased(let release):
            guard let assignment else { return }
            set(assignment.lead, .released, release.assignment, at: position)
        case .leadVoided:
            guard let assignment else { return }
            set(assignment.lead, .waiting, nil, at: position)
        case .leadClosed(let lead, let closure):
            set(lead, LeadStatus(closure), nil, at: position)
        case .leadPosted(let post):
            change(post.lead, at: position) { _ in }
        case .leadWithdrawn(let lead):
            change(lead, at: position) { _ in }
        case .personErased(let identity), .personSuppressed(let identity, _):
            guard let lead = market.person(identity)?.openLead else { return }
            change(lead, at: position) { _ in }
        default:
            guard let assignment else { return }
            change(assignment.lead, at: position) { _ in }
        }
    }

    private mutating func open(
        _ status: LeadStatus, _ channel: ChannelNumber, _ recorded: RecordedEvent
    ) {
        let event = UInt32(events.count)
        events.append(Link(position: recorded.position, next: .max))
        opened.append(
            Entry(
                id: LeadID(recorded.position), arrivedAt: recorded.time, channel: channel,
                firstEvent: event, lastEvent: event, status: status))
    }

    private mutating func set(
        _ lead: LeadID, _ status: LeadStatus, _ assignment: AssignmentID?,
        at position: LogPosition
    ) {
        change(lead, at: position) { entry in
            entry.status = status
            entry.assignment = assignment
        }
    }

    /// Links the event at `position` to a lead and changes its entry.
    private mutating func change(
        _ lead: LeadID, at position: LogPosition, _ body: (inout Entry) -> Void
    ) {
        let event = UInt32(events.count)
        events.append(Link(position: position, next: .max))
        let last: UInt32
        if let place = openedPlace(of: lead) {
            last = opened[place].lastEvent
            opened[place].lastEvent = event
            body(&opened[place])
        } else {
            let place = olderPlaces[lead] ?? older.count
            if place == older.count {
                olderPlaces[lead] = place
                older.append(Entry(id: lead, firstEvent: event))
            }
            last = older[place].lastEvent
            older[place].lastEvent = event
            body(&older[place])
        }
        if last != .max { events[Int(last)].next = event }
    }

    /// Where in ``opened`` a lead is.
    ///
    /// - Complexity: O(1) for the latest lead, else O(log opened).
    private func openedPlace(of lead: LeadID) -> Int? {
        guard let first = opened.first, let last = opened.last, lead >= first.id,
            lead <= last.id
        else { return nil }
        if last.id == lead { return opened.count - 1 }
        let place = openedCount(before: lead)
        return opened[place].id == lead ? place : nil
    }

    /// How many opened leads are older than `lead`.
    func openedCount(before lead: LeadID) -> Int {
        var low = 0
        var high = opened.count
        while low < high {
            let middle = (low + high) / 2
            if opened[middle].id < lead { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The entry of a lead, if anything happened to it.
    func entry(of lead: LeadID) -> Entry? {
        if let place = openedPlace(of: lead) { return opened[place] }
        if olderPlaces.isEmpty { return nil }
        return olderPlaces[lead].map { older[$0] }
    }

    /// The events of an entry.
    func positions(of entry: Entry) -> [LogPosition] {
        var positions: [LogPosition] = []
        var next = entry.firstEvent
        while next != .max {
            positions.append(events[Int(next)].position)
            next = events[Int(next)].next
        }
        return positions
    }

    // MARK: - Writing

    func write(to table: Table, in transaction: inout Transaction) throws(ViewError) {
        let changed = older.sorted { $0.id < $1.id }
        var (nextChanged, nextOpened) = (0, 0)
        var row = RowWriter()
        while nextChanged < changed.count || nextOpened < opened.count {
            // Older leads come before those opened since, so pages are visited in order.
            let first = nextChanged < changed.count ? changed[nextChanged] : opened[nextOpened]
            let page = LeadPage(of: first.id)
            row.reset()
            var stored = try Self.stored(page, table, transaction)
            while nextChanged < changed.count, page.contains(changed[nextChanged].id) {
                let entry = changed[nextChanged]
                guard let place = stored.firstIndex(where: { $0.summary.id == entry.id }) else {
                    throw .damagedRow
                }
                entry.update(&stored[place].summary)
                stored[place].events += positions(of: entry)
                nextChanged += 1
            }
            for lead in stored { page.write(lead.summary, lead.events, to: &row) }
            while nextOpened < opened.count, page.contains(opened[nextOpened].id) {
                let entry = opened[nextOpened]
                if let summary = entry.summary {
                    page.write(summary, positions(of: entry), to: &row)
                }
                nextOpened += 1
            }
            try translating { () throws(LMDBError) in
                try transaction.put(row, for: page.key, in: table)
            }
        }
    }

    /// The leads that a page holds already.
    private static func stored(
        _ page: LeadPage, _ table: Table, _ transaction: borrowing Transaction
    ) throws(ViewError) -> [LeadPage.Lead] {
        do {
            guard let row = try transaction.value(for: page.key.bytes, in: table) else {
                return []
            }
            return try page.leads(in: row)
        } catch {
            throw ViewError(error)
        }
    }
}
