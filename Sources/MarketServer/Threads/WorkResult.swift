/// What a piece of work comes to that a thread of its own does.
final class WorkResult<Value: Sendable, Failure: Error>: Sendable {
    private let result: Monitor<Result<Value, Failure>?>
    private let thread: WorkThread

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - name: as of ``WorkThread``.
    ///   - work: what it does.
    init(_ name: String, _ work: @escaping @Sendable () throws(Failure) -> Value) {
        let result = Monitor<Result<Value, Failure>?>(nil)
        self.result = result
        thread = WorkThread(name) {
            let done = Result { () throws(Failure) in try work() }
            result.withLock { $0 = done }
        }
    }

    /// Waits for the work's end: all that it held was let go then, but for what it came to.
    ///
    /// - Throws: What the work did.
    func get() throws(Failure) -> Value {
        thread.waitForEnd()
        guard let done = result.withLock({ $0 }) else {
            preconditionFailure("work that has ended has a result")
        }
        return try done.get()
    }
}
