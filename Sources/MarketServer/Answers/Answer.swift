internal import MarketCore

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
    /// What a configuration changed or would change.
    case configuration(ConfigurationSummary)
    /// Time has been advanced to here.
    case time(Timestamp)
}

/// What became of a submitted lead.
struct LeadDecision: Sendable, Equatable {
    /// The lead.
    var lead: LeadID
    /// Why it was turned away; `nil` when it was taken.
    var rejection: LeadRejection?
    /// Who bought it; `nil` while it waits.
    var sale: Sale?

    /// Who bought a lead, and for how much.
    struct Sale: Sendable, Equatable {
        var assignment: AssignmentID
        var advisor: Name
        var order: OrderID
        var category: Name
        var charge: Money
    }
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
