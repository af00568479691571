import Foundation
public import MarketClient
public import MarketRPC

/// A connection for one command: failures come as ``ToolError``.
public struct MarketConnection: Sendable {
    /// Where the daemon's socket is when nobody says otherwise.
    public static let defaultSocketPath = "/run/leadmarket/market.sock"

    /// Where the daemon's socket is: what was given, else what LEADMARKET_SOCKET says, else the default.
    public static func socketPath(_ given: String?) -> String {
        let environment = ProcessInfo.processInfo.environment["LEADMARKET_SOCKET"]
        return given ?? environment.flatMap { $0.isEmpty ? nil : $0 } ?? defaultSocketPath
    }

    /// The client underneath.
    public let client: MarketClient

    /// Connects to the daemon at `socketPath`.
    ///
    /// - Throws: ``ToolError/unreachable(_:)``.
    public init(socketPath: String) async throws(ToolError) {
        do throws(ClientError) {
            client = try await MarketClient.connect(path: socketPath)
        } catch {
            throw ToolError(error, request: "connect")
        }
    }

    /// Calls a method.
    ///
    /// - Parameter timeout: how long to wait; 30 seconds if not given.
    /// - Throws: ``ToolError``.
    public func call(
        _ method: String, _ parameters: JSONObject = JSONObject(), timeout: Duration? = nil
    ) async throws(ToolError) -> JSONValue {
        do throws(ClientError) {
            return try await client.call(method, parameters, timeout: timeout)
        } catch {
            throw ToolError(error, request: method)
        }
    }
}

extension ToolError {
    /// The error of a call.
    init(_ error: ClientError, request: String) {
        switch error {
        case .refused: self = .refused(request: request, problem: "\(error)")
        case .cannotConnect, .connectionClosed, .timedOut, .cancelled, .protocolViolation:
            self = .unreachable("\(error)")
        }
    }
}
