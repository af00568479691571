import Glibc
import Synchronization

/// Whether somebody pressed Ctrl-C or sent SIGTERM.
///
/// The first signal asks for a clean end; a second one ends the program at once.
public enum StopRequest {
    private static let requested = Atomic<Bool>(false)

    /// Whether a signal has come since ``listen()``.
    public static var isRequested: Bool { requested.load(ordering: .relaxed) }

    /// From here on, the first signal only sets ``isRequested``.
    public static func listen() {
        for number in [SIGINT, SIGTERM] {
            signal(number) { number in
                StopRequest.requested.store(true, ordering: .relaxed)
                signal(number, SIG_DFL)
            }
        }
    }
}
