internal import MarketCore

/// The deliveries that are overdue now: pushed for too long, and nobody has acknowledged them
/// (R8.6).
///
/// Kept by person, so that suppressing or erasing one costs no look at anybody else's.
struct OverdueDeliveries {
    private var assignments: [Identity: Set<AssignmentID>] = [:]
    /// How many there are.
    private(set) var count = 0

    /// Whether `assignment` is overdue.
    func contains(_ assignment: Assignment) -> Bool {
        assignments[assignment.identity]?.contains(assignment.id) ?? false
    }

    /// Notes that the delivery of `assignment` is overdue.
    mutating func insert(_ assignment: Assignment) {
        if assignments[assignment.identity, default: []].insert(assignment.id).inserted {
            count += 1
        }
    }

    /// Forgets what an event has settled, which `market` has evolved by.
    mutating func note(_ recorded: RecordedEvent, in market: Market) {
        guard count > 0 else { return }
        switch recorded.event {
        case .assignmentAcknowledged(let id), .contactReported(let id, _),
            .stageReported(let id, _):
            settle(market.assignment(id))
        case .leadWithdrawn(let lead):
            settle(market.assignment(of: lead))
        case .personSuppressed(let identity, _), .personErased(let identity):
            for id in assignments[identity] ?? [] { settle(market.assignment(id)) }
        default:
            return
        }
    }

    private mutating func settle(_ assignment: Assignment?) {
        guard let assignment, !assignment.isPushed,
            assignments[assignment.identity]?.remove(assignment.id) != nil
        else { return }
        count -= 1
        if assignments[assignment.identity]?.isEmpty == true {
            assignments[assignment.identity] = nil
        }
    }
}
