/// What has happened, for good. Replaying the events of a log rebuilds the market.
///
/// An event carries what ``Market/evolve(_:)`` needs to follow without deciding anything again.
public enum Event: Hashable, Sendable {
    /// The market came into being; position 1.
    case marketCreated(MarketFoundation)
    /// Later inputs are decided by other rules.
    case rulesChanged(version: Int)
    /// The configuration changed.
    case configurationApplied(ConfigurationChange)
    /// Time took effect: due work up to and including `through` ran; `nil` when none was due.
    case timePassed(through: DueItem?)
    /// A transaction's limit was reached: the rest of the waiting leads is offered to these orders,
    /// and these leads to all orders, by the next due work (R6.4).
    case offersDeferred(orders: [OrderID], leads: [LeadID])

    /// An advisor became known; their number is the count of advisors before.
    case advisorRegistered(name: Name, profile: AdvisorProfile)
    /// An advisor's profile was replaced.
    case advisorUpdated(AdvisorNumber, profile: AdvisorProfile)
    /// An advisor went online or offline.
    case availabilitySet(AdvisorNumber, online: Bool)
    /// An advisor was barred.
    case advisorSuspended(AdvisorNumber, reason: String)
    /// A barred advisor came back.
    case advisorReinstated(AdvisorNumber)

    /// An advisor was credited: cash +, available +.
    case deposited(AdvisorNumber, amount: Money, reference: String)
    /// An advisor was paid back: cash -, available -.
    case withdrawn(AdvisorNumber, amount: Money, reference: String)
    /// A channel was paid: payable -, cash -.
    case channelPaid(ChannelNumber, amount: Money, reference: String)
    /// A payee was paid: payable -, cash -.
    case payeePaid(PayeeNumber, amount: Money, reference: String)

    /// An order was placed; its id is this event's position.
    case orderPlaced(AdvisorNumber, CategoryNumber, terms: OrderTerms)
    /// An order has these terms from now on.
    case orderAmended(OrderID, terms: OrderTerms)
    /// An order stopped taking leads.
    case orderPaused(OrderID)
    /// A paused order takes leads again.
    case orderResumed(OrderID)
    /// An order ended.
    case orderCancelled(OrderID)

    /// A lead came in and is open; its id is this event's position.
    case leadAccepted(AcceptedLead)
    /// A lead came in and was turned away; no contact data was kept.
    case leadRejected(RejectedLead)
    /// The person took a lead back; a waiting one is closed by the event that follows.
    case leadWithdrawn(LeadID)
    /// A waiting lead was closed unsold.
    case leadClosed(LeadID, LeadClosure)

    /// A lead was set aside for an order: available -, held +. The assignment's id is this position.
    case leadReserved(Reservation)
    /// The contact was disclosed, the charge made, the person bound (R8.1).
    case leadReleased(Release)
    /// A frontend has the lead; pushing ends.
    case assignmentAcknowledged(AssignmentID)
    /// The contact data was shown once more to the input's principal (R4.6).
    case contactDisclosed(AssignmentID)
    /// An advisor reported on calling.
    case contactReported(AssignmentID, ContactReport)
    /// An advisor reported a stage.
    case stageReported(AssignmentID, StageReport)

    /// A person was put on the do-not-contact list.
    case personSuppressed(Identity, reason: String)
    /// A person was taken off the do-not-contact list.
    case personUnsuppressed(Identity)
    /// A person's contact data is unreadable from here on; they stay suppressed.
    case personErased(Identity)

    /// A channel's leads are turned away.
    case channelPaused(ChannelNumber)
    /// A channel's leads are taken again.
    case channelResumed(ChannelNumber)
}

/// A lead as the log keeps it.
public struct AcceptedLead: Hashable, Sendable {
    /// Where it came from.
    public var channel: ChannelNumber
    /// Whose it is.
    public var identity: Identity
    /// What it declares.
    public var attributes: Attributes
    /// That the person agreed.
    public var consent: Consent
    /// The advisor the person already deals with, if any.
    public var preferredAdvisor: AdvisorNumber?
    /// The sealed contact data; empty when the lead came without.
    public var contact: [UInt8]
    /// The slot of the key file that holds the contact's key; `nil` when there is no contact.
    public var contactSlot: UInt64?

    /// Writes a lead down.
    public init(
        channel: ChannelNumber, identity: Identity, attributes: Attributes, consent: Consent,
        preferredAdvisor: AdvisorNumber? = nil, contact: [UInt8] = [], contactSlot: UInt64? = nil
    ) {
        self.channel = channel
        self.identity = identity
        self.attributes = attributes
        self.consent = consent
        self.preferredAdvisor = preferredAdvisor
        self.contact = contact
        self.contactSlot = contactSlot
    }
}

/// A lead that was turned away, as the log keeps it: no contact data (R4.3).
public struct RejectedLead: Hashable, Sendable {
    /// Where it came from.
    public var channel: ChannelNumber
    /// Whose it is.
    public var identity: Identity
    /// What it declares.
    public var attributes: Attributes
    /// That the person agreed, if they did.
    public var consent: Consent?
    /// The advisor the person already deals with, if any.
    public var preferredAdvisor: AdvisorNumber?
    /// Why it was turned away.
    public var reason: LeadRejection

    /// Writes a rejected lead down.
    public init(
        channel: ChannelNumber, identity: Identity, attributes: Attributes, consent: Consent?,
        preferredAdvisor: AdvisorNumber? = nil, reason: LeadRejection
    ) {
        self.channel = channel
        self.identity = identity
        self.attributes = attributes
        self.consent = consent
        self.preferredAdvisor = preferredAdvisor
        self.reason = reason
    }
}

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

    /// Sets a lead aside.
    public init(
        lead: LeadID, order: OrderID, categoryVersion: Int, price: Money, premium: Money
    ) {
        self.lead = lead
        self.order = order
        self.categoryVersion = categoryVersion
        self.price = price
        self.premium = premium
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
