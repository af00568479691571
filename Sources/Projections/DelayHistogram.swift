public import MarketCore

/// How delays are spread, in bins of which each is at most a sixteenth as wide as it is far from
/// zero: what is read of it is at most 6.25 % above the true value, and never below it.
///
/// Delays under 16 microseconds have a bin each; every further doubling of the delay is cut into 16
/// bins of equal width.
public struct DelayHistogram: Hashable, Sendable {
    /// How many delays fall into each bin.
    private(set) var counts: [UInt16: Int] = [:]
    /// How many delays there are.
    public private(set) var count = 0

    /// Bins of each doubling.
    private static let bins: UInt64 = 16
    /// The number of bits that ``bins`` takes.
    private static let bits: UInt64 = 4

    /// No delays.
    public init() {}

    /// Adds a delay; one below zero counts as zero.
    public mutating func add(_ delay: Timespan) { add(1, to: Self.bin(of: delay)) }

    /// Adds `number` delays of one bin.
    mutating func add(_ number: Int, to bin: UInt16) {
        counts[bin, default: 0] += number
        count += number
    }

    /// Adds another histogram.
    public static func += (left: inout DelayHistogram, right: DelayHistogram) {
        left.counts.merge(right.counts, uniquingKeysWith: +)
        left.count += right.count
    }

    /// The delay within which at least `percentage` of a hundred delays lie; `nil` without any.
    ///
    /// - Parameter percentage: 1...100; 50 is the median.
    public func percentile(_ percentage: Int) -> Timespan? {
        precondition((1...100).contains(percentage), "a percentage is 1 to 100")
        let wanted = (count * percentage + 99) / 100
        var seen = 0
        for bin in counts.keys.sorted() {
            seen += counts[bin] ?? 0
            if seen >= wanted { return Self.end(of: bin) }
        }
        return nil
    }

    static func bin(of delay: Timespan) -> UInt16 {
        let value = UInt64(max(0, delay.microseconds))
        guard value >= bins else { return UInt16(value) }
        let exponent = UInt64(63 - value.leadingZeroBitCount)
        let step = (value >> (exponent - bits)) & (bins - 1)
        return UInt16((exponent - bits + 1) * bins + step)
    }

    /// The longest delay of a bin.
    static func end(of bin: UInt16) -> Timespan {
        let number = UInt64(bin)
        guard number >= bins else { return Timespan(microseconds: Int64(number)) }
        let shift = number / bins - 1
        let start = (bins + number % bins) << shift
        return Timespan(microseconds: Int64(start + (1 << shift) - 1))
    }
}
