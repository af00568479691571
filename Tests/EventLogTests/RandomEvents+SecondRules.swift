import EventLog
import MarketCore

extension RandomEvents {
    mutating func schedule() -> WeeklySchedule {
        var windows: [WeeklySchedule.Window] = []
        for weekday in 1...7 where flag() {
            let start = Int.random(in: 0...1_439, using: &random)
            let end = Int.random(in: start + 1...1_440, using: &random)
            windows.append(.init(weekday: weekday, startMinute: start, endMinute: end))
        }
        return WeeklySchedule(windows) ?? .always
    }

    mutating func gates() -> PendingGates {
        PendingGates(
            post: optional { $0.time() }, consent: optional { $0.time() },
            acceptance: optional { $0.time() })
    }

    mutating func rank() -> [RankKey] {
        let keys = RankKey.allCases.shuffled(using: &random)
        return Array(keys.prefix(Int.random(in: 0...keys.count, using: &random)))
    }

    mutating func settings() -> MarketSettings {
        var settings = MarketSettings()
        settings.duplicateWindow = span()
        settings.categoryOrder = optional { $0.array(upTo: 5) { $0.dense() } }
        if flag() { settings.pingTimeout = span() }
        if flag() { settings.qualitySpan = count() }
        if flag() { settings.qualityLimit = count(upTo: 10_000) }
        settings.tierAttribute = optional {
            AttributeNumber(UInt32.random(in: 0...63, using: &$0.random))
        }
        settings.tierRules = optional { random in
            TierRules(
                rules: random.array(upTo: 6) {
                    .init(
                        aspect: $0.choice(), filter: $0.filter(),
                        points: Int.random(in: -1_000...1_000, using: &$0.random))
                }, firstTierFrom: Int.random(in: -64_000...64_000, using: &random.random),
                secondTierFrom: Int.random(in: -64_000...64_000, using: &random.random))
        }
        settings.gradeRules = optional {
            GradeRules(
                window: $0.count(), elite: $0.thresholds(), standard: $0.thresholds())
        }
        return settings
    }

    private mutating func thresholds() -> GradeRules.Thresholds {
        GradeRules.Thresholds(
            connection: count(upTo: 10_000), discipline: count(upTo: 10_000),
            approval: count(upTo: 10_000))
    }

    private mutating func outcome() -> TestedLead.Outcome {
        switch Int.random(in: 0..<3, using: &random) {
        case 0: .rejected(choice())
        case 1: .unmatched
        default: .matched(id(), charge: money())
        }
    }

    /// An event that rules version 1 did not have.
    mutating func secondRulesEvent(_ type: EventType) -> Event {
        switch type {
        case .advisorGraded: .advisorGraded(dense(), choice())
        case .orderRenewed: .orderRenewed(id())
        case .leadPinged:
            .leadPinged(
                PingedLead(
                    channel: dense(), identity: bytes16(), attributes: attributes(),
                    preferredAdvisor: optional { $0.dense() }))
        case .leadPosted:
            .leadPosted(
                PostedLead(
                    lead: id(), consent: optional { $0.consent() },
                    contact: array(upTo: 528) { UInt8($0.number(upTo: 255)) },
                    contactSlot: optional { $0.number(upTo: .max) },
                    rejection: optional { $0.choice() }, gates: gates()))
        case .leadTested:
            .leadTested(
                TestedLead(
                    channel: dense(), identity: bytes16(), attributes: attributes(),
                    consent: optional { $0.consent() }, preferredAdvisor: optional { $0.dense() },
                    isPing: flag(), outcome: outcome()))
        case .leadVoided: .leadVoided(id(), choice())
        case .assignmentAccepted: .assignmentAccepted(id())
        case .consentConfirmed: .consentConfirmed(id(), consent())
        case .channelPausedItself: .channelPausedItself(dense(), bad: count(), of: count())
        case .returnRequested:
            .returnRequested(id(), ReturnRequest(reason: choice(), evidence: text()))
        case .returnDecided:
            .returnDecided(
                id(), ReturnDecision(isApproved: flag(), isAutomatic: flag(), note: text()))
        default: preconditionFailure("\(type) is an event of rules version 1")
        }
    }
}
