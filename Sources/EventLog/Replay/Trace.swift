public import MarketCore

/// What to follow through a log.
public enum TraceSubject: Hashable, Sendable {
    /// A lead, and the assignment it led to.
    case lead(LeadID)
    /// An order, and the assignments it took.
    case order(OrderID)
    /// An advisor, with their orders and assignments.
    case advisor(Name)
    /// An assignment, with its lead.
    case assignment(AssignmentID)
}

/// Tells which events of a log concern a subject.
///
/// Shown every event from ``firstPosition(in:)`` on, in order.
public struct Trace: Sendable {
    private let subject: TraceSubject
    private var leads: Set<LeadID> = []
    private var orders: Set<OrderID> = []
    private var assignments: Set<AssignmentID> = []
    private var people: Set<Identity> = []
    private var advisors: Set<AdvisorNumber> = []

    /// Prepares to follow `subject`.
    public init(of subject: TraceSubject) {
        self.subject = subject
        switch subject {
        case .lead(let id): leads = [id]
        case .order(let id): orders = [id]
        case .assignment(let id): assignments = [id]
        case .advisor: break
        }
    }

    /// The first position that can concern the subject; 1 when nothing is known about that.
    ///
    /// For an assignment it asks `log` which lead it is of, and follows that lead too.
    public mutating func firstPosition(in log: EventLog) throws(EventLogError) -> LogPosition {
        let first: LogPosition
        switch subject {
        case .lead(let id): first = id.position
        case .order(let id): first = id.position
        case .advisor: first = LogPosition(1)
        case .assignment(let id):
            guard id.position > .start, id.position <= (try log.head()),
                case .leadReserved(let reservation) = try log.event(at: id.position).event
            else { return id.position }
            leads.insert(reservation.lead)
            first = reservation.lead.position
        }
        return max(first, LogPosition(1))
    }

    /// Whether `recorded` concerns the subject.
    ///
    /// - Parameter market: the market after the event.
    public mutating func concerns(_ recorded: RecordedEvent, in market: Market) -> Bool {
        switch recorded.event {
        case .advisorRegistered(let name, _):
            guard case .advisor(name) = subject else { return false }
            if let number = market.advisor(named: name) { advisors.insert(number) }
            return true
        case .advisorUpdated(let advisor, _), .availabilitySet(let advisor, _),
            .advisorSuspended(let advisor, _), .advisorReinstated(let advisor),
            .advisorGraded(let advisor, _), .deposited(let advisor, _, _),
            .withdrawn(let advisor, _, _):
            return advisors.contains(advisor)
        case .orderPlaced(let advisor, _, _):
            let id = OrderID(recorded.position)
            if advisors.contains(advisor) { orders.insert(id) }
            return orders.contains(id)
        case .orderAmended(let id, _), .orderPaused(let id), .orderResumed(let id),
            .orderCancelled(let id), .orderRenewed(let id):
            return orders.contains(id)
        case .offersDeferred(let orders, let leads):
            return !self.orders.isDisjoint(with: orders) || !self.leads.isDisjoint(with: leads)
        case .leadAccepted(let lead):
            return note(LeadID(recorded.position), lead.identity)
        case .leadRejected(let lead):
            return note(LeadID(recorded.position), lead.identity)
        case .leadPinged(let lead):
            return note(LeadID(recorded.position), lead.identity)
        case .leadTested(let lead):
            return note(LeadID(recorded.position), lead.identity)
        case .leadWithdrawn(let id), .leadClosed(let id, _):
            return isFollowed(id, in: market)
        case .leadPosted(let post):
            return isFollowed(post.lead, in: market)
        case .leadReserved(let reservation):
            let id = AssignmentID(recorded.position)
            guard
                assignments.contains(id) || leads.contains(reservation.lead)
                    || orders.contains(reservation.order)
            else { return false }
            assignments.insert(id)
            return true
        case .leadReleased(let release):
            return assignments.contains(release.assignment)
        case .assignmentAcknowledged(let id), .contactDisclosed(let id),
            .contactReported(let id, _), .stageReported(let id, _), .leadVoided(let id, _),
            .assignmentAccepted(let id), .consentConfirmed(let id, _), .returnRequested(let id, _),
            .returnDecided(let id, _):
            return assignments.contains(id)
        case .personSuppressed(let identity, _), .personUnsuppressed(let identity),
            .personErased(let identity):
            return people.contains(identity)
        case .marketCreated, .rulesChanged, .configurationApplied, .timePassed, .channelPaid,
            .payeePaid, .channelPaused, .channelResumed, .channelPausedItself:
            return false
        }
    }

    private func isFollowed(_ lead: LeadID, in market: Market) -> Bool {
        leads.contains(lead)
            || market.assignment(of: lead).map { assignments.contains($0.id) } ?? false
    }

    private mutating func note(_ id: LeadID, _ identity: Identity) -> Bool {
        guard leads.contains(id) else { return false }
        people.insert(identity)
        return true
    }
}
