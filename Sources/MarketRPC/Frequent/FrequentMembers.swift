/// The methods that are read fast.
enum FrequentMethod: Int, CaseIterable {
    case submitLead
    case pingLead
    case postLead
    case acknowledgeAssignment
    case reportContact

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
    case idempotencyKey
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
        case .idempotencyKey: "idempotencyKey"
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

/// Which members an object has, and where: each at most once.
struct FrequentMembers {
    /// A set of members, one bit each.
    struct Mask: OptionSet {
        let rawValue: UInt32

        init(rawValue: UInt32) { self.rawValue = rawValue }

        init(_ members: FrequentMember...) {
            rawValue = members.reduce(0) { $0 | 1 << UInt32($1.rawValue) }
        }
    }

    private var places = InlineArray<24, UInt16>(repeating: 0)

    /// Reads the members of the object at `index`.
    ///
    /// - Throws: ``Irregular`` when one is not among `allowed` or occurs twice.
    init(
        of index: Int, allowed: Mask, _ frame: borrowing PlainFrame, _ tables: CallTables
    ) throws(Irregular) {
        guard frame.isKind(.object, index) else { throw Irregular() }
        let end = frame.end(of: index)
        var member = index + 1
        while member < end {
            let name = frame.name(member)
            guard
                let number = tables.texts.number(of: name, in: CallTables.Domain.members, frame),
                allowed.rawValue & 1 &<< UInt32(number) != 0, places[number] == 0
            else { throw Irregular() }
            places[number] = UInt16(member)
            member = frame.next(after: member)
        }
    }

    /// Where the value of `member` is, or `nil`; never 0, where the frame's root is.
    subscript(member: FrequentMember) -> Int? {
        let place = places[member.rawValue]
        return place == 0 ? nil : Int(place)
    }

    /// Where the value of a member that must be there is.
    func required(_ member: FrequentMember) throws(Irregular) -> Int {
        guard let place = self[member] else { throw Irregular() }
        return place
    }
}
