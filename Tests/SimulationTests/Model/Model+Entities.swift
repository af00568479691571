import MarketCore

/// What the model remembers: everything, for ever.
extension Model {
    /// An advisor with the account.
    struct Advisor {
        var name: Name
        var profile: AdvisorProfile
        /// How good their results are: set, or derived.
        var grade: Grade
        var isOnline = true
        var isSuspended = false
        var available = Money.zero
        var held = Money.zero
    }

    /// A category with all its versions; the last one holds.
    struct Category {
        var name: Name
        var versions: [CategoryDefinition]
        var definition: CategoryDefinition { versions[versions.count - 1] }
    }

    /// A decided lead of a channel, as the channel is judged by it (R3.2).
    struct Decided: Equatable {
        var lead: LogPosition
        var isBad: Bool
    }

    /// A channel with what it is owed.
    struct Channel {
        var name: Name
        var definition: ChannelDefinition
        var isPaused = false
        var payable = Money.zero
        /// When each of its leads was taken.
        var taken: [Timestamp] = []
        /// What it is judged by, oldest first.
        var decided: [Decided] = []
    }

    /// A payee with what they are owed.
    struct Payee {
        var name: Name
        var title: String
        var payable = Money.zero
    }

    /// An order.
    struct Order {
        var id: OrderID
        var advisor: AdvisorNumber
        var category: CategoryNumber
        var terms: OrderTerms
        var isPaused = false
        var isCancelled = false
        var reserved = 0
        /// Released in this round.
        var released = 0
        var round = 1
        var releasedBefore = 0
        /// Since when offers are put off.
        var pendingOffer: Timestamp?
    }

    /// What became of a lead.
    enum LeadState: Equatable {
        case waiting
        case reserved
        case sold
        case closed(LeadClosure)
    }

    /// A lead that was taken or pinged.
    struct Lead {
        var id: LeadID
        var arrivedAt: Timestamp
        var channel: ChannelNumber
        var identity: Identity
        var attributes: Attributes
        /// The institutions its consent names; none for any.
        var institutions: [String]
        var preferredAdvisor: AdvisorNumber?
        var categories: [CategoryNumber]
        var state = LeadState.waiting
        /// Whether its post is still to come.
        var isPing = false
        var excludedAdvisors: [AdvisorNumber] = []
        var excludedInstitutions: [String] = []
        /// When its age next matters.
        var ageDue: Timestamp?
        /// When its person's binding is noticed to be over.
        var bindingDue: Timestamp?
        /// Since when matching it again is put off.
        var pendingOffer: Timestamp?

        var isOpen: Bool { state == .waiting || state == .reserved }
    }

    /// A lead given to an order.
    struct Assignment {
        var id: AssignmentID
        var lead: LeadID
        var order: OrderID
        var advisor: AdvisorNumber
        var channel: ChannelNumber
        var identity: Identity
        var category: CategoryNumber
        /// The category's version at the reservation, from 1.
        var version: Int
        var charge: Money
        var payout: Money
        var reservedAt: Timestamp
        var gates: PendingGates
        var voided: VoidReason?
        var releasedAt: Timestamp?
        var shares: [PayeeShare] = []
        var boundUntil: Timestamp?
        /// Whether the advisor was the person's last buyer before.
        var isRepeatSale = false
        var isAcknowledged = false
        var isWithdrawn = false
        var isSuppressed = false
        var isErased = false
        var reportedAt: Timestamp?
        var firstCallAt: Timestamp?
        var isConnected = false
        var stage: Stage?
        /// The outcomes that came with a call record.
        var recordedOutcomes: [CallOutcome] = []
        var request: ReturnRequest?
        var decision: ReturnDecision?

        var isReserved: Bool { releasedAt == nil && voided == nil }

        /// Whether the advisor has it open (R5.1).
        var isOpenWork: Bool {
            if isReserved { return true }
            return releasedAt != nil && reportedAt == nil && request == nil && !isWithdrawn
                && !isSuppressed && !isErased
        }
    }

    /// A person who once handed in a lead, was pinged or suppressed.
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

    /// An order's next look at the clock, as the market has it: when an order is looked at again is
    /// the market's own affair; that it is in time shows from no lead waiting for it (R6.4).
    struct Turn {
        var order: OrderID
        var time: Timestamp
    }
}
