/// A share with its 95 % confidence interval, in basis points (R9.3).
///
/// Wilson's score interval (Wilson 1927, "Probable inference, the law of succession, and statistical
/// inference") with z = 1.959964, in integer arithmetic, its ends rounded outward.
public struct WilsonInterval: Hashable, Sendable {
    /// The share itself, rounded to the nearest basis point, halves up; 0 of 0 is 0.
    public let rate: Int
    /// The lower end, rounded down; 0...10,000.
    public let low: Int
    /// The upper end, rounded up; 0...10,000.
    public let high: Int

    /// z² in millionths.
    private static let zSquared: UInt128 = 3_841_459
    private static let scale: UInt128 = 1_000_000

    /// The interval for `successes` out of `trials`; of no trials it is everything.
    ///
    /// - Parameters:
    ///   - successes: 0...`trials`.
    ///   - trials: up to 2^40.
    public init(successes: Int, trials: Int) {
        precondition(0 <= successes && successes <= trials, "a share is part of a whole")
        guard trials > 0 else {
            (rate, low, high) = (0, 0, 10_000)
            return
        }
        let k = UInt128(successes)
        let n = UInt128(trials)
        rate = Int((k * 20_000 + n) / (2 * n))

        // (2k + z² ± sqrt(z⁴ + 4 z² k (n - k) / n)) / (2 (n + z²)), all times `scale`.
        let center = 2 * k * Self.scale + Self.zSquared
        let spread = 4 * Self.zSquared * Self.scale * k * (n - k)
        let radicand = Self.zSquared * Self.zSquared + (spread + n - 1) / n
        let root = Self.squareRootRoundedUp(radicand)
        let divisor = 2 * (n * Self.scale + Self.zSquared)
        low = center > root ? Int((center - root) * 10_000 / divisor) : 0
        high = min(10_000, Int(((center + root) * 10_000 + divisor - 1) / divisor))
    }

    private static func squareRootRoundedUp(_ value: UInt128) -> UInt128 {
        guard value > 0 else { return 0 }
        var low: UInt128 = 1
        var high: UInt128 = 1 << UInt128((129 - value.leadingZeroBitCount) / 2 + 1)
        while low < high {
            let middle = (low + high) / 2
            if middle * middle >= value { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
