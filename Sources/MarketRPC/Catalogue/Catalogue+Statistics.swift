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
        Method(
            "stats.matching", .query, roles: .overseers,
            "Tells what share of the leads taken in was sold, and how long that took from arrival to release.",
            result: matching
        ) { (_: inout Parameters, _) throws(RPCError) in .query(.matchingStatistics) },
        Method(
            "stats.returns", .query, roles: .overseers,
            "Counts returns by reason and how they were decided (R10).",
            result: [
                .required(
                    "rows", .list(.object(returns), count: 0...ReturnReason.allCases.count),
                    "the reasons"),
                .required("released", .count, "assignments released, with a return or without"),
                .asOf,
            ]
        ) { (_: inout Parameters, _) throws(RPCError) in .query(.returnStatistics) },
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
        .required("waiting", .count, "leads that wait or are reserved"),
        .required("released", .count, "leads sold"),
        .required("expired", .count, "leads whose last rung ended"),
        .required("withdrawn", .count, "leads taken back while they were open"),
        .required("suppressed", .count, "leads closed because the person was suppressed"),
        .required("erased", .count, "leads closed because the person was erased"),
        .required(
            "consentTimedOut", .count, "leads closed because the person did not answer in time"),
        .required("pingUnmatched", .count, "pings that no order took"),
        .required("pingExpired", .count, "pings without a post in time"),
        .required("postRejected", .count, "pings whose post was turned away"),
        .required("pinged", .count, "leads that were asked about and not turned away"),
        .required("posted", .count, "how many of them were posted"),
        .required("tested", .count, "leads of test channels, which count nowhere else"),
        .required("returned", .count, "sold leads whose money went back"),
        .required("refundedFen", .count, "how much that was, in fen"),
        .required("chargedFen", .count, "what advisors paid, in fen"),
        .required("payoutFen", .count, "what channels got, in fen"),
    ]

    private static let matching: [Member] = [
        .required("taken", .count, "leads taken in: submitted, or pinged and reserved"),
        .required("released", .count, "how many of them were sold"),
        .optional(
            "fillBasisPoints", .integer(0...10_000), "sold of taken, in basis points, floored"),
        .optional(
            "medianMilliseconds", .count, "within which half of the sales came after the arrival"),
        .optional("p90Milliseconds", .count, "within which 90 % of them came"),
        .optional("p99Milliseconds", .count, "within which 99 % of them came"),
        .required(
            "buckets",
            .list(
                .object([
                    .required("key", .text(1...64), "the span from arrival to release"),
                    .required("released", .count, "leads sold within it, and not before"),
                ]), count: 0...16), "the sales by delay"), .asOf,
    ]

    private static let returns: [Member] = [
        .required("reason", .word(ReturnReason.words), "the reason"),
        .required("requested", .count, "returns asked for"),
        .required("approved", .count, "how many were approved"),
        .required("automatic", .count, "how many of those by evidence, without an operator"),
        .required("refused", .count, "how many were refused"),
        .required("open", .count, "how many an operator has to decide"),
        .required("refundedFen", .money(from: 0), "what advisors got back, in fen"),
    ]
}
