internal import Logging
internal import MarketCore
internal import MarketRPC

/// Makes the backups that are asked for, one at a time, on a thread of its own: they take long, and touch
/// neither writer nor follower. A stop ends the one under way.
final class Backups: Sendable {
    /// Tasks that wait.
    static let maximumWaiting = 8

    /// A backup that somebody asked for.
    struct Task: Sendable {
        let directory: String
        /// Where the answer goes.
        let address: ReplyAddress
    }

    private let backup: Backup
    private let logger: Logger
    private let deliver: @Sendable (ReplyBatch) -> Void
    private let beforeBlock: @Sendable () -> Void
    private let tasks = TaskQueue<Task>(maximumWaiting: maximumWaiting)

    /// - Parameter beforeBlock: called before each block that is copied.
    init(
        _ backup: Backup, logger: Logger, deliver: @escaping @Sendable (ReplyBatch) -> Void,
        beforeBlock: @escaping @Sendable () -> Void = {}
    ) {
        self.backup = backup
        self.logger = logger
        self.deliver = deliver
        self.beforeBlock = beforeBlock
    }

    /// Takes a task, whose answer is delivered later; from any thread.
    ///
    /// - Throws: `overloaded`, or `shuttingDown`.
    func ask(_ task: Task) throws(RPCError) { try tasks.ask(task) }

    /// Whether ``stop()`` was called.
    var isStopping: Bool { tasks.isStopping }

    /// Has ``run()`` return soon; what is under way or waits is given up.
    func stop() { tasks.stop() }

    /// Makes backups until stopped.
    func run() {
        while let next = tasks.next() {
            switch next {
            case .task(let task):
                complete(task, outcome(of: task))
            case .stop(let left):
                for task in left { complete(task, .refused(RPCError(.shuttingDown))) }
                return
            }
        }
    }

    private func complete(_ task: Task, _ outcome: Outcome) {
        deliver(ReplyBatch([Completion(address: task.address, outcome: outcome)]))
    }

    private func outcome(of task: Task) -> Outcome {
        do throws(RPCError) {
            let made = try backup.make(in: task.directory) {
                beforeBlock()
                return !isStopping
            }
            logger.info("backup made", metadata: ["position": "\(made.position.rawValue)"])
            return .result(
                JSONText.object { json in
                    json.member("position", made.position)
                    json.member("bytes", made.bytes)
                })
        } catch {
            logger.error("backup failed", metadata: ["problem": "\(error.message)"])
            return .refused(error)
        }
    }
}
