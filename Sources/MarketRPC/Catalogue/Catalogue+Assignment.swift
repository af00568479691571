import MarketCore

extension Catalogue {
    /// The methods about sold leads.
    static let assignment: [Method] = [
        Method(
            "assignment.acknowledge", .mutation, roles: .trade,
            "Confirms that a pushed lead arrived; it is pushed no more (R8.6).",
            parameters: [.assignment], result: [.assignment, .position],
            errors: [.unknownAssignment, .assignmentNotReleased, .alreadyAcknowledged],
            example: ["assignment": 4713]
        ) { (parameters: inout Parameters, _) throws(RPCError) in
            .mutation(.command(.acknowledgeAssignment(try parameters.entity("assignment"))))
        },
        Method(
            "assignment.reportContact", .mutation, roles: .trade,
            "Reports on calling the person (R9.1); also acknowledges.",
            parameters: [
                .assignment,
                .required(
                    "firstCallAt", .time, "when they first called, from the release to now"),
                .required("attempts", .integer(1...1_000), "how often they called so far"),
                .required("outcome", .word(CallOutcome.words), "how it went"),
                .optional("evidence", .text(0...64), "the number of a call-detail record"),
            ],
            result: [.assignment, .position],
            errors: [.unknownAssignment, .assignmentNotReleased, .firstCallOutOfRange],
            example: [
                "assignment": 4713, "firstCallAt": "2026-11-21T20:12:00+08:00", "attempts": 1,
                "outcome": "connected",
            ]
        ) { (parameters: inout Parameters, _) throws(RPCError) in
            .mutation(
                .command(
                    .reportContact(
                        try parameters.entity("assignment"), try parameters.contactReport())))
        },
        Method(
            "assignment.reportStage", .mutation, roles: .trade,
            "Reports how far the application came (R9.2); also acknowledges.",
            parameters: [
                .assignment, .required("stage", .word(Stage.words), "the stage"),
                .required("passed", .flag, "whether it was passed"),
                .optional("reason", .text(0...128), "why it failed; only when not passed"),
                .optional(
                    "amountFen", .money(from: 0),
                    "what was drawn, in fen; only with drawn and repeated, passed"),
            ],
            result: [.assignment, .position],
            errors: [.unknownAssignment, .assignmentNotReleased],
            example: [
                "assignment": 4713, "stage": "drawn", "passed": true, "amountFen": 8_000_000,
            ]
        ) { (parameters: inout Parameters, _) throws(RPCError) in
            .mutation(
                .command(
                    .reportStage(
                        try parameters.entity("assignment"), try parameters.stageReport())))
        },
        Method(
            "assignment.get", .query, roles: .readers,
            "Tells about one assignment, never its contact data.", parameters: [.assignment],
            result: facts + [.asOf], errors: [.unknownAssignment], example: ["assignment": 4713]
        ) { (parameters: inout Parameters, _) throws(RPCError) in
            .query(.assignment(try parameters.entity("assignment")))
        },
        Method(
            "assignment.list", .query, roles: .readers, "Lists assignments, newest first.",
            parameters: [
                .someAdvisor,
                .optional(
                    "state", .word(AssignmentState.words),
                    "in this state only; overdue is pushed and not acknowledged in time (R8.6)"),
                .optional(
                    "returns", .word(ReturnSelection.words),
                    "with a return that an operator has to decide, or a decided one only"),
                .someCategory, .someChannel,
                .optional(
                    "institution", .text(institutionBytes),
                    "of this institution's advisors only"),
            ] + Member.page,
            result: Member.items(facts),
            errors: [.unknownAdvisor, .unknownCategory, .unknownChannel],
            example: ["advisor": "adv-17", "state": "unacknowledged"]
        ) { (parameters: inout Parameters, _) throws(RPCError) in
            .query(
                .assignments(
                    AssignmentSelection(
                        advisor: try parameters.optionalName("advisor"),
                        state: try parameters.optionalWireWord(
                            "state", as: AssignmentState.self),
                        returns: try parameters.optionalWireWord(
                            "returns", as: ReturnSelection.self),
                        category: try parameters.optionalName("category"),
                        channel: try parameters.optionalName("channel"),
                        institution: try parameters.optionalString(
                            "institution", length: institutionBytes)),
                    try parameters.page()))
        },
        Method(
            "assignment.contact", .mutation, roles: .trade,
            "Shows the contact data of a sold lead once more; the log says who saw it (R4.6).",
            parameters: [.assignment],
            result: [
                .assignment, .required("contact", .object(contactDetails), "the contact data"),
                .position,
            ],
            errors: [
                .unknownAssignment, .assignmentNotReleased, .contactErased, .personErased,
            ],
            example: ["assignment": 4713]
        ) { (parameters: inout Parameters, _) throws(RPCError) in
            .mutation(.command(.discloseContact(try parameters.entity("assignment"))))
        },
        Method(
            "assignment.subscribe", .control, roles: .trade,
            "Pushes reservations that wait for an answer, what became of them, and sold leads until acknowledged, as assignment notifications in log order (R8.2, R8.3, R8.6).",
            parameters: [
                .optional(
                    "from", .identifier,
                    "the first log position to push; by default from now on, and everything unacknowledged"
                ),
                .optional("advisor", .name, "of this advisor only; this or institution"),
                .optional(
                    "institution", .text(institutionBytes),
                    "of this institution's advisors only; this or advisor"),
            ],
            result: [.subscription, .asOf], errors: [.unknownAdvisor, .tooManySubscriptions],
            example: ["advisor": "adv-17"]
        ) { (parameters: inout Parameters, _) throws(RPCError) in
            .control(try parameters.assignmentSubscription())
        },
        Method(
            "assignment.unsubscribe", .control, roles: .trade, "Ends a subscription.",
            parameters: [.subscription], result: [], errors: [.unknownSubscription],
            example: ["subscription": 1]
        ) { (parameters: inout Parameters, _) throws(RPCError) in
            .control(.unsubscribeAssignments(try parameters.identifier("subscription")))
        },
    ]

    /// The members of an `assignment` notification.
    public static let assignmentNotification: [Member] = [
        .subscription,
        .required("position", .identifier, "the log position of what it tells"),
        .required("redelivered", .flag, "whether it was pushed to this subscriber before"),
        .required(
            "status", .word(AssignmentStatus.words),
            "what it tells: reserved, and something is awaited; voided; or released, which is sold"),
        .optional("reason", .word(VoidReason.words), "voided: why"), SaleMembers.awaits,
        .assignment, .lead, .advisor, .order, .category, .channel,
        .required(
            "institution", .text(institutionBytes), "the legal recipient of the contact data"),
        .required("product", .text(titleBytes), "the category's title"),
        .required("chargeFen", .money(from: 0), "what is held or was charged, in fen"),
        .required("arrivedAt", .time, "when the lead came in"),
        .optional("releasedAt", .time, "when it was sold"), .attributes,
        .optional(
            "contact", .object(contactDetails),
            "released: how to reach the person; left out once acknowledged, withdrawn, suppressed or erased"
        ),
        .optional(
            "contactUnavailable", .flag, "released: true where the contact could not be opened"),
    ]

    private static let contactDetails: [Member] = [
        .required("phone", .phone, "the phone number's digits"),
        .optional("name", .text(1...ContactDetails.maximumNameBytes), "the person's name"),
        .optional("note", .text(1...ContactDetails.maximumNoteBytes), "a note for the advisor"),
    ]

    private static let facts: [Member] = [
        .assignment, .lead, .order, .advisor, .category,
        .required("categoryVersion", .count, "the version whose terms hold"), .channel,
        .required("state", .word(AssignmentStatus.words), "where it stands (R8.1)"),
        .optional("voidReason", .word(VoidReason.words), "voided: why"), SaleMembers.awaits,
        .required(
            "institution", .text(institutionBytes), "the legal recipient of the contact data"),
        .required("product", .text(titleBytes), "the category's title"),
        .required("chargeFen", .money(from: 0), "what is held or was charged, in fen"),
        .required("channelPayoutFen", .money(from: 0), "what the channel gets, in fen"),
        .required("arrivedAt", .time, "when the lead came in"),
        .required("reservedAt", .time, "when it was set aside"),
        .optional("releasedAt", .time, "when it was sold"),
        .required("acknowledged", .flag, "whether a frontend has it or the advisor reported"),
        .required("withdrawn", .flag, "whether the person took it back after the sale"),
        .required("suppressed", .flag, "whether the person was suppressed after the sale"),
        .required("erased", .flag, "whether the contact data was erased"),
        .optional("firstCallAt", .time, "when the advisor first called"),
        .required("connected", .flag, "whether a call connected"),
        .optional("stage", .word(Stage.words), "the furthest stage that was passed"),
        .optional("return", .object(returned), "what became of its return, if one was asked for"),
    ]

    private static let returned: [Member] = [
        .required("state", .word(ReturnOutcome.words), "how far it is"),
        .required("reason", .word(ReturnReason.words), "why the advisor wants the money back"),
        .optional("evidence", .text(1...64), "the number of a call-detail record"),
        .optional("automatic", .flag, "decided: whether by evidence, without an operator"),
        .optional("note", .text(1...256), "decided: what the operator said"),
    ]
}

extension Parameters {
    fileprivate mutating func assignmentSubscription() throws(RPCError) -> Control {
        let from = try optionalPosition("from")
        let advisor = try optionalName("advisor")
        let institution = try optionalString("institution", length: institutionBytes)
        guard advisor == nil || institution == nil else {
            throw .invalidParameter(
                path.member("institution"), "cannot go with advisor; give one of them.")
        }
        return .subscribeAssignments(from: from, advisor: advisor, institution: institution)
    }

    fileprivate mutating func contactReport() throws(RPCError) -> ContactReport {
        ContactReport(
            firstCallAt: try time("firstCallAt"),
            attempts: Int(try integer("attempts", in: 1...1_000)),
            outcome: try wireWord("outcome"),
            evidence: try optionalString("evidence", length: 0...64) ?? "")
    }

    fileprivate mutating func stageReport() throws(RPCError) -> StageReport {
        let stage = try wireWord("stage", as: Stage.self)
        let passed = try bool("passed")
        let reason = try reason()
        guard reason.isEmpty || !passed else {
            throw .invalidParameter(
                path.member("reason"), "says why a stage failed, and this one passed; leave it out."
            )
        }
        let amount = try optionalMoney("amountFen", from: 0)
        guard amount == nil || (passed && stage >= .drawn) else {
            throw .invalidParameter(
                path.member("amountFen"), "goes only with drawn and repeated, passed; leave it out."
            )
        }
        return StageReport(stage: stage, passed: passed, reason: reason, amount: amount ?? .zero)
    }
}
