import MarketCore

extension Catalogue {
    /// The methods about advisors' money.
    static let account: [Method] = [
        Method(
            "account.deposit", .mutation, roles: .operators,
            "Credits an advisor with money received (R12.1).",
            parameters: [.advisor, .amount, .reference],
            result: [.advisor, .availableFen, .position],
            errors: [.unknownAdvisor, .balanceOutOfRange],
            example: ["advisor": "adv-17", "amountFen": 500_000, "reference": "bank 2026-11-21/8"]
        ) { (parameters: inout Parameters, _) throws(RPCError) in
            .mutation(
                .command(
                    .deposit(
                        advisor: try parameters.name("advisor"),
                        amount: try parameters.money("amountFen", from: 1),
                        reference: try parameters.reference())))
        },
        Method(
            "account.withdraw", .mutation, roles: .operators,
            "Pays an advisor available money back (R12.1).",
            parameters: [.advisor, .amount, .reference],
            result: [.advisor, .availableFen, .position],
            errors: [.unknownAdvisor, .insufficientFunds],
            example: ["advisor": "adv-17", "amountFen": 100_000]
        ) { (parameters: inout Parameters, _) throws(RPCError) in
            .mutation(
                .command(
                    .withdraw(
                        advisor: try parameters.name("advisor"),
                        amount: try parameters.money("amountFen", from: 1),
                        reference: try parameters.reference())))
        },
        Method(
            "account.get", .query, roles: .readers,
            "Tells an advisor's balance; without an advisor, the totals of the whole ledger.",
            parameters: [.optional("advisor", .name, "whose; absent for the whole ledger")],
            result: [
                .optional("advisor", .name, "as asked"),
                .optional("availableFen", .balance, "what the advisors can spend, in fen"),
                .optional("heldFen", .balance, "what is held for reserved leads, in fen"),
                .optional("owedFen", .balance, "what the advisors owe, in fen"),
                .optional("cashFen", .balance, "whole ledger: cash, in fen"),
                .optional("revenueFen", .balance, "whole ledger: revenue, in fen"),
                .optional(
                    "payableFen", .balance, "whole ledger: owed to channels and payees, in fen"),
                .optional(
                    "balanced", .flag,
                    "whole ledger: cash + owed = available + held + payable + revenue"),
                .asOf,
            ],
            errors: [.unknownAdvisor], example: ["advisor": "adv-17"]
        ) { (parameters: inout Parameters, _) throws(RPCError) in
            .query(.account(try parameters.optionalName("advisor")))
        },
        Method(
            "account.statement", .query, roles: .readers,
            "Lists what changed an advisor's balance, newest first (R13.1).",
            parameters: [.advisor] + Member.page, result: Member.items(entry),
            errors: [.unknownAdvisor], example: ["advisor": "adv-17", "limit": 20]
        ) { (parameters: inout Parameters, _) throws(RPCError) in
            .query(.statement(try parameters.name("advisor"), try parameters.page()))
        },
    ]

    private static let entry: [Member] = [
        .required("position", .identifier, "the event that changed it"),
        .required("time", .time, "when"),
        .required("kind", .word(["deposit", "withdrawal", "charge", "return"]), "what it was"),
        .required("amountFen", .balance, "by how much it changed, in fen"),
        .required("availableFen", .balance, "what it was afterwards, in fen"), .reference,
        .optional("lead", .identifier, "the lead that was bought"),
        .optional("assignment", .identifier, "its assignment"),
        .optional("order", .identifier, "its order"),
    ]
}
