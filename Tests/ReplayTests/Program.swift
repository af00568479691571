import Foundation
import MarketTestSupport

/// The built `leadreplay`, run as people run it.
enum Program {
    struct Outcome {
        let status: Int32
        let output: String
        let errors: String
    }

    static var path: String {
        Bundle.main.bundleURL.appendingPathComponent("leadreplay").path
    }

    static func run(_ arguments: String...) throws -> Outcome {
        try run(path, arguments)
    }

    /// Runs a line of shell in which `$0` is the program and `$1` the first of `arguments`.
    static func shell(_ line: String, _ arguments: String...) throws -> Outcome {
        try run("/bin/sh", ["-c", line, path] + arguments)
    }

    private static func run(_ executable: String, _ arguments: [String]) throws -> Outcome {
        let directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("leadreplay-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        // Files and no pipes, which a long output would fill.
        let output = directory.appendingPathComponent("output")
        let errors = directory.appendingPathComponent("errors")
        let process = try ChildProcess(
            executable, arguments, output: output.path, errors: errors.path)
        let status: Int32 =
            switch process.waitForEnd() {
            case .exit(let code): code
            case .signal(let signal): signal
            }
        return Outcome(
            status: status,
            output: try String(contentsOf: output, encoding: .utf8),
            errors: try String(contentsOf: errors, encoding: .utf8))
    }
}
