import Glibc
import MarketWorkload

/// When leads are due in an open loop; it never looks at answers.
///
/// The same seed gives the same times.
public struct ArrivalSchedule: Sendable {
    /// How arrivals follow one another.
    public enum Kind: String, CaseIterable, Sendable {
        /// All at the same distance.
        case fixed
        /// Independent of each other, as people are: a Poisson process.
        case poisson
    }

    private let kind: Kind
    private let distance: Double
    private var random: SplitMix64
    private var count = 0.0
    private var sum = 0.0

    /// When the next lead is due, in nanoseconds since the beginning.
    public private(set) var next: UInt64 = 0

    /// Makes a schedule.
    ///
    /// - Parameter leadsPerSecond: above zero.
    public init(_ kind: Kind, leadsPerSecond: Double, seed: UInt64) {
        precondition(leadsPerSecond > 0, "a rate is above zero")
        self.kind = kind
        distance = 1_000_000_000 / leadsPerSecond
        random = SplitMix64(seed: seed, text: "arrivals")
        if kind == .poisson { advance() }
    }

    /// Goes on to the lead after.
    public mutating func advance() {
        switch kind {
        case .fixed:
            // Multiplied and not added up, so that no error adds up either.
            count += 1
            next = UInt64(count * distance)
        case .poisson:
            sum -= log(1 - random.fraction()) * distance
            next = UInt64(sum)
        }
    }
}
