internal import EventLog
internal import MarketCore
internal import MarketRPC
internal import Projections

/// The rest of the answer to `assignment.contact`, once the disclosure is in the log (R4.6).
enum ContactQuery {
    /// The most events of a lead that are looked through for its post.
    private static let examinedEvents = 1_000

    static func body(assignment id: AssignmentID) -> FollowerQuery.Body {
        { state throws(RPCError) in
            guard let assignment = state.market.assignment(id) else {
                throw RPCError(.unknownAssignment, field: "assignment")
            }
            let contact = assignment.isErased ? nil : try contact(of: assignment.lead, state)
            guard let contact else { throw RPCError(.contactErased, field: "assignment") }
            return JSONText.object { json in
                json.member("assignment", id)
                json.name("contact")
                json.contact(contact)
                json.member("position", state.market.head)
            }
        }
    }

    /// The contact that came with a lead, or with its post; `nil` when it was erased or never came.
    private static func contact(
        of lead: LeadID, _ state: FollowerState
    ) throws(RPCError) -> ContactDetails? {
        let recorded = try state.reading { () throws(EventLogError) in
            try state.event(at: lead.position)
        }
        switch recorded?.event {
        case .leadAccepted(let accepted)?:
            return try open(accepted.contact, accepted.contactSlot, state)
        case .leadPinged?:
            guard let post = try post(of: lead, state) else { return nil }
            return try open(post.contact, post.contactSlot, state)
        default:
            return nil
        }
    }

    /// The post of a pinged lead that was taken.
    private static func post(
        of lead: LeadID, _ state: FollowerState
    ) throws(RPCError) -> PostedLead? {
        let positions = try state.looking { views throws(ViewError) in
            try views.stream(of: lead, limit: examinedEvents)
        }
        for position in positions {
            let recorded = try state.reading { () throws(EventLogError) in
                try state.event(at: position)
            }
            if case .leadPosted(let post)? = recorded?.event, post.rejection == nil { return post }
        }
        return nil
    }

    private static func open(
        _ contact: [UInt8], _ slot: UInt64?, _ state: FollowerState
    ) throws(RPCError) -> ContactDetails? {
        guard let slot, !contact.isEmpty else { return nil }
        return try state.reading { () throws(EventLogError) -> ContactDetails? in
            try state.vault.open(contact, in: slot).flatMap { ContactDetails(encoded: $0) }
        }
    }
}
