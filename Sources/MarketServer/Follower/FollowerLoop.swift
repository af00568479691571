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
    /// Called before each turn.
    let beforeTurn: @Sendable () -> Void
}

/// What the follower's thread does: applies committed events, feeds subscribers, answers reads,
/// hands what it derives to the keeper.
///
/// Work is done in slices of well under a millisecond, pushes and reads between them, so that
/// neither waits for long; nothing here waits for the disk but reads of what lies far back. A slice
/// ends with a transaction, so that every snapshot is of the market as it was between two.
/// Confined to the follower's thread.
final class FollowerLoop {
    /// Events applied before anything else gets its turn.
    static let sliceEvents = 1_024
    /// How long reads are answered before anything else gets its turn.
    static let answerMicroseconds: Int64 = 500
    /// Events noted in the views before they are written.
    static let viewEvents = 1 << 18
    /// Events noted in the views, when writing takes long, before the follower waits for it.
    static let maximumViewEvents = 4 * viewEvents
    /// Seconds after which what was noted is written, however little it is.
    static let viewSeconds = 10
    /// Deliveries looked at for being overdue before anything else gets its turn.
    static let watchedDeliveries = 256

    private let parts: FollowerParts
    private let state: FollowerState
    private let maker: SnapshotMaker
    private let keeper: Keeper
    private var feeds: Feeds
    /// Batches that were handed over; those before ``nextBatch`` are applied.
    private var batches: [[RecordedEvent]] = []
    private var nextBatch = 0
    /// How much of the next batch is applied.
    private var appliedOfBatch = 0
    /// Events of batches applied since the follower was last told.
    private var applied = 0
    /// The last committed position that was told of.
    private var head: LogPosition
    /// Up to where events are applied and subscribers that keep up were told.
    private var told: LogPosition
    private var markers: [Follower.Marker] = []
    private var questions = Questions()
    /// When the views are written next.
    private var nextKeeping: Instant?
    /// When the next delivery becomes overdue, unless it is settled before.
    private var nextOverdue: Instant?
    private var overdueWarnings = OverdueWarnings()

    init(state: sending FollowerState, lastSnapshot: LogPosition, parts: FollowerParts) {
        self.parts = parts
        self.state = state
        head = state.market.head
        told = head
        let maker = SnapshotMaker(
            snapshots: parts.snapshots, health: parts.health, logger: parts.logger)
        let writer = state.views.writer
        keeper = Keeper(
            lastSnapshot: lastSnapshot, logger: parts.logger,
            writing: { changes throws(ViewError) in try writer.write(changes) },
            makingSnapshots: { maker.makeSnapshot(of: $0) != nil })
        self.maker = maker
        feeds = Feeds(
            follower: parts.follower, redeliverAfter: parts.delivery.redeliverAfter,
            logger: parts.logger)
    }

    /// Runs until stopped, when all that was committed has been applied; returns the digest.
    ///
    /// - Throws: when the log cannot be read back or the views cannot be written.
    func run() throws -> MarketDigest {
        while true {
            let inbox = parts.follower.take(
                until: deadline, answered: questions.takeAnswered(), applied: applied,
                told: told)
            parts.beforeTurn()
            applied = 0
            head = inbox.head
            batches.append(contentsOf: inbox.batches)
            markers.append(contentsOf: inbox.markers)
            feeds.take(inbox.feedMessages)
            try applySlice()
            feeds.feed(from: state)
            told = feeds.told(through: state.market.head)
            parts.health.noteTold(told)
            deliver(questions.answer(inbox.queries, from: state))
            tellUnreadable()
            watchDeliveries()
            try keep()
            if inbox.isStopping && inbox.isEmpty && state.market.head == head {
                return try finish()
            }
        }
    }

    private func finish() throws -> MarketDigest {
        tellUntold(at: .now.advanced(bySeconds: 1))
        deliver(questions.refuseAll())
        keeper.stop()
        do throws(ViewError) {
            if let failure = keeper.failure { throw failure }
            if state.views.isWriting { state.views.settle() }
            try state.views.commit()
        } catch {
            guard case .diskFull(let problem) = error else { throw error }
            parts.logger.error(
                "the views are not written; the next start makes up for it",
                metadata: ["problem": "\(problem)"])
            return MarketDigest(of: state.market)
        }
        let isNew = state.market.head > keeper.lastSnapshot
        let made = isNew ? maker.makeSnapshot(of: state.market) : nil
        return made ?? MarketDigest(of: state.market)
    }

    /// Waits for what is still being written, and ends the threads that do so; after ``run()``, also
    /// where that failed: who is to hear of a failure does not wait for a snapshot.
    func stopKeeping() { keeper.stop() }

    private func deliver(_ completions: [Completion]) {
        if !completions.isEmpty { parts.deliver(ReplyBatch(completions)) }
    }

    /// When the thread must wake although nothing comes.
    private var deadline: Instant? {
        if feeds.isFeeding || questions.isAnswering || state.market.head < head { return .now }
        return [
            questions.deadline, feeds.nextRound, nextOverdue, overdueWarnings.end, nextKeeping,
        ]
        .compactMap(\.self).min()
    }

    // MARK: - Applying

    /// Applies some of what was committed: what was handed over, and from the log what was not.
    private func applySlice() throws(EventLogError) {
        runMarkers()
        guard state.market.head < head else { return }
        let next = state.market.head.next
        if nextBatch < batches.count {
            let batch = batches[nextBatch]
            if let first = batch.first, first.position <= next {
                let end = sliceEnd(of: batch)
                take(batch, appliedOfBatch..<end)
                applied += end - appliedOfBatch
                appliedOfBatch = end
                if end == batch.count { forgetBatch() }
            } else {
                try catchUp(to: batch.first.map { LogPosition($0.position.rawValue - 1) } ?? head)
                if batch.isEmpty { forgetBatch() }
            }
        } else {
            try catchUp(to: head)
        }
        runMarkers()
    }

    /// Where in the next batch the slice ends: with a transaction, at a marker's position at the
    /// latest.
    private func sliceEnd(of batch: [RecordedEvent]) -> Int {
        let end = batch.endOfTransaction(from: min(batch.count, appliedOfBatch + Self.sliceEvents))
        guard let marker = markers.first else { return end }
        let distance = Int(clamping: marker.position.rawValue - state.market.head.rawValue)
        return min(end, appliedOfBatch + distance)
    }

    private func forgetBatch() {
        batches[nextBatch] = []
        nextBatch += 1
        appliedOfBatch = 0
        if nextBatch == batches.count {
            batches.removeAll(keepingCapacity: true)
            nextBatch = 0
        }
    }

    /// Reads back from the log some of what was not handed over.
    private func catchUp(to position: LogPosition) throws(EventLogError) {
        let end = min(position, markers.first?.position ?? position)
        let count = Int(clamping: end.rawValue - state.market.head.rawValue)
        var limit = Self.sliceEvents
        while true {
            let events = try parts.log.events(
                from: state.market.head.next, maximumRecords: min(count, limit),
                maximumBytes: limit << 10)
            // The last transaction may go on behind what was asked for.
            let whole = events.count < count ? events.startOfLastTransaction : events.count
            if whole > 0 { return take(events, 0..<whole) }
            limit *= 2
        }
    }

    private func take(_ batch: [RecordedEvent], _ range: Range<Int>) {
        state.apply(batch, range)
        for channel in state.takePausedChannels() {
            parts.logger.warning(
                "a channel paused itself",
                metadata: [
                    "channel": "\(state.name(of: channel.channel))", "bad": "\(channel.bad)",
                    "of": "\(channel.count)",
                ])
        }
        if state.market.ledger.imbalance != .zero {
            parts.health.noteViolation()
            parts.logger.critical(
                "the ledger does not balance",
                metadata: ["position": "\(state.market.head.rawValue)"])
        }
    }

    private func runMarkers() {
        while let marker = markers.first, marker.position <= state.market.head {
            markers.removeFirst()
            marker.body(state.market)
        }
    }

    // MARK: - Keeping

    /// Has written what was derived when it is time, or when there is much of it.
    private func keep() throws {
        let views = state.views
        if keeper.isBusy {
            guard views.pendingEvents >= Self.maximumViewEvents else { return }
            try keeper.wait()
        }
        if let failure = keeper.failure { throw failure }
        if views.isWriting { views.settle() }
        let events = state.market.head.rawValue - keeper.lastSnapshot.rawValue
        let isSnapshotDue =
            events >= UInt64(parts.snapshotIntervalEvents) && keeper.mayMakeSnapshot
        let isDue = nextKeeping.map { $0 <= .now } ?? false
        if isSnapshotDue || isDue || views.pendingEvents >= Self.viewEvents {
            keeper.start(
                Keeper.Work(
                    changes: views.takeChanges(), market: isSnapshotDue ? state.market : nil))
            nextKeeping = nil
        } else if views.pendingEvents > 0, nextKeeping == nil {
            nextKeeping = .now.advanced(bySeconds: Self.viewSeconds)
        }
    }

    // MARK: - Telling

    /// Tells how many deliveries became overdue in a second that is over and were not named.
    private func tellUntold(at now: Instant) {
        guard let count = overdueWarnings.close(at: now) else { return }
        parts.logger.warning("further deliveries are overdue", metadata: ["count": "\(count)"])
    }

    /// Warns about each delivery that has become overdue (R8.6).
    private func watchDeliveries() {
        tellUntold(at: .now)
        // Where time stands still between requests, only they make anything overdue.
        let isReal = state.market.foundation?.clock == .real
        if isReal, let nextOverdue, nextOverdue > .now { return }
        let now = isReal ? WallClock.now : state.market.time
        let patience = parts.delivery.overdueAfter
        let limit = Timestamp(
            microseconds: now.microseconds - patience.microseconds
                - Timespan.microsecond.microseconds)
        let found = state.watchDeliveries(
            releasesUpTo: limit, count: Self.watchedDeliveries)
        for assignment in found.overdue where overdueWarnings.note(at: .now) {
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
}
