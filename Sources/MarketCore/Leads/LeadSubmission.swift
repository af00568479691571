/// A lead as it is handed in.
public struct LeadSubmission: Hashable, Sendable {
    /// Where it comes from.
    public var channel: Name
    /// Whose it is.
    public var identity: Identity
    /// What it declares.
    public var attributes: Attributes
    /// That the person agreed, if they did.
    public var consent: Consent?
    /// The advisor the person already deals with, if any (R6.2).
    public var preferredAdvisor: Name?
    /// The sealed contact data, at most 560 bytes: 512 of contact data, the seal's 16, and 32 of its
    /// wrapped key.
    public var contact: [UInt8]

    /// Hands in a lead.
    public init(
        channel: Name, identity: Identity, attributes: Attributes, consent: Consent?,
        preferredAdvisor: Name? = nil, contact: [UInt8] = []
    ) {
        self.channel = channel
        self.identity = identity
        self.attributes = attributes
        self.consent = consent
        self.preferredAdvisor = preferredAdvisor
        self.contact = contact
    }
}

/// A lead as it is asked about: no contact data, no consent yet (R8.5).
public struct LeadPing: Hashable, Sendable {
    /// Where it comes from.
    public var channel: Name
    /// Whose it is.
    public var identity: Identity
    /// What it declares.
    public var attributes: Attributes
    /// The advisor the person already deals with, if any (R6.2).
    public var preferredAdvisor: Name?

    /// Asks about a lead.
    public init(
        channel: Name, identity: Identity, attributes: Attributes, preferredAdvisor: Name? = nil
    ) {
        self.channel = channel
        self.identity = identity
        self.attributes = attributes
        self.preferredAdvisor = preferredAdvisor
    }
}

/// What turns a pinged lead into a sale (R8.5).
public struct LeadPost: Hashable, Sendable {
    /// The pinged lead.
    public var lead: LeadID
    /// The channel that has to have pinged it; `nil` for any.
    public var channel: Name?
    /// Whose it is, by the phone that comes now.
    public var identity: Identity
    /// That the person agreed, if they did.
    public var consent: Consent?
    /// The sealed contact data, as in ``LeadSubmission/contact``.
    public var contact: [UInt8]

    /// Posts a lead.
    public init(
        lead: LeadID, channel: Name?, identity: Identity, consent: Consent?, contact: [UInt8] = []
    ) {
        self.lead = lead
        self.channel = channel
        self.identity = identity
        self.consent = consent
        self.contact = contact
    }
}
