import MarketCore

/// What came with rules version 2; the samples before it are what version 1 wrote.
extension EventSamples {
    static let secondRules = configurations + parties + gatedLeads + gatedSales + returns

    static let gates = PendingGates(
        post: time, consent: time + .minutes(10), acceptance: time + .seconds(60))

    static var schedule: WeeklySchedule {
        let windows = [
            WeeklySchedule.Window(weekday: 1, startMinute: 0, endMinute: 720),
            WeeklySchedule.Window(weekday: 7, startMinute: 540, endMinute: 1_440),
        ]
        guard let schedule = WeeklySchedule(windows) else {
            preconditionFailure("no schedule: \(windows)")
        }
        return schedule
    }

    static let configurations = [
        EventSample(
            "configurationApplied.secondRules", .configurationApplied(secondConfiguration), plain),
        EventSample(
            "configurationApplied.zeros", .configurationApplied(zeroConfiguration), plain),
        EventSample(
            "timePassed.deadline",
            .timePassed(
                through: DueItem(time: time, kind: .deadline, subject: LogPosition(4712))), .market),
    ]

    /// All that is new, set to something else than its default.
    static var secondConfiguration: ConfigurationChange {
        var change = ConfigurationChange()
        change.channels = [
            .init(
                name: name("partner"),
                definition: ChannelDefinition(
                    title: "合作方", payout: .share(basisPoints: 2_500), dailyCap: 300, isTest: true))
        ]
        change.categories = [
            .init(
                name: name("homeOwner"),
                definition: CategoryDefinition(
                    title: "有房一族", qualification: .everything, ladder: ladder([(5, 6000)]),
                    rank: [.leastRecentlyServed, .gradeFit],
                    gates: Gates(namedConsent: .minutes(10), acceptance: .seconds(60)),
                    returns: ReturnPolicy(
                        window: .hours(24), automaticShare: 1_000, automaticSpan: 20)))
        ]
        var settings = MarketSettings()
        settings.pingTimeout = .minutes(2)
        settings.qualitySpan = 100
        settings.qualityLimit = 3_000
        settings.tierAttribute = AttributeNumber(17)
        settings.tierRules = TierRules(
            rules: [
                .init(aspect: .ability, filter: filter, points: 40),
                .init(aspect: .willingness, filter: .everything, points: -5),
            ], firstTierFrom: 60, secondTierFrom: -1)
        settings.gradeRules = GradeRules(
            window: 50,
            elite: GradeRules.Thresholds(connection: 8_000, discipline: 9_000, approval: 1_000),
            standard: GradeRules.Thresholds(connection: 5_000, discipline: 0, approval: 10_000))
        change.settings = settings
        return change
    }

    /// What is really empty or zero is not what is absent.
    static var zeroConfiguration: ConfigurationChange {
        var change = ConfigurationChange()
        change.channels = [
            .init(
                name: name("a"),
                definition: ChannelDefinition(
                    title: "", payout: .share(basisPoints: 0), dailyCap: 0))
        ]
        change.categories = [
            .init(
                name: name("b"),
                definition: CategoryDefinition(
                    title: "", qualification: .everything, ladder: ladder([(5, 0)]), rank: [],
                    gates: Gates(namedConsent: Timespan(microseconds: 0)),
                    returns: ReturnPolicy(
                        window: Timespan(microseconds: 0), automaticShare: 0, automaticSpan: 1)))
        ]
        var settings = MarketSettings()
        settings.pingTimeout = Timespan(microseconds: 0)
        settings.qualityLimit = 0
        settings.tierAttribute = AttributeNumber(0)
        settings.tierRules = TierRules(rules: [], firstTierFrom: 0, secondTierFrom: 0)
        change.settings = settings
        return change
    }

    static let parties = [
        EventSample(
            "advisorRegistered.limits",
            .advisorRegistered(
                name: name("adv-18"),
                profile: AdvisorProfile(
                    institution: "b", grade: .novice, derivesGrade: true, dailyCap: 5,
                    openWorkLimit: 12)), full),
        EventSample("advisorGraded", .advisorGraded(AdvisorNumber(3), .elite)),
        EventSample(
            "orderPlaced.caps",
            .orderPlaced(
                AdvisorNumber(4), CategoryNumber(1),
                terms: OrderTerms(
                    filter: .everything, quantity: 10, schedule: schedule, hourCap: 1, dayCap: 3,
                    daySpend: Money(fen: 20_000), renews: true)), full),
        EventSample("orderRenewed", .orderRenewed(OrderID(88))),
        EventSample(
            "channelPausedItself", .channelPausedItself(ChannelNumber(2), bad: 81, of: 200)),
    ]

    static let gatedLeads = [
        EventSample(
            "leadRejected.ping",
            .leadRejected(
                RejectedLead(
                    channel: ChannelNumber(2), identity: identity, attributes: attributes,
                    consent: nil, reason: .industryPeer, isPing: true)), full),
        EventSample(
            "leadRejected.capped",
            .leadRejected(
                RejectedLead(
                    channel: ChannelNumber(2), identity: identity, attributes: Attributes(),
                    consent: nil, reason: .channelCapped)), full),
        EventSample(
            "leadPinged",
            .leadPinged(
                PingedLead(
                    channel: ChannelNumber(2), identity: identity, attributes: attributes,
                    preferredAdvisor: AdvisorNumber(0))), full),
        EventSample(
            "leadPosted",
            .leadPosted(
                PostedLead(
                    lead: LeadID(4711), consent: consent, contact: Array(0..<40), contactSlot: 0,
                    gates: PendingGates(consent: time, acceptance: time))), full),
        EventSample(
            "leadPosted.rejected",
            .leadPosted(PostedLead(lead: LeadID(4711), consent: nil, rejection: .noConsent)), full),
        EventSample(
            "leadTested.matched",
            .leadTested(
                TestedLead(
                    channel: ChannelNumber(1), identity: identity, attributes: attributes,
                    consent: consent, preferredAdvisor: AdvisorNumber(3), isPing: true,
                    outcome: .matched(OrderID(88), charge: Money(fen: 6_500)))), full),
        EventSample(
            "leadTested.unmatched",
            .leadTested(
                TestedLead(
                    channel: ChannelNumber(0), identity: identity, attributes: Attributes(),
                    consent: nil, outcome: .unmatched)), full),
        EventSample(
            "leadTested.rejected",
            .leadTested(
                TestedLead(
                    channel: ChannelNumber(0), identity: identity, attributes: Attributes(),
                    consent: nil, outcome: .rejected(.duplicate))), full),
        EventSample("leadClosed.ping", .leadClosed(LeadID(4711), .pingUnmatched)),
    ]

    static let gatedSales = [
        EventSample(
            "leadReserved.gated",
            .leadReserved(
                Reservation(
                    lead: LeadID(4711), order: OrderID(88), categoryVersion: 3,
                    price: Money(fen: 6000), premium: .zero, channelPayout: Money(fen: 1_500),
                    gates: gates))),
        EventSample("leadVoided", .leadVoided(AssignmentID(4712), .declined), full),
        EventSample("leadVoided.lapsed", .leadVoided(AssignmentID(4712), .pingExpired)),
        EventSample("assignmentAccepted", .assignmentAccepted(AssignmentID(4712)), full),
        EventSample("consentConfirmed", .consentConfirmed(AssignmentID(4712), consent), full),
    ]

    static let returns = [
        EventSample(
            "returnRequested",
            .returnRequested(
                AssignmentID(4712), ReturnRequest(reason: .noSuchNumber, evidence: "cdr-2")), full),
        EventSample(
            "returnDecided",
            .returnDecided(
                AssignmentID(4712), ReturnDecision(isApproved: true, isAutomatic: true))),
        EventSample(
            "returnDecided.refused",
            .returnDecided(
                AssignmentID(4712),
                ReturnDecision(isApproved: false, isAutomatic: false, note: "接通过")), plain),
    ]
}
