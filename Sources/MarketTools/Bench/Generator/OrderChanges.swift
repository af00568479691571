import MarketWorkload

/// Changes of orders in between leads: some pause or resume one, some amend one, some place another.
struct OrderChanges {
    /// The change of an order that was there from the start, for ``LoadSocket/Subject``.
    static let ofKnownOrder = Int.max

    /// A change on its way.
    struct Next {
        var method: String
        var parameters: [UInt8]
        /// Which order is changed; changes of one order belong on one connection, so that none overtakes another.
        var order: Int
        /// The index of the order that it places, or ``OrderChanges/ofKnownOrder``.
        var mark: Int
    }

    private let share: Double
    private let workload: BenchmarkWorkload
    private var random: SplitMix64
    private var changes: WorkloadChanges
    /// Numbers of the orders, in the order in which they were placed; zero where the answer has not come.
    private var identifiers: [Int64]
    /// Changes of orders whose numbers are not known yet.
    private var putOff: [WorkloadChange] = []

    /// Makes changes of the orders of `workload`.
    ///
    /// - Parameters:
    ///   - share: of all requests, above 0, at most 0.5.
    ///   - identifiers: the numbers of its orders.
    init(_ workload: BenchmarkWorkload, share: Double, identifiers: [Int64], seed: UInt64) {
        self.workload = workload
        self.share = share
        self.identifiers = identifiers
        changes = workload.changes()
        random = SplitMix64(seed: seed, text: "changes between leads")
    }

    /// Whether the next request is a change.
    mutating func isNext() -> Bool { random.chance(share) }

    /// The next change.
    mutating func next() -> Next {
        if let first = putOff.first, identifier(of: first) != nil {
            return request(putOff.removeFirst())
        }
        while true {
            let change = changes.next()
            // What is put off must stay in order: a resumption may not come before its pause.
            let isBehind = putOff.contains { Self.order(of: $0) == Self.order(of: change) }
            if identifier(of: change) != nil, !isBehind || Self.order(of: change) == nil {
                return request(change)
            }
            putOff.append(change)
        }
    }

    /// Notes the number of an order that was placed.
    mutating func placed(_ index: Int, _ identifier: Int64) {
        if identifiers.indices.contains(index) { identifiers[index] = identifier }
    }

    private mutating func request(_ change: WorkloadChange) -> Next {
        let call = workload.call(change, identifier(of: change) ?? 0)
        guard let order = Self.order(of: change) else {
            identifiers.append(0)
            return Next(
                method: call.method, parameters: call.parameters, order: identifiers.count - 1,
                mark: identifiers.count - 1)
        }
        return Next(
            method: call.method, parameters: call.parameters, order: order,
            mark: Self.ofKnownOrder)
    }

    private static func order(of change: WorkloadChange) -> Int? {
        switch change {
        case .pause(let order), .resume(let order), .amend(let order, _): order
        case .place: nil
        }
    }

    /// The number of the order that is changed, zero for one to be placed, `nil` for one not known yet.
    private func identifier(of change: WorkloadChange) -> Int64? {
        guard let order = Self.order(of: change) else { return 0 }
        guard order < identifiers.count, identifiers[order] != 0 else { return nil }
        return identifiers[order]
    }
}
