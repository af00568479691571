import MarketCore
import MarketTestSupport
import Testing

/// Sales that are taken back (R10).
struct ReturnTests {
    /// A market in which chen has bought the leads of persons 1...`count`, each for 6,000 fen.
    private func sold(
        _ count: UInt64 = 20, change: (inout MarketConfiguration.Category) -> Void = { _ in }
    ) throws -> (market: TestMarket, ids: [AssignmentID]) {
        var market = try TestMarket.with(change)
        try market.register("chen", fen: 1_000_000)
        try market.order("chen", quantity: 100)
        let ids = try (1...count).map { person in
            let lead = try market.lead(of: person)
            return try #require(market.assignment(of: lead)).id
        }
        return (market, ids)
    }

    @Test(.rules("R10.3", "R12.1"))
    func `an approved return gives back the charge and every split, to the fen`() throws {
        var (market, _) = try sold()
        let before = market.market.ledger
        let position = market.market.orders[0]
        let last = try market.lead(of: 30)
        let id = try #require(market.assignment(of: last)).id
        let after = try #require(market.market.orders.first)
        try market.give(.requestReturn(id, ReturnRequest(reason: .unqualified)))
        try market.give(.decideReturn(id, approved: true, note: "called, sold the house"))
        #expect(market.market.ledger == before)
        #expect(after.remaining == position.remaining - 1)
        #expect(market.market.orders[0].remaining == after.remaining)
        #expect(market.market.person(.person(30))?.boundTo == market.market.advisor(named: "chen"))
        #expect(market.violation == nil)
        #expect(throws: Rejection.noOpenReturn) {
            try market.give(.decideReturn(id, approved: true, note: ""))
        }
        #expect(throws: Rejection.returnAlreadyRequested) {
            try market.give(.requestReturn(id, ReturnRequest(reason: .wrongPerson)))
        }
    }

    @Test(.rules("R10.3", "R2.2"))
    func `a return reverses the splits of the version that was sold`() throws {
        var (market, ids) = try sold()
        let whole = market.market.ledger
        try market.redefine { $0.splits = [] }
        try market.redefineChannel { $0.payout = .share(basisPoints: 5_000) }
        try market.give(.requestReturn(ids[0], ReturnRequest(reason: .unqualified)))
        try market.give(.decideReturn(ids[0], approved: true, note: ""))
        let ledger = market.market.ledger
        #expect(whole.channelPayable[0] - ledger.channelPayable[0] == Money(fen: 900))
        #expect(whole.payeePayable[0] - ledger.payeePayable[0] == Money(fen: 300))
        #expect(whole.payeePayable[1] - ledger.payeePayable[1] == Money(fen: 199))
        #expect(whole.revenue - ledger.revenue == Money(fen: 4_601))
    }

    @Test(.rules("R10.2"))
    func `a call record decides about dead numbers, and nothing else does`() throws {
        let reasons: [(ReturnRequest, Bool)] = [
            (ReturnRequest(reason: .noSuchNumber, evidence: "cdr-1"), true),
            (ReturnRequest(reason: .outOfService, evidence: "cdr-1"), true),
            (ReturnRequest(reason: .noSuchNumber), false),
            (ReturnRequest(reason: .outOfService), false),
            (ReturnRequest(reason: .wrongPerson, evidence: "cdr-1"), false),
            (ReturnRequest(reason: .unqualified, evidence: "cdr-1"), false),
            (ReturnRequest(reason: .duplicate, evidence: "cdr-1"), false),
            (ReturnRequest(reason: .industryPeer, evidence: "cdr-1"), false),
        ]
        for (request, isAutomatic) in reasons {
            var (market, ids) = try sold()
            let events = try market.give(.requestReturn(ids[0], request))
            #expect(events.first == .returnRequested(ids[0], request))
            let decision = ReturnDecision(isApproved: true, isAutomatic: true)
            #expect(events.contains(.returnDecided(ids[0], decision)) == isAutomatic)
            #expect(
                (market.market.assignment(ids[0])?.returned?.decision == nil) == !isAutomatic)
        }
    }

    @Test(.rules("R9.1", "R10.2"))
    func `the record may come with an earlier report of the same outcome`() throws {
        var (market, ids) = try sold()
        for (id, outcome) in zip(ids, [CallOutcome.outOfService, .noSuchNumber]) {
            let report = ContactReport(
                firstCallAt: market.market.time, attempts: 1, outcome: outcome, evidence: "cdr-2")
            try market.give(.reportContact(id, report))
        }
        let request = ReturnRequest(reason: .noSuchNumber)
        #expect(try market.give(.requestReturn(ids[0], request)).count == 1)
        #expect(try market.give(.requestReturn(ids[1], request)).count == 3)
    }

    @Test(.rules("R10.2"))
    func `the market's own records decide about peers and persons bought before`() throws {
        var (market, ids) = try sold()
        try market.give(
            .registerAdvisor(
                name: "peer", profile: AdvisorProfile(institution: "x", identity: .person(2))))
        let approved = ReturnDecision(isApproved: true, isAutomatic: true)
        #expect(
            try market.give(.requestReturn(ids[1], ReturnRequest(reason: .industryPeer)))
                .contains(.returnDecided(ids[1], approved)))
        market.wait(.minutes(21))
        let again = try market.lead(of: 3)
        let second = try #require(market.assignment(of: again)).id
        #expect(
            try market.give(.requestReturn(second, ReturnRequest(reason: .duplicate)))
                .contains(.returnDecided(second, approved)))
        #expect(
            try market.give(.requestReturn(ids[2], ReturnRequest(reason: .duplicate))).count == 1)
    }

    @Test(.rules("R10.2"))
    func `no more than the floored share of the last assignments returns by itself`() throws {
        // 15 % of 20 are 3; of 13 they are 1.95, floored 1.
        for (count, allowed) in [(UInt64(20), 3), (13, 1), (6, 0), (7, 1), (60, 7)] {
            var (market, ids) = try sold(count)
            var automatic = 0
            for id in ids.suffix(50) {
                let events = try market.give(
                    .requestReturn(id, ReturnRequest(reason: .outOfService, evidence: "cdr")))
                if events.count > 1 { automatic += 1 }
            }
            #expect(automatic == allowed, "\(count)")
        }
    }

    @Test(.rules("R10.2"))
    func `what is older than the last fifty is for an operator`() throws {
        let (market, ids) = try sold(51)
        let request = ReturnRequest(reason: .noSuchNumber, evidence: "cdr")
        var oldest = market
        #expect(try oldest.give(.requestReturn(ids[0], request)).count == 1)
        var next = market
        #expect(try next.give(.requestReturn(ids[1], request)).count == 3)
    }

    @Test(.rules("R10.2"))
    func `a return can be asked for until the window's last microsecond`() throws {
        var (market, ids) = try sold(2) { $0.returns.window = .hours(1) }
        let released = try #require(market.market.assignment(ids[0])?.releasedAt)
        var late = market
        late.wait(released + .hours(1) + .microsecond - late.market.time)
        #expect(throws: Rejection.returnWindowPassed) {
            try late.give(.requestReturn(ids[0], ReturnRequest(reason: .unqualified)))
        }
        market.wait(released + .hours(1) - market.market.time)
        try market.give(.requestReturn(ids[0], ReturnRequest(reason: .unqualified)))
        #expect(market.market.time == released + .hours(1))
    }

    @Test(.rules("R4.5", "R10.3"))
    func `a returned dead number is never sold again, its open lead neither`() throws {
        for (reason, suppresses) in [
            (ReturnReason.noSuchNumber, true), (.wrongPerson, true), (.industryPeer, true),
            (.outOfService, false), (.duplicate, false), (.unqualified, false),
        ] {
            var (market, ids) = try sold()
            try market.give(.setAvailability(advisor: "chen", online: false))
            market.wait(.minutes(21))
            let next = try market.lead(of: 1)
            #expect(market.market.waitingLeads == [next])
            try market.give(.requestReturn(ids[0], ReturnRequest(reason: reason)))
            let events = try market.give(.decideReturn(ids[0], approved: true, note: ""))
            #expect(events.contains(.leadClosed(next, .suppressed)) == suppresses)
            #expect((market.market.person(.person(1))?.isSuppressed == true) == suppresses)
        }
    }

    @Test(.rules("R10.1", "R10.2"))
    func `a refused return changes no balance`() throws {
        var (market, ids) = try sold()
        let before = market.market.ledger
        try market.give(.requestReturn(ids[0], ReturnRequest(reason: .wrongPerson)))
        try market.give(.decideReturn(ids[0], approved: false, note: "the person answers"))
        #expect(market.market.ledger == before)
        #expect(market.market.person(.person(1))?.isSuppressed != true)
    }

    @Test(.rules("R6.4", "R10.3"))
    func `money that comes back buys a waiting lead at once`() throws {
        var market = try TestMarket()
        try market.register("chen", fen: 6_000)
        try market.order("chen")
        let first = try market.lead(of: 1)
        let second = try market.lead(of: 2)
        let id = try #require(market.assignment(of: first)).id
        try market.give(.requestReturn(id, ReturnRequest(reason: .unqualified)))
        try market.give(.decideReturn(id, approved: true, note: ""))
        #expect(market.buyer(of: second) == "chen")
        #expect(market.available("chen") == 0)
    }

    @Test(.rules("R8.1", "R10.1"))
    func `only what is released can be returned`() throws {
        var market = try TestMarket.with { $0.gates.acceptance = .seconds(60) }
        try market.register("chen")
        try market.order("chen")
        let lead = try market.lead(of: 1)
        let id = try #require(market.assignment(of: lead)).id
        let commands: [Command] = [
            .requestReturn(id, ReturnRequest(reason: .wrongPerson)), .acknowledgeAssignment(id),
            .discloseContact(id), .reportStage(id, StageReport(stage: .applied, passed: true)),
        ]
        for command in commands {
            #expect(throws: Rejection.assignmentNotReleased) { try market.give(command) }
        }
        #expect(throws: Rejection.unknownAssignment) {
            try market.give(
                .requestReturn(AssignmentID(9_999), ReturnRequest(reason: .wrongPerson)))
        }
    }
}
