import Foundation
import MarketTestSupport

/// The daemon, running on a directory of a test's own.
final class RunningDaemon: Sendable {
    let process: ChildProcess
    let socketPath: String

    private init(_ process: ChildProcess, _ socketPath: String) {
        self.process = process
        self.socketPath = socketPath
    }

    /// What a daemon of these tests may be told besides where its files are.
    struct Options: Sendable {
        /// The role of whoever runs the tests, as a list under `roles`; operator when empty.
        var roles = ""
        /// Further keys of the configuration, as YAML.
        var more = ""
        var clock = "supplied"
        /// Few, so that a start finds a snapshot with something after it.
        var snapshotIntervalEvents = 5_000
    }

    /// Writes a configuration for the market `data` in `directory` and returns its path.
    static func configure(
        _ data: String, in directory: TemporaryDirectory, _ options: Options = Options()
    ) throws -> (file: String, socket: String) {
        let mark = UUID().uuidString.prefix(8)
        let socket = directory.path("\(mark).sock")
        var yaml = """
            dataDirectory: \(directory.path(data))
            keysDirectory: \(directory.path(data))/keys
            socket:
              path: \(socket)
            market:
              clock: \(options.clock)
            storage:
              mapSizeMiB: 1024
              reserveMiB: 16
              snapshotIntervalEvents: \(options.snapshotIntervalEvents)
            log:
              level: info

            """
        if !options.roles.isEmpty { yaml += "roles:\n\(options.roles)\n" }
        yaml += options.more + "\n"
        let file = directory.path("\(mark).yaml")
        try yaml.write(toFile: file, atomically: true, encoding: .utf8)
        return (file, socket)
    }

    /// Starts the daemon on the market `data` in `directory` and waits until it serves.
    ///
    /// - Throws: what it said when it does not start.
    static func start(
        _ data: String = "market", in directory: TemporaryDirectory, _ options: Options = Options()
    ) async throws -> RunningDaemon {
        let (file, socket) = try configure(data, in: directory, options)
        let process = try ChildProcess("leadmarketd", ["--config", file], in: directory)
        let deadline = ContinuousClock.now.advanced(by: .seconds(180))
        while (try? LineSocket(socket)) == nil {
            if let ending = process.poll() {
                throw ChildProcess.Failure(description: "leadmarketd \(ending): \(process.errors)")
            }
            guard ContinuousClock.now < deadline else {
                throw ChildProcess.Failure(description: "no answer: \(process.errors)")
            }
            try await Task.sleep(for: .milliseconds(5))
        }
        return RunningDaemon(process, socket)
    }

    /// A new connection.
    func connect() throws -> LineSocket { try LineSocket(socketPath) }

    /// Runs `leadctl` on this daemon.
    @discardableResult
    func leadctl(
        _ arguments: String..., in directory: TemporaryDirectory, seconds: Int = 180
    ) async throws -> String {
        try await ChildProcess.run(
            "leadctl", arguments + ["--socket", socketPath], in: directory, seconds: seconds)
    }

    /// Asks it to stop and waits for it.
    func stop() async throws -> ChildProcess.Ending {
        process.signal(SIGTERM)
        return try await process.wait()
    }

    /// The digest that it logged when it stopped.
    var loggedDigest: String? {
        let line = process.errors.split(separator: "\n").last { $0.contains("stopped") }
        return line?.split(whereSeparator: \.isWhitespace).lazy
            .first { $0.hasPrefix("digest=") }.map { String($0.dropFirst("digest=".count)) }
    }
}
