import Foundation
import MarketTestSupport

/// The real executable, running on a directory.
final class DaemonProcess: Sendable {
    struct Failure: Error {
        let problem: String
    }

    let socketPath: String
    private let process: ChildProcess

    /// Starts `leadmarketd` and waits, at most two minutes, until it answers.
    init(in directory: TemporaryDirectory, data: String, arguments: [String] = []) throws {
        socketPath = directory.path("socket")
        process = try ChildProcess(
            Self.executable.path,
            [
                "--data", data, "--socket", socketPath, "--clock", "supplied", "--log-level",
                "error",
            ] + arguments,
            environment: ["LEADMARKETD_STORAGE_MAP_SIZE_MIB": "1024"])
        let deadline = Date().addingTimeInterval(120)
        while (try? BlockingClient(socketPath)) == nil {
            guard process.end == nil, Date() < deadline else {
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
        process.send(SIGKILL)
        process.waitForEnd()
    }

    /// Sends SIGTERM.
    func terminate() {
        process.send(SIGTERM)
    }

    /// Waits for the end; returns the exit code, or `nil` when a signal ended it.
    func waitForExit() -> Int32? {
        if case .exit(let code) = process.waitForEnd() { code } else { nil }
    }
}
