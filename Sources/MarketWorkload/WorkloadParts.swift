public import MarketCore

/// An advisor of a workload.
public struct WorkloadAdvisor: Hashable, Sendable {
    /// The name.
    public let name: Name
    /// Institution and grade.
    public let profile: AdvisorProfile
    /// What they pay in at the beginning; zero for nothing.
    public let deposit: Money
    /// Whether they are offline once the orders are placed.
    public let isOffline: Bool
    /// Whether they are suspended once the orders are placed.
    public let isSuspended: Bool
}

/// A standing order of a workload.
public struct WorkloadOrder: Hashable, Sendable {
    /// Whose it is: an index of ``Workload/advisors``.
    public let advisor: Int
    /// What category it takes leads of.
    public let category: Name
    /// What it asks for.
    public let terms: OrderTerms
    /// Whether it is paused once it is placed.
    public let isPaused: Bool
}

/// A lead of a workload, without the person it is about.
public struct WorkloadLead: Hashable, Sendable {
    /// What it declares.
    public let attributes: Attributes
    /// Where it comes from.
    public let channel: Name
    /// The advisor it names as preferred, an index of ``Workload/advisors``, if any.
    public let preferredAdvisor: Int?
}

/// Something that happens to the orders of a workload between leads; orders are named by their index
/// in ``Workload/orders``, those that were placed later by the indexes after it.
public enum WorkloadChange: Hashable, Sendable {
    /// An order that is not paused is paused.
    case pause(Int)
    /// A paused order goes on.
    case resume(Int)
    /// An order's filter, premium or quantity changes.
    case amend(Int, OrderAmendment)
    /// A further order is placed.
    case place(WorkloadOrder)
}
