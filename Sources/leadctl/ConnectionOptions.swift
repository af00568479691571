import ArgumentParser
import MarketTools

/// Where the daemon is.
struct ConnectionOptions: ParsableArguments {
    @Option(
        name: .customLong("socket"),
        help:
            "The daemon's socket; \(MarketConnection.defaultSocketPath) by default, or what LEADMARKET_SOCKET says."
    )
    var socket: String?

    /// The socket's path.
    var socketPath: String { MarketConnection.socketPath(socket) }

    func connect() async throws(ToolError) -> MarketConnection {
        try await MarketConnection(socketPath: socketPath)
    }
}

/// Writes to the standard output.
func show(_ text: String) {
    StandardOutput.write(text)
}
