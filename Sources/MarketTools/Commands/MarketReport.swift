public import MarketRPC

/// What `leadctl report` shows: how many leads came and what became of them, how calls went, who bought and sold most, and whether the
/// books balance.
public struct MarketReport: Sendable {
    /// Everything the report is made of, as the daemon answered it.
    public let json: JSONValue
    /// Whether the ledger balances and the log is in order.
    public let isSound: Bool

    /// How many categories and channels are listed.
    static let topCount = 10

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
        let rates = try await ask("stats.connectionRate")
        let ledger = try await ask("account.get")
        json = [
            "health": health, "time": info["time"] ?? .null, "leads": leads,
            "categories": categories, "channels": channels, "connectionRates": rates,
            "ledger": ledger,
        ]
        isSound = ledger["balanced"] == true && health["status"] == "ok"
    }

    /// Makes a report of answers kept as JSON.
    init(json: JSONValue) {
        self.json = json
        isSound = json["ledger"]?["balanced"] == true && json["health"]?["status"] == "ok"
    }

    /// The report for people.
    public var text: String {
        [head, leads, rates, top("categories"), top("channels"), ledger].joined(separator: "\n")
    }

    private var head: String {
        let health = json["health"] ?? .null
        func count(_ name: String) -> String { grouped(Int(health[name]?.integer ?? 0)) }
        return """
            Market at \(json["time"]?.string ?? "?"), log position \(count("position"))
            \(count("advisors")) advisors, \(count("orders")) orders, \
            \(count("assignments")) assignments

            """
    }

    private static let closings = [
        "released", "waiting", "expired", "withdrawn", "suppressed", "erased",
    ]

    private var leads: String {
        guard let row = json["leads"]?["rows"]?.array?.first else { return "No leads.\n" }
        let submitted = row["submitted"]?.integer ?? 0
        var table = TextTable(columns: [.left("leads"), .right("count"), .right("share")])
        func add(_ name: String, _ count: Int64) {
            let share = submitted > 0 ? count * 10_000 / submitted : 0
            table.add([name, grouped(Int(count)), percent(basisPoints: share)])
        }
        var sum: Int64 = 0
        for name in Self.closings {
            let count = row[name]?.integer ?? 0
            sum += count
            add(name, count)
        }
        for member in row["rejected"]?.object?.members ?? [] {
            let count = member.value.integer ?? 0
            sum += count
            if count > 0 { add("rejected: \(member.name)", count) }
        }
        add("all", sum)
        let check = sum == submitted ? "" : "They should be \(grouped(Int(submitted))).\n"
        return table.rendered + check
    }

    /// The delay buckets of R9.3 as people say them.
    private static let bucketTitles = [
        "within5Minutes": "≤ 5 min", "within30Minutes": "≤ 30 min", "withinHour": "≤ 1 h",
        "within24Hours": "≤ 24 h", "within72Hours": "≤ 72 h", "within7Days": "≤ 7 days",
        "later": "later",
    ]

    private var rates: String {
        var table = TextTable(columns: [
            .left("first call after"), .right("reported"), .right("connected"), .right("rate"),
            .right("95 % interval"), .left(""),
        ])
        for row in json["connectionRates"]?["rows"]?.array ?? [] {
            guard let reported = row["reported"]?.integer, reported > 0 else { continue }
            func points(_ name: String) -> Int64 { row[name]?.integer ?? 0 }
            let rate = points("rateBasisPoints")
            let interval =
                "\(percent(basisPoints: points("lowBasisPoints"))) - \(percent(basisPoints: points("highBasisPoints")))"
            table.add([
                Self.bucketTitles[row["key"]?.string ?? ""] ?? row["key"]?.string ?? "",
                grouped(Int(reported)),
                grouped(Int(points("connected"))), percent(basisPoints: rate), interval,
                String(repeating: "#", count: Int(rate / 400)),
            ])
        }
        return table.isEmpty ? "No calls reported.\n" : table.rendered
    }

    /// The categories or channels that sold most. A lead that is not sold is of no category.
    private func top(_ name: String) -> String {
        let rows = (json[name]?["rows"]?.array ?? [])
            .filter { ($0["released"]?.integer ?? 0) > 0 }
            .sorted {
                ($0["released"]?.integer ?? 0, $1["key"]?.string ?? "")
                    > ($1["released"]?.integer ?? 0, $0["key"]?.string ?? "")
            }
        var table = TextTable(columns: [
            .left("top " + name), .right("sold"), .right("charged"), .right("paid to channels"),
        ])
        for row in rows.prefix(Self.topCount) {
            table.add([
                row["key"]?.string ?? "", grouped(Int(row["released"]?.integer ?? 0)),
                yuan(fen: row["chargedFen"]?.integer ?? 0),
                yuan(fen: row["payoutFen"]?.integer ?? 0),
            ])
        }
        if rows.count > Self.topCount { table.add(["\(rows.count - Self.topCount) more"]) }
        return table.isEmpty ? "No \(name) sold anything.\n" : table.rendered
    }

    private var ledger: String {
        let ledger = json["ledger"] ?? .null
        func fen(_ name: String) -> Int64 { ledger[name]?.integer ?? 0 }
        var table = TextTable(columns: [.left("ledger"), .right("yuan")])
        for name in ["cash", "owed", "available", "held", "payable", "revenue"] {
            table.add([name, yuan(fen: fen(name + "Fen"))])
        }
        let verdict =
            ledger["balanced"] == true
            ? "balanced: cash + owed = available + held + payable + revenue\n"
            : "NOT BALANCED: cash + owed is not available + held + payable + revenue\n"
        return table.rendered + verdict
    }
}
