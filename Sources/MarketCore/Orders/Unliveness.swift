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

    /// It is none of its weekly windows.
    public static let outsideWindow = Unliveness(rawValue: 1 << 9)
    /// It took as many leads this hour as it may.
    public static let hourCap = Unliveness(rawValue: 1 << 10)
    /// It took as many leads today as it may.
    public static let dayCap = Unliveness(rawValue: 1 << 11)
    /// What it may still spend today is under the cheapest price it could pay.
    public static let spendCap = Unliveness(rawValue: 1 << 12)
    /// The advisor took as many leads today as they may.
    public static let advisorCap = Unliveness(rawValue: 1 << 13)
    /// The advisor has as many leads open as they may.
    public static let openWorkLimit = Unliveness(rawValue: 1 << 14)

    /// Each reason with the word it goes by on the wire, in the order of R5.3.
    public static let words: [(reason: Unliveness, word: String)] = [
        (.paused, "paused"), (.filled, "filled"), (.cancelled, "cancelled"), (.expired, "expired"),
        (.notStarted, "notStarted"), (.outsideWindow, "outsideWindow"), (.hourCap, "hourCap"),
        (.dayCap, "dayCap"), (.spendCap, "spendCap"), (.noFunds, "noFunds"),
        (.advisorOffline, "advisorOffline"), (.advisorSuspended, "advisorSuspended"),
        (.advisorCap, "advisorCap"), (.openWorkLimit, "openWorkLimit"),
        (.categoryRetired, "categoryRetired"),
    ]
}
