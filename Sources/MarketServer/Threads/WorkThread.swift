internal import Glibc

/// A thread that runs one closure.
final class WorkThread: Sendable {
    private let end: Monitor<Bool>

    /// Starts a thread.
    ///
    /// - Parameters:
    ///   - name: what tools such as `top -H` show; at most 15 bytes.
    ///   - isLowPriority: whether it only gets what time the other threads leave. A system that
    ///     does not allow that runs it like any other.
    ///   - body: what it runs.
    init(_ name: String, isLowPriority: Bool = false, _ body: @escaping @Sendable () -> Void) {
        let end = Monitor(false)
        let work = unsafe Unmanaged.passRetained(
            Work(name: name, body: body, isLowPriority: isLowPriority, end: end))
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
        private let name: String
        private var body: (@Sendable () -> Void)?
        private let isLowPriority: Bool
        private let end: Monitor<Bool>

        init(
            name: String, body: @escaping @Sendable () -> Void, isLowPriority: Bool,
            end: Monitor<Bool>
        ) {
            self.name = name
            self.body = body
            self.isLowPriority = isLowPriority
            self.end = end
        }

        func run() {
            tellName()
            if isLowPriority { yieldToOthers() }
            body?()
            // Whoever waits for the end may count on everything the closure held being let go.
            body = nil
            end.change { hasEnded in
                hasEnded = true
                return true
            }
        }

        /// Lets the thread have only what time others leave: Linux calls that `SCHED_IDLE`, which has the
        /// number 5, and takes a processor that runs nothing else for a free one (ADR 0010).
        private func yieldToOthers() {
            var parameters = sched_param(sched_priority: 0)
            _ = unsafe sched_setscheduler(0, 5, &parameters)
        }

        /// Gives the thread its name; without one it works as well.
        private func tellName() {
            let descriptor = unsafe open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
            guard descriptor >= 0 else { return }
            let bytes = Array(name.utf8)
            _ = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
            close(descriptor)
        }
    }
}
