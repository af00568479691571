import MarketCore

/// Returns (R10).
extension Model {
    mutating func requestReturn(_ id: AssignmentID, _ request: ReturnRequest) throws(Rejection) {
        let place = try releasedIndex(id)
        let assignment = assignments[place]
        if assignment.request != nil { throw .returnAlreadyRequested }
        let policy = terms(of: assignment).returns
        if let released = assignment.releasedAt, now - released > policy.window,
            !forgets(.returnWindow)
        {
            throw .returnWindowPassed
        }
        emit(.returnRequested(id, request))
        let isAutomatic = stands(request, for: assignment) && allowsAutomatic(assignment, policy)
        change(place) { $0.request = request }
        if isAutomatic {
            settleReturn(place, ReturnDecision(isApproved: true, isAutomatic: true))
        }
    }

    /// Whether the evidence decides without an operator (R10.2).
    private func stands(_ request: ReturnRequest, for assignment: Assignment) -> Bool {
        if forgets(.returnEvidence) { return true }
        switch request.reason {
        case .noSuchNumber:
            return !request.evidence.isEmpty
                || assignment.recordedOutcomes.contains(.noSuchNumber)
        case .outOfService:
            return !request.evidence.isEmpty
                || assignment.recordedOutcomes.contains(.outOfService)
        case .duplicate:
            return assignment.isRepeatSale
        case .industryPeer:
            return advisors.contains { $0.profile.identity == assignment.identity }
        case .wrongPerson, .unqualified:
            return false
        }
    }

    /// Whether one more automatic return stays within the advisor's share (R10.2).
    private func allowsAutomatic(_ assignment: Assignment, _ policy: ReturnPolicy) -> Bool {
        if forgets(.automaticShare) { return true }
        let last = record(of: assignment.advisor).suffix(policy.automaticSpan)
        if !last.contains(where: { assignments[$0].id == assignment.id }) { return false }
        var automatic = 1
        for place in last {
            if let decision = assignments[place].decision, decision.isApproved,
                decision.isAutomatic
            {
                automatic += 1
            }
        }
        return automatic * 10_000 <= policy.automaticShare * last.count
    }

    /// The advisor's last 200 releases in order of release.
    func record(of advisor: AdvisorNumber) -> [Int] {
        var record: [Int] = []
        for id in releases.reversed() where record.count < 200 {
            for place in assignments.indices
            where assignments[place].id == id && assignments[place].advisor == advisor {
                record.append(place)
            }
        }
        return record.reversed()
    }

    mutating func decideReturn(
        _ id: AssignmentID, _ approved: Bool, _ note: String
    ) throws(Rejection) {
        let place = try assignmentIndex(id)
        guard assignments[place].request != nil, assignments[place].decision == nil else {
            throw .noOpenReturn
        }
        settleReturn(
            place, ReturnDecision(isApproved: approved, isAutomatic: false, note: note))
    }

    /// Gives the money back to the fen (R10.3); no quantity, no cap, no resale.
    private mutating func settleReturn(_ place: Int, _ decision: ReturnDecision) {
        let assignment = assignments[place]
        emit(.returnDecided(assignment.id, decision))
        assignments[place].decision = decision
        gradedAdvisors.append(assignment.advisor.index)
        guard decision.isApproved else { return }
        advisors[assignment.advisor.index].available += assignment.charge
        channels[assignment.channel.index].payable -= assignment.payout
        revenue -= assignment.charge - assignment.payout
        for share in assignment.shares where !forgets(.exactReversal) {
            payees[share.payee.index].payable -= share.amount
            revenue += share.amount
        }
        wakeOrders(of: assignment.advisor.index)
        judgeReturn(of: assignment)
        guard let request = assignment.request, let word = suppressing(request.reason),
            !forgets(.returnSuppresses)
        else { return }
        for person in people where person.identity == assignment.identity && !person.isSuppressed {
            takeOffTheMarket(assignment.identity, "return: \(word)")
            return
        }
    }

    /// The word of a reason that takes the person off the market (R4.5).
    private func suppressing(_ reason: ReturnReason) -> String? {
        switch reason {
        case .noSuchNumber: "noSuchNumber"
        case .wrongPerson: "wrongPerson"
        case .industryPeer: "industryPeer"
        case .outOfService, .duplicate, .unqualified: nil
        }
    }
}

/// What channels and advisors are judged by (R3.2, R9.4).
extension Model {
    /// Notes a decided lead of a channel, unless it was turned away for the channel itself.
    mutating func judge(_ channel: ChannelNumber, _ lead: LogPosition, _ reason: LeadRejection?) {
        if reason == .channelPaused || reason == .channelCapped { return }
        channels[channel.index].decided.append(Decided(lead: lead, isBad: reason != nil))
        while channels[channel.index].decided.count > settings.qualitySpan {
            channels[channel.index].decided.removeFirst()
        }
        judgedChannels.append(channel.index)
    }

    private mutating func judgeReturn(of assignment: Assignment) {
        if forgets(.returnsCount) { return }
        let channel = assignment.channel.index
        for index in channels[channel].decided.indices
        where channels[channel].decided[index].lead == assignment.lead.position {
            channels[channel].decided[index].isBad = true
            judgedChannels.append(channel)
        }
    }

    /// A channel with too many bad leads pauses itself.
    mutating func judgeChannels() {
        if forgets(.selfPause) { return }
        for index in channels.indices where judgedChannels.contains(index) {
            let decided = channels[index].decided
            let bad = decided.filter(\.isBad).count
            if channels[index].isPaused || decided.count < settings.qualitySpan
                || bad * 10_000 <= settings.qualityLimit * decided.count
            {
                continue
            }
            channels[index].isPaused = true
            emit(
                .channelPausedItself(
                    ChannelNumber(index: index), bad: bad, of: decided.count))
        }
    }

    /// An advisor's grade follows from their results.
    mutating func gradeAdvisors() {
        if forgets(.derivedGrade) { return }
        for index in advisors.indices where gradedAdvisors.contains(index) {
            guard let grade = derivedGrade(of: index), grade != advisors[index].grade else {
                continue
            }
            advisors[index].grade = grade
            emit(.advisorGraded(AdvisorNumber(index: index), grade))
        }
    }

    private func derivedGrade(of advisor: Int) -> Grade? {
        guard advisors[advisor].profile.derivesGrade, let rules = settings.gradeRules else {
            return nil
        }
        let settled = record(of: AdvisorNumber(index: advisor)).map { assignments[$0] }.filter {
            $0.reportedAt != nil || now - ($0.releasedAt ?? now) > .days(1)
        }
        if settled.count < rules.window { return nil }
        let looked = settled.suffix(rules.window)
        let called = looked.filter { $0.firstCallAt != nil }
        let connected = looked.filter(\.isConnected).count
        let prompt = looked.filter { assignment in
            guard let reported = assignment.reportedAt, let released = assignment.releasedAt
            else { return false }
            return reported - released <= .days(1)
        }
        let approved = looked.filter { ($0.stage ?? .applied) >= .approved }.count
        let connection = called.isEmpty ? 0 : connected * 10_000 / called.count
        let discipline = prompt.count * 10_000 / looked.count
        let approval = approved * 10_000 / looked.count
        func reaches(_ least: GradeRules.Thresholds) -> Bool {
            connection >= least.connection && discipline >= least.discipline
                && approval >= least.approval
        }
        if reaches(rules.elite) { return .elite }
        return reaches(rules.standard) ? .standard : .novice
    }
}
