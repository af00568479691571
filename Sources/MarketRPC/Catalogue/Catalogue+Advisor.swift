import MarketCore

extension Catalogue {
    /// The methods about advisors.
    static let advisor: [Method] = [
        Method(
            "advisor.register", .mutation, roles: .trade, "Makes an advisor known (R5.1).",
            parameters: [.advisor, institution(isRequired: true), phone] + profile(isNew: true),
            result: [.advisor, .position], errors: [.advisorExists],
            example: [
                "advisor": "adv-17", "institution": "Xihu Consumer Finance",
                "phone": "138 0013 8000", "dailyCap": 20, "openWorkLimit": 50,
            ]
        ) { (parameters: inout Parameters, context: CallContext) throws(RPCError) in
            .mutation(.registerAdvisor(try parameters.registration(context)))
        },
        Method(
            "advisor.update", .mutation, roles: .trade,
            "Changes what an advisor's profile says; what is left out stays, and null lifts a limit.",
            parameters: [.advisor, institution(isRequired: false), phone] + profile(isNew: false),
            result: [.advisor, .position], errors: [.unknownAdvisor, .advisorHasReservations],
            example: ["advisor": "adv-17", "institution": "Xihu Bank", "dailyCap": nil]
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
            "Bars an advisor: none of their orders is live, and their reservations are voided (R8.7).",
            parameters: [.advisor, .reason],
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
        .required("grade", .word(Grade.words), "how good their results are: set, or derived"),
        .required("setGrade", .word(Grade.words), "the grade that was set last"),
        .required("gradeDerived", .flag, "whether the market derives the grade (R9.4)"),
        .required("state", .word(["active", "suspended"]), "whether they are barred"),
        .required("online", .flag, "whether they take leads just now"), .availableFen,
        .required("heldFen", .balance, "what is held for reserved leads, in fen"),
        .required("orders", .count, "how many orders they have placed"),
        .optional("dailyCap", .count, "the most leads reserved for them in a day"),
        .optional("openWorkLimit", .count, "the most leads they have open"),
        .required("reservedToday", .count, "leads reserved for them today"),
        .required(
            "openWork", .count, "leads reserved for them, or sold to them and not reported on yet"),
    ]

    private static let phone = Member.optional("phone", .phone, "the advisor's own phone number")

    private static func profile(isNew: Bool) -> [Member] {
        let limit = ValueType.integer(1...maximumCap)
        return [
            .optional(
                "grade", .word(Grade.words),
                "how good their results are; operators only; standard for a new advisor"),
            .optional(
                "gradeDerived", .flag,
                "whether the market derives the grade from results; operators only (R9.4)"),
            .optional(
                "dailyCap", isNew ? limit : .orNull(limit),
                "the most leads reserved for them in a market-local day; any number by default"),
            .optional(
                "openWorkLimit", isNew ? limit : .orNull(limit),
                "the most leads reserved for them, or sold and not reported on; any number by default"
            ),
        ]
    }

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
            grade: try grade(context) ?? .standard,
            derivesGrade: try derivesGrade(context) ?? false,
            dailyCap: try optionalCap("dailyCap"),
            openWorkLimit: try optionalCap("openWorkLimit"))
    }

    fileprivate mutating func revision(_ context: CallContext) throws(RPCError) -> AdvisorRevision {
        AdvisorRevision(
            name: try name("advisor"),
            institution: try optionalString("institution", length: institutionBytes),
            phoneDigits: try optionalPhoneDigits("phone", pattern: context.phonePattern),
            grade: try grade(context), derivesGrade: try derivesGrade(context),
            dailyCap: try capAmendment("dailyCap"),
            openWorkLimit: try capAmendment("openWorkLimit"))
    }

    private mutating func grade(_ context: CallContext) throws(RPCError) -> Grade? {
        guard let grade = try optionalWireWord("grade", as: Grade.self) else { return nil }
        try context.requireOperator(path.member("grade"))
        return grade
    }

    private mutating func derivesGrade(_ context: CallContext) throws(RPCError) -> Bool? {
        guard let derives = try optionalBool("gradeDerived") else { return nil }
        try context.requireOperator(path.member("gradeDerived"))
        return derives
    }
}
