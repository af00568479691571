import MarketCore

// Members that several methods share.
extension Member {
    static let advisor = Member.required("advisor", .name, "the advisor's name")
    static let someAdvisor = Member.optional("advisor", .name, "of this advisor only")
    static let category = Member.required("category", .name, "the category's name")
    static let someCategory = Member.optional("category", .name, "of this category only")
    static let channel = Member.required("channel", .name, "the channel's name")
    static let someChannel = Member.optional("channel", .name, "of this channel only")
    static let order = Member.required("order", .identifier, "the order's number")
    static let lead = Member.required("lead", .identifier, "the lead's number")
    static let assignment = Member.required("assignment", .identifier, "the assignment's number")
    static let subscription = Member.required(
        "subscription", .identifier, "the subscription's number, unique in its connection")
    static let amount = Member.required("amountFen", .money(from: 1), "the amount in fen")
    static let availableFen = Member.required(
        "availableFen", .balance, "what the advisor can spend, in fen")
    static let payableFen = Member.required("payableFen", .balance, "what is owed to them, in fen")
    static let reference = Member.optional(
        "reference", .text(0...64), "a number in the books of whoever pays")
    static let reason = Member.optional("reason", .text(0...128), "why, for the log")
    static let title = Member.required("title", .text(0...128), "what people read")
    static let attributes = Member.required("attributes", .attributes, "what the lead declares")

    /// What every reply to a change has.
    static let position = Member.required(
        "position", .identifier,
        "the log position of the change's last event; pass it as atLeast to see the change")
    /// What replies to looks have.
    static let asOf = Member.required(
        "position", .identifier, "the log position that the answer is as of")

    /// The parameters of a paged list.
    static let page: [Member] = [
        .optional(
            "limit", .integer(1...Int64(Page.maximumLimit)),
            "the most items to answer with; \(Page.defaultLimit) by default"),
        .optional(
            "cursor", .text(1...Page.maximumCursorBytes),
            "where to go on: the cursor of the reply before; opaque"),
    ]

    /// The members of a paged list's result.
    static func items(_ members: [Member]) -> [Member] {
        [
            .required("items", .list(.object(members), count: 0...Page.maximumLimit), "the items"),
            .optional(
                "cursor", .text(1...Page.maximumCursorBytes), "pass it to go on; absent at the end"),
            .asOf,
        ]
    }
}

extension Parameters {
    /// Which part of a list is asked for.
    mutating func page() throws(RPCError) -> Page {
        let limit = try optionalInteger("limit", in: 1...Int64(Page.maximumLimit))
        let cursor = try optionalString("cursor", length: 1...Page.maximumCursorBytes)
        return Page(limit: limit.map(Int.init) ?? Page.defaultLimit, cursor: cursor)
    }

    /// A number in the books of whoever pays; empty when absent.
    mutating func reference() throws(RPCError) -> String {
        try optionalString("reference", length: 0...64) ?? ""
    }

    /// A reason for the log; empty when absent.
    mutating func reason() throws(RPCError) -> String {
        try optionalString("reason", length: 0...128) ?? ""
    }
}
