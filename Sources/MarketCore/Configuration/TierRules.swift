/// How the market derives a lead's tier from what it declares (R1.5).
public struct TierRules: Hashable, Sendable {
    /// What a rule speaks for.
    public enum Aspect: Hashable, Sendable, CaseIterable {
        /// How recently and often the person acted.
        case activity
        /// Whether they can pay.
        case ability
        /// Whether they want the loan.
        case willingness
    }

    /// Points for a lead that passes a filter.
    public struct Rule: Hashable, Sendable {
        /// What it speaks for; people read it, the sum does not tell aspects apart.
        public var aspect: Aspect
        /// Which leads get the points.
        public var filter: Filter
        /// The points, -1,000...1,000.
        public var points: Int

        /// Gives `points` to leads that pass `filter`.
        public init(aspect: Aspect, filter: Filter, points: Int) {
            self.aspect = aspect
            self.filter = filter
            self.points = points
        }
    }

    /// The most rules.
    public static let maximumRules = 64
    /// The most points one rule gives or takes.
    public static let maximumPoints = 1_000

    /// The largest sum that rules reach, either way.
    public static let maximumSum = maximumRules * maximumPoints

    /// The rules; their points add up.
    public var rules: [Rule]
    /// The sum from which on a lead is of the first tier.
    public var firstTierFrom: Int
    /// The sum from which on a lead is of the second tier; below it is the third.
    public var secondTierFrom: Int

    /// Makes rules.
    public init(rules: [Rule], firstTierFrom: Int, secondTierFrom: Int) {
        self.rules = rules
        self.firstTierFrom = firstTierFrom
        self.secondTierFrom = secondTierFrom
    }

    /// The tier of a lead that declares `attributes`: 0, 1 or 2.
    ///
    /// - Complexity: O(predicates of all rules).
    public func tier(of attributes: Attributes) -> Int {
        var sum = 0
        // By index: each rule taken out would be a copy, whose references are counted.
        for index in rules.indices where rules[index].filter.accepts(attributes) {
            sum += rules[index].points
        }
        return sum >= firstTierFrom ? 0 : sum >= secondTierFrom ? 1 : 2
    }
}
