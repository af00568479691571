import MarketCore
import Testing

/// One event with its input context, by the name its golden record has.
struct EventSample: Sendable, CustomTestStringConvertible {
    var name: String
    var event: Event
    var input: InputContext?

    init(_ name: String, _ event: Event, _ input: InputContext? = nil) {
        self.name = name
        self.event = event
        self.input = input
    }

    var testDescription: String { name }
}

/// Every event at least once, with all its fields set, and again with as few as there can be
/// where that differs.
///
/// Golden records hold these for ever: change none, add new ones.
enum EventSamples {
    static let all =
        market + advisors + money + orders + leads + assignments + people + secondRules

    static let identity = Identity(high: 0x0102_0304_0506_0708, low: 0x090a_0b0c_0d0e_0f10)
    static let time = Timestamp(microseconds: 1_760_000_000_123_456)
    static let full = InputContext(
        role: .frontend, principal: 1001, suppliedTime: Timestamp(microseconds: 1_700_000_000),
        idempotency: IdempotencyMark(
            key: Bytes16(high: 1, low: 2), content: Bytes16(high: 3, low: .max)))
    static let plain = InputContext(role: .operator, principal: 0)

    static func name(_ text: String) -> Name {
        guard let name = Name(text) else { preconditionFailure("\(text) is no name") }
        return name
    }

    static func region(_ text: String) -> RegionCode {
        guard let code = RegionCode(text) else { preconditionFailure("\(text) is no region") }
        return code
    }

    static func ladder(_ rungs: [(minutes: Int64, fen: Int64)]) -> PriceLadder {
        let ladder = PriceLadder(
            rungs.map { .init(maximumAge: .minutes($0.minutes), price: Money(fen: $0.fen)) })
        guard let ladder else { preconditionFailure("no ladder: \(rungs)") }
        return ladder
    }

    static let filter = Filter(sorted: [
        Predicate(
            attribute: AttributeNumber(0),
            test: .regions([RegionPrefix(region("3301")), RegionPrefix(region("44"))])),
        Predicate(attribute: AttributeNumber(1), test: .range(minimum: 22, maximum: 55)),
        Predicate(attribute: AttributeNumber(2), test: .range(minimum: -5, maximum: nil)),
        Predicate(attribute: AttributeNumber(3), test: .range(minimum: nil, maximum: 0)),
        Predicate(attribute: AttributeNumber(7), test: .choices([0, 2, 65_534])),
        Predicate(attribute: AttributeNumber(8), test: .flag(true)),
        Predicate(attribute: AttributeNumber(63), test: .flag(false)),
    ])

    static var attributes: Attributes {
        var attributes = Attributes()
        attributes[AttributeNumber(0)] = region("330106").rawValue
        attributes[AttributeNumber(1)] = 34
        attributes[AttributeNumber(2)] = 0
        attributes[AttributeNumber(3)] = -12
        attributes[AttributeNumber(63)] = 1
        return attributes
    }

    static let consent = Consent(
        givenAt: time, agreement: Digest32(high: identity, low: Bytes16(high: .max, low: 0)),
        institutions: ["杭州贷款公司", "Second Bank"])

    static let market = [
        EventSample(
            "marketCreated",
            .marketCreated(
                MarketFoundation(
                    rulesVersion: 1, clock: .supplied, utcOffsetMinutes: 480,
                    secretFingerprint: identity)), .market),
        EventSample(
            "marketCreated.west",
            .marketCreated(
                MarketFoundation(
                    rulesVersion: 70_000, clock: .real, currency: "USD", utcOffsetMinutes: -300,
                    secretFingerprint: Bytes16(high: 0, low: 0))), .market),
        EventSample("rulesChanged", .rulesChanged(version: 2), .market),
        EventSample("configurationApplied", .configurationApplied(configuration), plain),
        EventSample(
            "configurationApplied.settings", .configurationApplied(settingsOnly), full),
        EventSample(
            "timePassed",
            .timePassed(
                through: DueItem(time: time, kind: .leadAge, subject: LogPosition(4711))), .market),
        EventSample("timePassed.nothing", .timePassed(through: nil), .market),
        EventSample(
            "offersDeferred",
            .offersDeferred(orders: [OrderID(3), OrderID(70_000)], leads: [LeadID(9)])),
        EventSample("offersDeferred.none", .offersDeferred(orders: [], leads: [])),
    ]

    static var configuration: ConfigurationChange {
        var change = ConfigurationChange()
        change.attributes = [
            Attribute(name: name("region"), kind: .region(lengths: [2, 4, 6])),
            Attribute(
                name: name("monthlyIncome"),
                kind: .integer(unit: "yuan", minimum: -1, maximum: 1_000_000)),
            Attribute(
                name: name("employment"), kind: .choice(words: ["salaried", "selfEmployed", "无"])),
            Attribute(name: name("ownsHouse"), kind: .flag),
        ]
        change.payees = [.init(name: name("headOffice"), definition: "Head office")]
        change.channels = [
            .init(
                name: name("app"),
                definition: ChannelDefinition(title: "申请页", payout: .fixed(Money(fen: 1500))))
        ]
        change.categories = [
            .init(
                name: name("homeOwner"),
                definition: CategoryDefinition(
                    title: "有房一族", qualification: filter,
                    ladder: ladder([(5, 6000), (1440, 4000)]), exclusivity: .days(90),
                    splits: [
                        Split(payee: PayeeNumber(0), basisPoints: 10_000),
                        Split(payee: PayeeNumber(2), basisPoints: 1),
                    ], retired: true)),
            .init(
                name: name("whiteCollar"),
                definition: CategoryDefinition(
                    title: "", qualification: .everything, ladder: ladder([(5, 0)]))),
        ]
        change.settings = MarketSettings()
        return change
    }

    static var settingsOnly: ConfigurationChange {
        var settings = MarketSettings()
        settings.duplicateWindow = Timespan(microseconds: 0)
        settings.categoryOrder = [CategoryNumber(1), CategoryNumber(0)]
        if let pattern = PhonePattern("[69]\\d{7}") { settings.phonePattern = pattern }
        var change = ConfigurationChange()
        change.settings = settings
        return change
    }

    static let advisors = [
        EventSample(
            "advisorRegistered",
            .advisorRegistered(
                name: name("adv-17"),
                profile: AdvisorProfile(
                    institution: "杭州贷款公司", identity: identity, grade: .elite)), full),
        EventSample(
            "advisorRegistered.few",
            .advisorRegistered(name: name("a"), profile: AdvisorProfile(institution: "b")), plain),
        EventSample(
            "advisorUpdated",
            .advisorUpdated(
                AdvisorNumber(16), profile: AdvisorProfile(institution: "c", grade: .novice)),
            plain),
        EventSample("availabilitySet", .availabilitySet(AdvisorNumber(3), online: true), full),
        EventSample("availabilitySet.off", .availabilitySet(AdvisorNumber(0), online: false), full),
        EventSample(
            "advisorSuspended", .advisorSuspended(AdvisorNumber(3), reason: "resold a lead"),
            plain),
        EventSample("advisorReinstated", .advisorReinstated(AdvisorNumber(3)), plain),
        EventSample("advisorReinstated.first", .advisorReinstated(AdvisorNumber(0)), plain),
    ]

    static let money = [
        EventSample(
            "deposited",
            .deposited(AdvisorNumber(5), amount: .maximum, reference: "bank 2026-11-21/7"), full),
        EventSample(
            "withdrawn", .withdrawn(AdvisorNumber(5), amount: Money(fen: 1), reference: ""), plain),
        EventSample(
            "channelPaid",
            .channelPaid(ChannelNumber(1), amount: Money(fen: 150_000), reference: "November"),
            plain),
        EventSample(
            "payeePaid", .payeePaid(PayeeNumber(2), amount: Money(fen: 3), reference: "r"), plain),
    ]

    static let terms = OrderTerms(
        filter: filter, quantity: 1_000_000, premium: Money(fen: 500), priority: 9,
        maximumAge: .days(1), startsAt: time, expiresAt: time + .days(30))

    static let orders = [
        EventSample(
            "orderPlaced", .orderPlaced(AdvisorNumber(4), CategoryNumber(1), terms: terms), full),
        EventSample(
            "orderPlaced.few",
            .orderPlaced(
                AdvisorNumber(0), CategoryNumber(0),
                terms: OrderTerms(filter: .everything, quantity: 1, priority: 0)), plain),
        EventSample("orderAmended", .orderAmended(OrderID(88), terms: terms), plain),
        EventSample("orderPaused", .orderPaused(OrderID(88)), full),
        EventSample("orderResumed", .orderResumed(OrderID(88)), full),
        EventSample("orderCancelled", .orderCancelled(OrderID(1 << 40)), full),
    ]

    static let leads = [
        EventSample(
            "leadAccepted",
            .leadAccepted(
                AcceptedLead(
                    channel: ChannelNumber(2), identity: identity, attributes: attributes,
                    consent: consent, preferredAdvisor: AdvisorNumber(0),
                    contact: Array(0..<60), contactSlot: 0)), full),
        EventSample(
            "leadAccepted.few",
            .leadAccepted(
                AcceptedLead(
                    channel: ChannelNumber(0), identity: identity, attributes: Attributes(),
                    consent: Consent(
                        givenAt: .epoch, agreement: Digest32(high: identity, low: identity)))),
            plain),
        EventSample(
            "leadRejected",
            .leadRejected(
                RejectedLead(
                    channel: ChannelNumber(2), identity: identity, attributes: attributes,
                    consent: consent, preferredAdvisor: AdvisorNumber(9), reason: .duplicate)),
            full),
        EventSample(
            "leadRejected.few",
            .leadRejected(
                RejectedLead(
                    channel: ChannelNumber(0), identity: identity, attributes: Attributes(),
                    consent: nil, reason: .noConsent)), plain),
        EventSample("leadWithdrawn", .leadWithdrawn(LeadID(4711)), full),
        EventSample("leadClosed", .leadClosed(LeadID(4711), .withdrawn)),
    ]

    static let assignments = [
        EventSample(
            "leadReserved",
            .leadReserved(
                Reservation(
                    lead: LeadID(4711), order: OrderID(88), categoryVersion: 3,
                    price: Money(fen: 6000), premium: Money(fen: 500), channelPayout: .zero))),
        EventSample(
            "leadReleased",
            .leadReleased(
                Release(
                    assignment: AssignmentID(4712), channelPayout: Money(fen: 1500),
                    payeeShares: [
                        PayeeShare(payee: PayeeNumber(0), amount: Money(fen: 650)),
                        PayeeShare(payee: PayeeNumber(3), amount: .zero),
                    ], boundUntil: time))),
        EventSample(
            "leadReleased.forGood",
            .leadReleased(
                Release(
                    assignment: AssignmentID(4712), channelPayout: .zero, payeeShares: [],
                    boundUntil: nil))),
        EventSample("assignmentAcknowledged", .assignmentAcknowledged(AssignmentID(4712)), full),
        EventSample("contactDisclosed", .contactDisclosed(AssignmentID(4712)), full),
        EventSample(
            "contactReported",
            .contactReported(
                AssignmentID(4712),
                ContactReport(
                    firstCallAt: time, attempts: 1000, outcome: .outOfService, evidence: "cdr-1")),
            full),
        EventSample(
            "stageReported",
            .stageReported(
                AssignmentID(4712),
                StageReport(stage: .drawn, passed: true, amount: Money(fen: 5_000_000))), full),
        EventSample(
            "stageReported.failed",
            .stageReported(
                AssignmentID(4712),
                StageReport(stage: .prescreened, passed: false, reason: "征信")), full),
    ]

    static let people = [
        EventSample("personSuppressed", .personSuppressed(identity, reason: "asked"), plain),
        EventSample("personUnsuppressed", .personUnsuppressed(identity), plain),
        EventSample("personErased", .personErased(identity), plain),
        EventSample("channelPaused", .channelPaused(ChannelNumber(7)), plain),
        EventSample("channelResumed", .channelResumed(ChannelNumber(0)), plain),
    ]
}
