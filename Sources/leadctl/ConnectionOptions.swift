import ArgumentParser
import Foundation
import MarketTools

/// Where the daemon is.
struct ConnectionOptions: ParsableArguments {
    @Option(
        name: .customLong("socket"),
        help:
            "The daemon's socket; \(MarketConnection.defaultSocketPath) by default, or what LEADMARKET_SOCKET says."
    )
    var socket: String?

    /// The socket's path: as given, else as the environment says, else the default.
    var socketPath: String { Self.path(given: socket) }

    static func path(given: String?) -> String {
        let environment = ProcessInfo.processInfo.environment["LEADMARKET_SOCKET"]
        return given ?? environment.flatMap { $0.isEmpty ? nil : $0 }
            ?? MarketConnection.defaultSocketPath
    }

    func connect() async throws(ToolError) -> MarketConnection {
        try await MarketConnection(socketPath: socketPath)
    }
}

/// Writes to the standard output.
func show(_ text: String) {
    StandardOutput.write(text)
}
