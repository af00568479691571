import MarketCore

extension Catalogue {
    /// The methods that count.
    static let statistics: [Method] = [
        Method(
            "stats.connectionRate", .query, roles: .readers,
            "Tells the share of called assignments that connected, with a 95 % Wilson interval (R9.3).",
            parameters: [
                .optional(
                    "by", .word(RateGrouping.words),
                    "what to give a row for each of; bucket by default"),
                .someCategory, .someChannel, .someAdvisor,
            ],
            result: [
                .required("rows", .list(.object(rate), count: 0...100_000), "the rows"), .asOf,
            ],
            errors: [.unknownCategory, .unknownChannel, .unknownAdvisor],
            example: ["by": "bucket", "category": "homeOwner"]
        ) { (parameters: inout Parameters, _) throws(RPCError) in
            .query(
                .connectionRate(
                    RateSelection(
                        grouping: try parameters.optionalWireWord("by", as: RateGrouping.self)
                            ?? .bucket,
                        category: try parameters.optionalName("category"),
                        channel: try parameters.optionalName("channel"),
                        advisor: try parameters.optionalName("advisor"))))
        },
        Method(
            "stats.leads", .query, roles: .overseers,
            "Counts leads by what became of them, and their money.",
            parameters: [
                .optional(
                    "by", .word(LeadGrouping.words),
                    "what to give a row for each of; status, by default, gives one row of all leads"
                )
            ],
            result: [
                .required("rows", .list(.object(leads), count: 0...4_096), "the rows"), .asOf,
            ],
            example: ["by": "channel"]
        ) { (parameters: inout Parameters, _) throws(RPCError) in
            .query(
                .leadStatistics(
                    try parameters.optionalWireWord("by", as: LeadGrouping.self) ?? .status))
        },
    ]

    private static let rate: [Member] = [
        .required("key", .text(1...64), "what the row is about"),
        .optional("assignments", .count, "sold leads, where they are counted so"),
        .required("reported", .count, "assignments with a reported call"),
        .required("connected", .count, "assignments with a connected call"),
        .optional(
            "rateBasisPoints", .integer(0...10_000), "connected of reported, in basis points"),
        .optional("lowBasisPoints", .integer(0...10_000), "the interval's lower end, rounded down"),
        .optional("highBasisPoints", .integer(0...10_000), "the interval's upper end, rounded up"),
    ]

    private static let leads: [Member] = [
        .required("key", .text(1...64), "what the row is about"),
        .required("submitted", .count, "leads handed in"),
        .required(
            "rejected",
            .object(LeadRejection.words.map { .optional($0, .count, "for this reason") }),
            "leads turned away, by reason"),
        .required("waiting", .count, "leads that wait"),
        .required("released", .count, "leads sold"),
        .required("expired", .count, "leads whose last rung ended"),
        .required("withdrawn", .count, "leads taken back while they waited"),
        .required("suppressed", .count, "leads closed because the person was suppressed"),
        .required("erased", .count, "leads closed because the person was erased"),
        .required("chargedFen", .count, "what advisors paid, in fen"),
        .required("payoutFen", .count, "what channels got, in fen"),
    ]
}
