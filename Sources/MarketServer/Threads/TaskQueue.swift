internal import MarketRPC

/// Tasks that any thread hands in, and one thread takes in turn.
final class TaskQueue<Task: Sendable>: Sendable {
    /// What the thread is to do.
    enum Next: Sendable {
        case task(Task)
        /// To end; nobody takes up what is left.
        case stop(left: [Task])
    }

    private struct State {
        var tasks: [Task] = []
        var isStopping = false
    }

    private let maximumWaiting: Int
    private let state = Monitor(State())

    /// - Parameter maximumWaiting: how many tasks wait; the next is refused.
    init(maximumWaiting: Int) {
        self.maximumWaiting = maximumWaiting
    }

    /// Takes a task; from any thread.
    ///
    /// - Throws: `overloaded`, or `shuttingDown`.
    func ask(_ task: Task) throws(RPCError) {
        var refusal: ErrorCode?
        state.change { state in
            if state.isStopping {
                refusal = .shuttingDown
            } else if state.tasks.count >= maximumWaiting {
                refusal = .overloaded
            } else {
                state.tasks.append(task)
            }
            return refusal == nil
        }
        if let refusal { throw RPCError(refusal) }
    }

    /// Whether ``stop()`` was called.
    var isStopping: Bool { state.withLock { $0.isStopping } }

    /// Has ``next(until:)`` say so from now on; from any thread.
    func stop() {
        state.change { state in
            state.isStopping = true
            return true
        }
    }

    /// What to do next, once there is something; `nil` when `deadline` comes first.
    func next(until deadline: Instant? = nil) -> Next? {
        state.wait(until: deadline) { state in
            if state.isStopping {
                defer { state.tasks = [] }
                return .stop(left: state.tasks)
            }
            return state.tasks.isEmpty ? nil : .task(state.tasks.removeFirst())
        }
    }
}
