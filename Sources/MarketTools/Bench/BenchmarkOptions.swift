public import MarketWorkload

/// What a benchmark loads a market with.
public struct BenchmarkOptions: Sendable {
    /// The daemon's socket.
    public var socketPath: String
    /// How many connections hand in leads.
    public var connections = 32
    /// How many requests are in flight on each in a closed loop.
    public var inFlight = 16
    /// What orders and leads are like.
    public var workload = WorkloadKind.mixed
    /// How many standing orders are placed beforehand.
    public var orders = 10_000
    /// How many advisors place them.
    public var advisors = 1_000
    /// The share of requests that change an order instead of handing in a lead, from 0 to 0.5.
    public var changeShare = 0.0
    /// A file of leads to hand in instead of those of the workload (``LeadFile``).
    public var file: String?
    /// How a CSV file is mapped to leads.
    public var mapping: String?
    /// How many different leads there are.
    public var distinctLeads = Workload.usualLeads
    /// Whether a further connection watches for the pushes of sales.
    public var watchesSales = false
    /// Whether that connection acknowledges what was sold and accepts what is reserved; only if it watches.
    public var servesSales = false
    /// How long is not measured at the beginning, in seconds.
    public var warmUpSeconds = 1.0
    /// Seeds orders, leads and arrivals.
    public var seed: UInt64 = 1

    /// The default load on the daemon at `socketPath`.
    public init(socketPath: String) {
        self.socketPath = socketPath
    }

    /// The workloads there are.
    public static let workloadNames = WorkloadKind.allCases.map(\.rawValue)

    /// Chooses a workload by its name; that of changes comes with one in twenty requests.
    ///
    /// - Returns: whether there is one of that name.
    public mutating func choose(workload name: String) -> Bool {
        guard let kind = WorkloadKind(rawValue: name) else { return false }
        workload = kind
        changeShare = kind == .churn ? 0.05 : 0
        return true
    }

    /// - Throws: ``ToolError/usage(_:)`` when a number makes no sense.
    func check() throws(ToolError) {
        guard (1...1_000).contains(connections), (1...LoadSocket.maximumInFlight).contains(inFlight)
        else { throw .usage("1 to 1,000 connections with 1 to 4,000 requests in flight each") }
        guard (0...10_000_000).contains(orders), (10...1_000_000).contains(advisors) else {
            throw .usage("0 to 10,000,000 orders of 10 to 1,000,000 advisors")
        }
        guard mapping == nil || file != nil else {
            throw .usage("a mapping says how to read a file: give --file too")
        }
        guard (1...10_000_000).contains(distinctLeads) else {
            throw .usage("1 to 10,000,000 different leads")
        }
        guard (0...0.5).contains(changeShare) else {
            throw .usage("at most 50 % of the requests change orders")
        }
        guard (0...3_600).contains(warmUpSeconds) else {
            throw .usage("a warm-up takes 0 to 3,600 seconds")
        }
    }
}
