public import MarketRPC

/// What `leadctl report` shows: how many leads came and what became of them, how fast, how calls went, what was given back, which
/// orders take none, how channels do, and whether it all adds up.
public struct MarketReport: Sendable {
    /// Everything the report is made of, as the daemon answered it.
    public let json: JSONValue
    /// What does not add up, or is damaged; empty when all is well.
    public let problems: [String]

    /// Whether everything adds up and the log is in order.
    public var isSound: Bool { problems.isEmpty }

    /// Asks the daemon.
    ///
    /// - Parameter position: a log position that the figures must include, if any.
    /// - Throws: ``ToolError``.
    public init(
        _ connection: MarketConnection, atLeast position: Int64? = nil
    ) async throws(ToolError) {
        func ask(_ method: String, _ parameters: JSONObject = [:]) async throws(ToolError)
            -> JSONValue
        {
            var parameters = parameters
            if let position { parameters["atLeast"] = .integer(position) }
            return try await connection.call(method, parameters)
        }
        let health = try await connection.call("market.health")
        let info = try await ask("market.info")
        let leads = try await ask("stats.leads")
        let categories = try await ask("stats.leads", ["by": "category"])
        let channels = try await ask("stats.leads", ["by": "channel"])
        let matching = try await ask("stats.matching")
        let rates = try await ask("stats.connectionRate")
        let returns = try await ask("stats.returns")
        let ledger = try await ask("account.get")
        var selection = OrderOverview.Selection()
        selection.atLeast = position
        let orders = try await OrderOverview(connection, selection)
        let states = try await ask("channel.list")
        self.init(json: [
            "health": health, "time": info["time"] ?? .null, "leads": leads,
            "matching": matching, "categories": categories, "channels": channels,
            "channelStates": states["items"] ?? .array([]), "connectionRates": rates,
            "returns": returns,
            "orders": orders.json, "ledger": ledger,
        ])
    }

    /// Makes a report of answers kept as JSON.
    init(json: JSONValue) {
        self.json = json
        problems = Self.problems(json)
    }

    /// The report for people.
    public var text: String {
        var sections = [
            head, leads, matching, releases, rates, returns, orders, channels, categories, ledger,
        ]
        if !problems.isEmpty {
            sections.append(problems.map { "NOT RIGHT: \($0)\n" }.joined())
        }
        return sections.joined(separator: "\n")
    }

    // MARK: What must hold

    private static func problems(_ json: JSONValue) -> [String] {
        var problems: [String] = []
        func check(_ holds: Bool, _ problem: String) {
            if !holds { problems.append(problem) }
        }
        let health = json["health"]?["status"]?.string ?? "?"
        check(health == "ok", "the daemon says that it is \(health)")
        check(
            json["ledger"]?["balanced"] == true,
            "cash + owed is not available + held + payable + revenue")
        if let row = json["leads"]?["rows"]?.array?.first {
            let count = LeadCount(row)
            check(
                count.sum == count.submitted,
                "\(grouped(count.submitted)) leads came in, and \(grouped(count.sum)) are accounted for"
            )
            if let matched = json["matching"]?["released"]?.integer {
                check(
                    Int(matched) == count.released,
                    "\(grouped(count.released)) leads were sold, and \(grouped(Int(matched))) by the count of sales"
                )
            }
        }
        let matching = json["matching"] ?? .null
        let buckets = matching["buckets"]?.array ?? []
        check(
            buckets.reduce(0) { $0 + number($1["released"]) } == number(matching["released"]),
            "the sales by delay are not all sales")
        for row in json["returns"]?["rows"]?.array ?? [] {
            let decided = number(row["approved"]) + number(row["refused"]) + number(row["open"])
            check(
                decided == number(row["requested"])
                    && number(row["automatic"]) <= number(row["approved"]),
                "the returns for \(word(row["reason"])) do not add up")
        }
        return problems
    }

    static func number(_ value: JSONValue?) -> Int { Int(value?.integer ?? 0) }
}

/// A row of `stats.leads`: what became of the leads that came in, each counted once.
struct LeadCount {
    /// How many came in.
    let submitted: Int
    /// What became of them, in the order of the row; rejections by reason come last.
    private(set) var parts: [(name: String, count: Int)] = []

    /// Counted besides: a lead of another part, or, of a test channel, of none.
    let pinged, posted, returned, tested: Int

    /// Reads a row: the statuses of leads in it are the parts, since a lead has one of them.
    init(_ row: JSONValue) {
        func count(_ name: String) -> Int { Int(row[name]?.integer ?? 0) }
        submitted = count("submitted")
        (pinged, posted) = (count("pinged"), count("posted"))
        (returned, tested) = (count("returned"), count("tested"))
        for name in LeadStatus.words where !["rejected", "tested"].contains(name) {
            if let part = row[name]?.integer { parts.append((name, Int(part))) }
        }
        for member in row["rejected"]?.object?.members ?? [] {
            parts.append(("rejected: \(member.name)", Int(member.value.integer ?? 0)))
        }
    }

    /// How many were sold.
    var released: Int { parts.first { $0.name == "released" }?.count ?? 0 }

    /// The sum of the parts.
    var sum: Int { parts.reduce(0) { $0 + $1.count } }
}
