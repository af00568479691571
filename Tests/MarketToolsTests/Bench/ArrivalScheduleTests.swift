import MarketTestSupport
import Testing

@testable import MarketTools

struct `the schedule of arrivals` {
    private func times(
        _ kind: ArrivalSchedule.Kind, _ rate: Double, _ count: Int, seed: UInt64 = 1
    ) -> [UInt64] {
        var schedule = ArrivalSchedule(kind, leadsPerSecond: rate, seed: seed)
        return (0..<count).map { _ in
            defer { schedule.advance() }
            return schedule.next
        }
    }

    @Test func `fixed arrivals are evenly apart and no error adds up`() {
        #expect(times(.fixed, 1_000, 4) == [0, 1_000_000, 2_000_000, 3_000_000])
        // Three a second: the millionth is at a third of a million seconds, to the nanosecond.
        let last = times(.fixed, 3, 1_000_001).last
        #expect(last == 333_333_333_333_333)
    }

    @Test func `Poisson arrivals come at the rate and their distances spread as exponentials do`() {
        let times = times(.poisson, 10_000, 200_001)
        let distances = zip(times.dropFirst(), times).map { Double($0 - $1) }
        let mean = distances.reduce(0, +) / Double(distances.count)
        #expect(abs(mean - 100_000) < 1_000)
        let variance =
            distances.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(distances.count)
        // The spread of an exponential is its mean.
        #expect(abs(variance.squareRoot() - mean) < 0.02 * mean)
        let short = distances.count { $0 < 69_315 }
        #expect(abs(Double(short) / Double(distances.count) - 0.5) < 0.01)
    }

    @Test func `the same seed gives the same arrivals and another one others`() {
        #expect(times(.poisson, 500, 100, seed: 7) == times(.poisson, 500, 100, seed: 7))
        #expect(times(.poisson, 500, 100, seed: 7) != times(.poisson, 500, 100, seed: 8))
    }
}
