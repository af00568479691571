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
    /// The slot of the key file without which the contact is not opened; `nil` when there is no contact.
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
    /// Whether it was only asked about (R8.5).
    public var isPing: Bool

    /// Writes a rejected lead down.
    public init(
        channel: ChannelNumber, identity: Identity, attributes: Attributes, consent: Consent?,
        preferredAdvisor: AdvisorNumber? = nil, reason: LeadRejection, isPing: Bool = false
    ) {
        self.channel = channel
        self.identity = identity
        self.attributes = attributes
        self.consent = consent
        self.preferredAdvisor = preferredAdvisor
        self.reason = reason
        self.isPing = isPing
    }
}

/// A lead that was asked about, as the log keeps it (R8.5).
public struct PingedLead: Hashable, Sendable {
    /// Where it came from.
    public var channel: ChannelNumber
    /// Whose it is.
    public var identity: Identity
    /// What it declares.
    public var attributes: Attributes
    /// The advisor the person already deals with, if any.
    public var preferredAdvisor: AdvisorNumber?

    /// Writes a pinged lead down.
    public init(
        channel: ChannelNumber, identity: Identity, attributes: Attributes,
        preferredAdvisor: AdvisorNumber? = nil
    ) {
        self.channel = channel
        self.identity = identity
        self.attributes = attributes
        self.preferredAdvisor = preferredAdvisor
    }
}

/// The post of a pinged lead, as the log keeps it (R8.5).
public struct PostedLead: Hashable, Sendable {
    /// The pinged lead.
    public var lead: LeadID
    /// That the person agreed, if they did.
    public var consent: Consent?
    /// The sealed contact data; empty when there is none or the post was turned away.
    public var contact: [UInt8]
    /// The slot of the key file without which the contact is not opened; `nil` when there is no contact.
    public var contactSlot: UInt64?
    /// Why the post was turned away; `nil` when it was taken.
    public var rejection: LeadRejection?
    /// What is still awaited after the post.
    public var gates: PendingGates

    /// Writes a post down.
    public init(
        lead: LeadID, consent: Consent?, contact: [UInt8] = [], contactSlot: UInt64? = nil,
        rejection: LeadRejection? = nil, gates: PendingGates = .none
    ) {
        self.lead = lead
        self.consent = consent
        self.contact = contact
        self.contactSlot = contactSlot
        self.rejection = rejection
        self.gates = gates
    }
}

/// A lead of a test channel: what would have become of it (R3.1).
public struct TestedLead: Hashable, Sendable {
    /// What the market would have done.
    public enum Outcome: Hashable, Sendable {
        /// Turned it away.
        case rejected(LeadRejection)
        /// Let it wait, or answered a ping with no.
        case unmatched
        /// Reserved it for this order at this charge.
        case matched(OrderID, charge: Money)
    }

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
    /// Whether it was only asked about (R8.5).
    public var isPing: Bool
    /// What would have become of it.
    public var outcome: Outcome

    /// Writes a tested lead down.
    public init(
        channel: ChannelNumber, identity: Identity, attributes: Attributes, consent: Consent?,
        preferredAdvisor: AdvisorNumber? = nil, isPing: Bool = false, outcome: Outcome
    ) {
        self.channel = channel
        self.identity = identity
        self.attributes = attributes
        self.consent = consent
        self.preferredAdvisor = preferredAdvisor
        self.isPing = isPing
        self.outcome = outcome
    }
}
