import MarketCore
import MarketRPC
import MarketTestSupport
import Testing

struct EventJSONTests {
    private static let advisor = AdvisorNumber(0)
    private static let channel = ChannelNumber(0)
    private static let payee = PayeeNumber(0)
    private static let identity = Identity(high: 0, low: 0xAB)
    private static let hex = "000000000000000000000000000000ab"
    private static let consent = Consent(
        givenAt: .epoch,
        agreement: Digest32(high: Bytes16(high: 0, low: 0), low: Bytes16(high: 0, low: 1)))
    private static let consentText =
        #""consent":{"givenAt":"1970-01-01T00:00:00Z","agreementSha256":"\#(String(repeating: "0", count: 63))1"}"#

    private func text(
        _ event: Event, input: InputContext? = nil, contact: ContactDetails? = nil
    ) throws -> String {
        let recorded = RecordedEvent(
            position: LogPosition(9), transaction: LogPosition(8),
            time: Timestamp(microseconds: 1_000_000), input: input, event: event)
        let market = try SampleMarket.make()
        var writer = JSONWriter()
        writer.object { $0.event(recorded, in: market, contact: contact) }
        let text = String(decoding: writer.bytes, as: UTF8.self)
        #expect(throws: Never.self) { try JSONParser().parse(text) }
        return text
    }

    private func data(_ event: Event) throws -> String {
        let whole = try text(event)
        let start =
            #"{"position":9,"transaction":8,"time":"1970-01-01T00:00:01Z","type":"\#(event.word)","data":"#
        #expect(whole.hasPrefix(start))
        return String(whole.dropFirst(start.count).dropLast())
    }

    private static let simple: [(Event, String)] = [
        (.rulesChanged(version: 2), #"{"rulesVersion":2}"#),
        (.timePassed(through: nil), "{}"),
        (
            .timePassed(
                through: DueItem(time: .epoch, kind: .leadAge, subject: LogPosition(5))),
            #"{"through":{"time":"1970-01-01T00:00:00Z","kind":"leadAge","subject":5}}"#
        ),
        (
            .offersDeferred(orders: [OrderID(3)], leads: [LeadID(4), LeadID(5)]),
            #"{"orders":[3],"leads":[4,5]}"#
        ),
        (
            .advisorUpdated(
                advisor, profile: AdvisorProfile(institution: "B", identity: identity)),
            #"{"advisor":"adv-17","institution":"B","identity":"\#(hex)","grade":"standard"}"#
        ),
        (
            .advisorUpdated(
                advisor,
                profile: AdvisorProfile(
                    institution: "B", derivesGrade: true, dailyCap: 5, openWorkLimit: 9)),
            #"{"advisor":"adv-17","institution":"B","grade":"standard","gradeDerived":true,"dailyCap":5,"openWorkLimit":9}"#
        ),
        (.advisorGraded(advisor, .elite), #"{"advisor":"adv-17","grade":"elite"}"#),
        (.orderRenewed(OrderID(3)), #"{"order":3}"#),
        (.leadVoided(AssignmentID(5), .declined), #"{"assignment":5,"reason":"declined"}"#),
        (.assignmentAccepted(AssignmentID(5)), #"{"assignment":5}"#),
        (.consentConfirmed(AssignmentID(5), consent), #"{"assignment":5,\#(consentText)}"#),
        (
            .returnRequested(
                AssignmentID(5), ReturnRequest(reason: .noSuchNumber, evidence: "cdr")),
            #"{"assignment":5,"reason":"noSuchNumber","evidence":"cdr"}"#
        ),
        (
            .returnDecided(
                AssignmentID(5),
                ReturnDecision(isApproved: true, isAutomatic: false, note: "checked")),
            #"{"assignment":5,"approved":true,"automatic":false,"note":"checked"}"#
        ),
        (
            .channelPausedItself(channel, bad: 81, of: 200),
            #"{"channel":"partner-a","bad":81,"of":200}"#
        ),
        (.availabilitySet(advisor, online: false), #"{"advisor":"adv-17","online":false}"#),
        (.advisorSuspended(advisor, reason: "r"), #"{"advisor":"adv-17","reason":"r"}"#),
        (.advisorReinstated(advisor), #"{"advisor":"adv-17"}"#),
        (
            .deposited(advisor, amount: Money(fen: 5), reference: "x"),
            #"{"advisor":"adv-17","amountFen":5,"reference":"x"}"#
        ),
        (
            .withdrawn(advisor, amount: Money(fen: 5), reference: ""),
            #"{"advisor":"adv-17","amountFen":5}"#
        ),
        (
            .channelPaid(channel, amount: Money(fen: 5), reference: ""),
            #"{"channel":"partner-a","amountFen":5}"#
        ),
        (
            .payeePaid(payee, amount: Money(fen: 5), reference: ""),
            #"{"payee":"platform","amountFen":5}"#
        ),
        (.orderPaused(OrderID(3)), #"{"order":3}"#),
        (.orderResumed(OrderID(3)), #"{"order":3}"#),
        (.orderCancelled(OrderID(3)), #"{"order":3}"#),
        (.leadWithdrawn(LeadID(4)), #"{"lead":4}"#),
        (.leadClosed(LeadID(4), .expired), #"{"lead":4,"closure":"expired"}"#),
        (
            .leadReserved(
                Reservation(
                    lead: LeadID(4), order: OrderID(3), categoryVersion: 1,
                    price: Money(fen: 6_000), premium: Money(fen: 500),
                    channelPayout: Money(fen: 1_200),
                    gates: PendingGates(post: .epoch, acceptance: .epoch))),
            #"{"assignment":9,"lead":4,"order":3,"categoryVersion":1,"priceFen":6000,"premiumFen":500,"channelPayoutFen":1200,"awaits":{"post":"1970-01-01T00:00:00Z","acceptance":"1970-01-01T00:00:00Z"}}"#
        ),
        (
            .leadReleased(
                Release(
                    assignment: AssignmentID(5), channelPayout: Money(fen: 1_200),
                    payeeShares: [PayeeShare(payee: payee, amount: Money(fen: 300))],
                    boundUntil: .epoch)),
            #"{"assignment":5,"channelPayoutFen":1200,"payeeShares":[{"payee":"platform","amountFen":300}],"boundUntil":"1970-01-01T00:00:00Z"}"#
        ),
        (.assignmentAcknowledged(AssignmentID(5)), #"{"assignment":5}"#),
        (.contactDisclosed(AssignmentID(5)), #"{"assignment":5}"#),
        (
            .contactReported(
                AssignmentID(5),
                ContactReport(firstCallAt: .epoch, attempts: 2, outcome: .noAnswer, evidence: "c")),
            #"{"assignment":5,"firstCallAt":"1970-01-01T00:00:00Z","attempts":2,"outcome":"noAnswer","evidence":"c"}"#
        ),
        (
            .stageReported(
                AssignmentID(5),
                StageReport(stage: .drawn, passed: true, amount: Money(fen: 7))),
            #"{"assignment":5,"stage":"drawn","passed":true,"amountFen":7}"#
        ),
        (
            .personSuppressed(identity, reason: "asked"),
            #"{"identity":"\#(hex)","reason":"asked"}"#
        ),
        (.personUnsuppressed(identity), #"{"identity":"\#(hex)"}"#),
        (.personErased(identity), #"{"identity":"\#(hex)"}"#),
        (.channelPaused(channel), #"{"channel":"partner-a"}"#),
        (.channelResumed(channel), #"{"channel":"partner-a"}"#),
    ]

    @Test(arguments: simple.indices) func `an event is written with names`(index: Int) throws {
        let (event, expected) = Self.simple[index]
        #expect(try data(event) == expected)
    }

    @Test func `the market's creation is written`() throws {
        let foundation = MarketFoundation(
            rulesVersion: 1, clock: .supplied, secretFingerprint: Self.identity)
        #expect(
            try data(.marketCreated(foundation))
                == #"{"rulesVersion":1,"clock":"supplied","currency":"CNY","utcOffsetMinutes":480,"secretFingerprint":"\#(Self.hex)"}"#
        )
    }

    @Test func `orders are written with their terms`() throws {
        let schema = try SampleMarket.make().schema
        let filter = try schema.filter(
            FilterSpecification([
                ("age", .range(minimum: 20, maximum: nil)), ("ownsHouse", .flag(true)),
                ("region", .anyOf(["3301"])),
            ]))
        let schedule = try #require(
            WeeklySchedule([.init(weekday: 7, startMinute: 1_230, endMinute: 1_440)]))
        let terms = OrderTerms(
            filter: filter, quantity: 3, maximumAge: .days(1), expiresAt: .epoch,
            schedule: schedule, hourCap: 1, dayCap: 2, daySpend: Money(fen: 900), renews: true)
        let expected =
            #""filter":{"ownsHouse":true,"age":{"minimum":20},"region":["3301"]},"quantity":3,"premiumFen":0,"priority":5,"maxAge":"1d","expiresAt":"1970-01-01T00:00:00Z","windows":[{"weekday":"sunday","from":"20:30","to":"24:00"}],"hourCap":1,"dayCap":2,"daySpendFen":900,"renews":true}"#
        #expect(
            try data(.orderPlaced(Self.advisor, CategoryNumber(0), terms: terms))
                == #"{"order":9,"advisor":"adv-17","category":"homeOwner",\#(expected)"#)
        #expect(try data(.orderAmended(OrderID(3), terms: terms)) == #"{"order":3,\#(expected)"#)
    }

    @Test func `a lead is written without its sealed contact`() throws {
        let event = Event.leadAccepted(
            AcceptedLead(
                channel: Self.channel, identity: Self.identity, attributes: Attributes(),
                consent: Self.consent, preferredAdvisor: Self.advisor, contact: [1, 2, 3],
                contactSlot: 0))
        let expected =
            #"{"lead":9,"channel":"partner-a","identity":"\#(Self.hex)","attributes":{},\#(Self.consentText),"preferredAdvisor":"adv-17","hasContact":true}"#
        #expect(try data(event) == expected)
        let opened = try text(event, contact: ContactDetails(phone: "13800138000", name: "王"))
        #expect(opened.hasSuffix(#","contact":{"phone":"13800138000","name":"王"}}}"#))
    }

    @Test func `a rejected lead is written with its reason`() throws {
        let event = Event.leadRejected(
            RejectedLead(
                channel: Self.channel, identity: Self.identity, attributes: Attributes(),
                consent: nil, reason: .noConsent))
        #expect(
            try data(event)
                == #"{"lead":9,"channel":"partner-a","identity":"\#(Self.hex)","attributes":{},"reason":"noConsent"}"#
        )
    }

    @Test func `a ping and its post are written without phone or contact`() throws {
        let ping = Event.leadPinged(
            PingedLead(channel: Self.channel, identity: Self.identity, attributes: Attributes()))
        let head = #""channel":"partner-a","identity":"\#(Self.hex)","attributes":{}"#
        #expect(try data(ping) == #"{"lead":9,\#(head)}"#)
        let refused = Event.leadRejected(
            RejectedLead(
                channel: Self.channel, identity: Self.identity, attributes: Attributes(),
                consent: nil, reason: .duplicate, isPing: true))
        #expect(try data(refused) == #"{"lead":9,\#(head),"ping":true,"reason":"duplicate"}"#)
        let post = Event.leadPosted(
            PostedLead(
                lead: LeadID(4), consent: Self.consent, contact: [1, 2, 3], contactSlot: 0,
                gates: PendingGates(consent: .epoch)))
        #expect(
            try data(post)
                == #"{"lead":4,\#(Self.consentText),"hasContact":true,"awaits":{"consent":"1970-01-01T00:00:00Z"}}"#
        )
        let turnedAway = Event.leadPosted(
            PostedLead(lead: LeadID(4), consent: nil, rejection: .noConsent))
        #expect(
            try data(turnedAway) == #"{"lead":4,"hasContact":false,"rejection":"noConsent"}"#)
    }

    @Test(.rules("R3.1")) func `a tested lead is written with what would have become of it`() throws
    {
        func tested(_ outcome: TestedLead.Outcome) throws -> String {
            try data(
                .leadTested(
                    TestedLead(
                        channel: Self.channel, identity: Self.identity, attributes: Attributes(),
                        consent: nil, isPing: true, outcome: outcome)))
        }
        let head =
            #"{"lead":9,"channel":"partner-a","identity":"\#(Self.hex)","attributes":{},"ping":true,"#
        #expect(
            try tested(.matched(OrderID(3), charge: Money(fen: 6_500)))
                == head + #""outcome":"matched","order":3,"chargeFen":6500}"#)
        #expect(try tested(.unmatched) == head + #""outcome":"unmatched"}"#)
        #expect(
            try tested(.rejected(.duplicate))
                == head + #""outcome":"rejected","reason":"duplicate"}"#)
    }

    @Test func `an input tells who gave it`() throws {
        let mark = IdempotencyMark(key: Self.identity, content: Bytes16(high: 0, low: 0))
        let input = InputContext(
            role: .supplier, principal: 1_000, suppliedTime: .epoch, idempotency: mark)
        let expected =
            #""input":{"role":"supplier","principal":1000,"at":"1970-01-01T00:00:00Z","idempotencyKeyDigest":"\#(Self.hex)"}"#
        #expect(try text(.rulesChanged(version: 2), input: input).contains(expected))
    }

    @Test func `a written configuration is read back the same`() throws {
        let market = try SampleMarket.make()
        var change = ConfigurationChange()
        change.attributes = market.schema.attributes
        change.categories = market.categories.map {
            .init(name: $0.name, definition: $0.definition)
        }
        change.channels = market.channels.map { .init(name: $0.name, definition: $0.definition) }
        change.payees = market.payees.map { .init(name: $0.name, definition: $0.title) }
        change.settings = market.settings
        var writer = JSONWriter()
        writer.configurationChange(change, in: market)
        let written = try JSONParser().parse(writer.bytes).value
        let apply = try #require(Catalogue.method(named: "market.apply"))
        let context = CallContext(role: .operator, schema: AttributeSchema())
        let example = try apply.content(of: apply.example, context: context)
        let again = try apply.content(of: ["configuration": written], context: context)
        guard case .mutation(.applyConfiguration(let left, dryRun: true), _) = example,
            case .mutation(.applyConfiguration(let right, dryRun: false), _) = again
        else { throw SampleMarket.Unexpected() }
        #expect(left == right)
        #expect(try data(.configurationApplied(change)).hasPrefix(#"{"changed":{"attributes":["#))
    }
}
