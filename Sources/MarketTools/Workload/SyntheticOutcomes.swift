import MarketRPC
import MarketWorkload

/// Makes up what becomes of a lead that is sold or set aside: acceptance, consent, acknowledgement, call, return, stages.
struct SyntheticOutcomes: Sendable {
    /// A request about a lead.
    struct Event {
        var label: String
        var method: String
        var parameters: JSONObject
        var microseconds: Int64
    }

    /// One lead as it is followed through its life.
    private struct Course {
        let label: String
        /// The assignment, whether released at once or set aside.
        let assignment: JSONObject
        var time: Int64
        var events: [Event] = []

        mutating func add(_ suffix: String, _ method: String, _ parameters: JSONObject) {
            events.append(
                Event(
                    label: "\(label)-\(suffix)", method: "assignment.\(method)",
                    parameters: parameters, microseconds: time))
        }
    }

    private let delays = WeightedChoice(FittedShares.callDelays.map(\.share))
    private let failures = WeightedChoice(FittedShares.failedCalls.map(\.share))

    /// The requests about the lead of this label, in the order of their times.
    ///
    /// They name its assignment by the label; the player leaves them out when the lead is neither sold nor set aside at once.
    /// - Parameters:
    ///   - soldAt: when the lead is submitted or posted, in microseconds.
    ///   - attributes: what it declares, and so whether it may come to a category with a gate.
    ///   - isRepeated: whether the person has applied before, so that the advisor may have bought them before.
    func events(
        of label: String, soldAt: Int64, attributes: JSONValue, isRepeated: Bool,
        using random: inout SplitMix64
    ) -> [Event] {
        let assignment: JSONObject = ["assignment": .string("$assignment:\(label)")]
        var course = Course(label: label, assignment: assignment, time: soldAt)
        if attributes["businessLicence"] == true { acceptance(of: &course, using: &random) }
        if attributes["lifePolicy"] == true { consent(of: &course, using: &random) }
        guard random.chance(0.97) else { return course.events }
        course.time = soldAt + Int64(random.integer(in: 20...28)) * 1_000_000
        course.add("acknowledge", "acknowledge", assignment)
        guard random.chance(0.94) else { return course.events }
        call(of: &course, soldAt: soldAt, isRepeated: isRepeated, using: &random)
        return course.events
    }

    // MARK: Gates

    /// What the advisor says where the category asks them; silence lets the reservation lapse.
    private func acceptance(of course: inout Course, using random: inout SplitMix64) {
        let asked = course.time
        defer { course.time = asked }
        course.time += Int64(random.integer(in: 2...10)) * 1_000_000
        let answer = random.fraction()
        guard answer < 0.94 else { return }
        course.add(
            answer < 0.86 ? "accept" : "decline", answer < 0.86 ? "accept" : "decline",
            ["assignment": .string("$assignment?acceptance:\(course.label)")])
    }

    /// What the person says where the category asks them to agree to the institution.
    private func consent(of course: inout Course, using random: inout SplitMix64) {
        let asked = course.time
        defer { course.time = asked }
        course.time += Int64(random.integer(in: 11...19)) * 1_000_000
        let assignment = JSONValue.string("$assignment?consent:\(course.label)")
        let answer = random.fraction()
        if answer < 0.86 {
            course.add(
                "confirm", "confirmConsent",
                [
                    "assignment": assignment,
                    "consent": [
                        "givenAt": .string(RFC3339.format(course.time)),
                        "agreementSha256": .string(String(repeating: "7a", count: 32)),
                        "institutions": [.string("$institution?consent:\(course.label)")],
                    ],
                ])
        } else if answer < 0.93 {
            course.add("refuse", "declineConsent", ["assignment": assignment])
        }
    }

    // MARK: Calls

    private func call(
        of course: inout Course, soldAt: Int64, isRepeated: Bool,
        using random: inout SplitMix64
    ) {
        let delay = FittedShares.callDelays[delays.index(using: &random)]
        let firstCall = soldAt + Int64(random.integer(in: delay.seconds)) * 1_000_000
        let isConnected = random.chance(delay.connected)
        let outcome =
            isConnected
            ? "connected" : FittedShares.failedCalls[failures.index(using: &random)].outcome
        course.time = firstCall + Int64(random.integer(in: 40...900)) * 1_000_000
        var report = course.assignment
        report["firstCallAt"] = .string(RFC3339.format(firstCall))
        report["attempts"] = .integer(Int64(random.integer(in: isConnected ? 1...2 : 1...4)))
        report["outcome"] = .string(outcome)
        let hasEvidence = random.chance(0.3)
        if hasEvidence { report["evidence"] = callRecord(using: &random) }
        course.add("contact", "reportContact", report)
        if isConnected { stages(of: &course, using: &random) }
        // Whoever called after three days knows that the time for returns is over.
        let isTimely = delay.seconds.upperBound < 250_000 || random.chance(0.15)
        if isTimely, let reason = returnReason(outcome, isRepeated: isRepeated, using: &random) {
            askForReturn(of: &course, reason: reason, hasEvidence: hasEvidence, using: &random)
        }
    }

    private func callRecord(using random: inout SplitMix64) -> JSONValue {
        .string("cdr-\(random.integer(below: 1 << 40))")
    }

    // MARK: Returns

    /// Why the advisor wants their money back, if they do.
    private func returnReason(
        _ outcome: String, isRepeated: Bool, using random: inout SplitMix64
    ) -> String? {
        if let share = FittedShares.returnsOfCalls[outcome] {
            return random.chance(share) ? outcome : nil
        }
        if isRepeated && random.chance(FittedShares.returnsOfRepeated) { return "duplicate" }
        return outcome == "connected" && random.chance(FittedShares.returnsOfConnected)
            ? "unqualified" : nil
    }

    /// The request, and, where evidence does not decide it, what an operator says some hours later.
    private func askForReturn(
        of course: inout Course, reason: String, hasEvidence: Bool, using random: inout SplitMix64
    ) {
        let hours = random.chance(0.95) ? random.integer(in: 1...20) : random.integer(in: 70...90)
        course.time += Int64(hours) * 3_600_000_000
        var request = course.assignment
        request["reason"] = .string(reason)
        if !hasEvidence && random.chance(0.4) { request["evidence"] = callRecord(using: &random) }
        course.add("return", "requestReturn", request)
        guard random.chance(0.92) else { return }
        course.time += Int64(random.integer(in: 2...30)) * 3_600_000_000
        let isApproved = random.chance(0.6)
        course.add(
            "decide", "decideReturn",
            [
                "assignment": .string("$assignment?open:\(course.label)-return"),
                "approve": .bool(isApproved),
                "note": isApproved ? "called ourselves" : "nothing shows it",
            ])
    }

    // MARK: Stages

    private func stages(of course: inout Course, using random: inout SplitMix64) {
        /// The share of all connected that reach each stage, and what they are told who fail there.
        let approved = FittedShares.approvedOfConnected
        let ladder: [(stage: String, share: Double, reason: String)] = [
            ("applied", 0.12, "changed their mind"), ("prescreened", 0.06, "income not proven"),
            ("approved", approved, "credit history"), ("drawn", approved * 0.8, "not wanted"),
        ]
        let start = course.time
        defer { course.time = start }
        var reached = 1.0
        for (stage, share, reason) in ladder {
            let passes = random.chance(share / reached)
            reached = share
            // Most failures are never reported; nobody fills in a form for somebody who hung up.
            guard passes || random.chance(stage == "applied" ? 0.02 : 0.5) else { return }
            course.time += Int64(random.integer(in: 3_600...86_400)) * 1_000_000
            var report = course.assignment
            report["stage"] = .string(stage)
            report["passed"] = .bool(passes)
            if !passes { report["reason"] = .string(reason) }
            if passes && stage == "drawn" {
                report["amountFen"] = .integer(Int64(random.integer(in: 100...3_000)) * 100_000)
            }
            course.add(stage, "reportStage", report)
            guard passes else { return }
        }
    }
}
