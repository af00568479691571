import Glibc

extension SplitMix64 {
    /// A number of the standard normal distribution (Box and Muller).
    package mutating func normal() -> Double {
        let radius = (-2 * log(1 - fraction())).squareRoot()
        return radius * cos(2 * .pi * fraction())
    }

    /// A number whose logarithm is normal.
    package mutating func logNormal(logMedian: Double, logSpread: Double) -> Double {
        exp(logMedian + logSpread * normal())
    }

    /// True more often the larger `value` is: at 0 in `share` of all cases.
    package mutating func chance(_ share: Double, value: Double, slope: Double) -> Bool {
        let odds = log(share / (1 - share)) + slope * value
        return chance(1 / (1 + exp(-odds)))
    }
}

/// Indexes drawn by weight.
package struct WeightedChoice: Sendable {
    private let cumulated: [Double]

    /// Draws by `weights`, none negative and not all zero.
    package init(_ weights: [Double]) {
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
    package func index(using random: inout SplitMix64) -> Int {
        let target = random.fraction() * (cumulated.last ?? 0)
        var (low, high) = (0, cumulated.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if cumulated[middle] > target { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
