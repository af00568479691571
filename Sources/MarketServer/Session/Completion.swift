internal import MarketCore
internal import MarketRPC

/// Where an answer goes.
struct ReplyAddress: Sendable {
    /// The connection that asked.
    let connection: Connection
    /// The request's identifier; `nil` for a notification, which is not answered.
    let identifier: RequestIdentifier?
    /// The batch the request came in.
    let batch: BatchReply?
    /// What else the session does when the answer comes.
    var effect = Effect.none

    /// What else a session does when an answer comes.
    enum Effect: Sendable {
        case none
        /// To go on with the requests that had to wait for it.
        case endsBarrier
        /// To forget the subscription, if it was refused.
        case opens(FeedNumber)
    }
}

/// What became of a request; one word, since it is handed on several times.
indirect enum Outcome: Sendable {
    /// The writer decided it.
    case answered(Answer, LogPosition)
    /// It was refused.
    case refused(RPCError)
    /// The text of its result.
    case result([UInt8])
    /// Only the follower can complete the answer.
    case continued(FollowerQuery.Body, atLeast: LogPosition)
}

/// An outcome on its way to the connection that waits for it.
struct Completion: Sendable {
    let address: ReplyAddress
    let outcome: Outcome
    /// Whether it is the follower's.
    var isLook = false
}

/// Answers on their way together, sorted by the event loop of their connection.
struct ReplyBatch: Sendable {
    /// The answers for each loop, by its number; shorter when the last loops get none.
    private(set) var byLoop: [[Completion]] = []

    init() {}

    init(_ completions: [Completion]) {
        for completion in completions { append(completion) }
    }

    /// Whether there are none.
    var isEmpty: Bool { byLoop.isEmpty }

    mutating func append(_ completion: consuming Completion) {
        let number = completion.address.connection.loopNumber
        while byLoop.count <= number { byLoop.append([]) }
        byLoop[number].append(completion)
    }

    mutating func removeAll() { byLoop.removeAll(keepingCapacity: true) }
}

/// The answers of one batch, collected until the last. Only touched on the connection's event
/// loop, which makes sharing it safe.
final class BatchReply: @unchecked Sendable {
    private var missing: Int
    private var writer = JSONWriter()
    private var isEmpty = true

    /// - Parameter count: how many messages the batch holds.
    init(count: Int) {
        missing = count
        writer.beginArray()
    }

    /// Notes that a message is done, with its response if it gets one.
    ///
    /// - Returns: the text of the line once all are done; empty when nothing is to be answered.
    func finish(_ response: ((inout JSONWriter) -> Void)?) -> [UInt8]? {
        if let response {
            response(&writer)
            isEmpty = false
        }
        missing -= 1
        guard missing == 0 else { return nil }
        if isEmpty { return [] }
        writer.endArray()
        return writer.bytes
    }
}
