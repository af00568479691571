/// An open lead: waiting or reserved, neither sold nor closed.
///
/// What changes with every step of it stands here; what it says, and what rarely changes, is in a box
/// that copies share.
public struct Lead: Hashable, Sendable {
    /// Its id.
    public let id: LeadID
    /// When it came in.
    public let arrivedAt: Timestamp
    /// Whose it is.
    public let identity: Identity
    /// Where it came from.
    public let channel: ChannelNumber
    /// The advisor the person already deals with, if any.
    public let preferredAdvisor: AdvisorNumber?
    /// Whether it was pinged and its post is still to come (R8.5).
    public internal(set) var isPing: Bool
    /// What it is reserved by; `nil` while it waits.
    public internal(set) var reservation: AssignmentID?
    /// When its age next matters: the next rung, or its expiry.
    var pendingAge: Timestamp?
    /// When its person's binding ends, while due work still has to bring that about.
    var pendingBindingEnd: Timestamp?
    /// Since when matching it again is put off, if it is (R6.4).
    var pendingOffer: Timestamp?
    /// Where its person stands in ``People``; follows from the identity, once it is open.
    var person: PersonSlot?
    private var boxed: Boxed<Contents>

    /// What a lead says, to whom it may go and to whom not.
    struct Contents: Hashable, Sendable {
        let attributes: Attributes
        var consentInstitutions: [String]
        var categories: [CategoryNumber]
        var excludedAdvisors: [AdvisorNumber] = []
        var excludedInstitutions: [String] = []
    }

    init(
        id: LeadID, arrivedAt: Timestamp, channel: ChannelNumber, identity: Identity,
        attributes: Attributes, consentInstitutions: [String], preferredAdvisor: AdvisorNumber?,
        categories: [CategoryNumber], isPing: Bool = false, reservation: AssignmentID? = nil,
        excludedAdvisors: [AdvisorNumber] = [], excludedInstitutions: [String] = [],
        pendingAge: Timestamp? = nil, pendingBindingEnd: Timestamp? = nil,
        pendingOffer: Timestamp? = nil
    ) {
        self.id = id
        self.arrivedAt = arrivedAt
        self.channel = channel
        self.identity = identity
        self.preferredAdvisor = preferredAdvisor
        self.isPing = isPing
        self.reservation = reservation
        self.pendingAge = pendingAge
        self.pendingBindingEnd = pendingBindingEnd
        self.pendingOffer = pendingOffer
        boxed = Boxed(
            Contents(
                attributes: attributes, consentInstitutions: consentInstitutions,
                categories: categories, excludedAdvisors: excludedAdvisors,
                excludedInstitutions: excludedInstitutions))
    }
}

extension Lead {
    /// What is in its box.
    ///
    /// - Complexity: O(1) to read; a write makes a new box.
    var contents: Contents {
        get { boxed.value }
        set { boxed = Boxed(newValue) }
    }

    /// What it declares.
    public var attributes: Attributes { boxed.value.attributes }

    /// The institutions its consent names; empty for any.
    public var consentInstitutions: [String] { boxed.value.consentInstitutions }

    /// The categories it belongs to now, in the order they are tried (R2.3).
    public var categories: [CategoryNumber] { boxed.value.categories }

    /// The advisors who declined it or let it lapse, in that order (R8.4).
    public var excludedAdvisors: [AdvisorNumber] { boxed.value.excludedAdvisors }

    /// The institutions that the person refused, in that order (R8.4).
    public var excludedInstitutions: [String] { boxed.value.excludedInstitutions }
}
