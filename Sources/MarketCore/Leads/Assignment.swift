/// A lead given to an order (R8.1).
///
/// There is one for every sale ever made, so it is kept small: 160 bytes, and boxes for what few have
/// at a time: gates that are still closed, and a return.
public struct Assignment: Hashable, Sendable {
    /// Its id: the position of the reservation.
    public let id: AssignmentID
    /// The lead.
    public let lead: LeadID
    /// When the lead came in.
    public let leadArrivedAt: Timestamp
    /// The order.
    public let order: OrderID
    /// Whose it is.
    public let identity: Identity
    /// What was held and is charged.
    public let charge: Money
    /// When it was reserved.
    public let reservedAt: Timestamp
    /// What the lead's channel gets for the sale.
    public internal(set) var channelPayout: Money
    private var gateBox: Boxed<PendingGates>?
    private var release = OptionalTimestamp.none
    private var bindingEnd = OptionalTimestamp.none
    private var firstReport = OptionalTimestamp.none
    private var firstCall = OptionalTimestamp.none
    private var returnBox: Boxed<ReturnState>?
    private var previousSaleID: UInt64 = 0
    /// Who bought it.
    public let advisor: AdvisorNumber
    /// Where the lead came from.
    public let channel: ChannelNumber
    /// The category it was sold in.
    public let category: CategoryNumber
    private let version: UInt32
    private var recorded: UInt16 = 0
    /// Why it ended without a release; `nil` while it has not.
    public internal(set) var voided: VoidReason?
    /// The furthest stage that was passed.
    public internal(set) var stage: Stage?
    /// Whether the advisor was the person's latest buyer before this sale already.
    public internal(set) var isRepeatSale = false
    /// Whether a frontend has it, or the advisor reported on it (R8.1).
    public internal(set) var isAcknowledged = false
    /// Whether the person took the lead back after the release (R8.7).
    public internal(set) var isWithdrawn = false
    /// Whether the person was suppressed after the release (R8.7).
    public internal(set) var isSuppressed = false
    /// Whether the contact was erased.
    public internal(set) var isErased = false
    /// Whether any report says that a call connected.
    public internal(set) var isConnected = false

    init(
        id: AssignmentID, lead: LeadID, leadArrivedAt: Timestamp, order: OrderID,
        advisor: AdvisorNumber, channel: ChannelNumber, identity: Identity,
        category: CategoryNumber, categoryVersion: Int, charge: Money, reservedAt: Timestamp,
        channelPayout: Money, gates: PendingGates
    ) {
        self.id = id
        self.lead = lead
        self.leadArrivedAt = leadArrivedAt
        self.order = order
        self.advisor = advisor
        self.channel = channel
        self.identity = identity
        self.category = category
        version = UInt32(categoryVersion)
        self.charge = charge
        self.reservedAt = reservedAt
        self.channelPayout = channelPayout
        gateBox = gates.isEmpty ? nil : Boxed(gates)
    }
}

extension Assignment {
    /// The category's version whose terms hold.
    public var categoryVersion: Int { Int(version) }

    /// What is still awaited before the release; nothing once released or voided.
    public internal(set) var gates: PendingGates {
        get { gateBox?.value ?? .none }
        set { gateBox = newValue.isEmpty ? nil : Boxed(newValue) }
    }

    /// When the contact was disclosed; `nil` while reserved and when voided.
    public internal(set) var releasedAt: Timestamp? {
        get { release.value }
        set { release = OptionalTimestamp(newValue) }
    }

    /// Until when the release binds the person to the advisor; `nil` for good (R4.4).
    public internal(set) var boundUntil: Timestamp? {
        get { bindingEnd.value }
        set { bindingEnd = OptionalTimestamp(newValue) }
    }

    /// When the advisor first reported on it.
    public internal(set) var reportedAt: Timestamp? {
        get { firstReport.value }
        set { firstReport = OptionalTimestamp(newValue) }
    }

    /// When the advisor first called, as first reported.
    public internal(set) var firstCallAt: Timestamp? {
        get { firstCall.value }
        set { firstCall = OptionalTimestamp(newValue) }
    }

    /// How far its return is; `nil` when none was asked for (R10).
    public internal(set) var returned: ReturnState? {
        get { returnBox?.value }
        set { returnBox = newValue.map(Boxed.init) }
    }

    /// The release before this one of the same person; follows from the assignments.
    var previousSale: AssignmentID? {
        get { previousSaleID == 0 ? nil : AssignmentID(previousSaleID) }
        set { previousSaleID = newValue?.rawValue ?? 0 }
    }

    /// Whether a report gave this outcome with a call record.
    public func hasRecorded(_ outcome: CallOutcome) -> Bool { recorded & outcome.bit != 0 }

    /// Notes an outcome that a report gave with a call record.
    mutating func record(_ outcome: CallOutcome) { recorded |= outcome.bit }

    /// The outcomes that reports gave with a call record.
    public var recordedOutcomes: Set<CallOutcome> { Set(CallOutcome.allCases.filter(hasRecorded)) }

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
            || releasedAt != nil && reportedAt == nil && returnBox == nil && !isWithdrawn
                && !isSuppressed && !isErased
    }
}

extension CallOutcome {
    fileprivate var bit: UInt16 {
        switch self {
        case .connected: 1 << 0
        case .noAnswer: 1 << 1
        case .busy: 1 << 2
        case .poweredOff: 1 << 3
        case .outOfService: 1 << 4
        case .noSuchNumber: 1 << 5
        case .wrongPerson: 1 << 6
        case .refused: 1 << 7
        case .industryPeer: 1 << 8
        case .unqualified: 1 << 9
        }
    }
}
