internal import Glibc

/// A thread that runs one closure.
final class WorkThread: Sendable {
    private let end: Monitor<Bool>

    /// Starts a thread.
    ///
    /// - Parameter isLowPriority: whether it only gets what time the other threads leave. A system
    ///   that does not allow that runs it like any other.
    init(isLowPriority: Bool = false, _ body: @escaping @Sendable () -> Void) {
        let end = Monitor(false)
        let work = unsafe Unmanaged.passRetained(
            Work(body: body, isLowPriority: isLowPriority, end: end))
        var handle = pthread_t()
        let code = unsafe pthread_create(
            &handle, nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                unsafe Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, work.toOpaque())
        precondition(code == 0, "the machine has no room for a thread")
        pthread_detach(handle)
        self.end = end
    }

    /// Waits for the closure's end; returns whether it came before `deadline`.
    @discardableResult
    func waitForEnd(until deadline: Instant? = nil) -> Bool {
        end.wait(until: deadline) { $0 ? true : nil } ?? false
    }

    private final class Work {
        private var body: (@Sendable () -> Void)?
        private let isLowPriority: Bool
        private let end: Monitor<Bool>

        init(body: @escaping @Sendable () -> Void, isLowPriority: Bool, end: Monitor<Bool>) {
            self.body = body
            self.isLowPriority = isLowPriority
            self.end = end
        }

        func run() {
            // To Linux, 0 is the calling thread, and 19 the lowest priority.
            if isLowPriority { _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 19) }
            body?()
            // Whoever waits for the end may count on everything the closure held being let go.
            body = nil
            end.change { hasEnded in
                hasEnded = true
                return true
            }
        }
    }
}
