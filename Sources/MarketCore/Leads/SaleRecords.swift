/// A lead set aside for an order, with the price held for it (R7.2).
public struct Reservation: Hashable, Sendable {
    /// The lead.
    public var lead: LeadID
    /// The order.
    public var order: OrderID
    /// The version of the order's category whose terms hold, from 1.
    public var categoryVersion: Int
    /// The ladder's price.
    public var price: Money
    /// The order's premium on top.
    public var premium: Money
    /// What the lead's channel will get, on the terms of this moment (R3.1).
    public var channelPayout: Money
    /// What is awaited before the release.
    public var gates: PendingGates

    /// Sets a lead aside.
    public init(
        lead: LeadID, order: OrderID, categoryVersion: Int, price: Money, premium: Money,
        channelPayout: Money, gates: PendingGates = .none
    ) {
        self.lead = lead
        self.order = order
        self.categoryVersion = categoryVersion
        self.price = price
        self.premium = premium
        self.channelPayout = channelPayout
        self.gates = gates
    }

    /// What is held and will be charged.
    public var charge: Money { price + premium }
}

/// A sale: the contact disclosed, the charge split, the person bound.
public struct Release: Hashable, Sendable {
    /// The assignment.
    public var assignment: AssignmentID
    /// What the lead's channel gets.
    public var channelPayout: Money
    /// What payees get, in order of the category's splits.
    public var payeeShares: [PayeeShare]
    /// Until when no other advisor gets this person; `nil` for good (R4.4).
    public var boundUntil: Timestamp?

    /// Writes a sale down.
    public init(
        assignment: AssignmentID, channelPayout: Money, payeeShares: [PayeeShare],
        boundUntil: Timestamp?
    ) {
        self.assignment = assignment
        self.channelPayout = channelPayout
        self.payeeShares = payeeShares
        self.boundUntil = boundUntil
    }
}

/// What one payee gets of one charge.
public struct PayeeShare: Hashable, Sendable {
    /// Who gets it.
    public var payee: PayeeNumber
    /// How much.
    public var amount: Money

    /// Gives `payee` an amount.
    public init(payee: PayeeNumber, amount: Money) {
        self.payee = payee
        self.amount = amount
    }
}
