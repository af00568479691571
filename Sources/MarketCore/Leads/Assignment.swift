/// A lead given to an order (R8.1).
public struct Assignment: Hashable, Sendable {
    /// Its id: the position of the reservation.
    public let id: AssignmentID
    /// The lead.
    public let lead: LeadID
    /// When the lead came in.
    public let leadArrivedAt: Timestamp
    /// The order.
    public let order: OrderID
    /// Who bought it.
    public let advisor: AdvisorNumber
    /// Where the lead came from.
    public let channel: ChannelNumber
    /// Whose it is.
    public let identity: Identity
    /// The category it was sold in.
    public let category: CategoryNumber
    /// The category's version whose terms hold.
    public let categoryVersion: Int
    /// What was held and is charged.
    public let charge: Money
    /// When it was reserved.
    public let reservedAt: Timestamp
    /// What the lead's channel gets for the sale.
    public internal(set) var channelPayout: Money
    /// What is still awaited before the release; nothing once released or voided.
    public internal(set) var gates: PendingGates
    /// Why it ended without a release; `nil` while it has not.
    public internal(set) var voided: VoidReason?
    /// When the contact was disclosed; `nil` while reserved and when voided.
    public internal(set) var releasedAt: Timestamp?
    /// Whether the advisor was the person's latest buyer before this sale already.
    public internal(set) var isRepeatSale = false
    /// The release before this one of the same person; follows from the assignments.
    var previousSale: AssignmentID?
    /// Whether a frontend has it, or the advisor reported on it (R8.1).
    public internal(set) var isAcknowledged = false
    /// Whether the person took the lead back after the release (R8.7).
    public internal(set) var isWithdrawn = false
    /// Whether the person was suppressed after the release (R8.7).
    public internal(set) var isSuppressed = false
    /// Whether the contact was erased.
    public internal(set) var isErased = false
    /// When the advisor first reported on it.
    public internal(set) var reportedAt: Timestamp?
    /// The outcomes that reports gave with a call record.
    public internal(set) var recordedOutcomes: Set<CallOutcome> = []
    /// How far its return is; `nil` when none was asked for (R10).
    public internal(set) var returned: ReturnState?
    /// When the advisor first called, as first reported.
    public internal(set) var firstCallAt: Timestamp?
    /// Whether any report says that a call connected.
    public internal(set) var isConnected = false
    /// The furthest stage that was passed.
    public internal(set) var stage: Stage?

    /// Whether it is reserved: neither released nor voided yet.
    public var isReserved: Bool { releasedAt == nil && voided == nil }

    /// Whether frontends are still to be told (R8.6): released, and nothing has ended the pushes.
    public var isPushed: Bool {
        releasedAt != nil && !isAcknowledged && !isWithdrawn && !isSuppressed && !isErased
    }

    /// Whether it counts as open work of its advisor (R5.1): reserved, or released and nothing came
    /// back yet and the person can still be called.
    public var isOpenWork: Bool {
        isReserved
            || releasedAt != nil && reportedAt == nil && returned == nil && !isWithdrawn
                && !isSuppressed && !isErased
    }
}
