internal import EventLog
internal import Logging
internal import MarketCore
internal import Projections

/// Writes what the follower derives, views and snapshots, on threads of its own: neither a read
/// nor a push waits for the disk, or for a state to be encoded.
///
/// 1. Views are written one piece at a time; ``isBusy`` says whether that is done.
/// 2. A snapshot is written after the views have reached it, since a start goes on from there, in
///    what time the market leaves; later views do not wait for it.
/// 3. Views that find the disk full are written once there is room; reads and pushes go on meanwhile, and a
///    snapshot that was to follow is left for another time.
/// 4. Snapshots take at most one part in ``snapshotShare`` of a processor's time, so that a large
///    state does not cost more than the market itself.
final class Keeper: Sendable {
    /// How many times as long as the last snapshot took of a processor's time the next one waits.
    static let snapshotShare: Int64 = 20
    /// After how many seconds views that found the disk full are tried again; twice as many each time, and no
    /// more than a minute.
    static let fullSeconds = 1
    /// After how many seconds at the least a snapshot that could not be written is tried again.
    static let retrySeconds: Int64 = 60

    /// What is to be written.
    struct Work: Sendable {
        /// Changes of the views.
        var changes: ViewChanges?
        /// A market to make a snapshot of.
        var market: Market?
    }

    private struct State {
        var failure: ViewError?
        var isStopping = false
        /// What the views that wait for room found.
        var shortage: ViewError?
        var lastSnapshot: LogPosition
        var nextSnapshot = Instant.now
    }

    private let state: Monitor<State>
    private let views: Worker<Work>
    private let snapshots: Worker<Market>

    /// Starts the threads.
    ///
    /// - Parameters:
    ///   - lastSnapshot: the position of the newest snapshot there is.
    ///   - logger: hears of a full disk.
    ///   - write: writes changes of the views.
    ///   - makeSnapshot: writes a snapshot, and returns whether that went well.
    init(
        lastSnapshot: LogPosition, logger: Logger,
        writing write: @escaping @Sendable (ViewChanges) throws(ViewError) -> Void,
        makingSnapshots makeSnapshot: @escaping @Sendable (Market) -> Bool
    ) {
        let state = Monitor(State(lastSnapshot: lastSnapshot))
        let snapshots = Worker<Market>("snapshots", isLowPriority: true) { market in
            let start = ProcessorTime.ofThisThread
            let isMade = makeSnapshot(market)
            let cost = ProcessorTime.ofThisThread - start
            let pause = max(cost * Self.snapshotShare, isMade ? 0 : Self.retrySeconds * 1_000_000)
            let next = Instant.now.advanced(byMicroseconds: pause)
            let position = market.head
            state.withLock { state in
                if isMade { state.lastSnapshot = position }
                state.nextSnapshot = next
            }
        }
        views = Worker("views") { work in
            var market = work.market
            let changes = work.changes
            _ = consume work
            do throws(ViewError) {
                if let changes {
                    // A market that is kept has its tables copied as it goes on.
                    try Self.persist(changes, logger, state, write) { market = nil }
                }
                if let market { snapshots.start(market) }
            } catch {
                state.withLock { $0.failure = error }
            }
        }
        self.state = state
        self.snapshots = snapshots
    }

    /// Writes changes of the views, and tries again for as long as the disk is full and nobody stops.
    private static func persist(
        _ changes: ViewChanges, _ logger: Logger, _ state: Monitor<State>,
        _ write: (ViewChanges) throws(ViewError) -> Void, whenWaiting noteWaiting: () -> Void
    ) throws(ViewError) {
        var seconds = fullSeconds
        while true {
            do throws(ViewError) {
                try write(changes)
                break
            } catch {
                guard case .diskFull(let problem) = error else { throw error }
                if seconds == fullSeconds {
                    logger.error(
                        "the views wait for room on the disk", metadata: ["problem": "\(problem)"])
                    noteWaiting()
                }
                state.withLock { $0.shortage = error }
                let next = Instant.now.advanced(bySeconds: seconds)
                let isStopping = state.wait(until: next) { $0.isStopping ? true : nil }
                if isStopping == true { throw error }
                seconds = min(60, seconds * 2)
            }
        }
        if state.withLock({ $0.shortage.take() }) != nil {
            logger.notice("the views are written again")
        }
    }

    /// Whether views are being written.
    var isBusy: Bool { views.isBusy }

    /// Why the views could not be written; asked once it is not busy, and before it is given more work.
    var failure: ViewError? { state.withLock { $0.failure } }

    /// The position of the last snapshot that was written.
    var lastSnapshot: LogPosition { state.withLock { $0.lastSnapshot } }

    /// Whether the last snapshot is written and long enough ago; asked while it is not busy.
    var mayMakeSnapshot: Bool {
        !snapshots.isBusy && state.withLock { Instant.now >= $0.nextSnapshot }
    }

    /// Gives it work; that with a market only where it ``mayMakeSnapshot``.
    ///
    /// - Precondition: it is not busy.
    func start(_ work: consuming Work) { views.start(work) }

    /// Waits for the views that are being written.
    ///
    /// - Throws: what those found that wait for room: nobody knows how long.
    func wait() throws(ViewError) {
        while !views.wait(until: Instant.now.advanced(bySeconds: Self.fullSeconds)) {
            if let shortage = state.withLock({ $0.shortage }) { throw shortage }
        }
    }

    /// Waits for all that is being written, and ends the threads; a second time it does nothing.
    func stop() {
        state.change { state in
            state.isStopping = true
            return true
        }
        views.stop()
        snapshots.stop()
    }
}

/// Writes snapshots.
struct SnapshotMaker: Sendable {
    let snapshots: SnapshotStore
    let health: Health
    let logger: Logger

    /// Writes a snapshot; one that cannot be written is no reason to stop, since the log has all.
    ///
    /// - Returns: The market's digest; `nil` when something failed.
    func makeSnapshot(of market: Market) -> MarketDigest? {
        do throws(InvariantViolation) {
            try market.checkLedger()
            try market.checkExclusivity()
        } catch {
            health.noteViolation()
            logger.critical(
                "an invariant does not hold",
                metadata: ["rule": "\(error.rule)", "problem": "\(error.description)"])
            return nil
        }
        do throws(SnapshotError) {
            let header = try snapshots.write(market)
            try snapshots.prune()
            logger.info("snapshot written", metadata: ["position": "\(market.head.rawValue)"])
            return header.digest
        } catch {
            logger.error("no snapshot", metadata: ["problem": "\(error)"])
            return nil
        }
    }
}
