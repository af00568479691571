/// A lead market: all of its state, the rules that decide, and nothing of the world around it.
///
/// Commands become events in ``decide(_:at:)``, which only looks; events change the state in
/// ``evolve(_:)``, which never fails and never decides. ``execute(_:at:input:)`` strings both
/// together for one transaction. The same events always give the same state, and the same inputs at
/// the same times the same events, on every machine.
///
/// A market is a value: a copy is a market of its own, for what-if questions and tests.
public struct Market: Sendable {
    /// The rules that ``decide(_:at:)`` follows; raised with every change of what it decides.
    public static let rulesVersion = 2

    /// The most sales and the most pieces of due work of one transaction that nobody asked for
    /// (R6.4).
    public static let offerLimit = 256

    /// The position of the last event, or ``LogPosition/start``.
    public internal(set) var head: LogPosition = .start
    /// The stamp of the last transaction.
    public internal(set) var time: Timestamp = .epoch
    /// The last `at` that came with a request; ``time`` or, after requests of one instant, a few
    /// microseconds before it.
    public internal(set) var suppliedTime: Timestamp = .epoch
    /// What was fixed at the market's creation; `nil` before.
    public internal(set) var foundation: MarketFoundation?
    /// The rules version in force.
    public internal(set) var rulesInForce = 0

    /// The attributes of leads.
    public internal(set) var schema = AttributeSchema()
    /// The market's own settings.
    public internal(set) var settings = MarketSettings()
    /// The categories by number.
    public internal(set) var categories: [Category] = []
    /// The channels by number.
    public internal(set) var channels: [Channel] = []
    /// The payees by number.
    public internal(set) var payees: [Payee] = []
    /// The advisors by number.
    public internal(set) var advisors: [Advisor] = []
    /// The orders in order of placement, the ended ones too.
    public internal(set) var orders = ChunkedArray<Order>()
    /// The open leads, waiting or reserved.
    public internal(set) var openLeads = OpenLeads()
    /// The assignments.
    public internal(set) var assignments = Assignments()
    /// Everybody known.
    public internal(set) var people = People()
    /// The balances.
    public internal(set) var ledger = Ledger()
    /// The recent idempotency keys.
    public internal(set) var idempotency = IdempotencyTable()
    /// How many leads came with contact data: the next free slot of the key file.
    public internal(set) var contactCount: UInt64 = 0

    // Indexes over the state above, rebuilt from it.
    var categoryNumbers: [Name: CategoryNumber] = [:]
    var channelNumbers: [Name: ChannelNumber] = [:]
    var payeeNumbers: [Name: PayeeNumber] = [:]
    var advisorNumbers: [Name: AdvisorNumber] = [:]
    var orderSlots = IDTable<Order>()
    var advisorOrders: [[Int]] = []
    var advisorIdentities: [Identity: Int] = [:]
    /// The order in which categories are tried (R2.3).
    var categoryOrder: [CategoryNumber] = [] {
        didSet { categoryLists = CategoryLists() }
    }
    /// Lists of those in that order.
    var categoryLists = CategoryLists()
    var waiting = WaitingLeads()
    var due = DueQueue()
    /// Whether it decides about leads; else the book stays empty.
    var decides: Bool
    var book = OrderIndex()
    /// The turns of orders that have not woken them yet.
    var turns = DueQueue()
    /// What matching brings to light, emptied after each match.
    var matchNotes = MatchNotes()
    var waitingIndex: WaitingIndex?
    /// Never set. A value with an existential is handed on by its address; without one the compiler
    /// copies all of it, a kilobyte, for each call that only looks (Swift 6.3).
    private var handedOnByAddress: (any Sendable)?

    /// A market before its creation.
    ///
    /// - Parameter decides: whether it will decide about leads. A follower, which only ever evolves,
    ///   does without the ranked order book and the index of waiting leads.
    public init(decides: Bool = true) {
        self.decides = decides
        waitingIndex = decides ? WaitingIndex(PlaneLayout(schema, categoryCount: 0)) : nil
    }
}

// MARK: - Looking things up

extension Market {
    /// Whether it was created.
    public var isFounded: Bool { foundation != nil }

    /// The number of the advisor called `name`.
    public func advisor(named name: Name) -> AdvisorNumber? { advisorNumbers[name] }

    /// The number of the category called `name`.
    public func category(named name: Name) -> CategoryNumber? { categoryNumbers[name] }

    /// The number of the channel called `name`.
    public func channel(named name: Name) -> ChannelNumber? { channelNumbers[name] }

    /// The number of the payee called `name`.
    public func payee(named name: Name) -> PayeeNumber? { payeeNumbers[name] }

    /// The order with `id`.
    public func order(_ id: OrderID) -> Order? { orderSlots[id].map { orders[$0] } }

    /// Whose the order with `id` is, and what it is for.
    ///
    /// - Complexity: O(1); nothing of the order is copied besides.
    public func owner(of id: OrderID) -> (advisor: AdvisorNumber, category: CategoryNumber)? {
        guard let slot = orderSlots[id] else { return nil }
        return (orders[slot].advisor, orders[slot].category)
    }

    /// The orders of an advisor, oldest first.
    public func orders(of advisor: AdvisorNumber) -> [Order] {
        advisorOrders[advisor.index].map { orders[$0] }
    }

    /// The open lead with `id`.
    public func openLead(_ id: LeadID) -> Lead? { openLeads[id] }

    /// The waiting leads, oldest first.
    public var waitingLeads: WaitingLeads { waiting }

    /// The assignment with `id`.
    public func assignment(_ id: AssignmentID) -> Assignment? { assignments[id] }

    /// How far the assignment with `id` is, and where its lead came from.
    ///
    /// - Complexity: as ``Assignments/place(of:)``; nothing of the assignment is copied besides.
    public func standing(
        of id: AssignmentID
    ) -> (isReserved: Bool, isReleased: Bool, channel: ChannelNumber)? {
        guard let place = assignments.place(of: id) else { return nil }
        return (
            assignments[place].isReserved, assignments[place].releasedAt != nil,
            assignments[place].channel
        )
    }

    /// The latest assignment that `lead` was given to an order by, if it was.
    public func assignment(of lead: LeadID) -> Assignment? {
        assignments[of: lead]
    }

    /// The categories in the order they are tried (R2.3).
    public var triedCategories: [CategoryNumber] { categoryOrder }

    /// When the earliest due work is due.
    public var nextDue: Timestamp? { due.first?.time }

    /// The stamp of a transaction at `now`: strictly after the last one.
    public func stamp(at now: Timestamp) -> Timestamp {
        head == .start ? now : max(now, time + .microsecond)
    }
}
