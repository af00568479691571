public import MarketRPC
import MarketWorkload

/// A run of a benchmark: with what, and what came out.
public struct BenchmarkRun: Sendable {
    /// The subcommand.
    public let kind: String
    let options: BenchmarkOptions
    let requestBytes: Int
    let distinctLeads: Int
    /// How arrivals followed one another, in an open loop.
    var arrivals: ArrivalSchedule.Kind?
    /// Leads a second in a closed loop, measured or given.
    public internal(set) var knee: Double?
    /// The closed loop that found the knee.
    var closedLoop: LoadMeasurement?
    /// The loads that were measured, in order.
    public internal(set) var measurements: [LoadMeasurement] = []
    /// The overload, if there was one.
    public internal(set) var overload: OverloadMeasurement?
    /// The first answer that was neither decided nor `overloaded`, the warm-up's included.
    var firstError: UnusualAnswer?
    /// Whether a signal ended it before its time.
    public internal(set) var wasInterrupted = false

    init(_ kind: String, _ options: BenchmarkOptions, _ market: BenchmarkMarket) {
        self.kind = kind
        self.options = options
        requestBytes = market.deck.meanBytes
        distinctLeads = market.deck.count
    }

    /// The run as JSON.
    public var json: JSONValue {
        var object: JSONObject = [
            "kind": .string(kind), "workload": .string(options.workload.rawValue),
            "orders": .integer(Int64(options.orders)),
            "connections": .integer(Int64(options.connections)),
            "inFlight": .integer(Int64(options.inFlight)),
            "changeShare": .double(options.changeShare),
            "subscribes": .bool(options.watchesSales), "serves": .bool(options.servesSales),
            "seed": .unsigned(options.seed),
            "distinctLeads": .integer(Int64(distinctLeads)),
            "requestBytes": .integer(Int64(requestBytes)),
        ]
        if let arrivals { object["arrivals"] = .string(arrivals.rawValue) }
        if let knee { object["kneePerSecond"] = .integer(Int64(knee.rounded())) }
        object["closedLoop"] = closedLoop?.json
        object["steps"] = .array(measurements.map(\.json))
        object["overload"] = overload?.json
        object["firstError"] = firstError?.json
        object["interrupted"] = .bool(wasInterrupted)
        return .object(object)
    }

    /// The run for people.
    public var text: String {
        var text = ""
        if let knee {
            let source = closedLoop == nil ? "as given" : "in a closed loop"
            text += "knee: \(grouped(Int(knee))) leads a second \(source)\n\n"
        }
        var all = (closedLoop.map { [$0] } ?? []) + measurements
        if let overload {
            all += [overload.closedLoop, overload.before, overload.during, overload.after]
        }
        text += LoadTable(all).text
        if let overload {
            let back = overload.recoverySeconds.map { "within \($0) s" } ?? "not within the time"
            text += "\nafter \(overload.factor) times the knee latency was back \(back)\n"
            if let share = overload.servedShare {
                let percent = Int((share * 100).rounded())
                text += "meanwhile it decided \(percent) % of what a closed loop took before\n"
            }
        }
        if let firstError { text += "\nthe first error: \(firstError.text)\n" }
        if wasInterrupted { text += "\nstopped by a signal before its time\n" }
        return text
    }
}
