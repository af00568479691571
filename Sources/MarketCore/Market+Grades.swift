// MARK: - What follows from results at the end of a transaction

extension Market {
    /// That a channel pauses itself, when too many of its last decided leads were rejected or
    /// returned (R3.2).
    func qualityVerdict(on channel: ChannelNumber) -> Event? {
        guard !channels[channel.index].isPaused,
            channels[channel.index].quality.exceeds(
                limit: settings.qualityLimit, span: settings.qualitySpan)
        else { return nil }
        let quality = channels[channel.index].quality
        return .channelPausedItself(channel, bad: quality.bad, of: quality.count)
    }

    /// That an advisor's grade changes with their results (R9.4).
    ///
    /// - Complexity: O(``AdvisorRecord/length``) for an advisor whose grade is derived.
    func gradeVerdict(on advisor: AdvisorNumber, at time: Timestamp) -> Event? {
        let judged = advisors[advisor.index]
        guard judged.profile.derivesGrade, let rules = settings.gradeRules,
            let grade = derivedGrade(of: judged, by: rules, at: time), grade != judged.grade
        else { return nil }
        return .advisorGraded(advisor, grade)
    }

    private func derivedGrade(
        of advisor: Advisor, by rules: GradeRules, at time: Timestamp
    ) -> Grade? {
        let settled = advisor.record.assignments.reversed().lazy
            .compactMap { assignments[$0] }.filter { $0.isSettled(at: time) }.prefix(rules.window)
        let results = Results(of: settled)
        guard results.count == rules.window else { return nil }
        if results.reach(rules.elite) { return .elite }
        return results.reach(rules.standard) ? .standard : .novice
    }
}

/// What came of some assignments, counted.
private struct Results {
    var count = 0
    private var called = 0
    private var connected = 0
    private var prompt = 0
    private var approved = 0

    init(of assignments: some Sequence<Assignment>) {
        for assignment in assignments {
            count += 1
            if assignment.firstCallAt != nil { called += 1 }
            if assignment.isConnected { connected += 1 }
            if let released = assignment.releasedAt, let reported = assignment.reportedAt,
                reported - released <= GradeRules.reportPeriod
            {
                prompt += 1
            }
            if let stage = assignment.stage, stage >= .approved { approved += 1 }
        }
    }

    func reach(_ thresholds: GradeRules.Thresholds) -> Bool {
        Self.share(connected, of: called) >= thresholds.connection
            && Self.share(prompt, of: count) >= thresholds.discipline
            && Self.share(approved, of: count) >= thresholds.approval
    }

    /// A share in floored basis points; none of nothing.
    private static func share(_ part: Int, of whole: Int) -> Int {
        whole == 0 ? 0 : part * 10_000 / whole
    }
}

extension Assignment {
    /// Whether its results count: it was reported on, or had its day for that.
    fileprivate func isSettled(at time: Timestamp) -> Bool {
        guard let releasedAt else { return false }
        return reportedAt != nil || time - releasedAt > GradeRules.reportPeriod
    }
}
