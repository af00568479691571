internal import MarketCore
internal import MarketRPC

/// What the writer answers to a command: names and numbers, put into words by the session.
enum Answer: Sendable, Equatable {
    /// Nothing but the position.
    case done
    /// An advisor is known or changed.
    case advisor(Name)
    /// An advisor is online or offline.
    case availability(Name, online: Bool)
    /// An advisor's balance after a deposit or a withdrawal.
    case account(Name, available: Money)
    /// A channel was paused or resumed.
    case channel(Name)
    /// What a channel is still owed.
    case channelPayable(Name, Money)
    /// What a payee is still owed.
    case payeePayable(Name, Money)
    /// An order and why it is not live, if it is not.
    case order(OrderID, Unliveness)
    /// What became of a submitted lead.
    case decision(LeadDecision)
    /// A lead was withdrawn.
    case withdrawn(LeadID, wasSold: Bool)
    /// Something was noted about an assignment.
    case assignment(AssignmentID)
    /// Where a reservation stands after its gates were answered, and what it still waits for.
    case gates(AssignmentID, AssignmentStatus, PendingGates)
    /// How far the return of an assignment is.
    case returned(AssignmentID, ReturnOutcome)
    /// What a configuration changed or would change.
    case configuration(ConfigurationSummary)
    /// Time has been advanced to here.
    case time(Timestamp)
}

/// What became of a lead that was handed in, asked about or posted.
struct LeadDecision: Sendable, Equatable {
    /// What the market decided.
    enum Outcome: Sendable, Equatable {
        /// It was turned away.
        case rejected(LeadRejection)
        /// It waits for an order.
        case waiting
        /// No order takes it, and it was only asked about.
        case unmatched
        /// It is set aside or sold.
        case matched(Sale)
        /// Nothing, because its channel is a test: what would have become of it.
        case tested(TestedLead.Outcome, Sale?)
    }

    /// The lead.
    var lead: LeadID
    /// What the market decided.
    var outcome: Outcome
    /// Whether a supplier reads it, who is not told for whom it is.
    var isForSupplier: Bool
}

/// For whom a lead is set aside, or who bought it.
struct Sale: Sendable, Equatable {
    /// The assignment; `nil` for one that only might have been.
    var assignment: AssignmentID?
    var advisor: Name
    /// The advisor's institution, which the person is to agree to.
    var institution: String
    var order: OrderID
    var category: Name
    /// The category's title.
    var product: String
    var charge: Money
    /// What the channel gets.
    var payout: Money
    /// What is still awaited; nothing once it is sold.
    var awaits: PendingGates
}

/// What a configuration changes.
struct ConfigurationSummary: Sendable, Equatable {
    var attributes: [Name] = []
    var categories: [Name] = []
    var channels: [Name] = []
    var payees: [Name] = []
    var changesSettings = false
    /// Prices that do not cover what is paid out of them (R12.2).
    var warnings: [String] = []
    /// Whether it was only a rehearsal.
    var isRehearsal = false
}
