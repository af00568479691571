import MarketCore

/// The members that tell for whom a lead is set aside, or to whom it was sold.
enum SaleMembers {
    /// What a reservation still waits for.
    static let awaits = Member.optional(
        "awaits",
        .object([
            .optional("post", .time, "the supplier's post comes by then (R8.5)"),
            .optional("consent", .time, "the person agrees to the institution by then (R8.2)"),
            .optional("acceptance", .time, "the advisor accepts by then (R8.3)"),
        ]), "reserved: what must still come before the release, and by when")

    /// What everybody who may see the lead sees, suppliers too.
    static let told: [Member] = [
        .optional("assignment", .identifier, "reserved, released: the assignment's number"),
        .optional(
            "institution", .text(institutionBytes),
            "reserved, released, tested: the legal recipient that the person is to agree to"),
        .optional(
            "product", .text(titleBytes), "reserved, released, tested: the title of its category"),
        .optional(
            "payoutFen", .money(from: 0),
            "reserved, released, tested: what the channel gets, in fen"),
        awaits,
        .optional("expiresAt", .time, "reserved: when the first of that must have come"),
    ]

    /// What suppliers do not see.
    static let untold: [Member] = [
        .optional("advisor", .name, "reserved, released, tested: for whom; not for suppliers"),
        .optional(
            "order", .identifier, "reserved, released, tested: for which order; not for suppliers"),
        .optional(
            "category", .name, "reserved, released, tested: in which category; not for suppliers"),
        .optional(
            "priceFen", .money(from: 0),
            "reserved, released, tested: what is held or was charged, in fen; not for suppliers"),
    ]
}

/// The members of a consent's record (R8.2).
enum ConsentMembers {
    static let consent: [Member] = [
        .required("givenAt", .time, "when they agreed"),
        .required("agreementSha256", .hexadecimal(bytes: 32), "SHA-256 of the text as shown"),
        .optional(
            "institutions",
            .list(.text(institutionBytes), count: 0...Consent.maximumInstitutions),
            "the institutions it names; only their advisors are eligible"),
    ]

    /// A consent for examples.
    static let example: JSONValue = [
        "givenAt": "2026-11-21T20:09:30+08:00",
        "agreementSha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    ]
}
