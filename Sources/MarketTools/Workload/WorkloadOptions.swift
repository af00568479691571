/// How large a generated workload is.
public struct WorkloadOptions: Sendable {
    /// How many leads are submitted or pinged; those of the test channel come on top.
    public var leads = 20_000
    /// How many standing orders are placed.
    public var orders = 500
    /// How many advisors place them.
    public var advisors = 100
    /// The same seed and options give the same bytes.
    public var seed: UInt64 = 1
    /// Over how many days the leads arrive.
    public var days = 30
    /// When it begins: midnight, market-local, in microseconds.
    public var startMicroseconds: Int64 = 1_767_196_800_000_000  // 2026-01-01T00:00:00+08:00

    /// The default size.
    public init() {}

    /// How many leads come on a day, for an order or an advisor: what caps are made of.
    func leadsPerDay(for holders: Int) -> Double {
        Double(leads) / Double(max(1, holders)) / Double(days)
    }

    /// - Throws: ``ToolError/usage(_:)`` when a number makes no sense.
    func check() throws(ToolError) {
        guard (0...100_000_000).contains(leads), (0...1_000_000).contains(orders),
            (1...100_000).contains(advisors), (1...3_650).contains(days)
        else {
            throw .usage(
                "a workload has 0-100,000,000 leads, 0-1,000,000 orders, 1-100,000 advisors and 1-3,650 days"
            )
        }
    }
}
