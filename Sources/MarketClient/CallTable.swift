import MarketRPC
import NIOCore

/// A call that waits for its answer. Touched only on the connection's event loop, which makes it safe to share.
final class PendingCall: @unchecked Sendable {
    let identifier: Int64
    let method: String
    private var continuation: CheckedContinuation<Result<JSONValue, ClientError>, Never>?
    private var outcome: Result<JSONValue, ClientError>?
    var timeout: Scheduled<Void>?

    init(identifier: Int64, method: String) {
        self.identifier = identifier
        self.method = method
    }

    /// Whether the call ended before it was sent.
    var hasEnded: Bool { outcome != nil }

    func wait(_ continuation: CheckedContinuation<Result<JSONValue, ClientError>, Never>) {
        if let outcome {
            continuation.resume(returning: outcome)
        } else {
            self.continuation = continuation
        }
    }

    func end(_ result: Result<JSONValue, ClientError>) {
        guard outcome == nil else { return }
        outcome = result
        timeout?.cancel()
        continuation?.resume(returning: result)
        continuation = nil
    }
}

/// The outstanding calls of one connection, and what to do with each line that arrives. Confined to its event loop.
final class CallTable {
    private let parser = JSONParser()
    private let notifications: NotificationSource
    private var pending: [Int64: PendingCall] = [:]
    private var ending: ClientError?

    init(notifications: NotificationSource) {
        self.notifications = notifications
    }

    /// Enters a call; returns whether its line is to be sent.
    func begin(_ call: PendingCall) -> Bool {
        if let ending { call.end(.failure(ending)) }
        guard !call.hasEnded else { return false }
        pending[call.identifier] = call
        return true
    }

    /// Ends a call before its answer came; a late answer is ignored.
    func abandon(_ call: PendingCall, _ error: ClientError) {
        pending[call.identifier] = nil
        call.end(.failure(error))
    }

    /// Takes a line from the daemon.
    ///
    /// - Returns: `false` when reading must stop until the notifications have been consumed.
    func receive(_ line: ByteBuffer) throws(ClientError) -> Bool {
        let value: JSONValue
        do throws(JSONError) {
            value = try parser.parse(line).value
        } catch {
            throw .protocolViolation("a line is no JSON (\(error))")
        }
        if let method = value["method"]?.string {
            return notifications.yield(
                ServerNotification(
                    method: method, parameters: value["params"]?.object ?? JSONObject()))
        }
        if let refused = value["error"], value["id"] == .null {
            // The daemon could not tell which request it refuses: none of them can be trusted to be answered.
            throw ClientError.Refusal(refused).map(ClientError.refused)
                ?? .protocolViolation("an error without a code")
        }
        guard let identifier = value["id"]?.integer else {
            throw .protocolViolation("a line is neither a response nor a notification")
        }
        guard let call = pending.removeValue(forKey: identifier) else { return true }
        call.end(Self.outcome(of: value))
        return true
    }

    /// Ends all calls, now and later, because the connection ended.
    func end(_ error: ClientError) {
        ending = error
        let calls = pending.values.sorted { $0.identifier < $1.identifier }
        pending.removeAll()
        for call in calls { call.end(.failure(error)) }
        notifications.finish()
    }

    private static func outcome(of response: JSONValue) -> Result<JSONValue, ClientError> {
        if let error = response["error"] {
            guard let refusal = ClientError.Refusal(error) else {
                return .failure(.protocolViolation("an error without a code"))
            }
            return .failure(.refused(refusal))
        }
        guard let result = response["result"] else {
            return .failure(.protocolViolation("a response without a result"))
        }
        return .success(result)
    }
}
