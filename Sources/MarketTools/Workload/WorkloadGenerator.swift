import MarketRPC
import MarketWorkload

/// Writes a market's life as requests: advisors register, pay and order; leads come in, are pinged and posted;
/// advisors accept, call, report and ask for returns; an operator decides.
///
/// Days are made one after the other, so memory grows with the leads of a day and with what is still to be reported, not
/// with the whole.
public struct WorkloadGenerator {
    private struct Scheduled {
        var microseconds: Int64
        var line: WorkloadLine
    }

    let options: WorkloadOptions
    let regions: SyntheticRegions
    let leads: SyntheticLeads
    let orders: SyntheticOrders
    let outcomes = SyntheticOutcomes()
    let hours = WeightedChoice(FittedShares.hours)
    var random: SplitMix64
    private(set) var day = -1
    private var days: [Int: [Scheduled]] = [:]
    private var nextLead = 0
    private var number = 0

    static let daySpan: Int64 = 86_400_000_000
    /// How long after the last day everything has expired and the last report has come.
    private static let settlingDays: Int64 = 12

    /// Prepares a workload.
    ///
    /// - Throws: ``ToolError/usage(_:)`` when a number makes no sense.
    public init(_ options: WorkloadOptions) throws(ToolError) {
        try options.check()
        self.options = options
        regions = SyntheticRegions()
        leads = SyntheticLeads(regions: regions)
        orders = SyntheticOrders(regions: regions)
        random = SplitMix64(seed: options.seed)
        scheduleAdvisors()
        scheduleOrders()
        scheduleIncidents()
    }

    /// The requests of the next day, in the order of their times; `nil` when all is over.
    public mutating func nextDay() -> [WorkloadLine]? {
        guard !days.isEmpty || day < options.days else { return nil }
        day += 1
        if day < options.days {
            scheduleLeads()
            scheduleMoney()
        } else if day == options.days {
            schedule(
                "end", "market.advance", [:], at: (Int64(day) + Self.settlingDays) * Self.daySpan)
        }
        let scheduled = days.removeValue(forKey: day) ?? []
        let order = scheduled.indices.sorted {
            (scheduled[$0].microseconds, $0) < (scheduled[$1].microseconds, $1)
        }
        return order.map { index in
            number += 1
            var line = scheduled[index].line
            line.number = number
            return line
        }
    }

    /// Puts a request into the plan; `at` is in microseconds since the start.
    mutating func schedule(
        _ label: String, _ method: String, _ parameters: JSONObject, at: Int64
    ) {
        var parameters = parameters
        parameters["at"] = .string(time(at))
        if method != "market.advance" {
            parameters["idempotencyKey"] = .string("g\(options.seed)-\(label)")
        }
        let line = WorkloadLine(
            number: 0, label: label, method: method, parameters: parameters)
        let due = max(Int(at / Self.daySpan), day, 0)
        days[due, default: []].append(Scheduled(microseconds: at, line: line))
    }

    /// A moment of the workload as it is written; `offset` is in microseconds since the start.
    func time(_ offset: Int64) -> String {
        RFC3339.format(options.startMicroseconds + offset)
    }

    /// How many leads have come by the end of `day`: weekdays differ as they do in the real data.
    private func leadsBefore(end day: Int) -> Int {
        let weekdayOfStart = Int(
            ((options.startMicroseconds + 28_800_000_000) / Self.daySpan + 3) % 7)
        func weight(_ days: Int) -> Double {
            (0..<days).reduce(0) { $0 + FittedShares.weekdays[(weekdayOfStart + $1) % 7] }
        }
        let share = weight(day + 1) / weight(options.days)
        return min(options.leads, Int((Double(options.leads) * share).rounded()))
    }

    private mutating func scheduleLeads() {
        let end = leadsBefore(end: day)
        while nextLead < end {
            nextLead += 1
            scheduleLead(nextLead)
            if nextLead % 100 == 0 { scheduleTestLead(nextLead) }
        }
    }
}
