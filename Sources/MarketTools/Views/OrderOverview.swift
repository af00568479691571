public import MarketRPC

/// Standing orders and why each of them takes no lead just now: every reason, not only the first (R5.3).
public struct OrderOverview: Sendable {
    /// Which orders are looked at; `nil` for any.
    public struct Selection: Sendable {
        /// Only those that are not live.
        public var areNotLive = false
        /// Whose.
        public var advisor: String?
        /// Of which category.
        public var category: String?
        /// Not live for this reason, perhaps among others.
        public var reason: String?
        /// A log position that the answer must include.
        public var atLeast: Int64?

        /// Any order.
        public init() {}
    }

    let orders: [JSONValue]

    /// Asks the daemon.
    ///
    /// - Throws: ``ToolError``.
    public init(
        _ connection: MarketConnection, _ selection: Selection = Selection()
    ) async throws(ToolError) {
        var parameters = JSONObject()
        for (name, value) in [
            ("state", selection.areNotLive ? "notLive" : nil), ("advisor", selection.advisor),
            ("category", selection.category), ("reason", selection.reason),
        ] {
            if let value { parameters[name] = .string(value) }
        }
        if let position = selection.atLeast { parameters["atLeast"] = .integer(position) }
        self.init(orders: try await connection.items("order.list", parameters).items)
    }

    /// Looks at orders as `order.list` answers them.
    init(orders: [JSONValue]) {
        self.orders = orders
    }

    /// How many orders each reason keeps, most first. An order counts for each of its reasons.
    public var counts: [(reason: String, orders: Int)] {
        var counts: [String: Int] = [:]
        for order in orders {
            for reason in order["reasons"]?.array ?? [] {
                counts[reason.string ?? "", default: 0] += 1
            }
        }
        return counts.map { (reason: $0.key, orders: $0.value) }
            .sorted { ($1.orders, $0.reason) < ($0.orders, $1.reason) }
    }

    /// The orders as JSON.
    public var json: JSONValue {
        [
            "items": .array(orders),
            "reasons": .object(
                JSONObject(
                    counts.map { JSONMember(name: $0.reason, value: .integer(Int64($0.orders))) })),
        ]
    }

    /// The orders for people.
    public var text: String {
        guard !orders.isEmpty else { return "No such order.\n" }
        var table = TextTable(columns: [
            .right("order"), .left("advisor"), .left("category"), .right("remaining"),
            .left("state"),
        ])
        for order in orders {
            let reasons = (order["reasons"]?.array ?? []).compactMap(\.string)
            table.add([
                word(order["order"]), word(order["advisor"]), word(order["category"]),
                grouped(Int(order["remaining"]?.integer ?? 0)),
                reasons.isEmpty ? word(order["state"]) : reasons.joined(separator: ", "),
            ])
        }
        return table.rendered + "\n" + summary
    }

    /// How many orders each reason keeps, as a table.
    var summary: String {
        let areNotLive = orders.count { $0["state"] == "notLive" }
        var table = TextTable(columns: [.left("orders"), .right("count")])
        table.add(["live", grouped(orders.count - areNotLive)])
        table.add(["not live", grouped(areNotLive)])
        for (reason, count) in counts { table.add(["- \(reason)", grouped(count)]) }
        return table.rendered
            + (counts.isEmpty ? "" : "an order may have several reasons\n")
    }
}

/// A value of an answer as a cell: a dash where there is none.
func word(_ value: JSONValue?) -> String {
    switch value {
    case .string(let text)?: text
    case .integer(let integer)?: String(integer)
    default: "-"
    }
}
