import MarketCore
import MarketTestSupport
import Testing

/// Suppliers who ask first (R8.5).
struct PingPostTests {
    private func pinged(
        gates: Gates = Gates()
    ) throws -> (market: TestMarket, lead: LeadID, id: AssignmentID) {
        var market = try TestMarket.with { $0.gates = gates }
        try market.register("chen")
        try market.order("chen")
        let lead = try market.ping(1)
        return (market, lead, try #require(market.assignment(of: lead)).id)
    }

    @Test(.rules("R8.5"))
    func `a ping is a reservation of three minutes with a payout that holds`() throws {
        var (market, lead, id) = try pinged()
        let reserved = try #require(market.market.assignment(id))
        #expect(reserved.gates == PendingGates(post: reserved.reservedAt + .minutes(3)))
        #expect(reserved.channelPayout == Money(fen: 900))
        try market.redefineChannel { $0.payout = .fixed(Money(fen: 1)) }
        let events = try market.post(lead, of: 1)
        guard case .leadPosted = events.first, case .leadReleased(let release) = events.last else {
            Issue.record("\(events)")
            return
        }
        #expect(release.channelPayout == Money(fen: 900))
        #expect(market.market.contactCount == 1)
        #expect(market.violation == nil)
    }

    @Test(.rules("R8.5"))
    func `a ping that nobody wants is answered with no and forgotten`() throws {
        var market = try TestMarket()
        let lead = try market.ping(1)
        #expect(market.log.last?.event == .leadClosed(lead, .pingUnmatched))
        #expect(market.market.openLeads.isEmpty)
        try market.register("chen")
        try market.order("chen")
        #expect(market.market.assignments.isEmpty)
        #expect(try market.sell(leadOf: 1) == "chen")
    }

    @Test(.rules("R8.5"))
    func `without a post the reservation ends and counts for no duplicate`() throws {
        var (market, lead, id) = try pinged()
        market.wait(Timespan(microseconds: 180_000_001))
        #expect(throws: Rejection.deadlinePassed) { try market.post(lead, of: 1) }
        let events = try market.runDueWork()
        #expect(
            events.dropFirst() == [.leadVoided(id, .pingExpired), .leadClosed(lead, .pingExpired)])
        #expect(market.available("chen") == 100_000)
        #expect(throws: Rejection.leadNotPinged) { try market.post(lead, of: 1) }
        #expect(try market.sell(leadOf: 1) == "chen")
    }

    @Test(.rules("R4.5", "R8.5"))
    func `another phone, another channel or a second post change nothing`() throws {
        var (market, lead, _) = try pinged()
        let before = market.market.encodeState()
        #expect(throws: Rejection.identityMismatch) { try market.post(lead, of: 2) }
        #expect(throws: Rejection.leadNotPinged) {
            try market.post(lead, of: 1) { $0.channel = "video" }
        }
        #expect(throws: Rejection.institutionNotConsented) {
            try market.post(lead, of: 1) { $0.consent?.institutions = ["bankTwo"] }
        }
        #expect(market.market.encodeState() == before)
        try market.post(lead, of: 1)
        #expect(throws: Rejection.leadNotPinged) { try market.post(lead, of: 1) }
    }

    @Test(.rules("R4.3", "R8.5"))
    func `a person whose ping is reserved is a duplicate for others`() throws {
        var (market, _, _) = try pinged()
        try market.lead(of: 1)
        guard case .leadRejected(let rejected) = market.log.last?.event else {
            Issue.record("taken")
            return
        }
        #expect(rejected.reason == .duplicate)
    }

    @Test(.rules("R4.3", "R8.5"))
    func `a post is checked again, for consent too`() throws {
        let obstacles: [(LeadRejection, (inout TestMarket) throws -> Void)] = [
            (.channelPaused, { try $0.give(.pauseChannel("search")) }),
            (.channelCapped, { try $0.redefineChannel { $0.dailyCap = 0 } }),
            (
                .industryPeer,
                {
                    try $0.give(
                        .registerAdvisor(
                            name: "peer",
                            profile: AdvisorProfile(institution: "x", identity: .person(1))))
                }
            ),
            (.unqualified, { try $0.redefine { $0.retired = true } }),
        ]
        for (reason, obstruct) in obstacles {
            var (market, lead, id) = try pinged()
            try obstruct(&market)
            #expect(
                try market.post(lead, of: 1).dropFirst() == [
                    .leadVoided(id, .postRejected), .leadClosed(lead, .postRejected),
                ])
            guard case .leadPosted(let post) = market.log.dropLast(2).last?.event else {
                Issue.record("no post")
                continue
            }
            #expect(post.rejection == reason)
            #expect(post.contact.isEmpty)
            #expect(market.violation == nil)
        }
        var (market, lead, _) = try pinged()
        let events = try market.post(lead, of: 1) { $0.consent = nil }
        guard case .leadPosted(let post) = events.first else {
            Issue.record("no post")
            return
        }
        #expect(post.rejection == .noConsent)
    }

    @Test(.rules("R8.2", "R8.3", "R8.5"))
    func `gates begin with the post, and a lead once posted is matched again after a void`() throws
    {
        var (market, lead, id) = try pinged(gates: Gates(acceptance: .seconds(60)))
        #expect(throws: Rejection.notAwaitingAcceptance) { try market.give(.acceptAssignment(id)) }
        market.wait(.minutes(2))
        try market.post(lead, of: 1)
        #expect(market.market.assignment(id)?.gates.acceptance == market.market.time + .seconds(60))
        try market.register("liu")
        try market.order("liu")
        try market.give(.declineAssignment(id))
        #expect(market.buyer(of: lead) == "liu")
    }

    @Test(.rules("R8.5", "R8.7"))
    func `a suspended advisor's pinged lead is closed`() throws {
        var (market, lead, id) = try pinged()
        try market.register("liu")
        try market.order("liu")
        #expect(
            try market.give(.suspendAdvisor(name: "chen", reason: "")).dropFirst() == [
                .leadVoided(id, .advisorSuspended), .leadClosed(lead, .pingExpired),
            ])
        #expect(market.market.openLeads.isEmpty)
    }
}
