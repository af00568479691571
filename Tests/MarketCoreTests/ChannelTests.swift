import MarketCore
import MarketTestSupport
import Testing

/// Channels that are paid by share, capped, tested and judged (R3).
struct ChannelTests {
    @Test(.rules("R3.1", "R12.2"))
    func `a share of the charge is paid, floored`() throws {
        var market = try TestMarket()
        try market.redefineChannel { $0.payout = .share(basisPoints: 1_234) }
        try market.register("chen")
        try market.order("chen") { $0.premium = Money(fen: 7) }
        try market.lead(of: 1)
        // 1,234 basis points of 6,007 fen are 741.26.
        #expect(market.market.ledger.channelPayable[0] == Money(fen: 741))
    }

    @Test(.rules("R3.1", "R4.3"))
    func `a channel is capped for the local day, rejected leads not counted`() throws {
        var market = try TestMarket()
        try market.redefineChannel { $0.dailyCap = 2 }
        try market.lead(of: 1)
        try market.lead(of: 1)
        try market.lead(of: 2)
        try market.lead(of: 3)
        let reasons = market.log.compactMap { recorded -> LeadRejection? in
            guard case .leadRejected(let lead) = recorded.event else { return nil }
            return lead.reason
        }
        #expect(reasons == [.duplicate, .channelCapped])
        market.wait(.hours(16))
        let open = market.market.openLeads.count
        try market.lead(of: 4)
        #expect(market.market.openLeads.count == open + 1)
    }

    @Test(.rules("R3.1"))
    func `a test channel's leads are decided and change nothing`() throws {
        var market = try TestMarket()
        try market.register("chen")
        let order = try market.order("chen")
        try market.redefineChannel {
            $0.isTest = true
            $0.dailyCap = 1
        }
        for _ in 1...2 {
            let before = market.market
            try market.lead(of: 1)
            guard case .leadTested(let tested) = market.log.last?.event else {
                Issue.record("not tested")
                return
            }
            #expect(tested.outcome == .matched(order, charge: Money(fen: 6_000)))
            let after = market.market
            #expect(after.people.identities == before.people.identities)
            #expect(after.ledger == before.ledger)
            #expect(after.orders.elementsEqual(before.orders))
            #expect(after.advisors == before.advisors)
            #expect(after.channels == before.channels)
            #expect(after.contactCount == before.contactCount)
            #expect(after.openLeads.inOrder == before.openLeads.inOrder)
        }
        _ = try market.ping(2)
        guard case .leadTested(let tested) = market.log.last?.event else {
            Issue.record("not tested")
            return
        }
        #expect(tested.isPing)
        try market.lead(of: 3) { $0.consent = nil }
        guard case .leadTested(let rejected) = market.log.last?.event else {
            Issue.record("not tested")
            return
        }
        #expect(rejected.outcome == .rejected(.noConsent))
    }

    @Test(.rules("R3.2"))
    func `a channel pauses itself when too many of its last leads are rejected`() throws {
        var market = try TestMarket()
        try market.set {
            $0.qualitySpan = 5
            $0.qualityLimit = 4_000
        }
        try market.register("chen")
        try market.order("chen", quantity: 100)
        for person in 1...3 { try market.lead(of: UInt64(person)) }
        for _ in 1...2 { try market.lead(of: 1) }
        #expect(!market.market.channels[0].isPaused)
        // The window holds leads 2 and 3 and three rejected ones now: 60 %.
        try market.lead(of: 1)
        #expect(market.log.last?.event == .channelPausedItself(ChannelNumber(0), bad: 3, of: 5))
        try market.lead(of: 9)
        #expect(market.market.channels[0].quality.count == 5)
        try market.give(.resumeChannel("search"))
        #expect(market.market.channels[0].quality.count == 0)
        for _ in 1...4 { try market.lead(of: 1) }
        #expect(!market.market.channels[0].isPaused)
    }

    @Test(.rules("R3.2", "R10.3"))
    func `returned leads count against their channel, pings do not`() throws {
        var market = try TestMarket()
        try market.set {
            $0.qualitySpan = 3
            $0.qualityLimit = 5_000
        }
        try market.register("chen")
        try market.order("chen", quantity: 100)
        let leads = try (1...3).map { try market.lead(of: UInt64($0)) }
        for _ in 1...4 { _ = try market.ping(1) }
        #expect(market.market.channels[0].quality.bad == 0)
        for (index, lead) in leads.prefix(2).enumerated() {
            let id = try #require(market.assignment(of: lead)).id
            try market.give(.requestReturn(id, ReturnRequest(reason: .unqualified)))
            try market.give(.decideReturn(id, approved: true, note: ""))
            #expect(market.market.channels[0].isPaused == (index == 1))
        }
    }

    @Test(.rules("R4.3"))
    func `an advisor's own phone is no lead`() throws {
        var market = try TestMarket()
        let profile = AdvisorProfile(institution: "bankOne", identity: .person(1))
        try market.give(.registerAdvisor(name: "chen", profile: profile))
        try market.give(.registerAdvisor(name: "liu", profile: profile))
        func reason() throws -> LeadRejection? {
            try market.lead(of: 1)
            guard case .leadRejected(let lead) = market.log.last?.event else { return nil }
            return lead.reason
        }
        #expect(try reason() == .industryPeer)
        try market.give(.updateAdvisor(name: "chen", profile: AdvisorProfile(institution: "b")))
        #expect(try reason() == .industryPeer)
        try market.give(.updateAdvisor(name: "liu", profile: AdvisorProfile(institution: "b")))
        #expect(try reason() == nil)
    }
}
