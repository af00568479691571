import MarketTestSupport
import Projections
import Testing

@Suite struct WilsonIntervalTests {
    /// Ends computed from Wilson's formula in decimal arithmetic, then rounded outward.
    @Test(
        .rules("R9.3"),
        arguments: [
            (0, 0, 0, 0, 10_000), (0, 10, 0, 0, 2_776), (10, 10, 10_000, 7_224, 10_000),
            (8, 10, 8_000, 4_901, 9_434), (1, 1, 10_000, 2_065, 10_000),
            (50, 100, 5_000, 4_038, 5_962), (1, 3, 3_333, 614, 7_924),
            (999_999, 1_000_000, 10_000, 9_999, 10_000),
        ])
    func `a rate carries a 95 percent Wilson interval, rounded outward`(
        successes: Int, trials: Int, rate: Int, low: Int, high: Int
    ) {
        let interval = WilsonInterval(successes: successes, trials: trials)
        #expect(interval.rate == rate)
        #expect(interval.low == low)
        #expect(interval.high == high)
    }

    @Test(.rules("R9.3")) func `the interval holds the rate and narrows with more trials`() {
        var width = 10_001
        for trials in [4, 16, 64, 256, 1_024, 1 << 20, 1 << 40] {
            let interval = WilsonInterval(successes: trials / 4, trials: trials)
            #expect(interval.low <= interval.rate && interval.rate <= interval.high)
            #expect(interval.high - interval.low < width)
            width = interval.high - interval.low
        }
    }
}
