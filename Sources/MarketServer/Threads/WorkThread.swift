internal import Glibc

/// A thread that runs one closure.
final class WorkThread: Sendable {
    private let end: Monitor<Bool>

    /// Starts a thread.
    init(_ body: @escaping @Sendable () -> Void) {
        let end = Monitor(false)
        let work = unsafe Unmanaged.passRetained(Work(body: body, end: end))
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
        private let end: Monitor<Bool>

        init(body: @escaping @Sendable () -> Void, end: Monitor<Bool>) {
            self.body = body
            self.end = end
        }

        func run() {
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
