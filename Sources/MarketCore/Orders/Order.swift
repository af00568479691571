/// An advisor's standing order (R5.2).
public struct Order: Hashable, Sendable {
    /// Its id.
    public let id: OrderID
    /// Whose it is.
    public let advisor: AdvisorNumber
    /// What category it takes leads of.
    public let category: CategoryNumber
    /// What it asks for.
    public internal(set) var terms: OrderTerms
    /// Whether it is paused.
    public internal(set) var isPaused = false
    /// Whether it has ended for good.
    public internal(set) var isCancelled = false
    /// How many leads are reserved for it and not released yet.
    public internal(set) var reserved = 0
    /// How many leads were released to it.
    public internal(set) var released = 0
    /// The start that due work still has to bring about.
    var pendingStart: Timestamp?
    /// Since when offers are put off, if they are (R6.4).
    var pendingOffer: Timestamp?

    /// How many leads it still takes: quantity less reserved and released.
    public var remaining: Int { terms.quantity - reserved - released }

    init(id: OrderID, advisor: AdvisorNumber, category: CategoryNumber, terms: OrderTerms) {
        self.id = id
        self.advisor = advisor
        self.category = category
        self.terms = terms
    }
}

/// Every reason why an order cannot take a lead now; empty when it is live (R5.3).
public struct Unliveness: OptionSet, Hashable, Sendable {
    /// The reasons as bits.
    public let rawValue: UInt16

    /// Makes a set out of bits.
    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// The advisor's owner paused it.
    public static let paused = Unliveness(rawValue: 1 << 0)
    /// Nothing remains of its quantity.
    public static let filled = Unliveness(rawValue: 1 << 1)
    /// It was cancelled.
    public static let cancelled = Unliveness(rawValue: 1 << 2)
    /// Its expiry has come.
    public static let expired = Unliveness(rawValue: 1 << 3)
    /// Its start has not come yet.
    public static let notStarted = Unliveness(rawValue: 1 << 4)
    /// The available balance is under the cheapest price it could pay.
    public static let noFunds = Unliveness(rawValue: 1 << 5)
    /// The advisor is offline.
    public static let advisorOffline = Unliveness(rawValue: 1 << 6)
    /// The advisor is suspended.
    public static let advisorSuspended = Unliveness(rawValue: 1 << 7)
    /// The category has ended.
    public static let categoryRetired = Unliveness(rawValue: 1 << 8)

    /// Each reason with the word it goes by on the wire, in the order of R5.3.
    public static let words: [(reason: Unliveness, word: String)] = [
        (.paused, "paused"), (.filled, "filled"), (.cancelled, "cancelled"), (.expired, "expired"),
        (.notStarted, "notStarted"), (.noFunds, "noFunds"), (.advisorOffline, "advisorOffline"),
        (.advisorSuspended, "advisorSuspended"), (.categoryRetired, "categoryRetired"),
    ]
}
