import Foundation
public import MarketRPC

/// Two sets of runs side by side: every figure that both have, with how far it lies apart.
public struct RunComparison: Sendable {
    /// One figure of both.
    public struct Row: Sendable {
        /// Where it stands in the run.
        public let name: String
        /// What the first runs say.
        public let first: Spread
        /// What the second runs say.
        public let second: Spread

        /// How much more the second has, as a share of the first; `nil` when that is zero.
        public var difference: Double? {
            first.median == 0 ? nil : (second.median - first.median) / first.median
        }
    }

    /// Members of a run whose numbers are compared; of the latencies, all.
    private static let figures: Set<String> = [
        "kneePerSecond", "leadsPerSecond", "unsent", "unanswered", "floorMicroseconds",
        "generatorMicrosecondsPerRequest", "daemonMicrosecondsPerRequest", "recoverySeconds",
        "servedShare", "overloaded", "value",
    ]
    /// Members that say under what a run was made.
    private static let conditions = [
        "kind", "workload", "orders", "connections", "inFlight", "arrivals", "changeShare",
        "subscribes", "serves", "seed",
    ]

    /// The figures in the order of the first run.
    public let rows: [Row]
    /// What the two were not made alike with, in words.
    public let differences: [String]

    /// Compares `first` with `second`, each one or more runs as `--json` printed them.
    ///
    /// - Throws: ``ToolError/usage(_:)`` when they have no figure in common.
    public init(_ first: [JSONValue], _ second: [JSONValue]) throws(ToolError) {
        let figures = [first, second].map { runs in
            runs.reduce(into: (names: [String](), values: [String: [Double]]())) { result, run in
                for (name, value) in Self.figures(of: run, "", isLatency: false) {
                    if result.values[name] == nil { result.names.append(name) }
                    result.values[name, default: []].append(value)
                }
            }
        }
        rows = figures[0].names.compactMap { name in
            guard let one = Spread(figures[0].values[name] ?? []),
                let other = Spread(figures[1].values[name] ?? [])
            else { return nil }
            return Row(name: name, first: one, second: other)
        }
        guard !rows.isEmpty else {
            throw .usage("the runs have no figure in common")
        }
        differences = Self.conditions.compactMap { name in
            let (one, other) = (first.first?[name], second.first?[name])
            guard one != other else { return nil }
            return "\(name): \(Self.text(one)) and \(Self.text(other))"
        }
    }

    /// Reads the runs of a file, one JSON object a line.
    ///
    /// - Throws: ``ToolError``.
    public static func read(path: String) throws(ToolError) -> [JSONValue] {
        var lines = LineReader(try InputFile(path: path))
        let parser = JSONParser()
        var runs: [JSONValue] = []
        while let line = try lines.next() {
            if line.isEmpty { continue }
            do throws(JSONError) {
                runs.append(try parser.parse(String(decoding: line, as: UTF8.self)).value)
            } catch {
                throw .line(
                    path: path, line: lines.lineNumber,
                    problem: "is no run as --json prints it (\(error))")
            }
        }
        guard !runs.isEmpty else { throw .contents(path: path, problem: "has no run") }
        return runs
    }

    private static func figures(
        of value: JSONValue, _ path: String, isLatency: Bool
    ) -> [(name: String, value: Double)] {
        guard case .object(let object) = value else { return [] }
        return object.members.flatMap { member -> [(name: String, value: Double)] in
            let name = path.isEmpty ? member.name : "\(path) \(member.name)"
            switch member.value {
            case .integer(let number):
                return isFigure(member.name, isLatency) ? [(name, Double(number))] : []
            case .double(let number):
                return isFigure(member.name, isLatency) ? [(name, number)] : []
            case .object:
                let isLatency =
                    member.name.hasSuffix("Microseconds") || member.name == "roundTrip"
                    || member.name == "keySync" || member.name == "commit"
                return figures(of: member.value, name, isLatency: isLatency)
            case .array(let elements) where member.name == "steps":
                return elements.enumerated().flatMap { index, element in
                    figures(of: element, mark(of: element, index), isLatency: false)
                }
            default: return []
            }
        }
    }

    private static func isFigure(_ name: String, _ isLatency: Bool) -> Bool {
        isLatency ? name != "count" : figures.contains(name)
    }

    /// What a step is called.
    private static func mark(of step: JSONValue, _ index: Int) -> String {
        if case .double(let percent)? = step["percentOfKnee"] {
            return "\(LoadTable.shown(percent)) %"
        }
        if let rate = step["offeredPerSecond"]?.integer { return "\(rate)/s" }
        return index == 0 ? "" : "\(index + 1)"
    }

    private static func text(_ value: JSONValue?) -> String {
        value.map { String(decoding: $0.encoded, as: UTF8.self) } ?? "nothing"
    }

    /// The comparison as JSON.
    public var json: JSONValue {
        let rows = rows.map { row -> JSONValue in
            var object: JSONObject = [
                "figure": .string(row.name), "first": Self.json(row.first),
                "second": Self.json(row.second),
                "apart": .bool(row.first.isApart(from: row.second)),
            ]
            object["difference"] = row.difference.map {
                .double(($0 * 10_000).rounded() / 10_000)
            }
            return .object(object)
        }
        return ["differences": .array(differences.map { .string($0) }), "figures": .array(rows)]
    }

    private static func json(_ spread: Spread) -> JSONValue {
        [
            "median": .double(spread.median), "least": .double(spread.least),
            "most": .double(spread.most), "runs": .integer(Int64(spread.count)),
        ]
    }

    /// The comparison for people.
    public var text: String {
        var table = TextTable(
            columns: [
                .left("figure"), .right("first"), .right("spread"), .right("second"),
                .right("spread"), .right("difference"), .left(""),
            ])
        for row in rows {
            let difference = row.difference.map { share in
                let percent = (share * 1_000).rounded() / 10
                return "\(percent > 0 ? "+" : "")\(percent) %"
            }
            table.add([
                row.name, LoadTable.shown(row.first.median), Self.range(row.first),
                LoadTable.shown(row.second.median), Self.range(row.second), difference ?? "",
                row.first.isApart(from: row.second) ? "apart" : "",
            ])
        }
        var text = table.rendered
        if !differences.isEmpty {
            text += "\nNot made alike: \(differences.joined(separator: "; ")).\n"
        }
        return text
    }

    private static func range(_ spread: Spread) -> String {
        spread.count == 1
            ? "" : "\(LoadTable.shown(spread.least)) - \(LoadTable.shown(spread.most))"
    }
}
