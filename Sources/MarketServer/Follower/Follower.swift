internal import MarketCore

/// The follower as other threads see it: what they hand over, and how far it is.
final class Follower: Sendable {
    /// Committed events that wait in memory; what comes beyond is read back from the log.
    static let maximumWaitingEvents = 1 << 16
    /// Reads that wait.
    static let maximumWaitingQueries = 1 << 14

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

    init(head: LogPosition) {
        inbox = Monitor(Inbox(head: head))
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
    func take(until deadline: Instant?, answered: Int, applied: Int) -> Inbox {
        inbox.withLock { inbox in
            inbox.waitingQueries -= answered
            inbox.waitingEvents -= applied
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
