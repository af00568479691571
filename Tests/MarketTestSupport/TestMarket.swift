public import MarketCore

/// A market of ``SmallWorld`` that gives each command a stamp one microsecond after the last.
public struct TestMarket: Sendable {
    /// The market.
    public private(set) var market = Market()
    /// Every event so far.
    public private(set) var log: [RecordedEvent] = []
    private var clock = SmallWorld.beginning

    /// A market that is founded and configured, without advisors.
    public init() throws(Rejection) {
        try give(.createMarket(SmallWorld.foundation()))
        try give(.applyConfiguration(SmallWorld.configuration))
    }

    /// A market before its creation.
    public static let unfounded = TestMarket(market: Market())

    private init(market: Market) {
        self.market = market
    }

    /// The stamp of the next command.
    public var now: Timestamp { market.stamp(at: clock) }

    /// The id that the next command's event would give.
    public var nextPosition: LogPosition { market.head.next }

    /// Lets time go by without running due work.
    public mutating func wait(_ span: Timespan) {
        clock = max(clock, market.time) + span
    }

    /// Gives a command and returns what came of it.
    ///
    /// - Throws: ``Rejection``.
    @discardableResult
    public mutating func give(
        _ command: Command, input: InputContext = InputContext(role: .operator, principal: 1_000)
    ) throws(Rejection) -> [Event] {
        let recorded = try market.execute(command, at: now, input: input)
        log += recorded
        return recorded.map(\.event)
    }

    /// Runs all work that is due at ``now``.
    ///
    /// - Returns: The events of the last transaction.
    @discardableResult
    public mutating func runDueWork() throws(Rejection) -> [Event] {
        var events: [Event] = []
        while let due = market.nextDue, due <= now { events = try give(.passTime) }
        return events
    }

    /// Registers an advisor with money.
    public mutating func register(
        _ name: Name, fen: Int64 = 100_000, institution: String = "bankOne"
    ) throws(Rejection) {
        try give(.registerAdvisor(name: name, profile: AdvisorProfile(institution: institution)))
        if fen > 0 {
            try give(.deposit(advisor: name, amount: Money(fen: fen), reference: "opening"))
        }
    }

    /// Places an order for everything of a category.
    @discardableResult
    public mutating func order(
        _ advisor: Name, _ category: Name = "homeOwner", quantity: Int = 10,
        change: (inout OrderTerms) -> Void = { _ in }
    ) throws(Rejection) -> OrderID {
        let id = OrderID(nextPosition)
        var terms = OrderTerms(filter: .everything, quantity: quantity)
        change(&terms)
        try give(.placeOrder(advisor: advisor, category: category, terms: terms))
        return id
    }

    /// Hands in a lead of a house owner and returns its id.
    @discardableResult
    public mutating func lead(
        of person: UInt64, change: (inout LeadSubmission) -> Void = { _ in }
    ) throws(Rejection) -> LeadID {
        let id = LeadID(nextPosition)
        var submission = Self.submission(of: person)
        change(&submission)
        try give(.submitLead(submission))
        return id
    }

    /// Hands in a lead of a house owner and returns who bought it at once.
    public mutating func sell(
        leadOf person: UInt64, change: (inout LeadSubmission) -> Void = { _ in }
    ) throws(Rejection) -> Name? {
        let id = try lead(of: person, change: change)
        return buyer(of: id)
    }

    /// A lead of a house owner of region 3301, who qualifies for `homeOwner` alone.
    public static func submission(of person: UInt64) -> LeadSubmission {
        LeadSubmission(
            channel: "search", identity: .person(person), attributes: houseOwner,
            consent: .given(at: SmallWorld.beginning), contact: [1, 2, 3])
    }

    /// What a house owner of region 3301 declares.
    public static var houseOwner: Attributes {
        var attributes = Attributes()
        attributes[SmallWorld.Number.region] = RegionCode(known: "3301").rawValue
        attributes[SmallWorld.Number.ownsHouse] = 1
        return attributes
    }

    /// The available balance of an advisor.
    public func available(_ name: Name) -> Int64? {
        market.advisor(named: name).map { market.ledger.available[$0.index].fen }
    }

    /// To whom `lead` was sold.
    public func buyer(of lead: LeadID) -> Name? {
        market.assignment(of: lead).map { market.advisors[$0.advisor.index].name }
    }
}
