import MarketCore

extension Catalogue {
    /// The methods about leads.
    static let lead: [Method] = [
        Method(
            "lead.submit", .mutation, roles: [.frontend, .supplier, .operator],
            "Hands in a lead and answers with the decision; a rejected lead is a result, no error (R4.3).",
            parameters: [
                leadChannel, .required("phone", .phone, "the person's phone number"),
                .attributes,
                .optional(
                    "consent", .object(ConsentMembers.consent), "that the person agreed (R8.2)"),
                .optional(
                    "contact", .object(submittedContact),
                    "what the advisor is told besides the phone"),
                preferredAdvisor,
            ],
            result: decision,
            errors: [.unknownChannel, .unknownAdvisor],
            example: [
                "channel": "partner-a", "phone": "13800138000",
                "attributes": [
                    "region": "330106", "age": 34, "monthlyIncome": 12_000, "ownsHouse": true,
                ],
                "consent": ConsentMembers.example,
                "contact": ["name": "王女士", "note": "after six, please"],
                "idempotencyKey": "partner-a/4711",
            ]
        ) { (parameters: inout Parameters, context: CallContext) throws(RPCError) in
            .mutation(.submitLead(try parameters.submission(context)))
        },
        Method(
            "lead.ping", .mutation, roles: [.frontend, .supplier, .operator],
            "Asks whether the market takes a lead, without contact data: a reservation with its payout and expiry, or no (R8.5).",
            parameters: [
                leadChannel,
                .optional(
                    "phoneMd5", .hexadecimal(bytes: 16),
                    "MD5 of the digits of the person's phone number; this or phone"),
                .optional("phone", .phone, "the person's phone number; this or phoneMd5"),
                .attributes, preferredAdvisor,
            ],
            result: decision, errors: [.unknownChannel, .unknownAdvisor],
            example: [
                "channel": "partner-a", "phoneMd5": "c4cf4b1e7ff1ae6a3a5f43ffb6e4ed0d",
                "attributes": ["region": "330106", "age": 34, "ownsHouse": true],
                "idempotencyKey": "partner-a/4712",
            ]
        ) { (parameters: inout Parameters, context: CallContext) throws(RPCError) in
            .mutation(.pingLead(try parameters.ping(context)))
        },
        Method(
            "lead.post", .mutation, roles: [.frontend, .supplier, .operator],
            "Brings contact and consent of a pinged lead before its reservation expires (R8.5).",
            parameters: [
                .lead, .required("phone", .phone, "the phone number that was pinged"),
                .optional(
                    "consent", .object(ConsentMembers.consent), "that the person agreed (R8.2)"),
                .optional(
                    "contact", .object(submittedContact),
                    "what the advisor is told besides the phone"),
            ],
            result: decision,
            errors: [
                .leadNotPinged, .deadlinePassed, .identityMismatch, .institutionNotConsented,
            ],
            example: [
                "lead": 4711, "phone": "13800138000", "consent": ConsentMembers.example,
                "contact": ["name": "王女士", "note": "after six, please"],
            ]
        ) { (parameters: inout Parameters, context: CallContext) throws(RPCError) in
            .mutation(.postLead(try parameters.post(context)))
        },
        Method(
            "lead.withdraw", .mutation, roles: .trade,
            "Takes a lead back at the person's wish: a waiting or reserved one closes, a sold one stays sold and is pushed no more (R8.7).",
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
            "Makes a person's contact data unreadable for ever and keeps them from being sold again (R4.2). Where it cannot be told which keys are theirs, nobody is erased: `internalError`.",
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
        Method(
            "lead.explain", .query, roles: .overseers,
            "Tells for each order of the lead's categories why it did or did not get it: the first rule that failed, or the rank key on which it lost (R6.5).",
            parameters: [.lead] + Member.page, result: explanation, errors: [.unknownLead],
            example: ["lead": 4711, "limit": 100]
        ) { (parameters: inout Parameters, _) throws(RPCError) in
            .query(
                .leadExplanation(try parameters.entity("lead"), try parameters.page()))
        },
    ]

    private static let leadChannel = Member.required(
        "channel", .name, "where it comes from; a supplier's must be its own and may be left out")

    private static let preferredAdvisor = Member.optional(
        "preferredAdvisor", .name,
        "the advisor the person already deals with (R6.2); not for suppliers")

    private static let submittedContact: [Member] = [
        .optional("name", .text(1...ContactDetails.maximumNameBytes), "the person's name"),
        .optional("note", .text(1...ContactDetails.maximumNoteBytes), "a note for the advisor"),
    ]

    private static let decision: [Member] =
        [
            .required("lead", .identifier, "the lead's number, also of a rejected one"),
            .required("status", .word(decisionWords), "what was decided"),
            .optional("reason", .word(LeadRejection.words), "rejected: why"),
            .optional(
                "outcome", .word(TestOutcomeWord.words),
                "tested: what would have become of it; nothing does"),
        ] + SaleMembers.told + SaleMembers.untold + [.position]

    /// What `lead.submit`, `.ping` and `.post` answer; the words are those of ``LeadStatus`` and, for a ping that no
    /// order takes, `unmatched`.
    private static let decisionWords =
        [LeadStatus.released, .waiting, .reserved, .rejected, .tested].map(\.word) + ["unmatched"]

    private static let facts: [Member] =
        [
            .lead, .required("status", .word(LeadStatus.words), "where it stands"),
            .optional("reason", .word(LeadRejection.words), "rejected: why"),
            .optional(
                "outcome", .word(TestOutcomeWord.words), "tested: what would have become of it"),
            .channel, .required("arrivedAt", .time, "when it came in"), .attributes,
            .required(
                "categories", .list(.name, count: 0...4_096), "the categories it belongs to"),
        ] + SaleMembers.told + SaleMembers.untold

    private static let explanation: [Member] = [
        .lead,
        .required(
            "decision",
            .object([
                .required("position", .identifier, "the decision's place in the log"),
                .required("kind", .word(DecisionKind.words), "what it was"),
            ]),
            "what is explained: the lead's latest reservation, else its rejection or closure, else that it waits now"
        ),
        .required("status", .word(LeadStatus.words), "where the lead stands now"),
        .optional(
            "reason", .word(LeadRejection.words + LeadClosure.words),
            "rejected: why; closed: why"),
        .required(
            "items", .list(.object(verdict), count: 0...Page.maximumLimit),
            "the orders by number; none for a rejected lead"),
        .optional(
            "cursor", .text(1...Page.maximumCursorBytes), "pass it to go on; absent at the end"),
        .asOf,
    ]

    private static let verdict: [Member] = [
        .order, .advisor, .category,
        .required("verdict", .word(VerdictWord.words), "what became of the order"),
        .optional(
            "rule", .word(IneligibilityWord.words), "ineligible: the first rule that failed"),
        .optional(
            "reasons",
            .list(.word(Unliveness.words.map(\.word)), count: 1...Unliveness.words.count),
            "notLive: every reason"),
        .optional("by", .identifier, "outranked: the order it lost to"),
        .optional(
            "key", .word(RankKey.words + [orderKey]),
            "outranked: on which key; \(orderKey) where all were equal and the lower number won"),
    ]

    /// What stands for the last thing that decides between orders, their number (R6.3).
    static let orderKey = "order"
}

extension Parameters {
    fileprivate mutating func submission(
        _ context: CallContext
    ) throws(RPCError) -> LeadSubmissionRequest {
        let channel = try channel(context)
        let phone = try phoneDigits("phone", pattern: context.phonePattern)
        let attributes = try attributes("attributes", schema: context.schema)
        let consent = try optionalConsent("consent")
        let contact = try contact(phone: phone)
        return LeadSubmissionRequest(
            channel: channel, attributes: attributes, consent: consent,
            preferredAdvisor: try preferredAdvisor(context), contact: contact)
    }

    fileprivate mutating func ping(_ context: CallContext) throws(RPCError) -> LeadPingRequest {
        let channel = try channel(context)
        let md5 = try optionalHexadecimal("phoneMd5", bytes: 16)
        let digits = try optionalPhoneDigits("phone", pattern: context.phonePattern)
        let person: LeadPingRequest.Person
        switch (md5, digits) {
        case (let words?, nil):
            person = .md5(Hexadecimal.text(Bytes16(high: words[0], low: words[1])))
        case (nil, let digits?):
            person = .phone(digits: digits)
        case (nil, nil):
            throw .invalidParameter(
                path.member("phoneMd5"), "is missing, and so is phone; give one of them.")
        case (_?, _?):
            throw .invalidParameter(
                path.member("phone"), "cannot go with phoneMd5; give one of them.")
        }
        return LeadPingRequest(
            channel: channel, person: person,
            attributes: try attributes("attributes", schema: context.schema),
            preferredAdvisor: try preferredAdvisor(context))
    }

    fileprivate mutating func post(_ context: CallContext) throws(RPCError) -> LeadPostRequest {
        let lead: LeadID = try entity("lead")
        let phone = try phoneDigits("phone", pattern: context.phonePattern)
        return LeadPostRequest(
            lead: lead, channel: try context.supplierChannel(),
            consent: try optionalConsent("consent"), contact: try contact(phone: phone))
    }

    private mutating func contact(phone: String) throws(RPCError) -> ContactDetails {
        var contact = ContactDetails(phone: phone)
        guard var object = try optionalObject("contact") else { return contact }
        contact.name = try object.optionalString(
            "name", length: 1...ContactDetails.maximumNameBytes)
        contact.note = try object.optionalString(
            "note", length: 1...ContactDetails.maximumNoteBytes)
        try object.finish()
        return contact
    }

    /// The advisor the person already deals with, whom suppliers cannot know.
    private mutating func preferredAdvisor(_ context: CallContext) throws(RPCError) -> Name? {
        guard let advisor = try optionalName("preferredAdvisor") else { return nil }
        guard context.role != .supplier else {
            throw RPCError(
                .forbidden, "preferredAdvisor: suppliers do not name advisors; leave it out.",
                field: path.member("preferredAdvisor").description)
        }
        return advisor
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
