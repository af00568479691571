import MarketCore

extension Catalogue {
    /// The methods about standing orders.
    static let order: [Method] = [
        Method(
            "order.place", .mutation, roles: .trade,
            "Places a standing order; waiting leads that fit are sold at once (R5.2, R6.4).",
            parameters: [.advisor, .category] + terms(isNew: true), result: outcome,
            errors: [.unknownAdvisor, .unknownCategory, .categoryRetired, .invalidPeriod],
            example: [
                "advisor": "adv-17", "category": "homeOwner",
                "filter": ["region": ["3301"], "monthlyIncome": ["minimum": 8_000]],
                "quantity": 10, "premiumFen": 500, "maxAge": "1d",
                "windows": [
                    ["weekday": "monday", "from": "09:00", "to": "18:00"],
                    ["weekday": 6, "from": "20:00", "to": "24:00"],
                ],
                "hourCap": 2, "dayCap": 3, "daySpendFen": 30_000, "renews": true,
            ]
        ) { (parameters: inout Parameters, context: CallContext) throws(RPCError) in
            .mutation(
                .command(
                    .placeOrder(
                        advisor: try parameters.name("advisor"),
                        category: try parameters.name("category"),
                        terms: try parameters.orderTerms(context))))
        },
        Method(
            "order.amend", .mutation, roles: .trade,
            "Changes an order's terms; what is left out stays, and null gives a part its default back.",
            parameters: [.order] + terms(isNew: false), result: outcome,
            errors: [.unknownOrder, .orderCancelled, .invalidPeriod, .quantityBelowTaken],
            example: [
                "order": 88, "quantity": 20, "maxAge": nil, "dayCap": 5, "hourCap": nil,
                "windows": [["weekday": "friday", "from": "09:00", "to": "18:00"]],
            ]
        ) { (parameters: inout Parameters, context: CallContext) throws(RPCError) in
            .mutation(
                .command(
                    .amendOrder(
                        try parameters.entity("order"), try parameters.orderAmendment(context))))
        },
        Method(
            "order.pause", .mutation, roles: .trade,
            "Stops an order from taking leads until resumed.",
            parameters: [.order], result: outcome,
            errors: [.unknownOrder, .orderCancelled, .orderAlreadyPaused], example: ["order": 88]
        ) { (parameters: inout Parameters, _) throws(RPCError) in
            .mutation(.command(.pauseOrder(try parameters.entity("order"))))
        },
        Method(
            "order.resume", .mutation, roles: .trade, "Lets a paused order take leads again.",
            parameters: [.order], result: outcome,
            errors: [.unknownOrder, .orderCancelled, .orderNotPaused], example: ["order": 88]
        ) { (parameters: inout Parameters, _) throws(RPCError) in
            .mutation(.command(.resumeOrder(try parameters.entity("order"))))
        },
        Method(
            "order.cancel", .mutation, roles: .trade, "Ends an order for good.",
            parameters: [.order], result: outcome, errors: [.unknownOrder, .orderCancelled],
            example: ["order": 88]
        ) { (parameters: inout Parameters, _) throws(RPCError) in
            .mutation(.command(.cancelOrder(try parameters.entity("order"))))
        },
        Method(
            "order.get", .query, roles: .readers,
            "Tells about one order, and every reason why it takes no lead now (R5.3).",
            parameters: [.order], result: facts + [.asOf], errors: [.unknownOrder],
            example: ["order": 88]
        ) { (parameters: inout Parameters, _) throws(RPCError) in
            .query(.order(try parameters.entity("order")))
        },
        Method(
            "order.list", .query, roles: .readers, "Lists orders in order of placement.",
            parameters: [
                .someAdvisor, .someCategory,
                .optional("state", .word(OrderState.words), "in this state only"),
                .optional(
                    "reason", .word(Unliveness.words.map(\.word)),
                    "not live for this reason, among others perhaps"),
            ] + Member.page,
            result: Member.items(facts), errors: [.unknownAdvisor, .unknownCategory],
            example: ["advisor": "adv-17", "state": "live"]
        ) { (parameters: inout Parameters, _) throws(RPCError) in
            .query(
                .orders(
                    OrderSelection(
                        advisor: try parameters.optionalName("advisor"),
                        category: try parameters.optionalName("category"),
                        state: try parameters.optionalWireWord("state", as: OrderState.self),
                        reason: try parameters.optionalUnliveness("reason")),
                    try parameters.page()))
        },
    ]

    private static func terms(isNew: Bool) -> [Member] {
        func resettable(_ type: ValueType) -> ValueType { isNew ? type : .orNull(type) }
        return [
            .optional("filter", .filter, "which leads of the category it takes; all by default"),
            Member(
                name: "quantity", type: .integer(1...Int64(OrderTerms.maximumQuantity)),
                isRequired: isNew, meaning: "how many leads it takes in all"),
            .optional(
                "premiumFen", .money(from: 0), "what it pays on top of the ladder's price, in fen"),
            .optional(
                "priority", .integer(0...9), "higher goes first; operators only; 5 by default"),
            .optional(
                "maxAge", resettable(.duration(forever: false)),
                "the oldest lead it takes; by default those on the ladder's first rung"),
            .optional("startsAt", resettable(.time), "when it begins; by default at once"),
            .optional("expiresAt", resettable(.time), "when it ends; by default never"),
            .optional(
                "windows", resettable(windows),
                "when in the week it takes leads, in market-local time; by default always"),
            .optional(
                "hourCap", resettable(.integer(1...maximumCap)),
                "the most leads reserved in a market-local hour; any number by default"),
            .optional(
                "dayCap", resettable(.integer(1...maximumCap)),
                "the most leads reserved in a market-local day; any number by default"),
            .optional(
                "daySpendFen", resettable(.money(from: 0)),
                "the most money held and charged in a market-local day, in fen; any amount by default"
            ),
            .optional(
                "renews", .flag,
                "whether the release that fills it begins its next round; false by default"),
        ]
    }

    private static let windows = ValueType.list(
        .object([
            .required("weekday", .weekday, "the day"),
            .required("from", .clockTime, "when the window begins"),
            .required("to", .clockTime, "when it is over; 24:00 is the end of the day"),
        ]), count: 0...WeeklySchedule.maximumWindows)

    private static let state: [Member] = [
        .required("state", .word(OrderState.words), "whether it can take a lead now"),
        .required(
            "reasons",
            .list(.word(Unliveness.words.map(\.word)), count: 0...Unliveness.words.count),
            "every reason why it cannot"),
    ]

    private static let outcome: [Member] = [.order] + state + [.position]

    private static let facts: [Member] =
        [
            .order, .advisor, .category, .required("filter", .filter, "which leads it takes"),
            .required("quantity", .count, "how many it takes in all"),
            .required("premiumFen", .money(from: 0), "what it pays on top, in fen"),
            .required("priority", .integer(0...9), "higher goes first"),
            .optional("maxAge", .duration(forever: false), "the oldest lead it takes"),
            .optional("startsAt", .time, "when it begins"),
            .optional("expiresAt", .time, "when it ends"),
            .optional("windows", windows, "when in the week it takes leads; absent for always"),
            .optional("hourCap", .count, "the most leads reserved in an hour"),
            .optional("dayCap", .count, "the most leads reserved in a day"),
            .optional("daySpendFen", .money(from: 0), "the most money of a day, in fen"),
            .required("renews", .flag, "whether filling it begins its next round"),
            .required("round", .count, "its round, from 1"),
            .required("reserved", .count, "leads set aside for it"),
            .required("released", .count, "leads sold to it in this round"),
            .required("releasedBefore", .count, "leads sold to it in earlier rounds"),
            .required("remaining", .count, "leads it still takes in this round"),
            .required(
                "usage",
                .object([
                    .required("hour", .count, "leads reserved this hour"),
                    .required("day", .count, "leads reserved today"),
                    .required("spentFen", .balance, "what they hold and were charged, in fen"),
                ]), "how much of its caps is taken, in market-local time"),
        ] + state
}

extension Parameters {
    fileprivate mutating func optionalUnliveness(_ name: String) throws(RPCError) -> Unliveness? {
        guard let value = optionalValue(name) else { return nil }
        let word = try Self.string(value, length: 0...64, at: path.member(name))
        guard let reason = Unliveness.words.first(where: { $0.word == word })?.reason else {
            let words = Unliveness.words.map(\.word).joined(separator: ", ")
            throw RPCError.invalidParameter(
                path.member(name), "\"\(word.shortened)\" is not one of \(words).")
        }
        return reason
    }
}
