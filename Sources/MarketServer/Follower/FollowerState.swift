internal import EventLog
internal import MarketCore
internal import MarketRPC
internal import Projections

/// What reads see: a market made of committed events, the log, the contact keys.
///
/// Confined to the follower's thread.
final class FollowerState {
    private var followed: FollowedMarket
    /// The log, for what the market no longer remembers.
    let log: EventLog
    /// The contact keys.
    let vault: ContactVault
    private var recent = RecentEvents()
    /// What was last read from the log for a subscription that lags: its next slices and the leads
    /// that they tell of are there as a rule. As much as one slice looks at; kept until the next.
    private var lagging = RecentEvents()
    /// Contacts that could not be opened and that nobody was told about yet.
    private var unreadable: [UnreadableContact] = []
    private var unreadableAssignments: Set<AssignmentID> = []

    /// Begins with `market`, which `views` have reached.
    ///
    /// - Parameter release: looks up where an assignment of `market` was released that was not
    ///   released at once.
    init<Failure: Error>(
        market: consuming Market, log: EventLog, vault: ContactVault, views: Views,
        release: (Assignment) throws(Failure) -> LogPosition
    ) throws(Failure) {
        let pushed = try PushedAssignments(market.assignments, release: release)
        followed = FollowedMarket(views: views, pushed: pushed, market: market)
        self.log = log
        self.vault = vault
    }

    /// The market as of the last applied event, without a ranked book.
    var market: Market { _read { yield followed.market } }
    /// What can be looked up besides, kept on disk.
    var views: Views { followed.views }
    /// What frontends are still told about.
    var pushed: PushedAssignments { _read { yield followed.pushed } }
    /// Deliveries that nobody has acknowledged in time.
    var overdue: OverdueDeliveries { _read { yield followed.overdue } }

    /// Applies committed events, which follow the last.
    func apply(_ events: [RecordedEvent]) { apply(events, events.indices) }

    /// Applies a part of a batch of committed events, whose parts come in order.
    func apply(_ batch: [RecordedEvent], _ range: Range<Int>) {
        if range.lowerBound == batch.startIndex { recent.append(batch) }
        followed.apply(batch, range)
    }

    /// The channels that paused themselves since this was last asked.
    func takePausedChannels() -> [FollowedMarket.PausedChannel] {
        defer { followed.pausedChannels = [] }
        return followed.pausedChannels
    }

    /// Looks for deliveries that have become overdue, `count` entries at the most.
    ///
    /// - Parameter limit: releases up to this time are overdue.
    /// - Returns: them; the time of the first release after `limit`; whether all was looked at.
    func watchDeliveries(
        releasesUpTo limit: Timestamp, count: Int
    ) -> (overdue: [Assignment], next: Timestamp?, isDone: Bool) {
        followed.watchDeliveries(releasesUpTo: limit, count: count)
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

    /// Reads the read models, as of the last applied event.
    ///
    /// - Throws: `internalError` when the views cannot be read.
    func looking<Value>(
        _ body: (ViewReader) throws(ViewError) -> Value
    ) throws(RPCError) -> Value {
        do {
            return try body(views.reader)
        } catch {
            throw RPCError(.internalError, "The views cannot be read: \(error)")
        }
    }

    /// Events from `position` on, at most `limit` and none that was not applied yet; out of memory
    /// when they are recent, else out of the log.
    func events(
        from position: LogPosition, limit: Int
    ) throws(EventLogError) -> [RecordedEvent] {
        let limit = min(limit, appliedEvents(from: position))
        guard limit > 0 else { return [] }
        var events: [RecordedEvent] = []
        let isRecent = recent.visit(from: position, limit: limit) { recorded in
            events.append(recorded)
            return true
        }
        return isRecent ? events : try log.events(from: position, maximumRecords: limit)
    }

    /// Hands events from `position` on, for a subscription, to `body` one by one until that says
    /// false or `limit` or fewer were: where there are more, a further call has them.
    ///
    /// `body` may look up events, and not call this.
    func visitSlice(
        from position: LogPosition, limit: Int,
        _ body: (RecordedEvent) throws(EventLogError) -> Bool
    ) throws(EventLogError) {
        let limit = min(limit, appliedEvents(from: position))
        guard limit > 0 else { return }
        if try recent.visit(from: position, limit: limit, body) { return }
        if try lagging.visit(from: position, limit: limit, body) { return }
        // What was kept goes before as much again comes.
        lagging = RecentEvents()
        lagging.append(try log.events(from: position, maximumRecords: limit))
        _ = try lagging.visit(from: position, limit: limit, body)
    }

    /// Hands the event at `position` to `body`; nothing when it was not applied yet.
    func visitEvent(
        at position: LogPosition, _ body: (RecordedEvent) -> Void
    ) throws(EventLogError) {
        guard position > .start, position <= market.head else { return }
        let visit = { (recorded: RecordedEvent) in
            body(recorded)
            return false
        }
        if recent.visit(from: position, limit: 1, visit) { return }
        if lagging.visit(from: position, limit: 1, visit) { return }
        body(try log.event(at: position))
    }

    /// The event at `position`; `nil` when it was not applied yet.
    func event(at position: LogPosition) throws(EventLogError) -> RecordedEvent? {
        var event: RecordedEvent?
        try visitEvent(at: position) { event = $0 }
        return event
    }

    /// How many events from `position` on were applied.
    private func appliedEvents(from position: LogPosition) -> Int {
        let end = market.head.next
        return position < end ? Int(clamping: end.rawValue - position.rawValue) : 0
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
