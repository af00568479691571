internal import EventLog
internal import Logging
internal import MarketCore
internal import MarketRPC
internal import Projections

/// What the follower works with; all of it may be shared between threads.
struct FollowerParts: Sendable {
    let follower: Follower
    let log: EventLog
    let logger: Logger
    /// How assignments get to frontends (R8.6).
    let delivery: ServerConfiguration.Delivery
    /// Events between snapshots.
    let snapshotIntervalEvents: Int
    let snapshots: SnapshotStore
    /// Lets answers go.
    let deliver: @Sendable (ReplyBatch) -> Void
    /// How the follower fares, for `market.health`.
    let health: Health
}

/// What the follower's thread does: applies committed events, answers reads, feeds subscribers,
/// keeps views and snapshots.
///
/// Work is done in slices, so that no reader waits for long. Confined to the follower's thread.
final class FollowerLoop {
    /// Events read back from the log at once.
    static let catchUpEvents = 2_048
    /// Events noted in the views before they are written without being asked for.
    static let viewEvents: UInt64 = 16_384
    /// Deliveries looked at for being overdue before anything else gets its turn.
    static let watchedDeliveries = 256

    private let parts: FollowerParts
    private let state: FollowerState
    private var waiting: [FollowerQuery] = []
    private var markers: [Follower.Marker] = []
    private var feeds: [FeedNumber: Feed] = [:]
    private var answered = 0
    private var lastSnapshot: LogPosition
    /// Whether some feed could go on at once.
    private var isFeeding = false
    /// When the next delivery becomes overdue, unless it is settled before.
    private var nextOverdue: Instant?

    init(state: sending FollowerState, lastSnapshot: LogPosition, parts: FollowerParts) {
        self.parts = parts
        self.state = state
        self.lastSnapshot = lastSnapshot
    }

    /// Runs until stopped, when all that was committed has been applied; returns the digest.
    ///
    /// - Throws: when the log cannot be read back or the views cannot be written.
    func run() throws -> MarketDigest {
        while true {
            let inbox = parts.follower.take(until: deadline, answered: answered)
            answered = 0
            markers.append(contentsOf: inbox.markers)
            for batch in inbox.batches { try apply(batch) }
            try catchUp(to: inbox.head)
            runMarkers()
            take(inbox.feedMessages)
            watchDeliveries()
            answer(inbox.queries)
            feed()
            tellUnreadable()
            parts.health.noteFollower(state.market.head)
            try keep()
            if inbox.isStopping && inbox.isEmpty {
                refuseWaiting()
                try state.commitViews()
                snapshot()
                return MarketDigest(of: state.market)
            }
        }
    }

    /// When the thread must wake although nothing comes.
    private var deadline: Instant? {
        if isFeeding { return .now }
        let reads = waiting.map(\.deadline).min()
        let rounds = feeds.values.lazy.map(\.nextRound).min()
        return [reads, rounds, nextOverdue].compactMap(\.self).min()
    }

    // MARK: - Applying

    private func apply(_ batch: [RecordedEvent]) throws(EventLogError) {
        guard let first = batch.first else { return }
        if first.position > state.market.head.next {
            try catchUp(to: LogPosition(first.position.rawValue - 1))
        }
        guard first.position == state.market.head.next else { return }
        runMarkers()
        take(batch)
    }

    /// Reads back from the log what was not handed over.
    private func catchUp(to position: LogPosition) throws(EventLogError) {
        while state.market.head < position {
            runMarkers()
            let end = min(position, markers.first?.position ?? position)
            let events = try parts.log.events(
                from: state.market.head.next, maximumRecords: Self.catchUpEvents)
            take(events.filter { $0.position <= end })
        }
    }

    private func take(_ events: [RecordedEvent]) {
        state.apply(events)
        for case .channelPausedItself(let channel, let bad, let count) in events.lazy.map(\.event) {
            parts.logger.warning(
                "a channel paused itself",
                metadata: [
                    "channel": "\(state.name(of: channel))", "bad": "\(bad)", "of": "\(count)",
                ])
        }
        if state.market.ledger.imbalance != .zero {
            parts.health.noteViolation()
            parts.logger.critical(
                "the ledger does not balance",
                metadata: ["position": "\(state.market.head.rawValue)"])
        }
    }

    /// Warns about each delivery that has become overdue (R8.6).
    private func watchDeliveries() {
        // Where time stands still between requests, only they make anything overdue.
        let isReal = state.market.foundation?.clock == .real
        let now = isReal ? WallClock.now : state.market.time
        let patience = parts.delivery.overdueAfter
        let limit = Timestamp(
            microseconds: now.microseconds - patience.microseconds
                - Timespan.microsecond.microseconds)
        let found = state.watchDeliveries(
            releasesUpTo: limit, count: Self.watchedDeliveries)
        for assignment in found.overdue {
            parts.logger.warning(
                "a delivery is overdue",
                metadata: [
                    "assignment": "\(assignment.id.rawValue)",
                    "lead": "\(assignment.lead.rawValue)",
                    "advisor": "\(state.name(of: assignment.advisor))",
                    "since": "\(RFC3339.format((assignment.releasedAt ?? now).microseconds))",
                ])
        }
        if !found.isDone {
            nextOverdue = .now
        } else if isReal, let releasedAt = found.next {
            nextOverdue = .now.advanced(byMicroseconds: (releasedAt - limit).microseconds)
        } else {
            nextOverdue = nil
        }
    }

    /// Says in the log which contacts could not be opened for a push.
    private func tellUnreadable() {
        for contact in state.takeUnreadable() {
            parts.logger.warning(
                "a contact cannot be opened",
                metadata: [
                    "assignment": "\(contact.assignment.rawValue)",
                    "lead": "\(contact.lead.rawValue)", "problem": "\(contact.problem)",
                ])
        }
    }

    private func runMarkers() {
        while let marker = markers.first, marker.position <= state.market.head {
            markers.removeFirst()
            marker.body(state.market)
        }
    }

    // MARK: - Keeping

    private func keep() throws {
        if let failure = state.viewFailure { throw failure }
        if state.unwrittenEvents >= Self.viewEvents { try state.commitViews() }
        let events = state.market.head.rawValue - lastSnapshot.rawValue
        if events >= UInt64(parts.snapshotIntervalEvents) {
            // A start goes on from a snapshot that the views have reached.
            try state.commitViews()
            snapshot()
        }
    }

    /// Writes a snapshot; one that cannot be written is no reason to stop, since the log has all.
    private func snapshot() {
        guard state.market.head > lastSnapshot else { return }
        lastSnapshot = state.market.head
        do throws(InvariantViolation) {
            try state.market.checkLedger()
            try state.market.checkExclusivity()
        } catch {
            parts.health.noteViolation()
            parts.logger.critical(
                "an invariant does not hold",
                metadata: ["rule": "\(error.rule)", "problem": "\(error.description)"])
            return
        }
        do throws(SnapshotError) {
            try parts.snapshots.write(state.market)
            try parts.snapshots.prune()
            parts.logger.info(
                "snapshot written", metadata: ["position": "\(lastSnapshot.rawValue)"])
        } catch {
            parts.logger.error("no snapshot", metadata: ["problem": "\(error)"])
        }
    }

    // MARK: - Answering

    private func answer(_ queries: [FollowerQuery]) {
        waiting.append(contentsOf: queries)
        guard !waiting.isEmpty else { return }
        let head = state.market.head
        let now = Instant.now
        var completions: [Completion] = []
        waiting.removeAll { query in
            let outcome: Outcome
            if query.atLeast <= head {
                do throws(RPCError) {
                    answered += 1
                    guard let text = try query.body(state) else { return true }
                    outcome = .result(text)
                } catch {
                    outcome = .refused(error)
                }
            } else if now >= query.deadline {
                answered += 1
                outcome = .refused(RPCError(.positionNotReached, field: "atLeast"))
            } else {
                return false
            }
            completions.append(
                Completion(address: query.address, outcome: outcome, isLook: true))
            return true
        }
        if !completions.isEmpty { parts.deliver(ReplyBatch(completions)) }
    }

    private func refuseWaiting() {
        parts.deliver(
            ReplyBatch(
                waiting.map {
                    Completion(
                        address: $0.address, outcome: .refused(RPCError(.shuttingDown)),
                        isLook: true)
                }))
    }

    // MARK: - Feeding

    private func take(_ messages: [FeedMessage]) {
        for message in messages {
            switch message {
            case .open(let request):
                feeds[request.number] = Feed(
                    request,
                    nextRound: .now.advanced(
                        byMicroseconds: parts.delivery.redeliverAfter.microseconds))
            case .credit(let number):
                feeds[number]?.hasCredit = true
            case .close(let number):
                feeds[number] = nil
            }
        }
    }

    /// Gives each feed with room a slice; the oldest first, so that all advance alike.
    private func feed() {
        isFeeding = false
        guard !feeds.isEmpty else { return }
        let now = Instant.now
        for number in feeds.keys.sorted() {
            guard let feed = feeds[number] else { continue }
            guard feed.request.connection.isOpen else {
                feeds[number] = nil
                continue
            }
            feed.tick(now, interval: parts.delivery.redeliverAfter)
            let (head, watched) = (state.market.head, state.pushed.watched)
            guard feed.hasCredit, feed.hasWork(head, watched: watched) else { continue }
            let slice: [UInt8]
            do throws(EventLogError) {
                slice = try state.slice(for: feed)
            } catch {
                parts.logger.error("a subscription ends", metadata: ["problem": "\(error)"])
                feeds[number] = nil
                feed.request.connection.endFeed(number)
                continue
            }
            if slice.isEmpty {
                isFeeding = isFeeding || feed.hasWork(head, watched: watched)
            } else {
                feed.hasCredit = false
                feed.request.connection.send(slice, of: number) { [follower = parts.follower] in
                    follower.post(.close(number))
                }
            }
        }
    }
}
