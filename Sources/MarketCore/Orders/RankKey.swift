/// One of the things that decide who of several eligible orders gets a lead (R6.2).
///
/// A category lists them in the order in which they count; where all are equal the lower order id
/// wins.
public enum RankKey: Hashable, Sendable, CaseIterable {
    /// The advisor is the one that the lead names as preferred, or that the person is bound to.
    case dedicated
    /// The order has the higher priority.
    case priority
    /// The order pays the higher premium.
    case premium
    /// The advisor's grade is nearer to the lead's tier: elite to the first, standard to the second,
    /// novice to the third. A lead without a tier is equally near to all.
    case gradeFit
    /// The advisor's last reservation in the category is further back; never is furthest.
    case leastRecentlyServed

    /// The rank list of a category that names none.
    public static let defaultList: [RankKey] = [
        .dedicated, .priority, .premium, .gradeFit, .leastRecentlyServed,
    ]
}
