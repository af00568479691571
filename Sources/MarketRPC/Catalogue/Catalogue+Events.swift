import MarketCore

extension Catalogue {
    /// The methods about the log.
    static let events: [Method] = [
        Method(
            "events.read", .query, roles: .overseers,
            "Reads the log from a position on, with names for numbers and never with contact data.",
            parameters: [
                .required("from", .identifier, "the first position to read"),
                .optional(
                    "limit", .integer(1...Int64(Page.maximumLimit)),
                    "the most events; \(Page.defaultLimit) by default"),
            ],
            result: [
                .required(
                    "events", .list(.object(EventMembers.event), count: 0...Page.maximumLimit),
                    "the events"),
                .required("next", .identifier, "where to go on; no event is there yet at the end"),
            ],
            example: ["from": 1, "limit": 10]
        ) { (parameters: inout Parameters, _) throws(RPCError) in
            let from = try parameters.identifier("from")
            let limit = try parameters.optionalInteger("limit", in: 1...Int64(Page.maximumLimit))
            return .query(
                .events(
                    from: LogPosition(UInt64(from)),
                    limit: limit.map(Int.init) ?? Page.defaultLimit))
        },
        Method(
            "events.subscribe", .control, roles: .overseers,
            "Sends events as event notifications: those since a position, then each as it happens.",
            parameters: [
                .optional("from", .identifier, "the first position to send; by default from now on")
            ],
            result: [.subscription, .asOf], errors: [.tooManySubscriptions], example: ["from": 1]
        ) { (parameters: inout Parameters, _) throws(RPCError) in
            .control(.subscribeEvents(from: try parameters.optionalPosition("from")))
        },
        Method(
            "events.unsubscribe", .control, roles: .overseers, "Ends a subscription.",
            parameters: [.subscription], result: [], errors: [.unknownSubscription],
            example: ["subscription": 1]
        ) { (parameters: inout Parameters, _) throws(RPCError) in
            .control(.unsubscribeEvents(try parameters.identifier("subscription")))
        },
        Method(
            "alerts.subscribe", .control, roles: .overseers,
            "Sends what somebody should look into as alert notifications: overdue deliveries (R8.6), channels that pause themselves (R3.2).",
            parameters: [
                .optional(
                    "from", .identifier,
                    "the first log position to alert about; by default from now on, and every delivery that is overdue"
                )
            ],
            result: [.subscription, .asOf], errors: [.tooManySubscriptions]
        ) { (parameters: inout Parameters, _) throws(RPCError) in
            .control(.subscribeAlerts(from: try parameters.optionalPosition("from")))
        },
        Method(
            "alerts.unsubscribe", .control, roles: .overseers, "Ends a subscription.",
            parameters: [.subscription], result: [], errors: [.unknownSubscription],
            example: ["subscription": 1]
        ) { (parameters: inout Parameters, _) throws(RPCError) in
            .control(.unsubscribeAlerts(try parameters.identifier("subscription")))
        },
    ]

    /// The members of an `alert` notification.
    public static let alertNotification: [Member] = [
        .subscription,
        .required("position", .identifier, "the log position of what it is about"),
        .required(
            "kind", .word(["deliveryOverdue", "channelPaused"]), "what somebody should look into"),
        .optional("assignment", .identifier, "deliveryOverdue: what nobody acknowledged"),
        .optional("advisor", .name, "deliveryOverdue: whose it is"),
        .optional("since", .time, "deliveryOverdue: when it was sold"),
        .optional("channel", .name, "channelPaused: which one paused itself"),
        .optional("bad", .count, "channelPaused: its rejected and returned leads"),
        .optional("of", .count, "channelPaused: of how many"),
    ]

    /// The members of an `event` notification.
    public static let eventNotification: [Member] = [.subscription] + EventMembers.event
}

/// The members of an event.
enum EventMembers {
    static let event: [Member] = [
        .required("position", .identifier, "its place in the log"),
        .required("transaction", .identifier, "the position of its transaction's first event"),
        .required("time", .time, "when it happened"),
        .required("type", .text(1...64), "what happened, such as leadReleased"),
        .optional("input", .object(input), "who caused it; on a transaction's first event"),
        .required("data", .anything, "its particulars"),
    ]

    private static let input: [Member] = [
        .required("role", .word(Role.words), "the role of whoever asked; market for due work"),
        .required("principal", .integer(0...Int64(UInt32.max)), "their user id"),
        .optional("at", .time, "the time they gave, where it differs from the event's"),
        .optional(
            "idempotencyKeyDigest", .hexadecimal(bytes: 16), "which idempotency key they gave"),
    ]
}
