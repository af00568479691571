import Foundation
import Synchronization

/// A program that a test runs beside itself.
///
/// Foundation's `Process` can end the tests while it starts a program: it copies more of each entry
/// of its list of open files than there is, and with over 1,350 of them, as hundreds of tests side by
/// side have, the last entry lies at the end of the memory of that list.
public final class ChildProcess: Sendable {
    /// How a program ended.
    public enum End: Equatable, Sendable {
        case exit(Int32)
        case signal(Int32)
    }

    /// Why a program could not be started.
    public struct Failure: Error {
        /// What the system said of which program.
        public let problem: String
    }

    private let identifier: pid_t
    private let known = Mutex<End?>(nil)

    /// Starts a program, which reads nothing and writes to the tests' own output where no files are
    /// given, has no other files open, and the tests' own environment for `nil`.
    public init(
        _ path: String, _ arguments: [String],
        environment: [String: String]? = nil,
        input: String = "/dev/null", output: String? = nil, errors: String? = nil
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
        for case (let file?, let place) in [(output, 1), (errors, 2)] {
            posix_spawn_file_actions_addopen(
                &actions, Int32(place), file, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        }
        // What is not open is passed over; the tests do not come near the greater number.
        for descriptor in 3..<min(8_192, sysconf(Int32(_SC_OPEN_MAX))) {
            posix_spawn_file_actions_addclose(&actions, Int32(descriptor))
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF))
        let words = ([path] + arguments).map { strdup($0) } + [nil]
        let variables = environment ?? ProcessInfo.processInfo.environment
        let settings = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in words + settings { free(text) } }
        var identifier = pid_t()
        let code = posix_spawn(&identifier, path, &actions, &attributes, words, settings)
        guard code == 0 else {
            throw Failure(problem: "\(path): \(String(cString: strerror(code)))")
        }
        self.identifier = identifier
    }

    /// How it ended; `nil` while it runs.
    public var end: End? {
        known.withLock { known in
            if known != nil { return known }
            var status: Int32 = 0
            guard waitpid(identifier, &status, WNOHANG) == identifier else { return nil }
            let signal = status & 0x7F
            known = signal == 0 ? .exit((status >> 8) & 0xFF) : .signal(signal)
            return known
        }
    }

    /// Waits for its end.
    @discardableResult
    public func waitForEnd() -> End {
        while true {
            if let end { return end }
            usleep(1_000)
        }
    }

    /// Sends it a signal, unless it has ended.
    public func send(_ signal: Int32) {
        if end == nil { kill(identifier, signal) }
    }
}
