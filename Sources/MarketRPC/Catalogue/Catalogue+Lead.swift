import MarketCore

extension Catalogue {
    /// The methods about leads.
    static let lead: [Method] = [
        Method(
            "lead.submit", .mutation, roles: [.frontend, .supplier, .operator],
            "Hands in a lead and answers with the decision; a rejected lead is a result, no error (R4.3).",
            parameters: [
                .required(
                    "channel", .name,
                    "where it comes from; a supplier's must be its own and may be left out"),
                .required("phone", .phone, "the person's phone number"),
                .attributes,
                .optional("consent", .object(consent), "that the person agreed (R8.2)"),
                .optional(
                    "contact", .object(submittedContact),
                    "what the advisor is told besides the phone"),
                .optional(
                    "preferredAdvisor", .name, "the advisor the person already deals with (R6.2)"),
            ],
            result: decision,
            errors: [.unknownChannel, .unknownAdvisor],
            example: [
                "channel": "partner-a", "phone": "13800138000",
                "attributes": [
                    "region": "330106", "age": 34, "monthlyIncome": 12_000, "ownsHouse": true,
                ],
                "consent": [
                    "givenAt": "2026-11-21T20:09:30+08:00",
                    "agreementSha256":
                        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                ],
                "contact": ["name": "王女士", "note": "after six, please"],
                "idempotencyKey": "partner-a/4711",
            ]
        ) { (parameters: inout Parameters, context: CallContext) throws(RPCError) in
            .mutation(.submitLead(try parameters.submission(context)))
        },
        Method(
            "lead.withdraw", .mutation, roles: .trade,
            "Takes a lead back at the person's wish: a waiting one closes, a sold one stays sold and is pushed no more (R8.7).",
            parameters: [.lead],
            result: [
                .lead, .required("status", .word(LeadStatus.words), "its status now"), .position,
            ],
            errors: [.leadNotOpen, .leadAlreadyWithdrawn], example: ["lead": 4711]
        ) { (parameters: inout Parameters, _) throws(RPCError) in
            .mutation(.command(.withdrawLead(try parameters.entity("lead"))))
        },
        Method(
            "lead.erase", .mutation, roles: .trade,
            "Makes a person's contact data unreadable for ever and keeps them from being sold again (R4.2).",
            parameters: [
                .optional("lead", .identifier, "one of the person's leads; this or phone"),
                .optional("phone", .phone, "the person's phone number; this or lead"),
            ],
            result: [.position], errors: [.unknownLead, .unknownPerson, .personErased],
            example: ["phone": "13800138000"]
        ) { (parameters: inout Parameters, context: CallContext) throws(RPCError) in
            .mutation(.erasePerson(try parameters.erasedPerson(context)))
        },
        Method(
            "lead.get", .query, roles: .everybody,
            "Tells about one lead, never its contact data; a supplier sees its own channel's leads only.",
            parameters: [.lead], result: facts + [.asOf], errors: [.unknownLead],
            example: ["lead": 4711]
        ) { (parameters: inout Parameters, context: CallContext) throws(RPCError) in
            .query(
                .lead(try parameters.entity("lead"), onlyOf: try context.supplierChannel()))
        },
        Method(
            "lead.list", .query, roles: .readers, "Lists leads, newest first.",
            parameters: [
                .optional("status", .word(LeadStatus.words), "of this status only"),
                .someCategory,
            ] + Member.page,
            result: Member.items(facts), errors: [.unknownCategory],
            example: ["status": "waiting", "category": "homeOwner"]
        ) { (parameters: inout Parameters, _) throws(RPCError) in
            .query(
                .leads(
                    LeadSelection(
                        status: try parameters.optionalWireWord("status", as: LeadStatus.self),
                        category: try parameters.optionalName("category")),
                    try parameters.page()))
        },
        Method(
            "lead.trace", .query, roles: .overseers, "Tells a lead's whole history in events.",
            parameters: [.lead],
            result: [
                .lead,
                .required(
                    "events", .list(.object(EventMembers.event), count: 0...10_000),
                    "its events as events.read gives them"),
                .asOf,
            ],
            errors: [.unknownLead], example: ["lead": 4711]
        ) { (parameters: inout Parameters, _) throws(RPCError) in
            .query(.leadTrace(try parameters.entity("lead")))
        },
    ]

    private static let consent: [Member] = [
        .required("givenAt", .time, "when they agreed"),
        .required("agreementSha256", .hexadecimal(bytes: 32), "SHA-256 of the text as shown"),
        .optional(
            "institutions",
            .list(.text(institutionBytes), count: 0...Consent.maximumInstitutions),
            "the institutions it names; only their advisors are eligible"),
    ]

    private static let submittedContact: [Member] = [
        .optional("name", .text(1...ContactDetails.maximumNameBytes), "the person's name"),
        .optional("note", .text(1...ContactDetails.maximumNoteBytes), "a note for the advisor"),
    ]

    private static let decision: [Member] = [
        .required("lead", .identifier, "the lead's number, also of a rejected one"),
        .required(
            "status", .word(["released", "waiting", "rejected"]), "what was decided"),
        .optional("reason", .word(LeadRejection.words), "rejected: why"),
        .optional("assignment", .identifier, "released: the assignment's number"),
        .optional("advisor", .name, "released: who bought it"),
        .optional("order", .identifier, "released: for which order"),
        .optional("category", .name, "released: in which category"),
        .optional("priceFen", .money(from: 0), "released: what was charged, in fen"), .position,
    ]

    private static let facts: [Member] = [
        .lead, .required("status", .word(LeadStatus.words), "where it stands"),
        .optional("reason", .word(LeadRejection.words), "rejected: why"), .channel,
        .required("arrivedAt", .time, "when it came in"), .attributes,
        .required(
            "categories", .list(.name, count: 0...4_096), "the categories it belongs to"),
        .optional("assignment", .identifier, "released: the assignment's number"),
    ]
}

extension Parameters {
    fileprivate mutating func submission(
        _ context: CallContext
    ) throws(RPCError) -> LeadSubmissionRequest {
        let channel = try channel(context)
        let phone = try phoneDigits("phone", pattern: context.phonePattern)
        let attributes = try attributes("attributes", schema: context.schema)
        let consent = try optionalConsent("consent")
        var contact = ContactDetails(phone: phone)
        if var object = try optionalObject("contact") {
            contact.name = try object.optionalString(
                "name", length: 1...ContactDetails.maximumNameBytes)
            contact.note = try object.optionalString(
                "note", length: 1...ContactDetails.maximumNoteBytes)
            try object.finish()
        }
        return LeadSubmissionRequest(
            channel: channel, attributes: attributes, consent: consent,
            preferredAdvisor: try optionalName("preferredAdvisor"), contact: contact)
    }

    /// The channel named; a supplier's must be its own, which it may leave out.
    mutating func channel(_ context: CallContext) throws(RPCError) -> Name {
        guard let own = try context.supplierChannel() else { return try name("channel") }
        guard let named = try optionalName("channel") else { return own }
        guard named == own else {
            throw RPCError(
                .forbidden, "channel: this supplier's channel is \(own); name that or none.",
                field: "channel")
        }
        return own
    }

    fileprivate mutating func erasedPerson(
        _ context: CallContext
    ) throws(RPCError) -> PersonReference {
        let lead = try optionalIdentifier("lead")
        let digits = try optionalPhoneDigits("phone", pattern: context.phonePattern)
        switch (lead, digits) {
        case (let lead?, nil): return .lead(LeadID(UInt64(lead)))
        case (nil, let digits?): return .phone(digits: digits)
        case (nil, nil):
            throw .invalidParameter(
                path.member("lead"), "is missing, and so is phone; give one of them.")
        case (_?, _?):
            throw .invalidParameter(path.member("phone"), "cannot go with lead; give one of them.")
        }
    }
}

extension CallContext {
    /// A supplier's own channel; `nil` for other roles.
    ///
    /// - Throws: `forbidden` for a supplier that was given no channel.
    func supplierChannel() throws(RPCError) -> Name? {
        guard role == .supplier else { return nil }
        guard let channel else {
            throw RPCError(
                .forbidden, "This supplier has no channel; ask the operator to configure one.")
        }
        return channel
    }
}
