public import MarketRPC

/// What became of a market that got several times what it can take.
public struct OverloadMeasurement: Sendable {
    /// How many times the knee came in.
    public let factor: Double
    /// What the market took in a closed loop right before: its knee as large as it has become.
    public let closedLoop: LoadMeasurement
    /// At half the knee before.
    public let before: LoadMeasurement
    /// Meanwhile.
    public let during: LoadMeasurement
    /// At half the knee right after.
    public let after: LoadMeasurement

    /// What was decided meanwhile, as a share of ``closedLoop``; `nil` when either was not measured.
    public var servedShare: Double? {
        let knee = closedLoop.leadsPerSecond
        return knee > 0 && during.record.sent > 0 ? during.leadsPerSecond / knee : nil
    }

    /// How soon after the overload latency was back, in seconds: from when the median of three stretches of 100 ms in a
    /// row is at most twice what it was before; `nil` when that never came.
    public var recoverySeconds: Double? {
        guard let before = before.latency?.median else { return nil }
        let series = after.record.intervals
        let isBack = series.map { $0.answers > 0 && Double($0.median) <= 2 * before }
        for index in series.indices.dropLast(2)
        where isBack[index] && isBack[index + 1] && isBack[index + 2] {
            return index == 0 ? 0 : series[index - 1].end
        }
        return nil
    }

    /// The measurement as JSON.
    public var json: JSONValue {
        var object: JSONObject = [
            "factor": .double(factor), "closedLoop": closedLoop.json, "before": before.json,
            "during": during.json, "after": after.json,
        ]
        object["servedShare"] = servedShare.map { .double(($0 * 1_000).rounded() / 1_000) } ?? .null
        object["recoverySeconds"] = recoverySeconds.map { .double($0) } ?? .null
        return .object(object)
    }
}
