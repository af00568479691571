/// What a piece of work comes to that a thread of its own does.
final class WorkResult<Value: Sendable, Failure: Error>: Sendable {
    private let result: Monitor<Result<Value, Failure>?>

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - name: as of ``WorkThread``.
    ///   - work: what it does.
    init(_ name: String, _ work: @escaping @Sendable () throws(Failure) -> Value) {
        let result = Monitor<Result<Value, Failure>?>(nil)
        self.result = result
        _ = WorkThread(name) {
            let done = Result { () throws(Failure) in try work() }
            result.change {
                $0 = done
                return true
            }
        }
    }

    /// Waits for the work's end.
    ///
    /// - Throws: What the work did.
    func get() throws(Failure) -> Value {
        guard let done = result.wait(until: nil, { $0 }) else {
            preconditionFailure("a wait without a deadline ends with a result")
        }
        return try done.get()
    }
}
