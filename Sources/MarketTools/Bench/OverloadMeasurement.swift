public import MarketRPC

/// What became of a market that got several times what it can take.
public struct OverloadMeasurement: Sendable {
    /// How many times the knee came in.
    public let factor: Double
    /// At half the knee before.
    public let before: LoadMeasurement
    /// Meanwhile.
    public let during: LoadMeasurement
    /// At half the knee right after.
    public let after: LoadMeasurement

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
            "factor": .double(factor), "before": before.json, "during": during.json,
            "after": after.json,
        ]
        object["recoverySeconds"] = recoverySeconds.map { .double($0) } ?? .null
        return .object(object)
    }
}
