public import MarketRPC

/// Why a call has no result.
public enum ClientError: Error, Sendable, Equatable {
    /// The daemon answered with an error.
    case refused(Refusal)
    /// There is no daemon at `path`, or it may not be reached.
    case cannotConnect(path: String, problem: String)
    /// The connection ended before the answer came; whether the request was carried out is unknown.
    case connectionClosed
    /// No answer came in time; whether the request was carried out is unknown.
    case timedOut(method: String)
    /// The task was cancelled; whether the request was carried out is unknown.
    case cancelled
    /// The daemon sent something that is no answer.
    case protocolViolation(String)

    /// An error object as the daemon sent it.
    public struct Refusal: Sendable, Hashable {
        /// The number in the table of errors.
        public let code: Int
        /// The stable word for programs; empty when the daemon gave none.
        public let reason: String
        /// The path of the parameter at fault.
        public let field: String?
        /// Whether the same request may succeed later.
        public let isRetryable: Bool
        /// What is wrong and what to do.
        public let message: String

        /// Makes a refusal.
        public init(code: Int, reason: String, field: String?, isRetryable: Bool, message: String) {
            self.code = code
            self.reason = reason
            self.field = field
            self.isRetryable = isRetryable
            self.message = message
        }

        /// Reads an error object; `nil` when it is none.
        public init?(_ value: JSONValue) {
            guard let code = value["code"]?.integer, let message = value["message"]?.string else {
                return nil
            }
            let data = value["data"]
            self.init(
                code: Int(code), reason: data?["reason"]?.string ?? "",
                field: data?["field"]?.string,
                isRetryable: data?["retryable"]?.bool ?? false, message: message)
        }

        /// The row of the table, or `nil` when the daemon is newer than this client.
        public var errorCode: ErrorCode? { ErrorCode(rawValue: code) }
    }
}

extension ClientError: CustomStringConvertible {
    /// The error in plain words.
    public var description: String {
        switch self {
        case .refused(let refusal): "\(refusal.message) (\(refusal.reason), \(refusal.code))"
        case .cannotConnect(let path, let problem): "cannot connect to \(path): \(problem)"
        case .connectionClosed: "the connection closed before the answer came"
        case .timedOut(let method): "no answer to \(method) in time"
        case .cancelled: "the call was cancelled"
        case .protocolViolation(let problem): "the daemon broke the protocol: \(problem)"
        }
    }
}
