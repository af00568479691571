import CMemory
import Glibc

/// The machine's monotonic clock, read directly: a reading costs some 20 ns.
public enum Stopwatch {
    /// Nanoseconds since some point in the past.
    @inline(__always)
    public static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// What taking a time costs by itself, in nanoseconds: the least of many tries.
    public static let cost: Int64 =
        (0..<1_000).map { _ in
            let start = now()
            return now() - start
        }.min() ?? 0

    /// The bytes that this process has allocated and not freed.
    public static func bytesInUse() -> Int { Int(leadmarket_bytes_in_use()) }
}

/// A figure of one thing done many times, in nanoseconds.
public struct Figure: Sendable {
    /// The mean.
    public var mean: Double
    /// What 99 of 100 took no longer than; `nil` where single ones were not timed.
    public var p99: Double?

    /// The median of the means of some rounds, each timed as a whole.
    public static func median(rounds: Int, times: Int, _ round: () -> Void) -> Figure {
        let means = (0..<rounds).map { _ in
            let start = Stopwatch.now()
            round()
            return Double(Stopwatch.now() - start) / Double(times)
        }.sorted()
        return Figure(mean: means[rounds / 2])
    }

    /// Mean and percentile of single times, less what timing costs.
    public init(of single: [Int64]) {
        let sorted = single.map { max(0, $0 - Stopwatch.cost) }.sorted()
        mean = Double(sorted.reduce(0, +)) / Double(max(1, sorted.count))
        p99 = sorted.isEmpty ? nil : Double(sorted[sorted.count * 99 / 100])
    }

    init(mean: Double) { self.mean = mean }
}
