/// What a standing order asks for (R5.2).
///
/// A match looks at the terms of each candidate, in memory that no cache holds: what it reads lies side
/// by side, behind what it seldom does, and options take the room of what they hold.
public struct OrderTerms: Hashable, Sendable {
    /// Which leads of the category it takes.
    public var filter: Filter
    /// 0...9, set by operators; higher goes first.
    public var priority: Int
    /// How many it takes in all, 1...``maximumQuantity``.
    public var quantity: Int
    /// What it pays on top of the ladder's price.
    public var premium: Money
    /// When in the week it takes leads.
    public var schedule: WeeklySchedule
    private var age = OptionalNumber.none
    private var start = OptionalTimestamp.none
    private var expiry = OptionalTimestamp.none
    private var hourly = OptionalNumber.none
    private var daily = OptionalNumber.none
    private var dailySpend = OptionalNumber.none
    /// Whether the release that fills it begins its next round.
    public var renews: Bool

    /// The largest quantity.
    public static let maximumQuantity = 1_000_000
    /// The priority of an order that names none.
    public static let defaultPriority = 5

    /// Writes terms; all but filter and quantity have the defaults of R5.2.
    public init(
        filter: Filter, quantity: Int, premium: Money = .zero,
        priority: Int = OrderTerms.defaultPriority, maximumAge: Timespan? = nil,
        startsAt: Timestamp? = nil, expiresAt: Timestamp? = nil,
        schedule: WeeklySchedule = .always, hourCap: Int? = nil, dayCap: Int? = nil,
        daySpend: Money? = nil, renews: Bool = false
    ) {
        self.filter = filter
        self.quantity = quantity
        self.premium = premium
        self.priority = priority
        self.schedule = schedule
        self.renews = renews
        self.maximumAge = maximumAge
        self.startsAt = startsAt
        self.expiresAt = expiresAt
        self.hourCap = hourCap
        self.dayCap = dayCap
        self.daySpend = daySpend
    }
}

extension OrderTerms {
    /// The oldest lead it takes; `nil` for leads on the first rung only.
    public var maximumAge: Timespan? {
        get { age.value.map { Timespan(microseconds: $0) } }
        set { age = OptionalNumber(newValue?.microseconds) }
    }

    /// When it begins to take leads; `nil` at once.
    public var startsAt: Timestamp? {
        get { start.value }
        set { start = OptionalTimestamp(newValue) }
    }

    /// From when on it takes none any more; `nil` never.
    public var expiresAt: Timestamp? {
        get { expiry.value }
        set { expiry = OptionalTimestamp(newValue) }
    }

    /// The most leads reserved in a market-local hour, 1 or more; `nil` for any number.
    public var hourCap: Int? {
        get { hourly.value.map { Int($0) } }
        set { hourly = OptionalNumber(newValue.map { Int64($0) }) }
    }

    /// The most leads reserved in a market-local day, 1 or more; `nil` for any number.
    public var dayCap: Int? {
        get { daily.value.map { Int($0) } }
        set { daily = OptionalNumber(newValue.map { Int64($0) }) }
    }

    /// The most money held and charged in a market-local day; `nil` for any amount.
    public var daySpend: Money? {
        get { dailySpend.value.map { Money(fen: $0) } }
        set { dailySpend = OptionalNumber(newValue?.fen) }
    }
}

extension OrderTerms {
    /// Whether the mere course of time can make an order with these terms live.
    var isTimed: Bool {
        startsAt != nil || hourCap != nil || dayCap != nil || daySpend != nil
            || !schedule.windows.isEmpty
    }
}

/// What an amendment does to one part of an order's terms.
public enum Change<Value: Hashable & Sendable>: Hashable, Sendable {
    /// The part stays as it is.
    case keep
    /// The part becomes this.
    case set(Value)

    /// The part after the change.
    func applied(to value: Value) -> Value {
        switch self {
        case .keep: value
        case .set(let new): new
        }
    }
}

/// A change to an order's terms: what it does not name stays.
public struct OrderAmendment: Hashable, Sendable {
    /// The filter.
    public var filter: Change<Filter> = .keep
    /// The quantity.
    public var quantity: Change<Int> = .keep
    /// The premium.
    public var premium: Change<Money> = .keep
    /// The priority.
    public var priority: Change<Int> = .keep
    /// The oldest lead taken.
    public var maximumAge: Change<Timespan?> = .keep
    /// The start.
    public var startsAt: Change<Timestamp?> = .keep
    /// The expiry.
    public var expiresAt: Change<Timestamp?> = .keep
    /// The weekly windows.
    public var schedule: Change<WeeklySchedule> = .keep
    /// The cap per hour.
    public var hourCap: Change<Int?> = .keep
    /// The cap per day.
    public var dayCap: Change<Int?> = .keep
    /// The spend per day.
    public var daySpend: Change<Money?> = .keep
    /// The renewal.
    public var renews: Change<Bool> = .keep

    /// Changes nothing.
    public init() {}

    /// The terms after the amendment.
    func applied(to terms: OrderTerms) -> OrderTerms {
        OrderTerms(
            filter: filter.applied(to: terms.filter),
            quantity: quantity.applied(to: terms.quantity),
            premium: premium.applied(to: terms.premium),
            priority: priority.applied(to: terms.priority),
            maximumAge: maximumAge.applied(to: terms.maximumAge),
            startsAt: startsAt.applied(to: terms.startsAt),
            expiresAt: expiresAt.applied(to: terms.expiresAt),
            schedule: schedule.applied(to: terms.schedule),
            hourCap: hourCap.applied(to: terms.hourCap),
            dayCap: dayCap.applied(to: terms.dayCap),
            daySpend: daySpend.applied(to: terms.daySpend),
            renews: renews.applied(to: terms.renews))
    }
}
