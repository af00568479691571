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

    /// The command, once the person's identity is made and the contact sealed.
    public func submission(identity: Identity, sealedContact: [UInt8]) -> LeadSubmission {
        LeadSubmission(
            channel: channel, identity: identity, attributes: attributes, consent: consent,
            preferredAdvisor: preferredAdvisor, contact: sealedContact)
    }
}

/// A lead as a frontend or supplier asks about it (R8.5).
public struct LeadPingRequest: Hashable, Sendable {
    /// How a ping names the person.
    public enum Person: Hashable, Sendable {
        /// By the digits of their phone.
        case phone(digits: String)
        /// By the MD5 of the digits, in 32 hexadecimal digits.
        case md5(String)
    }

    /// Where it comes from; a supplier's own channel.
    public var channel: Name
    /// Whose it is.
    public var person: Person
    /// What it declares.
    public var attributes: Attributes
    /// The advisor the person already deals with, if any.
    public var preferredAdvisor: Name?

    /// The command, once the person's identity is made.
    public func ping(identity: Identity) -> LeadPing {
        LeadPing(
            channel: channel, identity: identity, attributes: attributes,
            preferredAdvisor: preferredAdvisor)
    }
}

/// Contact and consent of a pinged lead as a frontend or supplier brings them (R8.5).
public struct LeadPostRequest: Hashable, Sendable {
    /// The pinged lead.
    public var lead: LeadID
    /// The channel that may have pinged it; `nil` for whichever did.
    public var channel: Name?
    /// That the person agreed, if they did.
    public var consent: Consent?
    /// How to reach the person; its phone's digits are what identifies them.
    public var contact: ContactDetails

    /// The command, once the person's identity is made and the contact sealed.
    public func post(identity: Identity, sealedContact: [UInt8]) -> LeadPost {
        LeadPost(
            lead: lead, channel: channel, identity: identity, consent: consent,
            contact: sealedContact)
    }
}
