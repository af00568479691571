import MarketCore

extension Catalogue {
    /// The methods about advisors.
    static let advisor: [Method] = [
        Method(
            "advisor.register", .mutation, roles: .trade, "Makes an advisor known (R5.1).",
            parameters: [.advisor, institution(isRequired: true), phone, grade],
            result: [.advisor, .position], errors: [.advisorExists],
            example: [
                "advisor": "adv-17", "institution": "Xihu Consumer Finance",
                "phone": "138 0013 8000",
            ]
        ) { (parameters: inout Parameters, context: CallContext) throws(RPCError) in
            .mutation(.registerAdvisor(try parameters.registration(context)))
        },
        Method(
            "advisor.update", .mutation, roles: .trade,
            "Changes what an advisor's profile says; what is left out stays.",
            parameters: [.advisor, institution(isRequired: false), phone, grade],
            result: [.advisor, .position], errors: [.unknownAdvisor],
            example: ["advisor": "adv-17", "institution": "Xihu Bank"]
        ) { (parameters: inout Parameters, context: CallContext) throws(RPCError) in
            .mutation(.updateAdvisor(try parameters.revision(context)))
        },
        Method(
            "advisor.setAvailability", .mutation, roles: .trade,
            "Says whether an advisor takes leads just now.",
            parameters: [.advisor, .required("online", .flag, "whether they take leads")],
            result: [.advisor, .required("online", .flag, "as set"), .position],
            errors: [.unknownAdvisor], example: ["advisor": "adv-17", "online": false]
        ) { (parameters: inout Parameters, _) throws(RPCError) in
            .mutation(
                .command(
                    .setAvailability(
                        advisor: try parameters.name("advisor"),
                        online: try parameters.bool("online"))))
        },
        Method(
            "advisor.suspend", .mutation, roles: .operators,
            "Bars an advisor: none of their orders is live.", parameters: [.advisor, .reason],
            result: [.advisor, .position], errors: [.unknownAdvisor, .advisorAlreadySuspended],
            example: ["advisor": "adv-17", "reason": "complaint 4711"]
        ) { (parameters: inout Parameters, _) throws(RPCError) in
            .mutation(
                .command(
                    .suspendAdvisor(
                        name: try parameters.name("advisor"), reason: try parameters.reason())))
        },
        Method(
            "advisor.reinstate", .mutation, roles: .operators, "Lets a barred advisor back.",
            parameters: [.advisor], result: [.advisor, .position],
            errors: [.unknownAdvisor, .advisorNotSuspended], example: ["advisor": "adv-17"]
        ) { (parameters: inout Parameters, _) throws(RPCError) in
            .mutation(.command(.reinstateAdvisor(name: try parameters.name("advisor"))))
        },
        Method(
            "advisor.get", .query, roles: .readers, "Tells about one advisor.",
            parameters: [.advisor], result: facts + [.asOf], errors: [.unknownAdvisor],
            example: ["advisor": "adv-17"]
        ) { (parameters: inout Parameters, _) throws(RPCError) in
            .query(.advisor(try parameters.name("advisor")))
        },
        Method(
            "advisor.list", .query, roles: .overseers,
            "Lists the advisors in order of registration.",
            parameters: Member.page, result: Member.items(facts), example: ["limit": 10]
        ) { (parameters: inout Parameters, _) throws(RPCError) in
            .query(.advisors(try parameters.page()))
        },
    ]

    private static let facts: [Member] = [
        .advisor, institution(isRequired: true),
        .required("grade", .word(Grade.words), "how good their results are"),
        .required("state", .word(["active", "suspended"]), "whether they are barred"),
        .required("online", .flag, "whether they take leads just now"), .availableFen,
        .required("heldFen", .balance, "what is held for reserved leads, in fen"),
        .required("orders", .count, "how many orders they have placed"),
    ]

    private static let phone = Member.optional("phone", .phone, "the advisor's own phone number")

    private static let grade = Member.optional(
        "grade", .word(Grade.words),
        "how good their results are; operators only; standard for a new advisor")

    private static func institution(isRequired: Bool) -> Member {
        Member(
            name: "institution", type: .text(institutionBytes), isRequired: isRequired,
            meaning: "the legal recipient of contact data, as consents name it")
    }
}

extension Parameters {
    fileprivate mutating func registration(
        _ context: CallContext
    ) throws(RPCError) -> AdvisorRegistration {
        AdvisorRegistration(
            name: try name("advisor"),
            institution: try string("institution", length: institutionBytes),
            phoneDigits: try optionalPhoneDigits("phone", pattern: context.phonePattern),
            grade: try grade(context) ?? .standard)
    }

    fileprivate mutating func revision(_ context: CallContext) throws(RPCError) -> AdvisorRevision {
        AdvisorRevision(
            name: try name("advisor"),
            institution: try optionalString("institution", length: institutionBytes),
            phoneDigits: try optionalPhoneDigits("phone", pattern: context.phonePattern),
            grade: try grade(context))
    }

    private mutating func grade(_ context: CallContext) throws(RPCError) -> Grade? {
        guard let grade = try optionalWireWord("grade", as: Grade.self) else { return nil }
        try context.requireOperator(path.member("grade"))
        return grade
    }
}
