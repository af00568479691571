import Foundation
import MarketTestSupport
import Synchronization

/// A program of this build, running as a process of its own; killed when the last reference to it
/// goes.
final class ChildProcess: Sendable {
    /// Why a process cannot be used as a test wants to.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// How a process ended.
    enum Ending: Hashable, Sendable {
        case exited(Int32)
        case killed(by: Int32)
    }

    let identifier: pid_t
    private let program: String
    private let outputPath: String
    private let errorPath: String
    private let ending = Mutex<Ending?>(nil)

    /// Starts `program`, which lies beside the test bundle.
    ///
    /// - Parameter directory: where what it prints is kept.
    init(
        _ program: String, _ arguments: [String], environment: [String: String] = [:],
        in directory: TemporaryDirectory
    ) throws {
        self.program = program
        let mark = UUID().uuidString.prefix(8)
        outputPath = directory.path("\(program).\(mark).out")
        errorPath = directory.path("\(program).\(mark).err")
        identifier = try Self.spawn(
            Self.path(of: program), arguments, environment, outputPath, errorPath)
    }

    deinit {
        guard ending.withLock({ $0 }) == nil else { return }
        kill(identifier, SIGKILL)
        var status: Int32 = 0
        waitpid(identifier, &status, 0)
    }

    /// Where the programs of this build are.
    private static func path(of program: String) -> String {
        let bundle = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        return bundle.appendingPathComponent(program).path
    }

    private static func spawn(
        _ path: String, _ arguments: [String], _ environment: [String: String], _ output: String,
        _ error: String
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let flags = O_WRONLY | O_CREAT | O_TRUNC
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, flags, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, error, flags, 0o600)
        let surroundings = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        var words = ([path] + arguments).map { strdup($0) } + [nil]
        var variables = surroundings.map { strdup("\($0)=\($1)") } + [nil]
        defer { for pointer in words + variables { free(pointer) } }
        var identifier: pid_t = 0
        let code = posix_spawn(&identifier, path, &actions, nil, &words, &variables)
        guard code == 0 else {
            throw Failure(description: "\(path) cannot be run: \(String(cString: strerror(code)))")
        }
        return identifier
    }

    /// What it wrote to its standard output so far.
    var output: String { (try? String(contentsOfFile: outputPath, encoding: .utf8)) ?? "" }

    /// What it wrote to its standard error so far.
    var errors: String { (try? String(contentsOfFile: errorPath, encoding: .utf8)) ?? "" }

    /// How it ended, or `nil` while it runs.
    func poll() -> Ending? {
        ending.withLock { ending in
            if ending != nil { return ending }
            var status: Int32 = 0
            guard waitpid(identifier, &status, WNOHANG) == identifier else { return nil }
            let signal = status & 0x7F
            ending = signal == 0 ? .exited((status >> 8) & 0xFF) : .killed(by: signal)
            return ending
        }
    }

    /// Sends a signal.
    func signal(_ number: Int32) {
        if poll() == nil { kill(identifier, number) }
    }

    /// Waits for the end, without holding a thread.
    func wait(seconds: Int = 180) async throws -> Ending {
        let deadline = ContinuousClock.now.advanced(by: .seconds(seconds))
        while true {
            if let ending = poll() { return ending }
            guard ContinuousClock.now < deadline else {
                throw Failure(description: "\(program) runs for more than \(seconds) s: \(errors)")
            }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// Runs a program to its end and returns what it printed.
    ///
    /// - Throws: ``Failure`` with its error output when it ends other than with 0.
    @discardableResult
    static func run(
        _ program: String, _ arguments: [String], in directory: TemporaryDirectory,
        seconds: Int = 180
    ) async throws -> String {
        let process = try ChildProcess(program, arguments, in: directory)
        let ending = try await process.wait(seconds: seconds)
        guard ending == .exited(0) else {
            let line = arguments.joined(separator: " ")
            throw Failure(
                description: "\(program) \(line): \(ending)\n\(process.output)\(process.errors)")
        }
        return process.output
    }

    /// The memory of its own that it uses, in KiB; pages of mapped files are not counted, because
    /// how many of the log's are in memory is the kernel's affair.
    var ownKiB: Int {
        get throws {
            let text = try String(contentsOfFile: "/proc/\(identifier)/status", encoding: .utf8)
            let line = text.split(separator: "\n").first { $0.hasPrefix("RssAnon:") }
            let number = line?.split(whereSeparator: \.isWhitespace).dropFirst().first
            guard let number, let kibibytes = Int(number) else {
                throw Failure(description: "no RssAnon of process \(identifier)")
            }
            return kibibytes
        }
    }
}
