import MarketRPC

/// The tables of a report.
extension MarketReport {
    /// How many categories are listed.
    private static let topCount = 10

    var head: String {
        let health = json["health"] ?? .null
        func count(_ name: String) -> String { grouped(Self.number(health[name])) }
        return """
            Market at \(json["time"]?.string ?? "?"), log position \(count("position"))
            \(count("advisors")) advisors, \(count("orders")) orders, \
            \(count("assignments")) assignments

            """
    }

    var leads: String {
        guard let row = json["leads"]?["rows"]?.array?.first else { return "No leads.\n" }
        let count = LeadCount(row)
        var table = TextTable(columns: [.left("leads"), .right("count"), .right("share")])
        func add(_ name: String, _ part: Int) {
            table.add([name, grouped(part), Self.share(part, of: count.submitted)])
        }
        let usual = ["released", "waiting", "expired"]
        for name in usual { add(name, count.parts.first { $0.name == name }?.count ?? 0) }
        for (name, part) in count.parts where part > 0 && !usual.contains(name) { add(name, part) }
        add("all", count.sum)
        for (name, part) in [
            ("- pinged", count.pinged), ("- posted", count.posted),
            ("- sold and given back", count.returned), ("besides: tested", count.tested),
        ] where part > 0 {
            add(name, part)
        }
        return table.rendered
    }

    /// How much of what was taken in was sold, and how fast.
    var matching: String {
        let matching = json["matching"] ?? .null
        var table = TextTable(columns: [.left("matching"), .right("")])
        table.add(["taken in", grouped(Self.number(matching["taken"]))])
        table.add(["sold", grouped(Self.number(matching["released"]))])
        if let share = matching["fillBasisPoints"]?.integer {
            table.add(["fill rate", percent(basisPoints: share)])
        }
        for (title, name) in [
            ("arrival to release, median", "medianMilliseconds"),
            ("arrival to release, 90 % within", "p90Milliseconds"),
            ("arrival to release, 99 % within", "p99Milliseconds"),
        ] {
            if let time = matching[name]?.integer { table.add([title, span(time * 1_000)]) }
        }
        return table.rendered
    }

    var releases: String {
        let matching = json["matching"] ?? .null
        let all = Self.number(matching["released"])
        var table = TextTable(columns: [
            .left("sold after"), .right("count"), .right("share"), .left(""),
        ])
        for row in matching["buckets"]?.array ?? [] {
            let count = Self.number(row["released"])
            guard count > 0 else { continue }
            table.add([
                Self.bucketTitle(row["key"]), grouped(count), Self.share(count, of: all),
                Self.bar(Int64(count * 10_000 / max(1, all))),
            ])
        }
        return table.isEmpty ? "Nothing sold.\n" : table.rendered
    }

    var rates: String {
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
                Self.bucketTitle(row["key"]), grouped(Int(reported)),
                grouped(Int(points("connected"))), percent(basisPoints: rate), interval,
                Self.bar(rate),
            ])
        }
        return table.isEmpty ? "No calls reported.\n" : table.rendered
    }

    var returns: String {
        let returns = json["returns"] ?? .null
        var table = TextTable(columns: [
            .left("returns"), .right("requested"), .right("approved"), .right("automatic"),
            .right("refused"), .right("open"), .right("refunded"),
        ])
        let names = ["requested", "approved", "automatic", "refused", "open"]
        var sums = Array(repeating: 0, count: names.count)
        var refunded: Int64 = 0
        for row in returns["rows"]?.array ?? [] where Self.number(row["requested"]) > 0 {
            let counts = names.map { Self.number(row[$0]) }
            refunded += row["refundedFen"]?.integer ?? 0
            for (index, count) in counts.enumerated() { sums[index] += count }
            table.add(
                [word(row["reason"])] + counts.map { grouped($0) }
                    + [yuan(fen: row["refundedFen"]?.integer ?? 0)])
        }
        guard !table.isEmpty else { return "Nothing was given back.\n" }
        table.add(["all"] + sums.map { grouped($0) } + [yuan(fen: refunded)])
        let released = Self.number(returns["released"])
        return table.rendered
            + "\(Self.share(sums[0], of: released)) of \(grouped(released)) sales were asked back, "
            + "\(Self.share(sums[1], of: released)) given back\n"
    }

    var orders: String {
        OrderOverview(orders: json["orders"]?["items"]?.array ?? []).summary
    }

    var channels: String {
        var rows: [String: JSONValue] = [:]
        for row in json["channels"]?["rows"]?.array ?? [] { rows[word(row["key"])] = row }
        var table = TextTable(columns: [
            .left("channel"), .left("state"), .right("came"), .right("sold"), .right("charged"),
            .right("its pay"), .right("bad of the last"), .right("limit"),
        ])
        for channel in json["channelStates"]?.array ?? [] {
            let name = word(channel["channel"])
            let row = rows[name] ?? .null
            let quality = channel["quality"] ?? .null
            let decided = Self.number(quality["decided"])
            let bad = Self.number(quality["bad"])
            table.add([
                name, word(channel["state"]), grouped(Self.number(row["submitted"])),
                grouped(Self.number(row["released"])), yuan(fen: row["chargedFen"]?.integer ?? 0),
                yuan(fen: row["payoutFen"]?.integer ?? 0),
                decided > 0 ? "\(bad) of \(decided), \(Self.share(bad, of: decided))" : "-",
                quality["limitBasisPoints"]?.integer.map { percent(basisPoints: $0) } ?? "-",
            ])
        }
        return table.isEmpty ? "No channels.\n" : table.rendered
    }

    /// The categories that sold most. A lead that is not sold is of no category.
    var categories: String {
        let rows = (json["categories"]?["rows"]?.array ?? [])
            .filter { Self.number($0["released"]) > 0 }
            .sorted {
                (Self.number($0["released"]), word($1["key"]))
                    > (Self.number($1["released"]), word($0["key"]))
            }
        var table = TextTable(columns: [
            .left("top categories"), .right("sold"), .right("charged"), .right("paid to channels"),
        ])
        for row in rows.prefix(Self.topCount) {
            table.add([
                word(row["key"]), grouped(Self.number(row["released"])),
                yuan(fen: row["chargedFen"]?.integer ?? 0),
                yuan(fen: row["payoutFen"]?.integer ?? 0),
            ])
        }
        if rows.count > Self.topCount { table.add(["\(rows.count - Self.topCount) more"]) }
        return table.isEmpty ? "No category sold anything.\n" : table.rendered
    }

    var ledger: String {
        let ledger = json["ledger"] ?? .null
        var table = TextTable(columns: [.left("ledger"), .right("yuan")])
        for name in ["cash", "owed", "available", "held", "payable", "revenue"] {
            table.add([name, yuan(fen: ledger[name + "Fen"]?.integer ?? 0)])
        }
        return table.rendered
            + (ledger["balanced"] == true
                ? "balanced: cash + owed = available + held + payable + revenue\n"
                : "NOT BALANCED\n")
    }

    // MARK: Cells

    /// The delay buckets of R9.3 as people say them.
    private static let bucketTitles = [
        "within5Minutes": "≤ 5 min", "within30Minutes": "≤ 30 min", "withinHour": "≤ 1 h",
        "within24Hours": "≤ 24 h", "within72Hours": "≤ 72 h", "within7Days": "≤ 7 days",
        "later": "later",
    ]

    private static func bucketTitle(_ key: JSONValue?) -> String {
        bucketTitles[word(key)] ?? word(key)
    }

    private static func share(_ part: Int, of whole: Int) -> String {
        percent(basisPoints: whole > 0 ? Int64(part * 10_000 / whole) : 0)
    }

    private static func bar(_ basisPoints: Int64) -> String {
        String(repeating: "#", count: Int(basisPoints / 400))
    }
}
