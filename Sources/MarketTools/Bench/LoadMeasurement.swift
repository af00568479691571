public import MarketRPC

/// What was measured of one load.
public struct LoadMeasurement: Sendable {
    /// What it is called where several are alike.
    public var label: String?
    /// The share of the knee that was offered, in percent, if that was asked for.
    public var percent: Double?
    /// Leads a second that the schedule held; `nil` in a closed loop.
    public var offeredPerSecond: Double?
    let record: PhaseRecord

    init(
        _ record: PhaseRecord, percent: Double? = nil, offeredPerSecond: Double? = nil,
        label: String? = nil
    ) {
        self.label = label
        self.record = record
        self.percent = percent
        self.offeredPerSecond = offeredPerSecond
    }

    /// From its beginning to its last answer, in seconds.
    public var seconds: Double { Double(record.lastAnswer - record.began) / 1_000_000_000 }

    /// Leads a second that the market decided.
    public var leadsPerSecond: Double {
        seconds > 0 ? Double(record.counts.decisions) / seconds : 0
    }

    /// Whether every lead that was due was sent, and answered.
    public var isComplete: Bool {
        record.unsent == 0 && record.unanswered == 0 && record.counts.total == record.sent
    }

    /// Latencies of decisions, from when the lead was due (closed loop: was sent).
    public var latency: LatencySummary? { LatencySummary(record.latencies) }
    /// Latencies from when the lead was due until the push of its sale was seen.
    public var pushLatency: LatencySummary? { LatencySummary(record.pushLatencies) }
    /// How soon errors such as `overloaded` came.
    public var refusalLatency: LatencySummary? { LatencySummary(record.refusalLatencies) }
    /// Latencies of changes of orders.
    public var changeLatency: LatencySummary? { LatencySummary(record.changeLatencies) }

    /// Latencies of a frontend's requests, from when it saw what they are about.
    public var errandLatency: LatencySummary? { LatencySummary(record.errandLatencies) }

    /// What the generator itself costs, in microseconds of processor time a request.
    public var generatorMicroseconds: Double { perRequest(record.ownSeconds) }
    /// What the daemon costs, in microseconds of processor time a request.
    public var daemonMicroseconds: Double? { record.daemonSeconds.map { perRequest($0) } }

    private func perRequest(_ seconds: Double) -> Double {
        let count = record.sent + record.sentChanges + record.errands.total
        return count == 0 ? 0 : (seconds * 100_000_000 / Double(count)).rounded() / 100
    }

    /// The daemon's own memory (without pages of mapped files) at the first and the last look, in KiB.
    public var ownMemoryKiB: (first: Int, last: Int)? {
        let known = record.intervals.compactMap(\.ownKiB)
        guard let first = known.first, let last = known.last else { return nil }
        return (first, last)
    }

    /// The measurement as JSON.
    public var json: JSONValue {
        var object = JSONObject()
        if let percent { object["percentOfKnee"] = .double(percent) }
        if let offeredPerSecond {
            object["offeredPerSecond"] = .integer(Int64(offeredPerSecond.rounded()))
        }
        object["seconds"] = .double((seconds * 1_000).rounded() / 1_000)
        object["leadsPerSecond"] = .integer(Int64(leadsPerSecond.rounded()))
        object["due"] = .integer(Int64(record.due))
        object["sent"] = .integer(Int64(record.sent))
        object["answered"] = .integer(Int64(record.counts.total))
        object["unsent"] = .integer(Int64(record.unsent))
        object["unanswered"] = .integer(Int64(record.unanswered))
        for group in [AnswerKind.Group.answers, .rejected, .errors] {
            object[group.rawValue] = Self.json(of: record.counts, group)
        }
        object["latencyMicroseconds"] = latency?.json
        object["pushLatencyMicroseconds"] = pushLatency?.json
        object["refusalLatencyMicroseconds"] = refusalLatency?.json
        if record.sentChanges > 0 {
            object["changes"] = Self.json(of: record.changes, nil)
            object["changeLatencyMicroseconds"] = changeLatency?.json
        }
        if record.errands.total > 0 {
            object["frontend"] = Self.json(of: record.errands, nil)
            object["frontendLatencyMicroseconds"] = errandLatency?.json
        }
        object["generatorMicrosecondsPerRequest"] = .double(generatorMicroseconds)
        if let daemonMicroseconds {
            object["daemonMicrosecondsPerRequest"] = .double(daemonMicroseconds)
        }
        object["series"] = .array(record.intervals.map(Self.json))
        return .object(object)
    }

    private static func json(of counts: AnswerCounts, _ group: AnswerKind.Group?) -> JSONValue {
        var object = JSONObject()
        for kind in AnswerKind.allCases where counts[kind] > 0 {
            if let group, kind.group != group { continue }
            object[kind.word] = .integer(Int64(counts[kind]))
        }
        return .object(object)
    }

    private static func json(of interval: PhaseRecord.Interval) -> JSONValue {
        var object: JSONObject = [
            "end": .double((interval.end * 1_000).rounded() / 1_000),
            "answers": .integer(Int64(interval.answers)),
            "p50": .integer(Int64(interval.median)), "p99": .integer(Int64(interval.p99)),
            "p99.9": .integer(Int64(interval.p999)),
        ]
        if let resident = interval.residentKiB { object["residentKiB"] = .integer(Int64(resident)) }
        if let own = interval.ownKiB { object["ownKiB"] = .integer(Int64(own)) }
        return .object(object)
    }
}
