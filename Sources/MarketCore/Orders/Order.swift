/// An advisor's standing order (R5.2).
///
/// What a match reads of a candidate lies side by side, from its terms' quantity to its usage: 144 of
/// its 216 bytes.
public struct Order: Hashable, Sendable {
    /// Its id.
    public let id: OrderID
    /// What it asks for.
    public internal(set) var terms: OrderTerms
    /// Whether it is paused.
    public internal(set) var isPaused = false
    /// Whether it has ended for good.
    public internal(set) var isCancelled = false
    /// Whose it is.
    public let advisor: AdvisorNumber
    /// What category it takes leads of.
    public let category: CategoryNumber
    /// How many leads are reserved for it and not released yet.
    public internal(set) var reserved = 0
    /// How many leads were released to it in this round.
    public internal(set) var released = 0
    /// How much of its caps is taken.
    public internal(set) var usage = OrderUsage()
    /// How often it was renewed, and once: the rounds begun (R5.2).
    public internal(set) var round = 1
    /// How many leads were released to it in earlier rounds.
    public internal(set) var releasedBefore = 0
    private var turn = OptionalTimestamp.none
    private var offer = OptionalTimestamp.none

    /// When, by the mere course of time, it may next take leads that it cannot take before: its
    /// start, its next window, the next hour or day. Due work brings that about.
    var pendingTurn: Timestamp? {
        get { turn.value }
        set { turn = OptionalTimestamp(newValue) }
    }

    /// Since when offers are put off, if they are (R6.4).
    var pendingOffer: Timestamp? {
        get { offer.value }
        set { offer = OptionalTimestamp(newValue) }
    }

    /// How many leads it still takes in this round: quantity less reserved and released.
    public var remaining: Int { terms.quantity - reserved - released }

    init(id: OrderID, advisor: AdvisorNumber, category: CategoryNumber, terms: OrderTerms) {
        self.id = id
        self.advisor = advisor
        self.category = category
        self.terms = terms
    }
}
