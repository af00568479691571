import EventLog
import MarketCore

/// Random events of every type, the same for the same seed.
struct RandomEvents {
    var random: SplitMix64

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    /// A number of any magnitude up to `maximum`, small ones as likely as large ones.
    mutating func number(upTo maximum: UInt64) -> UInt64 {
        let bits = UInt64.random(in: 0..<64, using: &random)
        return UInt64.random(in: 0...min(maximum, UInt64.max >> bits), using: &random)
    }

    mutating func flag() -> Bool { Bool.random(using: &random) }

    mutating func optional<Value>(_ make: (inout RandomEvents) -> Value) -> Value? {
        flag() ? make(&self) : nil
    }

    mutating func array<Value>(
        upTo count: Int, _ make: (inout RandomEvents) -> Value
    ) -> [Value] {
        (0..<Int.random(in: 0...count, using: &random)).map { _ in make(&self) }
    }

    mutating func choice<Choice: CaseIterable>(_: Choice.Type = Choice.self) -> Choice {
        let cases = Array(Choice.allCases)
        return cases[Int.random(in: 0..<cases.count, using: &random)]
    }

    mutating func count(upTo maximum: Int = Int(UInt32.max)) -> Int {
        Int(number(upTo: UInt64(maximum)))
    }

    mutating func dense<Entity>() -> Number<Entity> {
        Number(UInt32(number(upTo: UInt64(UInt32.max))))
    }

    mutating func id<Entity>() -> ID<Entity> { ID(max(1, number(upTo: .max))) }

    mutating func money() -> Money {
        let fen = Int64(number(upTo: UInt64(Money.maximum.fen)))
        return Money(fen: flag() ? fen : -fen)
    }

    mutating func time() -> Timestamp {
        Timestamp(microseconds: Int64(number(upTo: UInt64(Timestamp.latest.microseconds))))
    }

    mutating func span() -> Timespan {
        Timespan(microseconds: Int64(number(upTo: UInt64(Timespan.maximum.microseconds))))
    }

    mutating func signed() -> Int64 { Int64(bitPattern: number(upTo: .max)) }

    mutating func bytes16() -> Bytes16 { Bytes16(high: random.next(), low: random.next()) }

    mutating func digest() -> Digest32 { Digest32(high: bytes16(), low: bytes16()) }

    mutating func text() -> String {
        let scalars: [Character] = ["a", "Z", "0", " ", "é", "贷", "款", "😀", "\0", "\n"]
        return String(
            array(upTo: 40) { scalars[Int.random(in: 0..<scalars.count, using: &$0.random)] })
    }

    mutating func name() -> Name {
        let characters = Array("abcXYZ019._-")
        let text = (0...Int.random(in: 0...63, using: &random)).map { _ in
            characters[Int.random(in: 0..<characters.count, using: &random)]
        }
        return EventSamples.name(String(text))
    }

    mutating func region() -> RegionCode {
        let characters = Array("0123456789ABCXYZ")
        let text = (0...Int.random(in: 0...11, using: &random)).map { _ in
            characters[Int.random(in: 0..<characters.count, using: &random)]
        }
        return EventSamples.region(String(text))
    }

    mutating func attributes() -> Attributes {
        var attributes = Attributes()
        for _ in 0..<Int.random(in: 0...20, using: &random) {
            attributes[AttributeNumber(UInt32.random(in: 0...63, using: &random))] = signed()
        }
        return attributes
    }

    mutating func filter() -> Filter {
        let numbers = Set(array(upTo: 32) { UInt32.random(in: 0...63, using: &$0.random) })
        return Filter(
            sorted: numbers.sorted().map {
                Predicate(attribute: AttributeNumber($0), test: test())
            })
    }

    mutating func test() -> PredicateTest {
        switch Int.random(in: 0..<4, using: &random) {
        case 0: return .flag(flag())
        case 1: return .range(minimum: optional { $0.signed() }, maximum: optional { $0.signed() })
        case 2:
            let choices = Set(
                [7] + array(upTo: 200) { UInt16.random(in: 0...65_534, using: &$0.random) })
            return .choices(choices.sorted())
        default:
            let codes = Set(array(upTo: 50) { $0.region() } + [region()])
            return .regions(codes.sorted().map { RegionPrefix($0) })
        }
    }

    mutating func consent() -> Consent {
        Consent(givenAt: time(), agreement: digest(), institutions: array(upTo: 32) { $0.text() })
    }

    mutating func terms() -> OrderTerms {
        OrderTerms(
            filter: filter(), quantity: count(), premium: money(), priority: count(upTo: 9),
            maximumAge: optional { $0.span() }, startsAt: optional { $0.time() },
            expiresAt: optional { $0.time() }, schedule: schedule(),
            hourCap: optional { $0.count() }, dayCap: optional { $0.count() },
            daySpend: optional { $0.money() }, renews: flag())
    }

    mutating func profile() -> AdvisorProfile {
        AdvisorProfile(
            institution: text(), identity: optional { $0.bytes16() }, grade: choice(),
            derivesGrade: flag(), dailyCap: optional { $0.count() },
            openWorkLimit: optional { $0.count() })
    }

    mutating func ladder() -> PriceLadder {
        let minutes = Set(
            array(upTo: 15) { Int64.random(in: 1...100_000, using: &$0.random) } + [3])
        return EventSamples.ladder(
            minutes.sorted().map { ($0, Int64(number(upTo: UInt64(Money.maximum.fen)))) })
    }

    mutating func input() -> InputContext {
        InputContext(
            role: choice(), principal: UInt32(number(upTo: UInt64(UInt32.max))),
            suppliedTime: optional { $0.time() },
            idempotency: optional { IdempotencyMark(key: $0.bytes16(), content: $0.bytes16()) })
    }

    mutating func configuration() -> ConfigurationChange {
        var change = ConfigurationChange()
        change.attributes = array(upTo: 5) { Attribute(name: $0.name(), kind: $0.kind()) }
        change.payees = array(upTo: 3) { .init(name: $0.name(), definition: $0.text()) }
        change.channels = array(upTo: 3) {
            .init(
                name: $0.name(),
                definition: ChannelDefinition(
                    title: $0.text(),
                    payout: $0.flag()
                        ? .fixed($0.money()) : .share(basisPoints: $0.count(upTo: 10_000)),
                    dailyCap: $0.optional { $0.count() }, isTest: $0.flag()))
        }
        change.categories = array(upTo: 3) { random in
            .init(
                name: random.name(),
                definition: CategoryDefinition(
                    title: random.text(), qualification: random.filter(), ladder: random.ladder(),
                    exclusivity: random.optional { $0.span() },
                    splits: random.array(upTo: 4) {
                        Split(payee: $0.dense(), basisPoints: $0.count(upTo: 10_000))
                    }, retired: random.flag(), rank: random.rank(),
                    gates: Gates(
                        namedConsent: random.optional { $0.span() },
                        acceptance: random.optional { $0.span() }),
                    returns: random.flag()
                        ? ReturnPolicy()
                        : ReturnPolicy(
                            window: random.span(), automaticShare: random.count(upTo: 10_000),
                            automaticSpan: random.count())))
        }
        change.settings = optional { $0.settings() }
        return change
    }

    mutating func kind() -> AttributeKind {
        switch Int.random(in: 0..<4, using: &random) {
        case 0: .flag
        case 1: .integer(unit: text(), minimum: signed(), maximum: signed())
        case 2: .choice(words: array(upTo: 9) { $0.text() })
        default: .region(lengths: array(upTo: 4) { $0.count(upTo: 12) })
        }
    }

    mutating func event(_ type: EventType) -> Event {
        switch type {
        case .marketCreated:
            .marketCreated(
                MarketFoundation(
                    rulesVersion: count(), clock: choice(), currency: text(),
                    utcOffsetMinutes: Int.random(in: -1_080...1_080, using: &random),
                    secretFingerprint: bytes16()))
        case .rulesChanged: .rulesChanged(version: count())
        case .configurationApplied: .configurationApplied(configuration())
        case .timePassed:
            .timePassed(
                through: optional {
                    DueItem(
                        time: $0.time(), kind: $0.choice(),
                        subject: LogPosition(max(1, $0.number(upTo: .max))))
                })
        case .offersDeferred:
            .offersDeferred(
                orders: array(upTo: 300) { $0.id() }, leads: array(upTo: 300) { $0.id() })
        case .advisorRegistered: .advisorRegistered(name: name(), profile: profile())
        case .advisorUpdated: .advisorUpdated(dense(), profile: profile())
        case .availabilitySet: .availabilitySet(dense(), online: flag())
        case .advisorSuspended: .advisorSuspended(dense(), reason: text())
        case .advisorReinstated: .advisorReinstated(dense())
        case .deposited: .deposited(dense(), amount: money(), reference: text())
        case .withdrawn: .withdrawn(dense(), amount: money(), reference: text())
        case .channelPaid: .channelPaid(dense(), amount: money(), reference: text())
        case .payeePaid: .payeePaid(dense(), amount: money(), reference: text())
        case .orderPlaced: .orderPlaced(dense(), dense(), terms: terms())
        case .orderAmended: .orderAmended(id(), terms: terms())
        case .orderPaused: .orderPaused(id())
        case .orderResumed: .orderResumed(id())
        case .orderCancelled: .orderCancelled(id())
        case .leadAccepted:
            .leadAccepted(
                AcceptedLead(
                    channel: dense(), identity: bytes16(), attributes: attributes(),
                    consent: consent(), preferredAdvisor: optional { $0.dense() },
                    contact: array(upTo: 528) { UInt8($0.number(upTo: 255)) },
                    contactSlot: optional { $0.number(upTo: .max) }))
        case .leadRejected:
            .leadRejected(
                RejectedLead(
                    channel: dense(), identity: bytes16(), attributes: attributes(),
                    consent: optional { $0.consent() }, preferredAdvisor: optional { $0.dense() },
                    reason: choice(), isPing: flag()))
        case .leadWithdrawn: .leadWithdrawn(id())
        case .leadClosed: .leadClosed(id(), choice())
        case .leadReserved:
            .leadReserved(
                Reservation(
                    lead: id(), order: id(), categoryVersion: count(), price: money(),
                    premium: money(), channelPayout: money(), gates: gates()))
        case .leadReleased:
            .leadReleased(
                Release(
                    assignment: id(), channelPayout: money(),
                    payeeShares: array(upTo: 5) {
                        PayeeShare(payee: $0.dense(), amount: $0.money())
                    }, boundUntil: optional { $0.time() }))
        case .assignmentAcknowledged: .assignmentAcknowledged(id())
        case .contactDisclosed: .contactDisclosed(id())
        case .contactReported:
            .contactReported(
                id(),
                ContactReport(
                    firstCallAt: time(), attempts: count(), outcome: choice(), evidence: text()))
        case .stageReported:
            .stageReported(
                id(),
                StageReport(stage: choice(), passed: flag(), reason: text(), amount: money()))
        case .personSuppressed: .personSuppressed(bytes16(), reason: text())
        case .personUnsuppressed: .personUnsuppressed(bytes16())
        case .personErased: .personErased(bytes16())
        case .channelPaused: .channelPaused(dense())
        case .channelResumed: .channelResumed(dense())
        case .advisorGraded, .orderRenewed, .leadPinged, .leadPosted, .leadTested, .leadVoided,
            .assignmentAccepted, .consentConfirmed, .channelPausedItself, .returnRequested,
            .returnDecided:
            secondRulesEvent(type)
        }
    }
}
