import MarketCore

/// The rules of the market once more, as plainly as they can be written: arrays and loops over
/// everything there ever was; no index, no queue, nothing shared with the market but the values.
///
/// Written from the rules (`R4.3`), not from the market's code. ``execute(_:at:)`` answers as the
/// market must: with the same events or the same rejection.
struct Model {
    /// The rule that this model forgets, if it is to be found out.
    let forgotten: Rule?
    /// How many sales and pieces of due work one transaction holds (R6.4).
    let limit = 256

    var foundation: MarketFoundation?
    var schema = AttributeSchema()
    var settings = MarketSettings()
    var advisors: [Advisor] = []
    var categories: [Category] = []
    var channels: [Channel] = []
    var payees: [Payee] = []
    var orders: [Order] = []
    var leads: [Lead] = []
    var assignments: [Assignment] = []
    /// The released assignments in order of release.
    var releases: [AssignmentID] = []
    var people: [Person] = []
    var cash = Money.zero
    var revenue = Money.zero
    var contactCount: UInt64 = 0
    /// When the market will look at its orders again; set before each command.
    var turns: [Turn] = []

    /// The position of the last event.
    var head = LogPosition.start
    /// The stamp of the last transaction.
    var time = Timestamp.epoch
    /// The stamp of this transaction.
    var now = Timestamp.epoch
    /// The events of this transaction.
    var events: [Event] = []
    /// Where in ``leads`` the lead of this transaction is.
    var arrival: Int?
    /// The orders that this transaction may let take waiting leads.
    var wokenOrders: [OrderID] = []
    /// The waiting leads that this transaction may let be taken.
    var wokenLeads: [LeadID] = []
    /// The channels of this transaction whose quality is to be looked at.
    var judgedChannels: [Int] = []
    /// The advisors of this transaction whose grade is to be looked at.
    var gradedAdvisors: [Int] = []

    init(forgetting forgotten: Rule? = nil) {
        self.forgotten = forgotten
    }

    func forgets(_ rule: Rule) -> Bool { forgotten == rule }

    /// Writes an event down and returns its position.
    @discardableResult
    mutating func emit(_ event: Event) -> LogPosition {
        head = head.next
        events.append(event)
        return head
    }

    /// Decides `command` and follows it: all events of its transaction, none when nothing changes.
    mutating func execute(_ command: Command, at stamp: Timestamp) throws(Rejection) -> [Event] {
        events = []
        now = stamp
        arrival = nil
        wokenOrders = []
        wokenLeads = []
        judgedChannels = []
        gradedAdvisors = []
        if case .createMarket = command {
            if foundation != nil { throw .marketExists }
        } else if foundation == nil {
            throw .marketNotCreated
        }
        try run(command)
        if let arrival {
            if !match(arrival), leads[arrival].isPing { close(arrival, .pingUnmatched) }
        } else {
            offer(wokenOrders, andMatch: wokenLeads)
        }
        judgeChannels()
        gradeAdvisors()
        if !events.isEmpty { time = stamp }
        return events
    }

    private mutating func run(_ command: Command) throws(Rejection) {
        switch command {
        case .createMarket(let foundation):
            self.foundation = foundation
            emit(.marketCreated(foundation))
        case .changeRules(let version):
            emit(.rulesChanged(version: version))
        case .applyConfiguration(let configuration):
            try apply(configuration)
        case .passTime:
            passTime()
        case .registerAdvisor(let name, let profile):
            try registerAdvisor(name, profile)
        case .updateAdvisor(let name, let profile):
            try updateAdvisor(name, profile)
        case .setAvailability(let name, let online):
            try setAvailability(name, online)
        case .suspendAdvisor(let name, let reason):
            try suspendAdvisor(name, reason)
        case .reinstateAdvisor(let name):
            try reinstateAdvisor(name)
        case .deposit(let name, let amount, let reference):
            try deposit(name, amount, reference)
        case .withdraw(let name, let amount, let reference):
            try withdraw(name, amount, reference)
        case .payChannel(let name, let amount, let reference):
            try payChannel(name, amount, reference)
        case .payPayee(let name, let amount, let reference):
            try payPayee(name, amount, reference)
        case .placeOrder(let advisor, let category, let terms):
            try placeOrder(advisor, category, terms)
        case .amendOrder(let id, let amendment):
            try amendOrder(id, amendment)
        case .pauseOrder(let id):
            try pauseOrder(id)
        case .resumeOrder(let id):
            try resumeOrder(id)
        case .cancelOrder(let id):
            try cancelOrder(id)
        case .pauseChannel(let name):
            try pauseChannel(name)
        case .resumeChannel(let name):
            try resumeChannel(name)
        default:
            try runAboutLeads(command)
        }
    }

    private mutating func runAboutLeads(_ command: Command) throws(Rejection) {
        switch command {
        case .submitLead(let submission):
            try submit(submission)
        case .pingLead(let ping):
            try self.ping(ping)
        case .postLead(let post):
            try self.post(post)
        case .withdrawLead(let id):
            try withdrawLead(id)
        case .suppressPerson(let identity, let reason):
            try suppress(identity, reason)
        case .unsuppressPerson(let identity):
            try unsuppress(identity)
        case .erasePerson(let identity):
            try erase(identity)
        case .acceptAssignment(let id):
            try accept(id)
        case .declineAssignment(let id):
            try decline(id)
        case .confirmConsent(let id, let consent):
            try confirm(id, consent)
        case .declineConsent(let id):
            try refuse(id)
        case .acknowledgeAssignment(let id):
            try acknowledge(id)
        case .discloseContact(let id):
            try disclose(id)
        case .reportContact(let id, let report):
            try reportContact(id, report)
        case .reportStage(let id, let report):
            try reportStage(id, report)
        case .requestReturn(let id, let request):
            try requestReturn(id, request)
        case .decideReturn(let id, let approved, let note):
            try decideReturn(id, approved, note)
        default:
            preconditionFailure("every command is run")
        }
    }
}
