/// A thread that does one piece of work at a time.
final class Worker<Work: Sendable>: Sendable {
    private struct State {
        var work: Work?
        var isBusy = false
        var isStopping = false
    }

    private let state: Monitor<State>
    private let thread: WorkThread

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - name: as in ``WorkThread``.
    ///   - isLowPriority: as in ``WorkThread``.
    ///   - body: does a piece of work; once it returns, nothing holds that any more.
    init(
        _ name: String, isLowPriority: Bool = false,
        _ body: @escaping @Sendable (consuming Work) -> Void
    ) {
        let state = Monitor(State())
        self.state = state
        thread = WorkThread(name, isLowPriority: isLowPriority) {
            while let work = Self.next(of: state) {
                body(consume work)
                state.change { state in
                    state.isBusy = false
                    return true
                }
            }
        }
    }

    /// Whether there is work under way.
    var isBusy: Bool { state.withLock { $0.isBusy } }

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

    /// Waits for what is under way; returns whether it was done before `deadline`.
    @discardableResult
    func wait(until deadline: Instant? = nil) -> Bool {
        state.wait(until: deadline) { $0.isBusy ? nil : true } ?? false
    }

    /// Waits for what is under way, at the longest until `deadline`, and ends the thread.
    func stop(until deadline: Instant? = nil) {
        state.change { state in
            state.isStopping = true
            return true
        }
        thread.waitForEnd(until: deadline)
    }

    /// The next piece of work, once there is one; `nil` when it is to stop.
    private static func next(of state: Monitor<State>) -> Work? {
        let next = state.wait(until: nil) { state -> Work?? in
            if let work = state.work.take() { return .some(work) }
            return state.isStopping ? .some(nil) : nil
        }
        return next ?? nil
    }
}
