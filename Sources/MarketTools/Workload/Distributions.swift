import Foundation

extension SplitMix64 {
    /// A number of the standard normal distribution (Box and Muller).
    mutating func normal() -> Double {
        let radius = (-2 * log(1 - fraction())).squareRoot()
        return radius * cos(2 * .pi * fraction())
    }

    /// A number whose logarithm is normal.
    mutating func logNormal(logMedian: Double, logSpread: Double) -> Double {
        exp(logMedian + logSpread * normal())
    }

    /// True more often the larger `value` is: at 0 in `share` of all cases.
    mutating func chance(_ share: Double, value: Double, slope: Double) -> Bool {
        let odds = log(share / (1 - share)) + slope * value
        return chance(1 / (1 + exp(-odds)))
    }
}

/// Indexes drawn by weight.
struct WeightedChoice: Sendable {
    private let cumulated: [Double]

    /// - Parameter weights: none negative, not all zero.
    init(_ weights: [Double]) {
        var sum = 0.0
        cumulated = weights.map { weight in
            sum += weight
            return sum
        }
        precondition(sum > 0, "some weight must be positive")
    }

    /// An index.
    ///
    /// - Complexity: logarithmic in the number of weights.
    func index(using random: inout SplitMix64) -> Int {
        let target = random.fraction() * (cumulated.last ?? 0)
        var (low, high) = (0, cumulated.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if cumulated[middle] > target { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
