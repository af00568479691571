import MarketRPC

/// Makes up what becomes of a lead that is sold: acknowledgement, call, stages.
struct SyntheticOutcomes: Sendable {
    /// A request about a lead.
    struct Event {
        var label: String
        var method: String
        var parameters: JSONObject
        var microseconds: Int64
    }

    private let delays = WeightedChoice(FittedShares.callDelays.map(\.share))
    private let failures = WeightedChoice(FittedShares.failedCalls.map(\.share))

    /// The requests about the lead of this label, in the order of their times.
    ///
    /// They name its assignment by the label; the player leaves them out when the lead is not sold at once.
    func events(
        of label: String, arrival: Int64, using random: inout SplitMix64
    ) -> [Event] {
        guard random.chance(0.97) else { return [] }
        let assignment: JSONObject = ["assignment": .string("$assignment:\(label)")]
        var time = arrival + Int64(random.integer(in: 2...25)) * 1_000_000
        var events = [
            Event(
                label: "\(label)-acknowledge", method: "assignment.acknowledge",
                parameters: assignment, microseconds: time)
        ]
        guard random.chance(0.94) else { return events }

        let delay = FittedShares.callDelays[delays.index(using: &random)]
        let firstCall = arrival + Int64(random.integer(in: delay.seconds)) * 1_000_000
        let isConnected = random.chance(delay.connected)
        time = firstCall + Int64(random.integer(in: 40...900)) * 1_000_000
        var report = assignment
        report["firstCallAt"] = .string(RFC3339.format(firstCall))
        report["attempts"] = .integer(Int64(random.integer(in: isConnected ? 1...2 : 1...4)))
        report["outcome"] =
            isConnected
            ? "connected"
            : .string(FittedShares.failedCalls[failures.index(using: &random)].outcome)
        if random.chance(0.3) {
            report["evidence"] = .string("cdr-\(random.integer(below: 1 << 40))")
        }
        events.append(
            Event(
                label: "\(label)-contact", method: "assignment.reportContact", parameters: report,
                microseconds: time))
        if isConnected { stages(label, assignment, after: &time, into: &events, using: &random) }
        return events
    }

    private func stages(
        _ label: String, _ assignment: JSONObject, after time: inout Int64,
        into events: inout [Event], using random: inout SplitMix64
    ) {
        /// The share of all connected that reach each stage, and what they are told who fail there.
        let approved = FittedShares.approvedOfConnected
        let ladder: [(stage: String, share: Double, reason: String)] = [
            ("applied", 0.12, "changed their mind"), ("prescreened", 0.06, "income not proven"),
            ("approved", approved, "credit history"), ("drawn", approved * 0.8, "not wanted"),
        ]
        var reached = 1.0
        for (stage, share, reason) in ladder {
            let passes = random.chance(share / reached)
            reached = share
            // Most failures are never reported; nobody fills in a form for somebody who hung up.
            guard passes || random.chance(stage == "applied" ? 0.02 : 0.5) else { return }
            time += Int64(random.integer(in: 3_600...86_400)) * 1_000_000
            var report = assignment
            report["stage"] = .string(stage)
            report["passed"] = .bool(passes)
            if !passes { report["reason"] = .string(reason) }
            if passes && stage == "drawn" {
                report["amountFen"] = .integer(Int64(random.integer(in: 100...3_000)) * 100_000)
            }
            events.append(
                Event(
                    label: "\(label)-\(stage)", method: "assignment.reportStage",
                    parameters: report, microseconds: time))
            guard passes else { return }
        }
    }
}
