/// What several measurements of one figure come to.
public struct Spread: Sendable, Equatable {
    /// The least of them.
    public let least: Double
    /// The middle one, or the mean of the middle two.
    public let median: Double
    /// The most of them.
    public let most: Double
    /// How many there are.
    public let count: Int

    /// Sums up `values`; `nil` when there is none.
    public init?(_ values: [Double]) {
        let sorted = values.sorted()
        guard let least = sorted.first, let most = sorted.last else { return nil }
        self.least = least
        self.most = most
        count = sorted.count
        let middle = sorted.count / 2
        median =
            sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    /// Whether all of one lie above all of the other, with at least two of each.
    public func isApart(from other: Spread) -> Bool {
        count > 1 && other.count > 1 && (least > other.most || most < other.least)
    }
}
