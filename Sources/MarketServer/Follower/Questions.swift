internal import MarketCore
internal import MarketRPC

/// The reads that wait for an answer. Confined to the follower's thread.
struct Questions {
    /// Those to be answered, in the order they came; the ones before ``next`` are done.
    private var ready: [FollowerQuery] = []
    private var next = 0
    /// Those that wait for a position.
    private var postponed: [FollowerQuery] = []
    private var answered = 0

    /// Whether some could be answered at once.
    var isAnswering: Bool { next < ready.count }

    /// When a read that waits for a position gives up.
    var deadline: Instant? { postponed.lazy.map(\.deadline).min() }

    /// How many were answered since this was last asked.
    mutating func takeAnswered() -> Int {
        defer { answered = 0 }
        return answered
    }

    /// Takes in `queries` and answers what can be, for a limited time.
    mutating func answer(
        _ queries: [FollowerQuery], from state: FollowerState
    ) -> [Completion] {
        sort(queries, state.market.head)
        guard isAnswering else { return [] }
        let end = Instant.now.advanced(byMicroseconds: FollowerLoop.answerMicroseconds)
        var completions: [Completion] = []
        repeat {
            let query = ready[next]
            next += 1
            answered += 1
            if let outcome = Self.outcome(of: query, state) {
                completions.append(
                    Completion(address: query.address, outcome: outcome, isLook: true))
            }
        } while isAnswering && Instant.now < end
        if !isAnswering {
            ready.removeAll(keepingCapacity: true)
            next = 0
        }
        return completions
    }

    /// Puts what can be answered, or has waited too long, among the ready ones.
    private mutating func sort(_ queries: [FollowerQuery], _ head: LogPosition) {
        if !postponed.isEmpty {
            let now = Instant.now
            postponed.removeAll { query in
                guard query.atLeast <= head || now >= query.deadline else { return false }
                ready.append(query)
                return true
            }
        }
        for query in queries {
            if query.atLeast <= head { ready.append(query) } else { postponed.append(query) }
        }
    }

    /// The outcome of a read; `nil` when somebody else will answer.
    private static func outcome(of query: FollowerQuery, _ state: FollowerState) -> Outcome? {
        guard query.atLeast <= state.market.head else {
            return .refused(RPCError(.positionNotReached, field: "atLeast"))
        }
        do throws(RPCError) {
            return try query.body(state).map { .result($0) }
        } catch {
            return .refused(error)
        }
    }

    /// Refuses all that wait, because the daemon stops.
    mutating func refuseAll() -> [Completion] {
        let rest = ready[next...] + postponed
        (ready, next, postponed) = ([], 0, [])
        return rest.map {
            Completion(
                address: $0.address, outcome: .refused(RPCError(.shuttingDown)), isLook: true)
        }
    }
}
