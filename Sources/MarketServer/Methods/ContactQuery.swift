internal import EventLog
internal import MarketCore
internal import MarketRPC

/// The rest of the answer to `assignment.contact`, once the disclosure is in the log (R4.6).
enum ContactQuery {
    static func body(assignment id: AssignmentID) -> FollowerQuery.Body {
        { state throws(RPCError) in
            guard let assignment = state.market.assignment(id) else {
                throw RPCError(.unknownAssignment, field: "assignment")
            }
            let contact = try state.reading { () throws(EventLogError) -> ContactDetails? in
                guard !assignment.isErased,
                    case .leadAccepted(let lead)? = try state.event(
                        at: assignment.lead.position)?.event
                else { return nil }
                return try state.contact(of: lead)
            }
            guard let contact else { throw RPCError(.contactErased, field: "assignment") }
            return JSONText.object { json in
                json.member("assignment", id)
                json.name("contact")
                json.contact(contact)
                json.member("position", state.market.head)
            }
        }
    }
}
