import MarketCore

/// The rules of the market once more, as plainly as they can be written: arrays and loops over
/// everything there ever was; no index, no queue, nothing shared with the market but the values.
///
/// Written from the rules (`R4.3`), not from the market's code. ``execute(_:at:)`` answers as the
/// market must: with the same events or the same rejection.
struct Model {
    /// An advisor with the account.
    struct Advisor {
        var name: Name
        var profile: AdvisorProfile
        var isOnline = true
        var isSuspended = false
        var available = Money.zero
    }

    /// A category with all its versions; the last one holds.
    struct Category {
        var name: Name
        var versions: [CategoryDefinition]
        var definition: CategoryDefinition { versions[versions.count - 1] }
    }

    /// A channel with what it is owed.
    struct Channel {
        var name: Name
        var definition: ChannelDefinition
        var isPaused = false
        var payable = Money.zero
    }

    /// A payee with what they are owed.
    struct Payee {
        var name: Name
        var title: String
        var payable = Money.zero
    }

    /// An order, for ever.
    struct Order {
        var id: OrderID
        var advisor: AdvisorNumber
        var category: CategoryNumber
        var terms: OrderTerms
        var isPaused = false
        var isCancelled = false
        var released = 0
        /// The start that has still to be noticed.
        var pendingStart: Timestamp?
        /// Since when offers are put off.
        var pendingOffer: Timestamp?
    }

    /// What became of a lead.
    enum LeadState: Equatable {
        case waiting
        case sold
        case closed(LeadClosure)
    }

    /// An accepted lead, for ever.
    struct Lead {
        var id: LeadID
        var arrivedAt: Timestamp
        var content: AcceptedLead
        var categories: [CategoryNumber]
        var state = LeadState.waiting
        /// When its age next matters.
        var ageDue: Timestamp?
        /// When its person's binding is noticed to be over.
        var bindingDue: Timestamp?
        /// Since when matching it again is put off.
        var pendingOffer: Timestamp?
    }

    /// A sale.
    struct Assignment {
        var id: AssignmentID
        var lead: LeadID
        var order: OrderID
        var advisor: AdvisorNumber
        var category: CategoryNumber
        var identity: Identity
        var charge: Money
        var channel: ChannelNumber
        var payout: Money
        var shares: [PayeeShare]
        var releasedAt: Timestamp
        var boundUntil: Timestamp?
        var isAcknowledged = false
        var isWithdrawn = false
        var isErased = false
    }

    /// A person who once handed in a lead or was suppressed.
    struct Person {
        var identity: Identity
        var lastReleasedAt: Timestamp?
        var boundTo: AdvisorNumber?
        var boundUntil: Timestamp?
        var isSuppressed = false
        var isErased = false

        func binding(at time: Timestamp) -> AdvisorNumber? {
            if let boundUntil, boundUntil < time { return nil }
            return boundTo
        }
    }

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
    var people: [Person] = []
    var cash = Money.zero
    var revenue = Money.zero
    var contactCount: UInt64 = 0

    /// The position of the last event.
    var head = LogPosition.start
    /// The stamp of the last transaction.
    var time = Timestamp.epoch
    /// The stamp of this transaction.
    var now = Timestamp.epoch
    /// The events of this transaction.
    var events: [Event] = []

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
        if case .createMarket = command {
            if foundation != nil { throw .marketExists }
        } else if foundation == nil {
            throw .marketNotCreated
        }
        try run(command)
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
        case .submitLead(let submission):
            try submit(submission)
        case .withdrawLead(let id):
            try withdrawLead(id)
        case .suppressPerson(let identity, let reason):
            try suppress(identity, reason)
        case .unsuppressPerson(let identity):
            try unsuppress(identity)
        case .erasePerson(let identity):
            try erase(identity)
        case .acknowledgeAssignment(let id):
            try acknowledge(id)
        case .discloseContact(let id):
            try disclose(id)
        case .reportContact(let id, let report):
            try reportContact(id, report)
        case .reportStage(let id, let report):
            try reportStage(id, report)
        case .pauseChannel(let name):
            try pauseChannel(name)
        case .resumeChannel(let name):
            try resumeChannel(name)
        }
    }
}
