import Foundation
import MarketTestSupport

/// The real executable, running on a directory.
///
/// Shared between threads because `Process` is only asked to start here and else to tell its
/// identifier and end, which it does under a lock of its own.
final class DaemonProcess: @unchecked Sendable {
    struct Failure: Error {
        let problem: String
    }

    let socketPath: String
    private let process = Process()

    /// Starts `leadmarketd` and waits, at most two minutes, until it answers.
    init(in directory: TemporaryDirectory, data: String, arguments: [String] = []) throws {
        socketPath = directory.path("socket")
        process.executableURL = Self.executable
        process.arguments =
            [
                "--data", data, "--socket", socketPath, "--clock", "supplied", "--log-level",
                "error",
            ] + arguments
        process.environment = ["LEADMARKETD_STORAGE_MAP_SIZE_MIB": "1024"]
        try process.run()
        let deadline = Date().addingTimeInterval(120)
        while (try? BlockingClient(socketPath)) == nil {
            guard process.isRunning, Date() < deadline else {
                kill()
                throw Failure(problem: "the daemon did not start")
            }
            usleep(2_000)
        }
    }

    deinit {
        kill()
    }

    /// The executable beside the test bundle.
    static var executable: URL {
        URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appendingPathComponent("leadmarketd")
    }

    /// Ends the process with SIGKILL and waits for its end.
    func kill() {
        guard process.isRunning else { return }
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Sends SIGTERM.
    func terminate() {
        Foundation.kill(process.processIdentifier, SIGTERM)
    }

    /// Waits for the end; returns the exit code, or `nil` when a signal ended it.
    func waitForExit() -> Int32? {
        process.waitUntilExit()
        return process.terminationReason == .exit ? process.terminationStatus : nil
    }
}
