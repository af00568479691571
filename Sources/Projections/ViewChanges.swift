internal import LMDB
public import MarketCore

/// What all read models noted between two checkpoints: of the events after one position and up to
/// another.
///
/// It is read along with what is on disk, and written by whichever thread has the time.
public struct ViewChanges: Sendable {
    /// The last event before the first noted one.
    public let start: LogPosition
    /// The last noted event.
    public private(set) var end: LogPosition

    private(set) var leads = Leads()
    private(set) var counts = LeadCounts()
    private(set) var calls = ConnectionRates()
    private(set) var statements = AccountStatements()
    private(set) var delays = ReleaseDelays()
    private(set) var returns = ReturnCounts()

    init(after position: LogPosition) {
        start = position
        end = position
    }

    /// How many events were noted.
    var eventCount: Int { Int(end.rawValue - start.rawValue) }

    mutating func note(_ recorded: RecordedEvent, before market: Market) {
        precondition(recorded.position == end.next, "events are noted in log order")
        end = recorded.position
        let assignment = recorded.event.assignment.flatMap { market.assignment($0) }
        leads.note(recorded, of: assignment, before: market)
        counts.note(recorded, of: assignment, before: market)
        calls.note(recorded, of: assignment, before: market)
        statements.note(recorded, of: assignment, before: market)
        delays.note(recorded, of: assignment, before: market)
        returns.note(recorded, of: assignment, before: market)
    }

    func write(to tables: ViewTables, in transaction: inout Transaction) throws(ViewError) {
        try leads.write(to: tables.leads, in: &transaction)
        try counts.write(to: tables.counts, in: &transaction)
        try calls.write(to: tables.calls, in: &transaction)
        try statements.write(to: tables.statements, in: &transaction)
        try delays.write(to: tables.delays, in: &transaction)
        try returns.write(to: tables.returns, in: &transaction)
    }
}

extension Event {
    /// The assignment that the event names by its id.
    fileprivate var assignment: AssignmentID? {
        switch self {
        case .leadReleased(let release):
            release.assignment
        case .assignmentAcknowledged(let id), .contactDisclosed(let id),
            .contactReported(let id, _), .stageReported(let id, _), .leadVoided(let id, _),
            .assignmentAccepted(let id), .consentConfirmed(let id, _), .returnRequested(let id, _),
            .returnDecided(let id, _):
            id
        case .leadAccepted, .leadRejected, .leadPinged, .leadTested, .leadPosted, .leadWithdrawn,
            .leadClosed, .leadReserved, .advisorRegistered, .advisorUpdated, .availabilitySet,
            .advisorSuspended, .advisorReinstated, .advisorGraded, .deposited, .withdrawn,
            .orderPlaced, .orderAmended, .orderPaused, .orderResumed, .orderCancelled,
            .orderRenewed, .personErased, .personSuppressed, .personUnsuppressed, .marketCreated,
            .rulesChanged, .configurationApplied, .timePassed, .offersDeferred, .channelPaid,
            .payeePaid, .channelPaused, .channelResumed, .channelPausedItself:
            nil
        }
    }
}
