internal import EventLog
internal import MarketCore
internal import MarketRPC
internal import Projections

/// What reads see: a market made of committed events, the log, the contact keys.
///
/// Confined to the follower's thread.
final class FollowerState {
    /// The market as of the last applied event, without a ranked book.
    private(set) var market: Market
    /// The log, for what the market no longer remembers.
    let log: EventLog
    /// The contact keys.
    let vault: ContactVault
    /// What can be looked up besides, kept on disk.
    let views: Views
    /// The last position that ``views`` has made readable.
    private(set) var readable: LogPosition
    /// What frontends are still told about.
    private(set) var pushed: PushedAssignments
    /// Deliveries that nobody has acknowledged in time.
    private(set) var overdue = OverdueDeliveries()
    /// All assignments in order.
    private(set) var released: AssignmentList
    private var recent = RecentEvents()
    /// Contacts that could not be opened and that nobody was told about yet.
    private var unreadable: [UnreadableContact] = []
    private var unreadableAssignments: Set<AssignmentID> = []

    /// Begins with `market`, which `views` have reached.
    ///
    /// - Parameter release: looks up where an assignment of `market` was released that was not
    ///   released at once.
    init<Failure: Error>(
        market: Market, log: EventLog, vault: ContactVault, views: Views,
        release: (Assignment) throws(Failure) -> LogPosition
    ) throws(Failure) {
        pushed = try PushedAssignments(market, release: release)
        released = AssignmentList(market)
        self.views = views
        readable = views.position
        self.market = market
        self.log = log
        self.vault = vault
    }

    /// Applies committed events, which follow the last.
    func apply(_ events: some Sequence<RecordedEvent>) {
        for recorded in events {
            precondition(recorded.position == market.head.next, "events come without gaps")
            if views.position < recorded.position { views.note(recorded, before: market) }
            market.evolve(recorded)
            pushed.note(recorded, in: market)
            overdue.note(recorded, in: market)
            released.note(recorded)
            recent.append(recorded)
        }
    }

    /// Looks for deliveries that have become overdue, `count` entries at the most.
    ///
    /// - Parameter limit: releases up to this time are overdue.
    /// - Returns: them; the time of the first release after `limit`; whether all was looked at.
    func watchDeliveries(
        releasesUpTo limit: Timestamp, count: Int
    ) -> (overdue: [Assignment], next: Timestamp?, isDone: Bool) {
        let found = pushed.watch(releasesUpTo: limit, count: count, in: market)
        let assignments = found.overdue.compactMap { market.assignment($0) }
        for assignment in assignments { overdue.insert(assignment) }
        return (assignments, found.next, found.isDone)
    }

    /// Notes that a contact cannot be opened; each is told once.
    func noteUnreadable(_ contact: UnreadableContact) {
        guard unreadableAssignments.count < UnreadableContact.maximumTold,
            unreadableAssignments.insert(contact.assignment).inserted
        else { return }
        unreadable.append(contact)
    }

    /// The contacts that could not be opened since this was last asked.
    func takeUnreadable() -> [UnreadableContact] {
        defer { unreadable = [] }
        return unreadable
    }

    /// How many events the views have noted and not made readable.
    var unwrittenEvents: UInt64 { views.position.rawValue - readable.rawValue }

    private(set) var viewFailure: ViewError?

    /// Makes everything applied readable in ``views``.
    ///
    /// - Throws: ``ViewError``; what was noted is lost then, so every later call throws too, and the
    ///   follower stops when it next commits by itself.
    func commitViews() throws(ViewError) {
        if let viewFailure { throw viewFailure }
        guard views.position > readable else { return }
        do {
            try views.commit()
        } catch {
            viewFailure = error
            throw error
        }
        readable = views.position
    }

    /// The read models, as of the last applied event.
    func currentViews() throws(RPCError) -> ViewReader {
        do {
            try commitViews()
        } catch {
            throw RPCError(.internalError, "The views cannot be written: \(error)")
        }
        return views.reader
    }

    /// Events from `position` on, at most `limit` and none that was not applied yet; out of memory
    /// when they are recent, else out of the log.
    func events(
        from position: LogPosition, limit: Int
    ) throws(EventLogError) -> [RecordedEvent] {
        guard position <= market.head else { return [] }
        if let events = recent.events(from: position, limit: limit) { return events }
        let events = try log.events(from: position, maximumRecords: limit)
        return events.last.map { $0.position <= market.head } ?? true
            ? events : events.filter { $0.position <= market.head }
    }

    /// The event at `position`; `nil` when it was not applied yet.
    func event(at position: LogPosition) throws(EventLogError) -> RecordedEvent? {
        guard position > .start else { return nil }
        return try events(from: position, limit: 1).first
    }
}

/// A contact that cannot be opened: its key slot is damaged, or key and lead do not fit.
struct UnreadableContact {
    /// How many the log is told of while the daemon runs.
    static let maximumTold = 1_024

    let assignment: AssignmentID
    let lead: LeadID
    /// What is wrong, in words.
    let problem: String
}

/// The last few thousand events, so that live subscribers need not read the log.
struct RecentEvents {
    static let capacity = 1 << 14
    private var events: [RecordedEvent] = []

    mutating func append(_ recorded: RecordedEvent) {
        // Dropping half at once costs one move per event in the long run.
        if events.count == 2 * Self.capacity { events.removeFirst(Self.capacity) }
        events.append(recorded)
    }

    /// Events from `position` on, or `nil` when the first of them is no longer here.
    func events(from position: LogPosition, limit: Int) -> [RecordedEvent]? {
        guard let first = events.first, position >= first.position else { return nil }
        let start = Int(position.rawValue - first.position.rawValue)
        guard start < events.count else { return [] }
        return Array(events[start..<min(events.count, start + limit)])
    }
}
