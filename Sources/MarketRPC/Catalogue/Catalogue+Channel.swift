import MarketCore

extension Catalogue {
    /// The methods about channels and payees.
    static let channel: [Method] = [
        Method(
            "channel.get", .query, roles: [.supplier, .operator, .auditor],
            "Tells about one channel; a supplier asks about its own, which it need not name.",
            parameters: [.channel], result: facts + [.asOf], errors: [.unknownChannel],
            example: ["channel": "partner-a"]
        ) { (parameters: inout Parameters, context: CallContext) throws(RPCError) in
            .query(.channel(try parameters.channel(context)))
        },
        Method(
            "channel.list", .query, roles: [.supplier, .operator, .auditor],
            "Lists the channels; a supplier sees its own only.",
            result: [
                .required("items", .list(.object(facts), count: 0...4_096), "the channels"), .asOf,
            ]
        ) { (_: inout Parameters, context: CallContext) throws(RPCError) in
            .query(.channels(onlyOf: try context.supplierChannel()))
        },
        Method(
            "channel.pause", .mutation, roles: .operators,
            "Stops a channel's leads: they are rejected (R3.1).", parameters: [.channel],
            result: [.channel, .position], errors: [.unknownChannel, .channelAlreadyPaused],
            example: ["channel": "partner-a"]
        ) { (parameters: inout Parameters, _) throws(RPCError) in
            .mutation(.command(.pauseChannel(try parameters.name("channel"))))
        },
        Method(
            "channel.resume", .mutation, roles: .operators,
            "Lets a paused channel's leads in again; what it is judged by begins anew (R3.2).",
            parameters: [.channel], result: [.channel, .position],
            errors: [.unknownChannel, .channelNotPaused], example: ["channel": "partner-a"]
        ) { (parameters: inout Parameters, _) throws(RPCError) in
            .mutation(.command(.resumeChannel(try parameters.name("channel"))))
        },
        Method(
            "channel.pay", .mutation, roles: .operators, "Pays a channel what it is owed (R12.2).",
            parameters: [.channel, .amount, .reference],
            result: [.channel, .payableFen, .position],
            errors: [.unknownChannel, .insufficientPayable],
            example: ["channel": "partner-a", "amountFen": 120_000]
        ) { (parameters: inout Parameters, _) throws(RPCError) in
            .mutation(
                .command(
                    .payChannel(
                        name: try parameters.name("channel"),
                        amount: try parameters.money("amountFen", from: 1),
                        reference: try parameters.reference())))
        },
        Method(
            "payee.pay", .mutation, roles: .operators, "Pays a payee what it is owed (R12.2).",
            parameters: [
                .required("payee", .name, "the payee's name"), .amount, .reference,
            ],
            result: [.required("payee", .name, "the payee's name"), .payableFen, .position],
            errors: [.unknownPayee, .insufficientPayable],
            example: ["payee": "platform", "amountFen": 30_000]
        ) { (parameters: inout Parameters, _) throws(RPCError) in
            .mutation(
                .command(
                    .payPayee(
                        name: try parameters.name("payee"),
                        amount: try parameters.money("amountFen", from: 1),
                        reference: try parameters.reference())))
        },
    ]

    private static let facts: [Member] = [
        .channel, .title,
        .optional("payoutFen", .money(from: 0), "its pay for a sold lead, in fen"),
        .optional(
            "payoutBasisPoints", .integer(0...10_000),
            "its share of the charge of a sold lead, in basis points; this or payoutFen"),
        .optional("dailyCap", .count, "the most leads taken in a market-local day"),
        .required("takenToday", .count, "leads taken today"),
        .required("state", .word(ChannelState.words), "whether its leads are taken (R3.1)"),
        .required("quality", .object(quality), "what it is judged by (R3.2)"), .payableFen,
    ]

    private static let quality: [Member] = [
        .required("decided", .count, "how many of its last leads count so far"),
        .required("bad", .count, "how many of them were rejected or returned"),
        .required("span", .count, "how many count once it has had that many"),
        .required(
            "limitBasisPoints", .integer(0...10_000),
            "the share of bad ones above which it pauses itself, in basis points"),
    ]
}
