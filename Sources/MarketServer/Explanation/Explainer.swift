internal import EventLog
internal import Logging
internal import MarketCore
internal import MarketRPC

/// Works out what `lead.explain` tells of the past: rebuilds a market as of a decision from the
/// nearest snapshot before it and the log after that (R6.5).
///
/// 1. One state is rebuilt at a time, on a thread of low priority that neither the writer nor the
///    follower ever waits for.
/// 2. At most ``maximumWaiting`` questions wait; the next is refused and may be asked again.
/// 3. The state is kept for the parts that follow, and let go when nobody has asked for a while.
/// 4. A question whose connection has ended is given up, in the middle of rebuilding, too.
final class Explainer: Sendable {
    /// Questions that wait.
    static let maximumWaiting = 64
    /// Events between two looks at whether the answer is still wanted.
    static let stepEvents = 1_024
    /// How long a rebuilt state is kept for the next question.
    static let keptSeconds = 60

    /// A question.
    struct Task: Sendable {
        let explanation: Explanation
        /// The last event of the state that it needs.
        let state: LogPosition
        /// Where the answer goes.
        let address: ReplyAddress
    }

    /// Why a rebuilding ended early.
    private enum Interruption: Error {
        /// Nobody waits for the answer any more.
        case unwanted
        case stopping
        case failed(String)
    }

    private let log: EventLog
    private let snapshots: SnapshotStore
    private let logger: Logger
    private let deliver: @Sendable (ReplyBatch) -> Void
    private let beforeStep: @Sendable (LogPosition) -> Void
    private let tasks = TaskQueue<Task>(maximumWaiting: maximumWaiting)

    /// - Parameter beforeStep: called before each step of rebuilding with how far it is.
    init(
        log: EventLog, snapshots: SnapshotStore, logger: Logger,
        deliver: @escaping @Sendable (ReplyBatch) -> Void,
        beforeStep: @escaping @Sendable (LogPosition) -> Void = { _ in }
    ) {
        self.log = log
        self.snapshots = snapshots
        self.logger = logger
        self.deliver = deliver
        self.beforeStep = beforeStep
    }

    /// Takes a question, whose answer is delivered later; from any thread.
    ///
    /// - Throws: `overloaded`, or `shuttingDown`.
    func ask(_ task: Task) throws(RPCError) { try tasks.ask(task) }

    /// Whether ``stop()`` was called.
    var isStopping: Bool { tasks.isStopping }

    /// Has ``run()`` return soon; what waits is refused.
    func stop() { tasks.stop() }

    // MARK: - The thread

    /// Answers questions until stopped.
    func run() {
        var kept: Market?
        while true {
            let patience: Instant? =
                kept == nil ? nil : .now.advanced(bySeconds: Self.keptSeconds)
            switch tasks.next(until: patience) {
            case .task(let task):
                answer(task, &kept)
            case .stop(let left):
                for task in left { complete(task, .refused(RPCError(.shuttingDown))) }
                return
            case nil:
                kept = nil
            }
        }
    }

    private func answer(_ task: Task, _ kept: inout Market?) {
        let outcome: Outcome
        do throws(Interruption) {
            let market = try rebuild(task, from: kept.take())
            kept = market
            do throws(RPCError) {
                outcome = .result(try task.explanation.text(in: market))
            } catch {
                outcome = .refused(error)
            }
        } catch {
            switch error {
            case .unwanted: return
            case .stopping: outcome = .refused(RPCError(.shuttingDown))
            case .failed(let problem):
                logger.error(
                    "a past state cannot be rebuilt",
                    metadata: ["position": "\(task.state.rawValue)", "problem": "\(problem)"])
                outcome = .refused(
                    RPCError(.internalError, "The past state cannot be rebuilt: \(problem)"))
            }
        }
        complete(task, outcome)
    }

    private func complete(_ task: Task, _ outcome: Outcome) {
        deliver(
            ReplyBatch([Completion(address: task.address, outcome: outcome, isLook: true)]))
    }

    /// The market as of the task's state: from what was kept, where no snapshot is nearer.
    private func rebuild(
        _ task: Task, from kept: consuming Market?
    ) throws(Interruption) -> Market {
        try checkWanted(task)
        var market: Market
        if let near = kept.take(), near.head <= task.state,
            try nearestSnapshot(to: task.state) <= near.head
        {
            market = near
        } else {
            market = try newestSnapshot(upTo: task.state)
        }
        while market.head < task.state {
            beforeStep(market.head)
            try checkWanted(task)
            for recorded in try events(after: market.head, through: task.state) {
                market.evolve(recorded)
            }
        }
        return market
    }

    private func checkWanted(_ task: Task) throws(Interruption) {
        if isStopping { throw .stopping }
        guard task.address.connection.isOpen else { throw .unwanted }
    }

    private func nearestSnapshot(to position: LogPosition) throws(Interruption) -> LogPosition {
        do {
            return try snapshots.positions().first { $0 <= position } ?? .start
        } catch {
            throw .failed("\(error)")
        }
    }

    private func newestSnapshot(upTo position: LogPosition) throws(Interruption) -> Market {
        do {
            return try snapshots.loadNewest(
                upTo: position, head: try log.head(), decides: false
            ).market
        } catch {
            throw .failed("\(error)")
        }
    }

    private func events(
        after position: LogPosition, through end: LogPosition
    ) throws(Interruption) -> [RecordedEvent] {
        let count = min(Self.stepEvents, Int(clamping: end.rawValue - position.rawValue))
        do {
            let events = try log.events(from: position.next, maximumRecords: count)
            if !events.isEmpty { return events }
        } catch {
            throw .failed("\(error)")
        }
        throw .failed("the log ends before position \(end.rawValue)")
    }
}
