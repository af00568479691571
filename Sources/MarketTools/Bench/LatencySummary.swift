import Histogram
public import MarketRPC

/// What a histogram of latencies comes to.
public struct LatencySummary: Sendable, Equatable {
    /// The percentiles that are reported, and their names.
    static let percentiles: [(name: String, percentile: Double)] = [
        ("p50", 50), ("p90", 90), ("p99", 99), ("p99.9", 99.9), ("max", 100),
    ]

    /// How many latencies there were.
    public let count: Int
    /// The percentiles of ``percentiles`` in microseconds, in that order.
    public let microseconds: [Double]

    /// Sums up a histogram of nanoseconds; `nil` when it is empty.
    init?(_ histogram: Histogram<UInt64>) {
        guard histogram.totalCount > 0 else { return nil }
        count = Int(histogram.totalCount)
        microseconds = Self.percentiles.map { _, percentile in
            let value =
                percentile == 100 ? histogram.max : histogram.valueAtPercentile(percentile)
            return (Double(min(value, histogram.max)) / 100).rounded() / 10
        }
    }

    /// The median in microseconds.
    public var median: Double { microseconds[0] }

    /// The latencies as JSON: `p50`, `p90`, `p99`, `p99.9` and `max` in microseconds, and `count`.
    public var json: JSONValue {
        var object = JSONObject()
        for (value, row) in zip(microseconds, Self.percentiles) {
            object[row.name] = .double(value)
        }
        object["count"] = .integer(Int64(count))
        return .object(object)
    }
}
