import MarketCore

extension Catalogue {
    /// The methods about what comes between a reservation and its release, and about returns.
    static let gates: [Method] = [
        Method(
            "assignment.accept", .mutation, roles: .trade,
            "Takes a lead that is reserved for an advisor, on the advisor's word (R8.3).",
            parameters: [.assignment], result: outcome,
            errors: [.unknownAssignment, .notAwaitingAcceptance, .deadlinePassed],
            example: ["assignment": 4713]
        ) { (parameters: inout Parameters, _) throws(RPCError) in
            .mutation(.command(.acceptAssignment(try parameters.entity("assignment"))))
        },
        Method(
            "assignment.decline", .mutation, roles: .trade,
            "Declines a lead that is reserved for an advisor: it is matched again, never to them (R8.3, R8.4).",
            parameters: [.assignment], result: outcome,
            errors: [.unknownAssignment, .notAwaitingAcceptance, .deadlinePassed],
            example: ["assignment": 4713]
        ) { (parameters: inout Parameters, _) throws(RPCError) in
            .mutation(.command(.declineAssignment(try parameters.entity("assignment"))))
        },
        Method(
            "assignment.confirmConsent", .mutation, roles: [.frontend, .supplier, .operator],
            "Says that the person agrees to the institution and product that the lead is reserved for (R8.2); a supplier answers for its own channel.",
            parameters: [
                .assignment,
                .required("consent", .object(ConsentMembers.consent), "that the person agreed"),
            ],
            result: outcome,
            errors: [
                .unknownAssignment, .notAwaitingConsent, .deadlinePassed, .institutionNotConsented,
            ],
            example: ["assignment": 4713, "consent": ConsentMembers.example]
        ) { (parameters: inout Parameters, context: CallContext) throws(RPCError) in
            _ = try context.supplierChannel()
            let assignment: AssignmentID = try parameters.entity("assignment")
            let consent = try parameters.present(
                "consent", try parameters.optionalConsent("consent"))
            return .mutation(.command(.confirmConsent(assignment, consent)))
        },
        Method(
            "assignment.declineConsent", .mutation, roles: [.frontend, .supplier, .operator],
            "Says that the person does not agree: the lead is matched again, never to that institution (R8.2, R8.4); a supplier answers for its own channel.",
            parameters: [.assignment], result: outcome,
            errors: [.unknownAssignment, .notAwaitingConsent, .deadlinePassed],
            example: ["assignment": 4713]
        ) { (parameters: inout Parameters, context: CallContext) throws(RPCError) in
            _ = try context.supplierChannel()
            return .mutation(.command(.declineConsent(try parameters.entity("assignment"))))
        },
        Method(
            "assignment.requestReturn", .mutation, roles: .trade,
            "Asks for the money of a sale back; evidence may decide at once, else an operator does (R10).",
            parameters: [
                .assignment, .required("reason", .word(ReturnReason.words), "why (R10.1)"),
                .optional("evidence", .text(0...64), "the number of a call-detail record"),
            ],
            result: returnOutcome,
            errors: [
                .unknownAssignment, .assignmentNotReleased, .returnAlreadyRequested,
                .returnWindowPassed,
            ],
            example: ["assignment": 4713, "reason": "noSuchNumber", "evidence": "cdr-88121"]
        ) { (parameters: inout Parameters, _) throws(RPCError) in
            .mutation(
                .command(
                    .requestReturn(
                        try parameters.entity("assignment"), try parameters.returnRequest())))
        },
        Method(
            "assignment.decideReturn", .mutation, roles: .operators,
            "Decides a return that evidence alone does not decide; an approved one gives the money back (R10.2, R10.3).",
            parameters: [
                .assignment, .required("approve", .flag, "whether the money goes back"),
                .optional("note", .text(0...256), "what there is to say about it"),
            ],
            result: returnOutcome, errors: [.unknownAssignment, .noOpenReturn],
            example: ["assignment": 4713, "approve": true, "note": "called and checked"]
        ) { (parameters: inout Parameters, _) throws(RPCError) in
            let assignment: AssignmentID = try parameters.entity("assignment")
            let isApproved = try parameters.bool("approve")
            let note = try parameters.optionalString("note", length: 0...256) ?? ""
            return .mutation(
                .command(.decideReturn(assignment, approved: isApproved, note: note)))
        },
    ]

    private static let outcome: [Member] = [
        .assignment,
        .required(
            "state", .word(AssignmentStatus.words),
            "where it stands: reserved while something else is awaited"),
        SaleMembers.awaits, .position,
    ]

    private static let returnOutcome: [Member] = [
        .assignment,
        .required("state", .word(ReturnOutcome.words), "what became of the return so far"),
        .position,
    ]
}

extension Parameters {
    fileprivate mutating func returnRequest() throws(RPCError) -> ReturnRequest {
        ReturnRequest(
            reason: try wireWord("reason"),
            evidence: try optionalString("evidence", length: 0...64) ?? "")
    }
}
