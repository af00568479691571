import MarketCore

/// What happens to the orders of a workload between leads: pauses and resumptions about as often,
/// amendments, and now and then a further order. Without end; the same for the same workload.
public struct WorkloadChanges: Sendable {
    private var source: OrderSource
    private var random: SplitMix64
    private var isPaused: [Bool]
    private var paused: [Int]

    init(orders: [WorkloadOrder], source: OrderSource, seed: UInt64) {
        self.source = source
        random = SplitMix64(seed: seed, text: "changes")
        isPaused = orders.map(\.isPaused)
        paused = orders.indices.filter { orders[$0].isPaused }
    }

    /// The next change.
    ///
    /// - Complexity: O(1).
    public mutating func next() -> WorkloadChange {
        let choice = random.fraction()
        guard !isPaused.isEmpty, choice < 0.90 else { return place() }
        let order = random.integer(in: 0...(isPaused.count - 1))
        if choice < 0.33, !isPaused[order] {
            isPaused[order] = true
            paused.append(order)
            return .pause(order)
        }
        if choice < 0.66, !paused.isEmpty {
            let place = random.integer(in: 0...(paused.count - 1))
            paused.swapAt(place, paused.count - 1)
            let order = paused.removeLast()
            isPaused[order] = false
            return .resume(order)
        }
        return .amend(order, amendment())
    }

    private mutating func place() -> WorkloadChange {
        let order = source.next()
        isPaused.append(order.isPaused)
        if order.isPaused { paused.append(isPaused.count - 1) }
        return .place(order)
    }

    private mutating func amendment() -> OrderAmendment {
        var amendment = OrderAmendment()
        switch random.integer(in: 0...2) {
        case 0: amendment.filter = .set(source.filter())
        case 1: amendment.premium = .set(Money(fen: 100 * Int64(random.integer(in: 0...10))))
        default: amendment.quantity = .set(random.integer(in: 500_000...1_000_000))
        }
        return amendment
    }
}
