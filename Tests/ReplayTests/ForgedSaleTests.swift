import EventLog
import MarketCore
import MarketTestSupport
import Testing

@Suite struct ForgedSaleTests {
    /// A sold lead whose person is still bound, its assignment, and an order of another advisor.
    struct Sale {
        let lead: AcceptedLead
        let id: LeadID
        let assignment: Assignment
        let otherOrder: OrderID
    }

    func sale(in made: SyntheticMarket) throws -> Sale {
        for transaction in made.transactions.reversed() {
            guard transaction.count == 3, case .leadAccepted(let lead) = transaction[0].event
            else { continue }
            let id = LeadID(transaction[0].position)
            let assignment = try #require(made.market.assignment(of: id))
            let person = try #require(made.market.person(lead.identity))
            guard person.binding(at: made.market.time + .microsecond) == assignment.advisor else {
                continue
            }
            let other = try #require(
                made.market.orders.first { $0.advisor != assignment.advisor })
            return Sale(lead: lead, id: id, assignment: assignment, otherOrder: other.id)
        }
        throw TestFailure("nothing was sold")
    }

    /// Events after the log's head, in one transaction.
    func forge(after made: SyntheticMarket, _ events: [Event]) -> [RecordedEvent] {
        let first = made.head.next
        return events.enumerated().map { index, event in
            RecordedEvent(
                position: LogPosition(first.rawValue + UInt64(index)), transaction: first,
                time: made.market.time + .microsecond,
                input: index == 0 ? InputContext(role: .frontend, principal: 1) : nil,
                event: event)
        }
    }

    func reserve(_ lead: LeadID, _ order: OrderID) -> Event {
        .leadReserved(
            Reservation(
                lead: lead, order: order, categoryVersion: 1, price: Money(fen: 100),
                premium: .zero, channelPayout: .zero))
    }

    func release(_ position: UInt64) -> Event {
        .leadReleased(
            Release(
                assignment: AssignmentID(position), channelPayout: .zero, payeeShares: [],
                boundUntil: nil))
    }

    @Test(.rules("R4.5"), arguments: [21, 22, 23])
    func `a second sale of a lead, forged whole, is found`(seed: UInt64) throws {
        let made = try SyntheticMarket(seed: seed)
        let sale = try sale(in: made)
        let first = made.head.rawValue + 1
        try made.append([
            forge(
                after: made,
                [.timePassed(through: nil), reserve(sale.id, sale.otherOrder), release(first + 1)])
        ])
        let report = try made.audit()
        let finding = try #require(report.findings.first { $0.kind == .exclusivity })
        #expect(finding.position == LogPosition(first + 1))
        #expect(finding.message.contains("R4.5"))
        #expect(finding.message.contains("second time"))
        #expect(report.findings.contains { $0.kind == .decision || $0.kind == .impossible })
    }

    @Test(.rules("R4.5"), arguments: [24, 25, 26])
    func `a bound person sold to another advisor, forged whole, is found`(seed: UInt64) throws {
        let made = try SyntheticMarket(seed: seed)
        let sale = try sale(in: made)
        let first = made.head.rawValue + 1
        var lead = sale.lead
        lead.contact = []
        lead.contactSlot = nil
        try made.append([
            forge(
                after: made,
                [
                    .leadAccepted(lead), reserve(LeadID(first), sale.otherOrder),
                    release(first + 1),
                ])
        ])
        let report = try made.audit()
        let findings = report.findings.filter { $0.kind == .exclusivity }
        #expect(findings.map(\.position.rawValue).contains(first + 1))
        #expect(findings.allSatisfy { $0.message.contains("R4.5") })
        #expect(report.findings.contains { $0.kind == .decision })
    }

    @Test(.rules("R4.5")) func `a lead of a person whose lead is open is found`() throws {
        var seed: UInt64 = 27
        var made = try SyntheticMarket(seed: seed)
        while made.market.waitingLeads.isEmpty {
            seed += 1
            made = try SyntheticMarket(seed: seed)
        }
        let open = try #require(made.market.waitingLeads.first.flatMap(made.market.openLead))
        let lead = AcceptedLead(
            channel: open.channel, identity: open.identity, attributes: open.attributes,
            consent: .given())
        try made.append([forge(after: made, [.leadAccepted(lead)])])
        let report = try made.audit()
        #expect(
            report.findings.contains { $0.kind == .exclusivity && $0.position == made.head.next })
    }

    @Test func `a release without a reservation is found and follows nowhere`() throws {
        let made = try SyntheticMarket(seed: 28)
        let sale = try sale(in: made)
        try made.append([
            forge(
                after: made,
                [.timePassed(through: nil), release(sale.assignment.id.rawValue)])
        ])
        let report = try made.audit()
        #expect(report.findings.contains { $0.kind == .exclusivity })
        #expect(report.followedThrough == made.head)
        #expect(report.digest == nil)
    }

    @Test func `events that name what is not there are findings and no crash`() throws {
        let impossible: [Event] = [
            .deposited(AdvisorNumber(900), amount: Money(fen: 1), reference: ""),
            .channelPaid(ChannelNumber(900), amount: Money(fen: 1), reference: ""),
            .payeePaid(PayeeNumber(900), amount: Money(fen: 1), reference: ""),
            .orderPaused(OrderID(2)),
            .orderPlaced(
                AdvisorNumber(0), CategoryNumber(900),
                terms: OrderTerms(filter: .everything, quantity: 1)),
            .orderPlaced(
                AdvisorNumber(0), CategoryNumber(0),
                terms: OrderTerms(
                    filter: Filter(sorted: [
                        Predicate(attribute: AttributeNumber(60), test: .flag(true))
                    ]), quantity: 1)),
            .leadClosed(LeadID(1), .expired),
            .assignmentAcknowledged(AssignmentID(1)),
            .advisorUpdated(AdvisorNumber(77), profile: AdvisorProfile(institution: "x")),
            .channelPaused(ChannelNumber(77)),
            .marketCreated(SmallWorld.foundation()),
            .leadPosted(PostedLead(lead: LeadID(1), consent: nil)),
            .leadVoided(AssignmentID(1), .declined),
            .assignmentAccepted(AssignmentID(1)),
            .consentConfirmed(AssignmentID(1), .given()),
            .returnRequested(AssignmentID(1), ReturnRequest(reason: .duplicate)),
            .returnDecided(
                AssignmentID(1), ReturnDecision(isApproved: true, isAutomatic: false)),
            .orderRenewed(OrderID(2)),
            .advisorGraded(AdvisorNumber(900), .elite),
            .channelPausedItself(ChannelNumber(900), bad: 1, of: 1),
            .leadPinged(
                PingedLead(
                    channel: ChannelNumber(900), identity: .person(1), attributes: Attributes())),
            .leadTested(
                TestedLead(
                    channel: ChannelNumber(900), identity: .person(1), attributes: Attributes(),
                    consent: nil, outcome: .unmatched)),
        ]
        for event in impossible {
            let made = try SyntheticMarket(seed: 29, steps: 3)
            try made.append([forge(after: made, [event])])
            let report = try made.audit()
            #expect(!report.isSound, "\(event)")
            #expect(report.firstDamagedPosition == made.head.next, "\(event)")
            var market = Market()
            let log = try made.data.openLog()
            let error = #expect(throws: ReplayError.self) { try Replay(log).advance(&market) }
            guard case .impossible(_, made.head.next, _)? = error else {
                Issue.record("\(event): \(String(describing: error))")
                continue
            }
            #expect(market.head == made.head)
        }
    }
}
