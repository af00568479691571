import EventLog
import MarketCore
import MarketTestSupport
import Testing

/// What the events of gates, pings, returns and caps must not say, forged whole after a sound log.
/// The audit finds it by the events' own word.
@Suite struct ForgedGateTests {
    struct Forgery: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let finding: String
        /// The events, whose first stands at this position.
        let events: @Sendable (UInt64) -> [Event]
    }

    static let beginning = SmallWorld.beginning
    static let late = Timestamp(microseconds: beginning.microseconds + 1)

    static func lead(_ person: UInt64) -> Event {
        .leadAccepted(
            AcceptedLead(
                channel: ChannelNumber(0), identity: .person(9_000 + person),
                attributes: Attributes(), consent: .given()))
    }

    static let ping = Event.leadPinged(
        PingedLead(
            channel: ChannelNumber(0), identity: .person(9_999), attributes: Attributes()))

    static func order(_ quantity: Int, _ change: (inout OrderTerms) -> Void = { _ in }) -> Event {
        var terms = OrderTerms(filter: .everything, quantity: quantity)
        change(&terms)
        return .orderPlaced(AdvisorNumber(0), CategoryNumber(0), terms: terms)
    }

    static func reserve(_ lead: UInt64, _ order: UInt64, gates: PendingGates = .none) -> Event {
        .leadReserved(
            Reservation(
                lead: LeadID(lead), order: OrderID(order), categoryVersion: 1,
                price: Money(fen: 10), premium: .zero, channelPayout: .zero, gates: gates))
    }

    static func release(_ assignment: UInt64, payout: Int64 = 0) -> Event {
        .leadReleased(
            Release(
                assignment: AssignmentID(assignment), channelPayout: Money(fen: payout),
                payeeShares: [], boundUntil: nil))
    }

    static let accepting = PendingGates(acceptance: .latest)
    static let approved = ReturnDecision(isApproved: true, isAutomatic: false)

    static let gates: [Forgery] = [
        Forgery(testDescription: "released before acceptance", finding: "R8.1: assignment") {
            [order(1), lead(1), reserve($0 + 1, $0, gates: accepting), release($0 + 2)]
        },
        Forgery(testDescription: "released after a void", finding: "was not reserved") {
            [
                order(1), lead(1), reserve($0 + 1, $0, gates: accepting),
                .leadVoided(AssignmentID($0 + 2), .declined), release($0 + 2),
            ]
        },
        Forgery(testDescription: "voided twice", finding: "R8.1: assignment") {
            [
                order(1), lead(1), reserve($0 + 1, $0, gates: accepting),
                .leadVoided(AssignmentID($0 + 2), .declined),
                .leadVoided(AssignmentID($0 + 2), .declined),
            ]
        },
        Forgery(testDescription: "accepted too late", finding: "after its deadline") {
            [
                order(1), lead(1), reserve($0 + 1, $0, gates: PendingGates(acceptance: late)),
                .assignmentAccepted(AssignmentID($0 + 2)),
            ]
        },
        Forgery(testDescription: "consent nobody awaits", finding: "awaits no such") {
            [
                order(1), lead(1), reserve($0 + 1, $0, gates: accepting),
                .consentConfirmed(AssignmentID($0 + 2), .given()),
            ]
        },
        Forgery(testDescription: "closed while reserved", finding: "still reserved") {
            [
                order(1), lead(1), reserve($0 + 1, $0, gates: accepting),
                .leadClosed(LeadID($0 + 1), .withdrawn),
            ]
        },
        Forgery(testDescription: "reserved twice at a time", finding: "reserved a second time") {
            [
                order(2), lead(1), reserve($0 + 1, $0, gates: accepting),
                reserve($0 + 1, $0, gates: accepting),
            ]
        },
        Forgery(testDescription: "a ping sold without its post", finding: "R8.5: assignment") {
            [order(1), ping, reserve($0 + 1, $0), release($0 + 2)]
        },
        Forgery(testDescription: "a post nobody awaits", finding: "R8.5: lead") {
            [
                order(1), lead(1), reserve($0 + 1, $0, gates: accepting),
                .leadPosted(PostedLead(lead: LeadID($0 + 1), consent: .given())),
            ]
        },
        Forgery(testDescription: "another payout than reserved", finding: "R3.1: assignment") {
            [order(1), lead(1), reserve($0 + 1, $0), release($0 + 2, payout: 5)]
        },
    ]

    static let returns: [Forgery] = [
        Forgery(testDescription: "a return decided twice", finding: "R10.2") {
            [
                order(1), lead(1), reserve($0 + 1, $0), release($0 + 2),
                .returnRequested(AssignmentID($0 + 2), ReturnRequest(reason: .duplicate)),
                .returnDecided(AssignmentID($0 + 2), approved),
                .returnDecided(AssignmentID($0 + 2), approved),
            ]
        },
        Forgery(testDescription: "a return nobody asked for", finding: "R10.2") {
            [
                order(1), lead(1), reserve($0 + 1, $0), release($0 + 2),
                .returnDecided(AssignmentID($0 + 2), approved),
            ]
        },
        Forgery(testDescription: "a return of what is reserved", finding: "R10: a return") {
            [
                order(1), lead(1), reserve($0 + 1, $0, gates: accepting),
                .returnRequested(AssignmentID($0 + 2), ReturnRequest(reason: .duplicate)),
            ]
        },
    ]

    static let caps: [Forgery] = [
        Forgery(testDescription: "beyond the quantity", finding: "2 of 1 of its quantity") {
            twoSales(order(1), from: $0)
        },
        Forgery(testDescription: "beyond the hour", finding: "2 of 1 of its hour cap") {
            twoSales(order(5) { $0.hourCap = 1 }, from: $0)
        },
        Forgery(testDescription: "beyond the day", finding: "2 of 1 of its day cap") {
            twoSales(order(5) { $0.dayCap = 1 }, from: $0)
        },
        Forgery(testDescription: "beyond the spend", finding: "20 of 19 of its spend a day") {
            twoSales(order(5) { $0.daySpend = Money(fen: 19) }, from: $0)
        },
        Forgery(testDescription: "beyond the advisor", finding: "advisor's leads a day") {
            [
                .advisorUpdated(
                    AdvisorNumber(0), profile: AdvisorProfile(institution: "x", dailyCap: 1))
            ] + twoSales(order(5), from: $0 + 1)
        },
        Forgery(
            testDescription: "a spend that no number holds", finding: "2 of 1 of its quantity"
        ) { first in
            let count: UInt64 = 513
            let least = Money(fen: -9_000_000_000_000_000)
            let reserved = (0..<count).flatMap { index in
                [
                    lead(index),
                    .leadReserved(
                        Reservation(
                            lead: LeadID(first + 1 + 2 * index), order: OrderID(first),
                            categoryVersion: 1, price: least, premium: least,
                            channelPayout: .zero, gates: accepting)),
                ]
            }
            return [order(1)] + reserved + [
                .leadVoided(AssignmentID(first + 2 * count), .declined)
            ]
        },
        Forgery(testDescription: "renewed before it is filled", finding: "R5.2: order") {
            [
                order(2) { $0.renews = true }, lead(1), reserve($0 + 1, $0), release($0 + 2),
                .orderRenewed(OrderID($0)),
            ]
        },
    ]

    static func twoSales(_ order: Event, from first: UInt64) -> [Event] {
        [
            order, lead(1), reserve(first + 1, first), release(first + 2), lead(2),
            reserve(first + 4, first), release(first + 5),
        ]
    }

    private func findings(in forgery: Forgery) throws -> [AuditFinding] {
        let made = try SyntheticMarket(seed: 61, steps: 3)
        let first = made.head.next
        let events = forgery.events(first.rawValue).enumerated().map { index, event in
            RecordedEvent(
                position: LogPosition(first.rawValue + UInt64(index)), transaction: first,
                time: made.market.time + .days(2),
                input: index == 0 ? InputContext(role: .operator, principal: 1) : nil,
                event: event)
        }
        try made.append([events])
        return try made.audit().findings
    }

    @Test(.rules("R8.1", "R8.3", "R8.5"), arguments: gates)
    func `an audit finds a sale past its gates`(_ forgery: Forgery) throws {
        let findings = try findings(in: forgery)
        #expect(findings.contains { $0.message.contains(forgery.finding) }, "\(findings)")
    }

    @Test(.rules("R10.3", "R12.3"), arguments: returns)
    func `an audit finds money given back that was not to be`(_ forgery: Forgery) throws {
        let findings = try findings(in: forgery)
        #expect(findings.contains { $0.message.contains(forgery.finding) }, "\(findings)")
    }

    @Test(.rules("R5.2", "R5.4"), arguments: caps)
    func `an audit counts caps for itself`(_ forgery: Forgery) throws {
        let findings = try findings(in: forgery)
        #expect(findings.contains { $0.message.contains(forgery.finding) }, "\(findings)")
        #expect(findings.contains { $0.kind == .invariant })
    }
}
