internal import Glibc

/// A thread that runs one closure.
final class WorkThread: Sendable {
    private let end: Monitor<Bool>

    /// Starts a thread.
    init(_ body: @escaping @Sendable () -> Void) {
        let end = Monitor(false)
        let work = unsafe Unmanaged.passRetained(
            Work {
                body()
                end.change {
                    $0 = true
                    return true
                }
            })
        var handle = pthread_t()
        let code = unsafe pthread_create(
            &handle, nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                unsafe Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
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
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) {
            self.body = body
        }
    }
}
