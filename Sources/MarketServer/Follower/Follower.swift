internal import MarketCore
internal import Synchronization

/// The follower as other threads see it: what they hand over, and how far it is.
final class Follower: Sendable {
    /// Committed events that wait in memory; what comes beyond is read back from the log.
    static let maximumWaitingEvents = 1 << 16
    /// Reads that wait.
    static let maximumWaitingQueries = 1 << 14
    /// How far the writer may get ahead of the follower.
    struct Pace: Sendable {
        /// How many events it gets ahead of what subscribers were told before it waits for that: some tenth
        /// of a second of work, and half of what is kept in memory for them.
        var maximumLead: UInt64 = 1 << 14
        /// How long it waits at once, in microseconds; and for a follower that does not get on, until that does.
        var patienceMicroseconds: Int64 = 50_000
    }

    /// What other threads hand over.
    struct Inbox {
        var batches: [[RecordedEvent]] = []
        /// The events handed over and not applied yet.
        var waitingEvents = 0
        /// The last committed position.
        var head: LogPosition
        var markers: [Marker] = []
        var queries: [FollowerQuery] = []
        var waitingQueries = 0
        var feedMessages: [FeedMessage] = []
        /// Whether there are events that were not handed over, but are to be read from the log.
        var isFurther = false
        /// Up to where events are applied and subscribers that keep up were told.
        var told: LogPosition
        /// Whether the writer waits for more of that.
        var isAwaited = false
        var isStopping = false

        var isEmpty: Bool {
            batches.isEmpty && markers.isEmpty && queries.isEmpty && feedMessages.isEmpty
                && !isFurther
        }
    }

    /// Work for when exactly the events up to a position have been applied.
    struct Marker: Sendable {
        let position: LogPosition
        let body: @Sendable (Market) -> Void
    }

    private let inbox: Monitor<Inbox>
    /// What the inbox has as `told`, to look at without the lock.
    private let told: Atomic<UInt64>
    /// What was told when the writer waited in vain; 0 before.
    private let stuck = Atomic<UInt64>(0)

    let pace: Pace

    init(head: LogPosition, pace: Pace = Pace()) {
        self.pace = pace
        inbox = Monitor(Inbox(head: head, told: head))
        told = Atomic(head.rawValue)
    }

    /// Hands over a committed batch; called by the writer, in order. ``wake()`` then has it
    /// applied, unless the thread is awake anyway.
    func post(_ events: [RecordedEvent], head: LogPosition) {
        inbox.withLock { inbox in
            inbox.head = head
            // A follower that lags reads the log instead, so that memory stays bounded.
            if inbox.waitingEvents + events.count <= Self.maximumWaitingEvents {
                inbox.batches.append(events)
                inbox.waitingEvents += events.count
            } else {
                inbox.isFurther = true
            }
        }
    }

    /// Waits while the follower, or a subscriber that keeps up, is more than ``Pace/maximumLead`` events behind
    /// `head`; called by the writer between batches.
    ///
    /// Else the writer would take the processors from the follower for as long as there is more work than can
    /// be done, and sales would be pushed later and later. Where nothing gets on while it waits (the views may
    /// wait for the disk) it does not wait again until something does.
    func letCatchUp(to head: LogPosition) {
        let start = told.load(ordering: .relaxed)
        guard head.rawValue > start + pace.maximumLead, start != stuck.load(ordering: .relaxed)
        else { return }
        let end = Instant.now.advanced(byMicroseconds: pace.patienceMicroseconds)
        let caughtUp: Void? = inbox.wait(until: end) { inbox in
            inbox.isAwaited = head.rawValue > inbox.told.rawValue + pace.maximumLead
            return inbox.isAwaited ? nil : ()
        }
        if caughtUp == nil, told.load(ordering: .relaxed) == start {
            stuck.store(start, ordering: .relaxed)
        }
    }

    /// Wakes the thread for what was handed over.
    func wake() { inbox.wake() }

    /// Has `body` run when the events up to `position` have been applied and none after; called
    /// by the writer when `position` is its head.
    func mark(_ position: LogPosition, _ body: @escaping @Sendable (Market) -> Void) {
        inbox.change { inbox in
            inbox.markers.append(Marker(position: position, body: body))
            return true
        }
    }

    /// Hands over reads, as many as there is room for.
    ///
    /// - Returns: how many were taken; the rest is refused.
    func ask(_ queries: [FollowerQuery]) -> Int {
        var taken = 0
        inbox.change { inbox in
            if inbox.isStopping { return false }
            taken = min(queries.count, Self.maximumWaitingQueries - inbox.waitingQueries)
            inbox.queries.append(contentsOf: queries.prefix(taken))
            inbox.waitingQueries += taken
            return taken > 0
        }
        return taken
    }

    /// Says something about a subscription.
    func post(_ message: FeedMessage) {
        inbox.change { inbox in
            inbox.feedMessages.append(message)
            return true
        }
    }

    /// Ends the thread once everything committed has been applied.
    func stop() {
        inbox.change { inbox in
            inbox.isStopping = true
            return true
        }
    }

    // MARK: - For the follower's thread

    /// Takes everything that has come; waits until `deadline` for something.
    ///
    /// - Parameters:
    ///   - answered: the reads answered since the last call, for which there is room again.
    ///   - applied: the handed-over events applied since.
    ///   - told: up to where events are applied and subscribers that keep up were told.
    func take(
        until deadline: Instant?, answered: Int, applied: Int, told: LogPosition
    ) -> Inbox {
        self.told.store(told.rawValue, ordering: .relaxed)
        inbox.change { inbox in
            inbox.waitingQueries -= answered
            inbox.waitingEvents -= applied
            inbox.told = told
            defer { inbox.isAwaited = false }
            return inbox.isAwaited
        }
        if let deadline, deadline <= .now { return inbox.withLock { Self.empty(&$0) } }
        let taken = inbox.wait(until: deadline) { inbox -> Inbox? in
            guard !inbox.isEmpty || inbox.isStopping else { return nil }
            return Self.empty(&inbox)
        }
        return taken ?? inbox.withLock { Self.empty(&$0) }
    }

    private static func empty(_ inbox: inout Inbox) -> Inbox {
        let taken = inbox
        inbox.batches = []
        inbox.markers = []
        inbox.queries = []
        inbox.feedMessages = []
        inbox.isFurther = false
        return taken
    }
}
