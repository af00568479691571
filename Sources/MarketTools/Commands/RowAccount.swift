public import MarketRPC

/// Accounts for every row of an imported file: what each became must add up to how many there were.
public struct RowAccount: Sendable {
    /// What became of rows, and how many; in the order shown.
    public private(set) var parts: [(name: String, count: Int)] = []
    /// How many rows the file has.
    public let rowCount: Int

    /// Compares the market's counts before and after an import.
    ///
    /// - Parameters:
    ///   - rejects: rows that did not fit the mapping.
    ///   - refused: leads that the market refused with an error.
    ///   - before: the result of `stats.leads` before the import; `after`: the same afterwards.
    public init(
        rowCount: Int, rejects: Int, refused: Int, before: JSONValue, after: JSONValue
    ) {
        self.rowCount = rowCount
        func count(_ result: JSONValue) -> LeadCount {
            LeadCount(result["rows"]?.array?.first ?? .null)
        }
        let earlier = count(before).parts
        for (name, count) in count(after).parts {
            parts.append((name, count - (earlier.first { $0.name == name }?.count ?? 0)))
        }
        parts.append(("refused: not as the market's attributes or phones are", refused))
        parts.append(("refused: does not fit the mapping", rejects))
        parts.removeAll { $0.count == 0 }
    }

    /// The sum of the parts.
    public var sum: Int { parts.reduce(0) { $0 + $1.count } }

    /// Whether every row is accounted for.
    public var isComplete: Bool { sum == rowCount }

    /// The account for people.
    public var text: String {
        var table = TextTable(columns: [.left("rows"), .right("count"), .right("share")])
        for (name, count) in parts + [("sum", sum)] {
            let share = rowCount > 0 ? Int64(count * 10_000 / rowCount) : 0
            table.add([name, grouped(count), percent(basisPoints: share)])
        }
        let verdict =
            isComplete
            ? "all \(grouped(rowCount)) rows are accounted for\n"
            : "\(grouped(rowCount)) rows are in the file, \(grouped(sum)) are accounted for\n"
        return table.rendered + verdict
    }
}

extension RowAccount {
    /// The account as JSON.
    public var json: JSONValue {
        .object(
            JSONObject(
                (parts + [("sum", sum)]).map {
                    JSONMember(name: $0.name, value: .integer(Int64($0.count)))
                }))
    }
}
