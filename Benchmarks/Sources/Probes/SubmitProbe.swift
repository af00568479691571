public import EventLog
public import MarketCore
public import MarketWorkload

/// Leads on their whole way through one thread: decided, evolved by, encoded for the log; no disk.
public struct SubmitProbe: ~Copyable {
    private let workload: Workload
    private var market: Market
    private var records: RecordBatch
    private var events: [RecordedEvent] = []
    private var source: WorkloadChanges
    private var orders: [OrderID]
    private var next = 0
    /// How many leads were reserved or sold.
    public private(set) var reserved = 0

    /// About as many records as a commit under full load has.
    private static let batchBytes = 256 << 10

    /// Builds the market.
    public init(_ kind: WorkloadKind, orders: Int, leads: Int = Workload.usualLeads) {
        workload = Workload(kind, orders: orders, leads: leads)
        (market, self.orders) = workload.market()
        records = RecordBatch(firstPosition: market.head.next)
        source = workload.changes()
    }

    /// The next submissions, made beforehand.
    public mutating func submissions(_ count: Int) -> [Command] {
        defer { next += count }
        return (next..<(next + count)).map { .submitLead(workload.submission($0)) }
    }

    /// Submits them.
    @inline(never)
    public mutating func submit(_ commands: ArraySlice<Command>) {
        for command in commands { execute(command) }
    }

    /// Submits the next `count` leads, one by one.
    ///
    /// - Precondition: each goes to the order that a plain book finds.
    public mutating func submitChecked(_ count: Int) {
        let leads = [Lead](supposedIn: market, of: workload)
        var answers = PlainAnswers(market, leads: leads)
        for index in next..<(next + count) {
            let time = market.stamp(at: Workload.beginning)
            let submission = workload.submission(index)
            let place = index % leads.count
            let expected = answers.best(
                forLeadAt: place,
                as: market.supposed(leads[place], of: submission.identity, at: time), in: market,
                at: time)
            confirm(
                answers.submit(submission, to: &market) == expected,
                "lead \(index) did not go to the order that ranks first")
        }
        next += count
    }

    /// What tells whether two markets are in the same state.
    public var digest: MarketDigest { MarketDigest(of: market) }

    /// Submits them where nobody counts.
    public mutating func warmUp(_ commands: [Command]) {
        for command in commands { execute(command) }
    }

    /// The next changes to orders, made up beforehand.
    public mutating func changes(_ count: Int) -> [WorkloadChange] {
        (0..<count).map { _ in source.next() }
    }

    /// Makes changes to orders.
    @inline(never)
    public mutating func change(_ changes: ArraySlice<WorkloadChange>) {
        for change in changes {
            switch change {
            case .pause(let order):
                execute(.pauseOrder(orders[order]))
            case .resume(let order):
                execute(.resumeOrder(orders[order]))
            case .amend(let order, let amendment):
                execute(.amendOrder(orders[order], amendment))
            case .place(let order):
                orders.append(OrderID(market.head.next))
                execute(
                    .placeOrder(
                        advisor: workload.advisors[order.advisor].name, category: order.category,
                        terms: order.terms))
            }
        }
    }

    @inline(never)
    private mutating func execute(_ command: Command) {
        let count = events.count
        market.give(command, appendingTo: &events)
        records.append(transaction: events[count...])
        if case .submitLead = command, events.count > count + 1 { reserved += 1 }
        if records.byteCount >= Self.batchBytes {
            records.reset(firstPosition: market.head.next)
            events.removeAll(keepingCapacity: true)
        }
    }
}
