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
            "Changes an order's terms; what is left out stays, and null gives maxAge, startsAt or expiresAt its default back.",
            parameters: [.order] + terms(isNew: false), result: outcome,
            errors: [.unknownOrder, .orderCancelled, .invalidPeriod, .quantityBelowTaken],
            example: ["order": 88, "quantity": 20, "maxAge": nil]
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
            ] + Member.page,
            result: Member.items(facts), errors: [.unknownAdvisor, .unknownCategory],
            example: ["advisor": "adv-17", "state": "live"]
        ) { (parameters: inout Parameters, _) throws(RPCError) in
            .query(
                .orders(
                    OrderSelection(
                        advisor: try parameters.optionalName("advisor"),
                        category: try parameters.optionalName("category"),
                        state: try parameters.optionalWireWord("state", as: OrderState.self)),
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
        ]
    }

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
            .required("reserved", .count, "leads set aside for it"),
            .required("released", .count, "leads sold to it"),
            .required("remaining", .count, "leads it still takes"),
        ] + state
}
