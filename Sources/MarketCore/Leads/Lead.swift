/// An open lead: accepted and neither sold nor closed.
public struct Lead: Hashable, Sendable {
    /// Its id.
    public let id: LeadID
    /// When it came in.
    public let arrivedAt: Timestamp
    /// Where it came from.
    public let channel: ChannelNumber
    /// Whose it is.
    public let identity: Identity
    /// What it declares.
    public let attributes: Attributes
    /// The institutions its consent names; empty for any.
    public let consentInstitutions: [String]
    /// The advisor the person already deals with, if any.
    public let preferredAdvisor: AdvisorNumber?
    /// The categories it belongs to now, in the order they are tried (R2.3).
    public internal(set) var categories: [CategoryNumber]
    /// When its age next matters: the next rung, or its expiry.
    var pendingAge: Timestamp?
    /// When its person's binding ends, while due work still has to bring that about.
    var pendingBindingEnd: Timestamp?
    /// Since when matching it again is put off, if it is (R6.4).
    var pendingOffer: Timestamp?
}
