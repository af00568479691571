public import MarketRPC

/// The returns that wait for an operator, or all of them, each with what there is to decide by (R10.2).
public struct ReturnQueue: Sendable {
    /// How many of an advisor's latest sales are looked at.
    public static let recentSales = 50

    let assignments: [JSONValue]
    let areMore: Bool
    /// By advisor: how many of their latest sales there are, and how many of those were given back.
    let recent: [String: (sales: Int, returned: Int)]

    /// Asks the daemon.
    ///
    /// - Parameters:
    ///   - all: decided returns too.
    ///   - advisor: only this advisor's, if given.
    ///   - limit: how many open and how many decided returns at most.
    /// - Throws: ``ToolError``.
    public init(
        _ connection: MarketConnection, all: Bool, advisor: String? = nil, limit: Int
    ) async throws(ToolError) {
        var parameters = JSONObject()
        if let advisor { parameters["advisor"] = .string(advisor) }
        var assignments: [JSONValue] = []
        var areMore = false
        for selection in all ? ["open", "decided"] : ["open"] {
            parameters["returns"] = .string(selection)
            let page = try await connection.items("assignment.list", parameters, limit: limit)
            assignments += page.items
            areMore = areMore || page.areMore
        }
        var recent: [String: (sales: Int, returned: Int)] = [:]
        for name in Set(assignments.compactMap { $0["advisor"]?.string }).sorted() {
            let sales = try await connection.items(
                "assignment.list", ["advisor": .string(name)], limit: 10 * Self.recentSales
            ).items.filter { $0["releasedAt"] != nil }.prefix(Self.recentSales)
            recent[name] = (sales.count, sales.count { $0["return"]?["state"] == "approved" })
        }
        self.init(assignments: assignments, areMore: areMore, recent: recent)
    }

    /// Looks at assignments as `assignment.list` answers them.
    init(
        assignments: [JSONValue], areMore: Bool, recent: [String: (sales: Int, returned: Int)]
    ) {
        self.assignments = assignments
        self.areMore = areMore
        self.recent = recent
    }

    /// The returns as JSON.
    public var json: JSONValue {
        [
            "items": .array(
                assignments.map { assignment in
                    var object = assignment.object ?? JSONObject()
                    if let recent = recent[word(assignment["advisor"])] {
                        object["advisorSales"] = .integer(Int64(recent.sales))
                        object["advisorReturned"] = .integer(Int64(recent.returned))
                    }
                    return .object(object)
                }), "more": .bool(areMore),
        ]
    }

    /// The returns for people.
    public var text: String {
        guard !assignments.isEmpty else { return "No return waits for a decision.\n" }
        var table = TextTable(columns: [
            .right("assignment"), .left("advisor"), .left("category"), .left("channel"),
            .right("charge"), .left("sold"), .left("reason"), .left("evidence"), .left("called"),
            .left("advisor's returns"), .left("state"),
        ])
        for assignment in assignments {
            let request = assignment["return"] ?? .null
            table.add([
                word(assignment["assignment"]), word(assignment["advisor"]),
                word(assignment["category"]), word(assignment["channel"]),
                yuan(fen: assignment["chargeFen"]?.integer ?? 0),
                word(assignment["releasedAt"]), word(request["reason"]),
                word(request["evidence"]), called(assignment),
                share(of: word(assignment["advisor"])), state(request),
            ])
        }
        return table.rendered
            + (areMore ? "and more; see --limit\n" : "")
            + "`leadctl assignment decideReturn ASSIGNMENT true|false --note TEXT` decides one\n"
    }

    private func called(_ assignment: JSONValue) -> String {
        guard assignment["firstCallAt"] != nil else { return "no" }
        return assignment["connected"] == true ? "connected" : "not reached"
    }

    private func share(of advisor: String) -> String {
        guard let recent = recent[advisor], recent.sales > 0 else { return "-" }
        let share = percent(basisPoints: Int64(recent.returned * 10_000 / recent.sales))
        return "\(recent.returned) of \(recent.sales), \(share)"
    }

    private func state(_ request: JSONValue) -> String {
        var text = word(request["state"])
        if request["automatic"] == true { text += " by evidence" }
        if let note = request["note"]?.string { text += ": \(note)" }
        return text
    }
}
