/// What the orders and leads of a workload are like.
public enum WorkloadKind: String, CaseIterable, Sendable {
    /// Cities as in the real data: few large ones, many small; filters of a few conditions.
    case mixed
    /// As ``mixed``, but nine tenths of all orders and leads are of one city.
    case hotRegion
    /// The higher an order ranks the fewer leads it takes: the best offers ask for almost everything.
    case correlated
    /// As ``mixed``, but of a hundred orders 99 are paused, without funds, not begun, outside of their
    /// windows, or of an advisor who is offline or suspended.
    case notLive
    /// All orders and leads of one city and category, and no order takes any of the leads, each for
    /// a reason of its own.
    case noMatch
    /// As ``mixed``; meant to be changed between leads (``Workload/changes()``).
    case churn
    /// All orders of one category alike in rank, so that only turns decide; half of them ask for an
    /// income.
    case equalRank
}
