import MarketCore
import MarketTestSupport
import Testing

@testable import Projections

@Suite struct DelayHistogramTests {
    @Test(arguments: [1, 2, 3])
    func `a percentile is never too low and at most a sixteenth too high`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        for count in [1, 2, 10, 999] {
            var histogram = DelayHistogram()
            var delays: [Int64] = []
            for _ in 0..<count {
                let delay = Int64(random.next() >> UInt64(random.within(1...63)))
                delays.append(delay)
                histogram.add(Timespan(microseconds: delay))
            }
            delays.sort()
            for percentage in [1, 50, 90, 99, 100] {
                let exact = delays[(count * percentage + 99) / 100 - 1]
                let read = try #require(histogram.percentile(percentage)).microseconds
                #expect(read >= exact)
                #expect(read - exact <= exact / 16, "\(percentage) % of \(count)")
            }
        }
    }

    @Test func `every delay lies in the bin that ends at or after it`() {
        for exponent in 0..<62 {
            for delta in [-1, 0, 1] as [Int64] {
                let delay = Timespan(microseconds: max(0, 1 << Int64(exponent) + delta))
                let bin = DelayHistogram.bin(of: delay)
                #expect(DelayHistogram.end(of: bin) >= delay)
                if bin > 0 { #expect(DelayHistogram.end(of: bin - 1) < delay) }
            }
        }
        #expect(DelayHistogram.bin(of: Timespan(microseconds: -5)) == 0)
    }

    @Test func `an empty histogram has no percentile, and two add up`() {
        #expect(DelayHistogram().percentile(50) == nil)
        var left = DelayHistogram()
        left.add(.seconds(1))
        var right = DelayHistogram()
        right.add(.hours(1))
        right.add(.hours(2))
        left += right
        #expect(left.count == 3)
        #expect(left.percentile(50).map { $0 >= .hours(1) && $0 < .hours(2) } == true)
    }
}
