import MarketCore
import MarketTestSupport
import Testing

/// What stands between a reservation and its release.
struct GateTests {
    private func market(
        consent: Timespan? = nil, acceptance: Timespan? = nil
    ) throws -> (market: TestMarket, order: OrderID) {
        var market = try TestMarket.with {
            $0.gates = Gates(namedConsent: consent, acceptance: acceptance)
        }
        try market.register("chen")
        let order = try market.order("chen")
        return (market, order)
    }

    @Test(.rules("R8.1", "R8.3"))
    func `a lead of a category with acceptance is held, not sold, until it is accepted`() throws {
        var (market, order) = try market(acceptance: .seconds(60))
        let lead = try market.lead(of: 1)
        let reserved = try #require(market.assignment(of: lead))
        #expect(reserved.isReserved)
        #expect(reserved.gates == PendingGates(acceptance: reserved.reservedAt + .seconds(60)))
        #expect(market.available("chen") == 94_000)
        #expect(market.market.order(order)?.remaining == 9)
        #expect(market.market.ledger.revenue == .zero)
        let events = try market.give(.acceptAssignment(reserved.id))
        #expect(events.first == .assignmentAccepted(reserved.id))
        guard events.count == 2, case .leadReleased(let release) = events[1] else {
            Issue.record("\(events)")
            return
        }
        #expect(release.channelPayout == Money(fen: 900))
        #expect(market.market.openLeads.isEmpty)
        #expect(market.market.person(.person(1))?.boundTo == market.market.advisor(named: "chen"))
        #expect(market.violation == nil)
    }

    @Test(.rules("R5.2", "R6.1"))
    func `an order amended while it is full stands by its new terms alone`() throws {
        var (market, order) = try market(acceptance: .seconds(60))
        let lead = try market.lead(of: 1)
        let reserved = try #require(market.assignment(of: lead))
        var amendment = OrderAmendment()
        amendment.quantity = .set(1)
        let prefix = RegionPrefix(RegionCode(known: "31"))
        amendment.filter = .set(
            Filter(sorted: [
                Predicate(attribute: SmallWorld.Number.region, test: .regions([prefix]))
            ]))
        try market.give(.amendOrder(order, amendment))
        #expect(market.market.order(order)?.remaining == 0)
        try market.give(.declineAssignment(reserved.id))
        #expect(market.market.order(order)?.remaining == 1)
        // The lead is of another region.
        let other = try market.lead(of: 2)
        #expect(market.assignment(of: other) == nil)
        #expect(market.violation == nil)
        try market.give(.cancelOrder(order))
        #expect(market.violation == nil)
    }

    @Test(.rules("R8.3", "R8.4"))
    func `a declined lead goes to the next advisor and never back`() throws {
        var (market, order) = try market(acceptance: .seconds(60))
        try market.register("liu")
        let lead = try market.lead(of: 1)
        let first = try #require(market.assignment(of: lead))
        try market.order("liu")
        let events = try market.give(.declineAssignment(first.id))
        #expect(events.first == .leadVoided(first.id, .declined))
        #expect(market.available("chen") == 100_000)
        #expect(market.market.order(order)?.remaining == 10)
        #expect(market.buyer(of: lead) == "liu")
        let second = try #require(market.assignment(of: lead))
        #expect(
            try market.give(.declineAssignment(second.id)) == [.leadVoided(second.id, .declined)])
        #expect(market.market.waitingLeads == [lead])
        try market.order("chen")
        #expect(market.market.waitingLeads == [lead])
        #expect(market.violation == nil)
    }

    @Test(.rules("R8.3", "R8.4"))
    func `a reservation lapses a microsecond after its deadline, by the stamp alone`() throws {
        var (market, _) = try market(acceptance: .seconds(60))
        let lead = try market.lead(of: 1)
        let reserved = try #require(market.assignment(of: lead))
        #expect(market.market.nextDue == reserved.reservedAt + Timespan(microseconds: 60_000_001))
        var late = market
        late.wait(Timespan(microseconds: 60_000_001))
        #expect(throws: Rejection.deadlinePassed) { try late.give(.acceptAssignment(reserved.id)) }
        let events = try late.runDueWork()
        #expect(events.contains(.leadVoided(reserved.id, .acceptanceTimedOut)))
        #expect(late.market.waitingLeads == [lead])
        #expect(throws: Rejection.notAwaitingAcceptance) {
            try late.give(.acceptAssignment(reserved.id))
        }
        market.wait(.seconds(60))
        try market.give(.acceptAssignment(reserved.id))
        #expect(market.assignment(of: lead)?.releasedAt == reserved.reservedAt + .seconds(60))
    }

    @Test(.rules("R8.2"))
    func `consent that names no institution is asked for the very one that would get it`() throws {
        var (market, _) = try market(consent: .minutes(10))
        let lead = try market.lead(of: 1)
        let reserved = try #require(market.assignment(of: lead))
        #expect(reserved.gates == PendingGates(consent: reserved.reservedAt + .minutes(10)))
        var consent = Consent.given(at: SmallWorld.beginning)
        consent.institutions = ["bankTwo"]
        #expect(throws: Rejection.institutionNotConsented) {
            try market.give(.confirmConsent(reserved.id, consent))
        }
        consent.institutions = ["bankOne"]
        let events = try market.give(.confirmConsent(reserved.id, consent))
        #expect(events.first == .consentConfirmed(reserved.id, consent))
        #expect(market.assignment(of: lead)?.releasedAt != nil)
    }

    @Test(.rules("R8.2"))
    func `consent that names the institution leaves nothing to ask`() throws {
        var (market, _) = try market(consent: .minutes(10))
        let lead = try market.lead(of: 1) { $0.consent?.institutions = ["bankOne"] }
        #expect(market.assignment(of: lead)?.releasedAt != nil)
    }

    @Test(.rules("R8.2"))
    func `only advisors of a named institution are eligible`() throws {
        var market = try TestMarket()
        try market.register("chen")
        try market.order("chen")
        let lead = try market.lead(of: 1) { $0.consent?.institutions = ["bankTwo"] }
        #expect(market.market.waitingLeads == [lead])
        try market.register("liu", institution: "bankTwo")
        try market.order("liu")
        #expect(market.buyer(of: lead) == "liu")
    }

    @Test(.rules("R8.2", "R8.4"))
    func `a refused institution never gets the lead, its colleagues neither`() throws {
        var (market, _) = try market(consent: .minutes(10))
        try market.register("liu")
        try market.order("liu")
        try market.register("wang", institution: "bankTwo")
        let lead = try market.lead(of: 1)
        let reserved = try #require(market.assignment(of: lead))
        #expect(
            try market.give(.declineConsent(reserved.id))
                == [.leadVoided(reserved.id, .consentRefused)])
        #expect(market.market.waitingLeads == [lead])
        try market.order("wang")
        #expect(market.buyer(of: lead) == "wang")
    }

    @Test(.rules("R8.2"))
    func `no answer about consent closes the lead`() throws {
        var (market, _) = try market(consent: .minutes(10))
        let lead = try market.lead(of: 1)
        let reserved = try #require(market.assignment(of: lead))
        market.wait(Timespan(microseconds: 600_000_001))
        let events = try market.runDueWork()
        #expect(
            events.dropFirst() == [
                .leadVoided(reserved.id, .consentTimedOut), .leadClosed(lead, .consentTimedOut),
            ])
        #expect(market.market.openLeads.isEmpty)
        #expect(market.market.person(.person(1))?.openLead == nil)
    }

    @Test(.rules("R8.1"))
    func `of two gates the second to open releases`() throws {
        for acceptsFirst in [true, false] {
            var (market, _) = try market(consent: .minutes(10), acceptance: .seconds(60))
            let lead = try market.lead(of: 1)
            let id = try #require(market.assignment(of: lead)).id
            let answers: [Command] = [
                .acceptAssignment(id), .confirmConsent(id, .given(at: SmallWorld.beginning)),
            ]
            try market.give(answers[acceptsFirst ? 0 : 1])
            #expect(market.assignment(of: lead)?.isReserved == true)
            try market.give(answers[acceptsFirst ? 1 : 0])
            #expect(market.assignment(of: lead)?.releasedAt != nil)
        }
    }

    @Test(.rules("R8.2", "R8.3"))
    func `an institution that consent may name stays while leads are reserved`() throws {
        var (market, order) = try market(acceptance: .seconds(60))
        let lead = try market.lead(of: 1) { $0.consent?.institutions = ["bankOne"] }
        let moved = Command.updateAdvisor(
            name: "chen", profile: AdvisorProfile(institution: "bankTwo"))
        #expect(throws: Rejection.advisorHasReservations) { try market.give(moved) }
        try market.give(.cancelOrder(order))
        #expect(throws: Rejection.advisorHasReservations) { try market.give(moved) }
        try market.give(
            .updateAdvisor(
                name: "chen", profile: AdvisorProfile(institution: "bankOne", dailyCap: 9)))
        try market.give(.acceptAssignment(try #require(market.assignment(of: lead)).id))
        try market.give(moved)
    }

    @Test(.rules("R8.7"))
    func `whoever takes a reserved lead back ends it`() throws {
        let commands: [(Command, VoidReason, LeadClosure)] = [
            (.withdrawLead(LeadID(0)), .withdrawn, .withdrawn),
            (.suppressPerson(.person(1), reason: "asked"), .suppressed, .suppressed),
            (.erasePerson(.person(1)), .erased, .erased),
        ]
        for (command, void, closure) in commands {
            var (market, _) = try market(acceptance: .seconds(60))
            let lead = try market.lead(of: 1)
            let id = try #require(market.assignment(of: lead)).id
            var given = command
            if case .withdrawLead = command { given = .withdrawLead(lead) }
            let events = try market.give(given)
            #expect(events.dropFirst() == [.leadVoided(id, void), .leadClosed(lead, closure)])
            #expect(market.available("chen") == 100_000)
            #expect(market.violation == nil)
        }
    }

    @Test(.rules("R8.7"))
    func `suspending an advisor voids what is reserved for them, and others get it`() throws {
        var (market, _) = try market(acceptance: .seconds(60))
        try market.register("liu")
        let sold = try market.lead(of: 3)
        // The second one has the place in memory that the sold one had: what is first is told by id.
        var leads = [try market.lead(of: 1)]
        try market.give(.acceptAssignment(try #require(market.assignment(of: sold)).id))
        leads.append(try market.lead(of: 2))
        try market.order("liu")
        let voids = leads.compactMap { market.assignment(of: $0)?.id }
        let events = try market.give(.suspendAdvisor(name: "chen", reason: "complaints"))
        #expect(
            events[1...2] == [
                .leadVoided(voids[0], .advisorSuspended), .leadVoided(voids[1], .advisorSuspended),
            ])
        #expect(leads.map { market.buyer(of: $0) } == ["liu", "liu"])
        #expect(market.violation == nil)
    }

    @Test(.rules("R2.2", "R8.7"))
    func `what is reserved finishes on its terms, whatever becomes of order, channel or category`()
        throws
    {
        var (market, order) = try market(acceptance: .seconds(60))
        let lead = try market.lead(of: 1)
        let id = try #require(market.assignment(of: lead)).id
        try market.give(.pauseOrder(order))
        try market.give(.cancelOrder(order))
        try market.give(.pauseChannel("search"))
        try market.give(.setAvailability(advisor: "chen", online: false))
        try market.redefineChannel { $0.payout = .share(basisPoints: 10_000) }
        try market.redefine {
            $0.splits = []
            $0.exclusivity = nil
            $0.retired = true
        }
        let events = try market.give(.acceptAssignment(id))
        guard case .leadReleased(let release) = events.last else {
            Issue.record("\(events)")
            return
        }
        #expect(release.channelPayout == Money(fen: 900))
        #expect(release.payeeShares.map(\.amount) == [Money(fen: 300), Money(fen: 199)])
        #expect(release.boundUntil == market.market.time + .minutes(40))
        #expect(market.violation == nil)
    }

    @Test(.rules("R5.4", "R8.1"))
    func `a void gives caps back to the hour and day of the reservation`() throws {
        var (market, _) = try market(acceptance: .minutes(90))
        let order = try market.order("chen") { terms in
            terms.priority = 9
            terms.hourCap = 1
            terms.dayCap = 2
            terms.daySpend = Money(fen: 12_000)
        }
        let first = try market.lead(of: 1)
        let id = try #require(market.assignment(of: first)).id
        #expect(market.reasons(order) == .hourCap)
        var declined = market
        try declined.give(.declineAssignment(id))
        #expect(declined.reasons(order) == [])
        #expect(declined.market.order(order)?.usage.spent == .zero)
        market.wait(.hours(1))
        try market.runDueWork()
        #expect(market.reasons(order) == [])
        let second = try market.lead(of: 2)
        #expect(market.market.assignment(of: second)?.order == order)
        try market.give(.declineAssignment(id))
        #expect(market.reasons(order)?.contains(.hourCap) == true)
        #expect(market.market.order(order)?.usage.daily.count == 1)
    }
}
