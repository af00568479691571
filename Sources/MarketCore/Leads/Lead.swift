/// An open lead: waiting or reserved, neither sold nor closed.
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
    public internal(set) var consentInstitutions: [String]
    /// The advisor the person already deals with, if any.
    public let preferredAdvisor: AdvisorNumber?
    /// The categories it belongs to now, in the order they are tried (R2.3).
    public internal(set) var categories: [CategoryNumber]
    /// Whether it was pinged and its post is still to come (R8.5).
    public internal(set) var isPing = false
    /// What it is reserved by; `nil` while it waits.
    public internal(set) var reservation: AssignmentID?
    /// The advisors who declined it or let it lapse, in that order (R8.4).
    public internal(set) var excludedAdvisors: [AdvisorNumber] = []
    /// The institutions that the person refused, in that order (R8.4).
    public internal(set) var excludedInstitutions: [String] = []
    /// When its age next matters: the next rung, or its expiry.
    var pendingAge: Timestamp?
    /// When its person's binding ends, while due work still has to bring that about.
    var pendingBindingEnd: Timestamp?
    /// Since when matching it again is put off, if it is (R6.4).
    var pendingOffer: Timestamp?
    /// Where its person stands in ``People``; follows from the identity, once it is open.
    var person: PersonSlot?
}
