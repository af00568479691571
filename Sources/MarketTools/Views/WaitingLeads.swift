import Foundation
public import MarketRPC

/// The leads that wait for an order, newest first, each with when it becomes cheaper and when it expires (R6.4, R7.1).
public struct WaitingLeads: Sendable {
    let leads: [JSONValue]
    let areMore: Bool
    private let now: Int64
    private let ladders: [String: [Rung]]

    private struct Rung {
        var maximumAge: Int64
        var priceFen: Int64
    }

    /// Asks the daemon.
    ///
    /// - Parameters:
    ///   - category: only leads that belong to it, if given.
    ///   - limit: how many leads at most.
    /// - Throws: ``ToolError``.
    public init(
        _ connection: MarketConnection, category: String? = nil, limit: Int
    ) async throws(ToolError) {
        let information = try await connection.call("market.info")
        var parameters: JSONObject = ["status": "waiting"]
        if let category { parameters["category"] = .string(category) }
        let (leads, areMore) = try await connection.items("lead.list", parameters, limit: limit)
        self.init(
            leads: leads, areMore: areMore, information: information,
            clock: Int64(Date().timeIntervalSince1970 * 1_000_000))
    }

    /// Looks at leads as `lead.list` answers them.
    ///
    /// - Parameters:
    ///   - information: the result of `market.info`.
    ///   - clock: the time of this machine in microseconds, which counts where the market's clock is real.
    init(leads: [JSONValue], areMore: Bool, information: JSONValue, clock: Int64) {
        self.leads = leads
        self.areMore = areMore
        let last = information["time"]?.string.flatMap { RFC3339.parse($0) } ?? 0
        now = information["clock"] == "real" ? max(last, clock) : last
        var ladders: [String: [Rung]] = [:]
        for category in information["categories"]?.array ?? [] {
            guard let name = category["name"]?.string else { continue }
            ladders[name] = (category["ladder"]?.array ?? []).compactMap { rung in
                guard let age = rung["maxAge"]?.string.flatMap({ DurationText.seconds($0) }),
                    let price = rung["priceFen"]?.integer
                else { return nil }
                return Rung(maximumAge: Int64(age) * 1_000_000, priceFen: price)
            }
        }
        self.ladders = ladders
    }

    /// When a lead next costs less in a category, and when its last category is over; in microseconds of age.
    private func ends(
        of lead: JSONValue, age: Int64
    ) -> (next: (age: Int64, category: String, priceFen: Int64)?, last: Int64?) {
        var next: (age: Int64, category: String, priceFen: Int64)?
        var last: Int64?
        for name in (lead["categories"]?.array ?? []).compactMap(\.string) {
            guard let rungs = ladders[name], let end = rungs.last?.maximumAge else { continue }
            last = max(last ?? 0, end)
            for (rung, following) in zip(rungs, rungs.dropFirst()) where rung.maximumAge >= age {
                if next.map({ rung.maximumAge < $0.age }) ?? true {
                    next = (rung.maximumAge, name, following.priceFen)
                }
            }
        }
        return (next, last)
    }

    private func age(of lead: JSONValue) -> Int64 {
        let arrival = lead["arrivedAt"]?.string.flatMap { RFC3339.parse($0) } ?? now
        return max(0, now - arrival)
    }

    /// The leads as JSON, with the age and what is to come in seconds.
    public var json: JSONValue {
        [
            "items": .array(
                leads.map { lead in
                    let age = age(of: lead)
                    let (next, last) = ends(of: lead, age: age)
                    var object = lead.object ?? JSONObject()
                    object["ageSeconds"] = .integer(age / 1_000_000)
                    if let next {
                        object["cheaperInSeconds"] = .integer((next.age - age) / 1_000_000)
                        object["cheaperIn"] = .string(next.category)
                        object["thenFen"] = .integer(next.priceFen)
                    }
                    if let last {
                        object["expiresInSeconds"] = .integer(max(0, last - age) / 1_000_000)
                    }
                    return .object(object)
                }), "more": .bool(areMore),
        ]
    }

    /// The leads for people.
    public var text: String {
        guard !leads.isEmpty else { return "No lead waits.\n" }
        var table = TextTable(columns: [
            .right("lead"), .left("channel"), .left("region"), .right("age"), .left("categories"),
            .right("cheaper in"), .left("then"), .right("expires in"),
        ])
        for lead in leads {
            let age = age(of: lead)
            let (next, last) = ends(of: lead, age: age)
            let categories = (lead["categories"]?.array ?? []).compactMap(\.string)
            table.add([
                word(lead["lead"]), word(lead["channel"]), word(lead["attributes"]?["region"]),
                span(age), categories.joined(separator: ", "),
                next.map { span($0.age - age) } ?? "-",
                next.map { "\($0.category) \(yuan(fen: $0.priceFen))" } ?? "-",
                last.map { span(max(0, $0 - age)) } ?? "-",
            ])
        }
        let count = "\(grouped(leads.count)) \(leads.count == 1 ? "lead waits" : "leads wait")"
        return table.rendered + (areMore ? "\(count) here, and more; see --limit\n" : "\(count)\n")
    }
}
