import MarketCore

/// The members of what `market.info`, `market.apply` and their neighbours take and answer.
enum MarketMembers {
    private static let names = ValueType.list(.name, count: 0...4_096)
    private static let wholeRange = Int64.min...Int64.max

    private static let attribute: [Member] = [
        .required("name", .name, "the attribute's name"),
        .required("kind", .word(AttributeKindWord.words), "what values it takes"),
        .optional("unit", .text(0...32), "integer: what is counted"),
        .optional("minimum", .integer(wholeRange), "integer: the least value; required"),
        .optional("maximum", .integer(wholeRange), "integer: the greatest value; required"),
        .optional(
            "words", .list(.text(1...64), count: 1...AttributeSchema.maximumWords),
            "choice: the words in a fixed order; required"),
        .optional(
            "lengths",
            .list(
                .integer(1...Int64(RegionCode.maximumLength)), count: 1...RegionCode.maximumLength),
            "region: the lengths of codes, ascending; required"),
    ]

    private static let rung: [Member] = [
        .required(
            "maxAge", .duration(forever: false),
            "the oldest lead at this price; above that of the rung before"),
        .required("priceFen", .money(from: 0), "the price in fen"),
    ]

    private static let split: [Member] = [
        .required("payee", .name, "who gets it"),
        .required("basisPoints", .integer(1...10_000), "hundredths of a percent of each charge"),
    ]

    private static let ladder = Member.required(
        "ladder", .list(.object(rung), count: 1...PriceLadder.maximumRungs),
        "the price by age (R7.1)")

    private static let category: [Member] = [
        .required("name", .name, "the category's name"),
        .optional("title", .text(titleBytes), "what people read"),
        .optional("qualification", .filter, "which leads belong to it; all by default"),
        ladder,
        .optional(
            "exclusivity", .duration(forever: true),
            "how long a release binds the person to the advisor; forever by default (R4.4)"),
        .optional("splits", .list(.object(split), count: 0...64), "shares of each charge (R12.2)"),
        .optional("retired", .flag, "whether the category has ended (R2.2)"),
        .optional(
            "rank", .list(.word(RankKey.words), count: 0...RankKey.allCases.count),
            "what decides between eligible orders, each key once; \(defaultRank) by default (R6.2)"
        ),
        .optional("gates", .object(gates), "what must come before a release (R8.2, R8.3)"),
        .optional("returns", .object(returns), "when and how a sale is taken back (R10.2)"),
    ]

    private static let defaultRank = RankKey.defaultList.map(\.word).joined(separator: ", ")

    private static let gates: [Member] = [
        .optional(
            "namedConsent", .timeout,
            "the person agrees to the institution, where their consent names none; true is \(DurationText.format(Gates.defaultConsentTimeout))"
        ),
        .optional(
            "acceptance", .timeout,
            "the advisor accepts; true is \(DurationText.format(Gates.defaultAcceptanceTimeout))"),
    ]

    private static let returns: [Member] = [
        .optional(
            "window", .duration(forever: false),
            "how long after the release a return may be asked for; 72h by default"),
        .optional(
            "automaticShareBasisPoints", .integer(0...10_000),
            "the share of an advisor's last assignments that evidence alone may return; 1500 by default"
        ),
        .optional(
            "automaticSpan", .integer(1...Int64(AdvisorRecord.length)),
            "how many of their last assignments count; 50 by default"),
    ]

    private static let channel: [Member] = [
        .required("name", .name, "the channel's name"),
        .optional("title", .text(titleBytes), "what people read"),
        .optional(
            "payoutFen", .money(from: 0),
            "what it gets for each sold lead, in fen, at most 10,000,000,000"),
        .optional(
            "payoutBasisPoints", .integer(0...10_000),
            "what it gets of the charge of each sold lead, in basis points; this or payoutFen"),
        .optional(
            "dailyCap", .integer(0...maximumCap),
            "the most leads taken in a market-local day; any number by default (R3.1)"),
        .optional(
            "test", .flag,
            "whether its leads are decided and recorded and change nothing else; false by default (R3.1)"
        ),
    ]

    private static let payee: [Member] = [
        .required("name", .name, "the payee's name"),
        .optional("title", .text(titleBytes), "what people read"),
    ]

    private static let settings: [Member] = [
        .optional(
            "duplicateWindow", .duration(forever: false),
            "how long after a release a further lead of the person is a duplicate (R4.3)"),
        .optional(
            "phonePattern", .text(1...128),
            "what a phone number is: digits, classes and \\d, each with {n} (R4.1)"),
        .optional("categoryOrder", names, "the order in which categories are tried (R2.3)"),
        .optional(
            "pingTimeout", .duration(forever: false),
            "how long the reservation of a pinged lead lasts (R8.5)"),
        .optional(
            "qualitySpan", .integer(1...Int64(QualityWindow.maximumLength)),
            "how many of its last decided leads a channel is judged by (R3.2)"),
        .optional(
            "qualityLimitBasisPoints", .integer(0...10_000),
            "the share of them, rejected or returned, above which it pauses itself (R3.2)"),
        .optional(
            "tierAttribute", .name,
            "the choice whose first three words are a lead's tiers from best to worst (R6.2)"),
        .optional(
            "tierRules", .orNull(.object(tierRules)),
            "how the market derives the tier itself; null lets leads declare it again (R1.5)"),
        .optional(
            "gradeRules", .orNull(.object(gradeRules)),
            "how grades follow from results; null ends that (R9.4)"),
    ]

    private static let tierRules: [Member] = [
        .required(
            "rules", .list(.object(tierRule), count: 1...TierRules.maximumRules),
            "the rules; their points add up"),
        .required(
            "firstTierFrom", .integer(tierSums), "the sum from which a lead is of the first tier"),
        .required(
            "secondTierFrom", .integer(tierSums),
            "the sum from which it is of the second; below it is the third"),
    ]

    private static let tierRule: [Member] = [
        .required("aspect", .word(TierRules.Aspect.words), "what it speaks for"),
        .required("when", .filter, "which leads get the points"),
        .required(
            "points",
            .integer(-Int64(TierRules.maximumPoints)...Int64(TierRules.maximumPoints)),
            "the points"),
    ]

    private static let gradeRules: [Member] = [
        .required(
            "window", .integer(1...Int64(AdvisorRecord.length)),
            "how many of an advisor's latest settled assignments count"),
        .required("elite", .object(thresholds), "what elite asks for"),
        .required("standard", .object(thresholds), "what standard asks for; below is novice"),
    ]

    private static let thresholds: [Member] = [
        .required(
            "connectionBasisPoints", .integer(0...10_000),
            "assignments with a connected call of those called"),
        .required(
            "disciplineBasisPoints", .integer(0...10_000),
            "assignments reported on within a day"),
        .required(
            "approvalBasisPoints", .integer(0...10_000), "assignments that were approved"),
    ]

    /// A declarative configuration.
    static let configuration: [Member] = [
        .optional(
            "attributes", .list(.object(attribute), count: configurationItems),
            "attributes to add or widen"),
        .optional(
            "categories", .list(.object(category), count: configurationItems),
            "categories to define anew"),
        .optional(
            "channels", .list(.object(channel), count: configurationItems),
            "channels to define anew"),
        .optional(
            "payees", .list(.object(payee), count: configurationItems), "payees to define anew"),
        .optional("settings", .object(settings), "settings to change"),
    ]

    /// What `market.apply` answers.
    static let applied: [Member] = [
        .required(
            "changed",
            .object([
                .required("attributes", names, "attributes added or widened"),
                .required("categories", names, "categories with a new version"),
                .required("channels", names, "channels added or changed"),
                .required("payees", names, "payees added or changed"),
                .required("settings", .flag, "whether settings changed"),
            ]), "what changed"),
        .required(
            "warnings", .list(.text(1...1_024), count: 0...4_096),
            "what is allowed and may be a mistake, such as a price below the payouts"),
        .required("dryRun", .flag, "whether nothing was changed"), .position,
    ]

    /// What `market.info` answers.
    static let information: [Member] = [
        .required("version", .text(1...64), "the daemon's version"),
        .required("rulesVersion", .count, "the rules that decide"),
        .required("clock", .word(ClockKind.words), "where time comes from"),
        .required("currency", .text(3...3), "the ISO 4217 code of the currency"),
        .required("utcOffsetMinutes", .integer(-1_080...1_080), "local time less UTC"),
        .required("time", .time, "the time of the last event"), .asOf,
        .required(
            "categories",
            .list(
                .object(
                    category.filter { $0.name != ladder.name } + [
                        .optional(ladder.name, ladder.type, "\(ladder.meaning); not for suppliers"),
                        .required("version", .count, "the definition's number, from 1"),
                    ]),
                count: configurationItems), "in order of definition"),
        .required(
            "channels",
            .list(
                .object(
                    channel + [
                        .required("state", .word(ChannelState.words), "whether its leads are taken")
                    ]
                ),
                count: configurationItems), "in order of definition"),
        .required(
            "attributes", .list(.object(attribute), count: configurationItems),
            "in order of definition"),
        .required(
            "payees", .list(.object(payee), count: configurationItems), "in order of definition"),
        .required("settings", .object(settings), "the settings in force"),
        .optional("digest", .hexadecimal(bytes: 32), "SHA-256 of the state, where it is known"),
    ]

    /// What `market.health` answers.
    static let health: [Member] = [
        .required("status", .word(["ok", "storageFull", "damaged"]), "how the daemon is"),
        .required("position", .identifier, "the last position that is on disk"),
        .required("followerPosition", .identifier, "how far the follower has come"),
        .required("toldPosition", .identifier, "how far subscribers that keep up were told"),
        .required("viewsPosition", .count, "how far the views have come"),
        .required(
            "scrub",
            .object([
                .required("position", .count, "how far the check of the log has come"),
                .optional("damagedPosition", .identifier, "the first damaged position"),
            ]), "the running check of the log"),
        .required("openLeads", .count, "leads neither sold nor closed"),
        .required("waitingLeads", .count, "leads that wait for an order"),
        .required("advisors", .count, "advisors"), .required("orders", .count, "orders"),
        .required("assignments", .count, "assignments"),
        .required(
            "overdueDeliveries", .count, "sold leads that nobody acknowledged in time (R8.6)"),
        .required("freeMapBytes", .count, "room in the log's map now"),
        .required(
            "freeDiskBytes", .count,
            "room now on the disk of the log or of the keys, whichever has less"),
        .required("uptimeSeconds", .count, "since the daemon started"),
    ]

    /// What `market.depth` answers for one category.
    static let depth: [Member] = [
        .category, .required("liveOrders", .count, "orders that can take a lead now"),
        .required("liveDemand", .count, "how many leads they still take"),
        .required("waitingLeads", .count, "leads that wait"),
        .required(
            "regions",
            .list(
                .object([
                    .required("region", .text(1...12), "a region code"),
                    .required("liveDemand", .count, "leads that orders naming it still take"),
                    .required("waitingLeads", .count, "leads that wait there"),
                ]), count: 0...100_000), "by region code as orders and leads name it"),
    ]
}
