internal import MarketCore

/// The deliveries that are overdue now: pushed for too long, and nobody has acknowledged them
/// (R8.6).
///
/// A delivery is overdue when it is still pushed and was released by ``watchedTime`` or before; so
/// nothing is kept for any of them but how many they are.
struct OverdueDeliveries {
    /// Releases up to this time were looked at; `nil` before the first.
    private var watchedTime: Timestamp?
    /// How many there are.
    private(set) var count = 0

    /// Whether `assignment` is overdue.
    func contains(_ assignment: Assignment) -> Bool {
        guard let watchedTime, let releasedAt = assignment.releasedAt else { return false }
        return assignment.isPushed && releasedAt <= watchedTime
    }

    /// Notes that the delivery of `assignment` is overdue; told in order of release.
    mutating func insert(_ assignment: Assignment) {
        watchedTime = assignment.releasedAt
        count += 1
    }

    /// The overdue deliveries that `event` may settle, in `market` before it evolves.
    ///
    /// - Complexity: O(1), and for a person's suppression or erasure O(their sales).
    func affected(by event: Event, in market: Market) -> [AssignmentID] {
        guard count > 0 else { return [] }
        let named: [AssignmentID]
        switch event {
        case .assignmentAcknowledged(let id), .contactReported(let id, _),
            .stageReported(let id, _):
            named = [id]
        case .leadWithdrawn(let lead):
            named = market.assignment(of: lead).map { [$0.id] } ?? []
        case .personSuppressed(let identity, _), .personErased(let identity):
            named = market.sales(of: identity)
        default:
            return []
        }
        return named.filter { market.assignment($0).map(contains) ?? false }
    }

    /// Forgets those of `affected` that are settled, now that `market` has evolved.
    mutating func settle(_ affected: [AssignmentID], in market: Market) {
        for id in affected where market.assignment(id).map({ !contains($0) }) ?? true {
            count -= 1
        }
    }
}
