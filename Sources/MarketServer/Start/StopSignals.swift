internal import Glibc

/// The signals that stop the daemon: SIGTERM and SIGINT.
///
/// They are blocked in every thread and taken by the one that waits, so that no handler ever
/// interrupts other work.
public struct StopSignals: Sendable {
    /// Blocks the signals for the calling thread and all threads it will start. Call it first in
    /// `main`.
    public init() {
        var signals = Self.signals
        unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
        // Writing to a connection that is gone is an error to handle, not a reason to die.
        _ = signal(SIGPIPE, SIG_IGN)
    }

    /// Waits for the next of the signals and returns its name.
    public func wait() -> String {
        var signals = Self.signals
        var number: Int32 = 0
        while unsafe sigwait(&signals, &number) != 0 {}
        return number == SIGINT ? "SIGINT" : "SIGTERM"
    }

    private static var signals: sigset_t {
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe sigaddset(&signals, SIGTERM)
        unsafe sigaddset(&signals, SIGINT)
        return signals
    }
}
