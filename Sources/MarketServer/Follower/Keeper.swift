internal import EventLog
internal import Logging
internal import MarketCore
internal import Projections

/// Writes what the follower derives, views and snapshots, on a thread of its own: neither a read
/// nor a push waits for the disk, or for a state to be encoded.
///
/// 1. It has one piece of work at a time; ``isBusy`` says whether it is done.
/// 2. A snapshot is written after the views have reached it, since a start goes on from there.
/// 3. Snapshots take at most one part in ``snapshotShare`` of the time, so that a large state does
///    not cost more than the market itself.
final class Keeper: Sendable {
    /// How many times as long as the last snapshot took the next one waits.
    static let snapshotShare: Int64 = 20

    /// What is to be written.
    struct Work: Sendable {
        /// Changes of the views.
        var changes: ViewChanges?
        /// A market to make a snapshot of.
        var market: Market?
    }

    private struct State {
        var work: Work?
        var isBusy = false
        var isStopping = false
        var failure: ViewError?
        var nextSnapshot = Instant.now
    }

    private let writer: ViewWriter
    private let snapshots: SnapshotStore
    private let health: Health
    private let logger: Logger
    private let state = Monitor(State())

    init(writer: ViewWriter, snapshots: SnapshotStore, health: Health, logger: Logger) {
        self.writer = writer
        self.snapshots = snapshots
        self.health = health
        self.logger = logger
    }

    /// Whether there is work under way.
    var isBusy: Bool { state.withLock { $0.isBusy } }

    /// Why the views could not be written; nothing is written after that.
    var failure: ViewError? { state.withLock { $0.failure } }

    /// Whether the last snapshot is long enough ago.
    var mayMakeSnapshot: Bool { state.withLock { Instant.now >= $0.nextSnapshot } }

    /// Gives it work.
    ///
    /// - Precondition: it is not busy.
    func start(_ work: consuming Work) {
        state.change { [work] state in
            precondition(!state.isBusy, "one piece of work at a time")
            state.work = work
            state.isBusy = true
            return true
        }
    }

    /// Waits for what is under way.
    func wait() {
        _ = state.wait(until: nil) { $0.isBusy ? nil : true }
    }

    /// Ends ``run()`` once what is under way is done.
    func stop() {
        state.change { state in
            state.isStopping = true
            return true
        }
    }

    // MARK: - The thread

    /// Works until stopped.
    func run() {
        while true {
            let next = state.wait(until: nil) { state -> Work?? in
                if let work = state.work.take() { return .some(work) }
                return state.isStopping ? .some(nil) : nil
            }
            guard case .some(.some(let work)) = next else { return }
            carryOut(work)
        }
    }

    private func carryOut(_ work: consuming Work) {
        var failure: ViewError?
        if let changes = work.changes {
            do throws(ViewError) {
                try writer.write(changes)
            } catch {
                failure = error
            }
        }
        let start = Instant.now
        var nextSnapshot: Instant?
        if failure == nil, let market = work.market {
            makeSnapshot(of: market)
            let now = Instant.now
            let span = (now.nanoseconds - start.nanoseconds) / 1_000
            nextSnapshot = now.advanced(byMicroseconds: span * Self.snapshotShare)
        }
        work = Work()
        state.change { state in
            state.isBusy = false
            if let failure { state.failure = failure }
            if let nextSnapshot { state.nextSnapshot = nextSnapshot }
            return true
        }
    }

    /// Writes a snapshot; one that cannot be written is no reason to stop, since the log has all.
    ///
    /// - Returns: The market's digest; `nil` when something failed.
    @discardableResult
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
