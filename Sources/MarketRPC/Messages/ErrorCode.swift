/// The codes of errors, fixed for ever: a code is never reused and never changes its meaning.
///
/// This is the one table of them; ``definition`` holds the rest of each row and `docs/API.md` is made from it.
public enum ErrorCode: Int, Sendable, CaseIterable {
    // JSON-RPC 2.0.
    case malformedMessage = -32700
    case invalidRequest = -32600
    case unknownMethod = -32601
    case invalidParameters = -32602
    case internalError = -32603

    // The connection and the daemon: -32001 to -32019.
    case frameTooLarge = -32001
    case batchTooLarge = -32002
    case tooManyConnections = -32003
    case tooManyInFlight = -32004
    case overloaded = -32005
    case storageFull = -32006
    case shuttingDown = -32007
    case forbidden = -32008
    case idempotencyMismatch = -32009
    case positionNotReached = -32010
    case wrongClock = -32011
    case tooManySubscriptions = -32012
}

extension ErrorCode {
    /// A row of the table of errors.
    public struct Definition: Sendable, Equatable {
        /// The stable word for programs, in `data.reason`.
        public let reason: String
        /// Whether the same request may succeed later without a change, in `data.retryable`.
        public let isRetryable: Bool
        /// What happened and what to do, in plain words.
        public let meaning: String
    }

    /// The rest of the code's row in the table.
    public var definition: Definition {
        switch self {
        case .malformedMessage:
            row(
                "malformedMessage",
                "The line is not one JSON text: fix its grammar, encoding, depth or numbers.")
        case .invalidRequest:
            row(
                "invalidRequest",
                "The JSON is no JSON-RPC 2.0 request: fix the members around the parameters.")
        case .unknownMethod:
            row("unknownMethod", "There is no such method: rpc.discover lists all.")
        case .invalidParameters:
            row(
                "invalidParameters",
                "A parameter is missing, unknown, repeated, of the wrong type or out of range: data.field names it."
            )
        case .internalError:
            row(
                "internalError",
                "The daemon failed in a way that is its own fault: report it with its log.")
        case .frameTooLarge:
            row(
                "frameTooLarge",
                "A line is longer than the frame limit; the connection closes: send less in one line."
            )
        case .batchTooLarge:
            row(
                "batchTooLarge",
                "A batch holds more requests than allowed; none was carried out: split it.")
        case .tooManyConnections:
            row(
                "tooManyConnections", retry: true,
                "The daemon serves as many connections as it may: try again later.")
        case .tooManyInFlight:
            row(
                "tooManyInFlight", retry: true,
                "The connection has too many unanswered requests: await some replies.")
        case .overloaded:
            row(
                "overloaded", retry: true,
                "The market has more work than it can queue: slow down and try again.")
        case .storageFull:
            row(
                "storageFull", retry: true,
                "The disk or map reserve is used up; reads still work: free or add space.")
        case .shuttingDown:
            row(
                "shuttingDown", retry: true,
                "The daemon is stopping and did not carry out the request: reconnect.")
        case .forbidden:
            row(
                "forbidden",
                "The connection's role may not do this: ask the operator or use another account.")
        case .idempotencyMismatch:
            row(
                "idempotencyMismatch",
                "The idempotency key was used with other parameters: use a new key.")
        case .positionNotReached:
            row(
                "positionNotReached", retry: true,
                "The read asked for a log position not yet applied: try again.")
        case .wrongClock:
            row(
                "wrongClock",
                "The member at belongs to markets on the supplied clock, which need it in every change."
            )
        case .tooManySubscriptions:
            row(
                "tooManySubscriptions",
                "The connection has as many subscriptions as it may: use another connection.")
        }
    }

    /// The stable word for programs.
    public var reason: String { definition.reason }

    private func row(_ reason: String, retry: Bool = false, _ meaning: String) -> Definition {
        Definition(reason: reason, isRetryable: retry, meaning: meaning)
    }
}
