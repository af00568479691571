/// The methods that are read fast.
enum FrequentMethod: Int, CaseIterable {
    case submitLead
    case pingLead
    case postLead
    case acknowledgeAssignment
    case reportContact

    /// Whether it hands in a lead that the market does not know yet.
    var isNewLead: Bool { self == .submitLead || self == .pingLead }

    /// The name in the catalogue.
    var name: String {
        switch self {
        case .submitLead: "lead.submit"
        case .pingLead: "lead.ping"
        case .postLead: "lead.post"
        case .acknowledgeAssignment: "assignment.acknowledge"
        case .reportContact: "assignment.reportContact"
        }
    }

    /// The members that a request can have, at whatever depth.
    var members: [FrequentMember] {
        let envelope: [FrequentMember] = [.jsonrpc, .id, .method, .params]
        let consent: [FrequentMember] = [.consent, .givenAt, .agreement, .institutions]
        let contact: [FrequentMember] = [.contact, .name, .note]
        let lead: [FrequentMember] = [.channel, .phone, .attributes, .preferredAdvisor, .at]
        switch self {
        case .submitLead: return envelope + lead + consent + contact
        case .pingLead: return envelope + lead + [.phoneMD5]
        case .postLead: return envelope + [.lead, .phone, .at] + consent + contact
        case .acknowledgeAssignment: return envelope + [.assignment, .at]
        case .reportContact:
            return envelope + [.assignment, .firstCallAt, .attempts, .outcome, .evidence, .at]
        }
    }
}

/// The members of their requests.
enum FrequentMember: Int, CaseIterable {
    case jsonrpc
    case id
    case method
    case params
    case channel
    case phone
    case phoneMD5
    case attributes
    case consent
    case contact
    case preferredAdvisor
    case at
    case givenAt
    case agreement
    case institutions
    case name
    case note
    case lead
    case assignment
    case firstCallAt
    case attempts
    case outcome
    case evidence

    /// The name on the wire.
    var name: String {
        switch self {
        case .jsonrpc: "jsonrpc"
        case .id: "id"
        case .method: "method"
        case .params: "params"
        case .channel: "channel"
        case .phone: "phone"
        case .phoneMD5: "phoneMd5"
        case .attributes: "attributes"
        case .consent: "consent"
        case .contact: "contact"
        case .preferredAdvisor: "preferredAdvisor"
        case .at: "at"
        case .givenAt: "givenAt"
        case .agreement: "agreementSha256"
        case .institutions: "institutions"
        case .name: "name"
        case .note: "note"
        case .lead: "lead"
        case .assignment: "assignment"
        case .firstCallAt: "firstCallAt"
        case .attempts: "attempts"
        case .outcome: "outcome"
        case .evidence: "evidence"
        }
    }
}

/// A set of members, one bit each.
struct FrequentMembers {
    private var bits: UInt32 = 0

    init() {}

    init(_ members: [FrequentMember]) {
        for member in members { bits |= Self.bit(member) }
    }

    @inline(always)
    private static func bit(_ member: FrequentMember) -> UInt32 { 1 &<< UInt32(member.rawValue) }

    @inline(always)
    func contains(_ member: FrequentMember) -> Bool { bits & Self.bit(member) != 0 }

    @inline(always)
    func isSubset(of others: FrequentMembers) -> Bool { bits & ~others.bits == 0 }

    /// Notes that `member` was read.
    ///
    /// - Throws: ``Irregular`` when it was before.
    @inline(always)
    mutating func insert(_ member: FrequentMember) throws(Irregular) {
        guard !contains(member) else { throw Irregular() }
        bits |= Self.bit(member)
    }
}
