public import MarketCore

/// A lead as a frontend or supplier hands it in.
public struct LeadSubmissionRequest: Hashable, Sendable {
    /// Where it comes from; a supplier's own channel.
    public var channel: Name
    /// What it declares.
    public var attributes: Attributes
    /// That the person agreed, if they did.
    public var consent: Consent?
    /// The advisor the person already deals with, if any.
    public var preferredAdvisor: Name?
    /// How to reach the person; its phone's digits are what identifies them.
    public var contact: ContactDetails

    /// Describes a lead.
    public init(
        channel: Name, attributes: Attributes, consent: Consent?, preferredAdvisor: Name?,
        contact: ContactDetails
    ) {
        self.channel = channel
        self.attributes = attributes
        self.consent = consent
        self.preferredAdvisor = preferredAdvisor
        self.contact = contact
    }

    /// The command, once the person's identity is made and the contact sealed.
    public func submission(identity: Identity, sealedContact: [UInt8]) -> LeadSubmission {
        LeadSubmission(
            channel: channel, identity: identity, attributes: attributes, consent: consent,
            preferredAdvisor: preferredAdvisor, contact: sealedContact)
    }
}

/// An advisor to be made known.
public struct AdvisorRegistration: Hashable, Sendable {
    /// The advisor's name.
    public var name: Name
    /// The legal recipient that consent names.
    public var institution: String
    /// The digits of the advisor's own phone, if given.
    public var phoneDigits: String?
    /// How good their results are.
    public var grade: Grade

    /// The profile, once the identity is made of the phone.
    public func profile(identity: Identity?) -> AdvisorProfile {
        AdvisorProfile(institution: institution, identity: identity, grade: grade)
    }
}

/// What is to change in an advisor's profile; `nil` leaves a part as it is.
public struct AdvisorRevision: Hashable, Sendable {
    /// The advisor's name.
    public var name: Name
    /// The legal recipient that consent names.
    public var institution: String?
    /// The digits of the advisor's own phone.
    public var phoneDigits: String?
    /// How good their results are.
    public var grade: Grade?

    /// The profile after the change.
    ///
    /// - Parameter identity: made of ``phoneDigits``, when there are any.
    public func applied(to profile: AdvisorProfile, identity: Identity?) -> AdvisorProfile {
        AdvisorProfile(
            institution: institution ?? profile.institution,
            identity: identity ?? profile.identity, grade: grade ?? profile.grade)
    }
}

/// A person as a request names them.
public enum PersonReference: Hashable, Sendable {
    /// By one of their leads.
    case lead(LeadID)
    /// By the digits of their phone.
    case phone(digits: String)
    /// By the identity that events show.
    case identity(Identity)
}

/// Which orders are listed; `nil` for any.
public struct OrderSelection: Hashable, Sendable {
    /// Whose.
    public var advisor: Name?
    /// Of which category.
    public var category: Name?
    /// In which state.
    public var state: OrderState?
}

/// Which leads are listed; `nil` for any.
public struct LeadSelection: Hashable, Sendable {
    /// Of which status.
    public var status: LeadStatus?
    /// Of which category.
    public var category: Name?
}

/// Which assignments are listed; `nil` for any.
public struct AssignmentSelection: Hashable, Sendable {
    /// Whose.
    public var advisor: Name?
    /// In which state.
    public var state: AssignmentState?
}

/// Which assignments' calls are counted, and by what; `nil` for any.
public struct RateSelection: Hashable, Sendable {
    /// What there is a row for each of.
    public var grouping: RateGrouping
    /// Of which category.
    public var category: Name?
    /// Of which channel.
    public var channel: Name?
    /// Whose.
    public var advisor: Name?
}
