public import MarketRPC

/// Rows that come out of runs of the load generator.
extension SpeedTable {
    /// Enters what a run comes to: `{"as":WHAT,"run":RUN}` with a run as `--json` printed it. What it is taken as is
    /// `durable-10k` or `durable-100k` (a closed loop), `one-client` (the same, with the `floor` of the same time beside it)
    /// `served-10k` (a closed loop with a frontend that answers) or `half-load` (an open loop that watches sales).
    ///
    /// - Returns: whether `line` is such a run.
    public mutating func add(run line: JSONValue) -> Bool {
        guard let word = line["as"]?.string, let run = line["run"],
            let step = run["steps"]?.array?.first
        else { return false }
        switch word {
        case "durable-10k", "durable-100k":
            enter(word, step["leadsPerSecond"])
            guard word == "durable-10k" else { break }
            enter("durable-p50", step["latencyMicroseconds"]?["p50"])
            enter("durable-p99", step["latencyMicroseconds"]?["p99"])
            enter("generator", step["generatorMicrosecondsPerRequest"])
        case "one-client":
            let median = step["latencyMicroseconds"]?["p50"]
            enter("one-client-p50", median)
            guard let floor = line["floor"] else { break }
            enter("raw-sync", floor["keySync"]?["p50"])
            enter("raw-sync-p99", floor["keySync"]?["p99"])
            enter("raw-commit", floor["commit"]?["p50"])
            enter("raw-commit-p99", floor["commit"]?["p99"])
            enter("raw-round-trip", floor["roundTrip"]?["p50"])
            if case .double(let median)? = median,
                case .double(let sum)? = floor["floorMicroseconds"], sum > 0
            {
                enter("one-client-floor", .double(median / sum))
                if case .double(let sync)? = floor["keySync"]?["p50"], sum > sync {
                    enter("one-client-waits", .double(median / (sum - sync)))
                }
            }
        case "served-10k":
            enter(word, step["leadsPerSecond"])
            enter("served-p99", step["frontendLatencyMicroseconds"]?["p99"], scale: 0.001)
        case "half-load":
            enter("half-load-p99", step["latencyMicroseconds"]?["p99"], scale: 0.001)
            enter("push-p99", step["pushLatencyMicroseconds"]?["p99"], scale: 0.001)
        default:
            return false
        }
        return true
    }

    private mutating func enter(_ row: String, _ value: JSONValue?, scale: Double = 1) {
        guard let number = value?.number else { return }
        _ = add(["row": .string(row), "value": .double(number * scale)])
    }
}
