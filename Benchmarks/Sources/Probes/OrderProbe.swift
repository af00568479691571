public import MarketCore
public import MarketWorkload

/// Commands about orders in a full market.
public struct OrderProbe {
    private let workload: Workload
    private var market: Market
    private var orders: [OrderID]
    private var random = SplitMix64(seed: 4_711)
    private var further: [WorkloadOrder]

    /// Builds the market, with some orders to spare.
    public init(_ kind: WorkloadKind, orders: Int, spare: Int) {
        let whole = Workload(kind, orders: orders + spare, leads: 1)
        further = Array(whole.orders.suffix(spare))
        workload = Workload(kind, orders: orders, leads: 1_000)
        (market, self.orders) = workload.market()
    }

    /// Nanoseconds that each of `count` placements took.
    public mutating func place(_ count: Int) -> [Int64] {
        (0..<count).map { _ in
            guard let order = further.popLast() else { preconditionFailure("no order to spare") }
            orders.append(OrderID(market.head.next))
            return time(
                .placeOrder(
                    advisor: workload.advisors[order.advisor].name, category: order.category,
                    terms: order.terms))
        }
    }

    /// Nanoseconds that each of `count` pauses took.
    ///
    /// - Returns: The times, and what to resume.
    public mutating func pause(_ count: Int) -> (times: [Int64], paused: [OrderID]) {
        var chosen: [Int] = []
        var known: Set<Int> = []
        while chosen.count < count {
            let order = random.integer(in: 0...(orders.count - 1))
            if known.insert(order).inserted { chosen.append(order) }
        }
        let paused = chosen.map { orders[$0] }
        return (paused.map { time(.pauseOrder($0)) }, paused)
    }

    /// Nanoseconds that each resumption took of orders that were paused, the last first.
    public mutating func resume(_ paused: [OrderID]) -> [Int64] {
        paused.reversed().map { time(.resumeOrder($0)) }
    }

    /// Whether the market finds for a thousand leads the orders that a plain book finds.
    public mutating func agreesWithPlainBook() -> Bool {
        market.agreesWithPlainBook(on: [Lead](supposedIn: market, of: workload))
    }

    private mutating func time(_ command: Command) -> Int64 {
        let start = Stopwatch.now()
        let events = market.give(command)
        let end = Stopwatch.now()
        precondition(!events.isEmpty)
        return end - start
    }
}

/// What it takes to build a market with many orders out of its events.
public struct BuildProbe {
    private let workload: Workload
    private let events: [RecordedEvent]

    /// Makes up the orders and places them once.
    public init(_ kind: WorkloadKind, orders: Int) {
        var events: [RecordedEvent] = []
        workload = Workload(kind, orders: orders, leads: 1_000)
        _ = workload.market { events += $0 }
        self.events = events
    }

    /// Evolves a market by all events.
    ///
    /// - Parameter decides: whether it has an order book.
    /// - Returns: The market; seconds; bytes in use for each order.
    public func build(
        decides: Bool
    ) -> (market: Market, seconds: Double, bytesPerOrder: Double) {
        let before = Stopwatch.bytesInUse()
        let start = Stopwatch.now()
        var market = Market(decides: decides)
        for event in events { market.evolve(event) }
        let seconds = Double(Stopwatch.now() - start) / 1e9
        let bytes = Stopwatch.bytesInUse() - before
        return (market, seconds, Double(bytes) / Double(workload.orders.count))
    }

    /// Whether a market that was built finds for a thousand leads the orders that a plain book finds.
    public func agreesWithPlainBook(_ market: Market) -> Bool {
        var market = market
        return market.agreesWithPlainBook(on: [Lead](supposedIn: market, of: workload))
    }
}

/// Orders that come into a market full of waiting leads.
public struct WaitingProbe {
    private var market: Market
    private var further: [WorkloadOrder]
    private let workload: Workload

    /// Lets `leads` leads wait.
    public init(leads: Int, orders: Int) {
        workload = Workload(.mixed, orders: orders)
        further = workload.orders
        (market, _) = Workload(.mixed, orders: 0, leads: 1).market()
        for index in 0..<leads { _ = market.give(.submitLead(workload.submission(index))) }
    }

    /// Nanoseconds that each of `count` placements took, which sold one lead each.
    ///
    /// - Precondition: a walk over all waiting leads, newest first, comes to the same leads.
    public mutating func place(_ count: Int) -> (times: [Int64], sold: Int) {
        let leads = market.waitingLeads.compactMap { market.openLead($0) }
        var placements: [(category: Name, filter: Filter, lead: LeadID?)] = []
        let times = (0..<count).map { _ in
            guard let order = further.popLast() else { preconditionFailure("no order to spare") }
            var terms = order.terms
            terms.quantity = 1
            terms.maximumAge = .days(1)
            let command = Command.placeOrder(
                advisor: workload.advisors[order.advisor].name, category: order.category,
                terms: terms)
            let start = Stopwatch.now()
            let events = market.give(command)
            let end = Stopwatch.now()
            var lead: LeadID?
            for case .leadReserved(let reservation) in events.map(\.event) {
                lead = reservation.lead
            }
            placements.append((order.category, terms.filter, lead))
            return end - start
        }
        var sold: Set<LeadID> = []
        for (category, filter, lead) in placements {
            let expected = leads.last {
                !sold.contains($0.id) && filter.accepts($0.attributes)
                    && $0.categories.contains { market.categories[$0.index].name == category }
            }
            confirm(expected?.id == lead, "not the newest lead that fits")
            if let lead { sold.insert(lead) }
        }
        return (times, sold.count)
    }
}
