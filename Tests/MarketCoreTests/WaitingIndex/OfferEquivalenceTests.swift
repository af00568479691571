import MarketTestSupport
import Testing

@testable import MarketCore

/// That the index of waiting leads decides what a scan of them decides (R6.4).
struct OfferEquivalenceTests {
    /// A market that random traffic goes through, each command compared with ``OfferScan``.
    private struct Comparison {
        var market = Market()
        var traffic: OfferTraffic
        var clock = SmallWorld.beginning
        var offered = 0
        var deferred = 0

        init(seed: UInt64) throws {
            traffic = OfferTraffic(seed: seed)
            try give(.createMarket(SmallWorld.foundation()))
            try give(.applyConfiguration(SmallWorld.configuration))
            for (index, name) in SmallWorld.advisors.enumerated() {
                let institution = SmallWorld.institutions[index % 3]
                try give(
                    .registerAdvisor(name: name, profile: .init(institution: institution)))
            }
        }

        mutating func give(_ command: Command) throws {
            let stamp = market.stamp(at: clock)
            let expected = Result { () throws(Rejection) in
                try OfferScan.events(of: command, in: market, at: stamp)
            }
            let input = InputContext(role: .operator, principal: 1)
            let actual = Result { () throws(Rejection) in
                try market.execute(command, at: stamp, input: input).map(\.event).filter(isPlain)
            }
            try #require(actual == expected, "\(command)")
            guard case .success(let events) = actual else { return }
            let reserved = events.count { if case .leadReserved = $0 { true } else { false } }
            if case .submitLead = command {} else { offered += reserved }
            if case .offersDeferred = events.last { deferred += 1 }
        }

        private func isPlain(_ event: Event) -> Bool {
            switch event {
            case .channelPausedItself, .advisorGraded: false
            default: true
            }
        }

        mutating func step() throws {
            clock = clock + traffic.pause()
            let now = market.stamp(at: clock)
            if traffic.runsDueWork() {
                while let due = market.nextDue, due <= market.stamp(at: clock) {
                    try give(.passTime)
                }
            }
            try give(traffic.command(in: market, at: now))
        }

        /// Lets leads pile up while all are offline; then one after the other comes online.
        mutating func flood(_ count: Int) throws {
            for name in SmallWorld.advisors {
                try give(.setAvailability(advisor: name, online: false))
            }
            for _ in 0..<count { try give(.submitLead(traffic.lead(clock))) }
            for name in SmallWorld.advisors {
                try give(.deposit(advisor: name, amount: Money(fen: 9_000_000), reference: ""))
                let filter = name == "chen" ? .everything : traffic.filter()
                let terms = OrderTerms(filter: filter, quantity: 500)
                try give(.placeOrder(advisor: name, category: "everybody", terms: terms))
                try give(.setAvailability(advisor: name, online: true))
            }
        }
    }

    @Test(.rules("R6.4"), arguments: 1...6 as ClosedRange<UInt64>)
    func `random markets offer as a scan of all waiting leads does`(seed: UInt64) throws {
        var comparison = try Comparison(seed: seed)
        for step in 1...400 {
            try comparison.step()
            if step % 50 == 0 { try comparison.market.checkWaitingIndex() }
        }
        #expect(comparison.offered > 0)
        try comparison.market.checkInvariants()
    }

    @Test(.rules("R6.4"), arguments: 11...13 as ClosedRange<UInt64>)
    func `a flood that a transaction cannot take is put off as by a scan`(seed: UInt64) throws {
        var comparison = try Comparison(seed: seed)
        try comparison.flood(900)
        #expect(comparison.deferred > 0)
        try comparison.market.checkWaitingIndex()
        for _ in 1...30 { try comparison.step() }
        try comparison.market.checkWaitingIndex()
    }

    @Test(.rules("R4.4"))
    func `a lead whose person's binding ended is offered before due work has noted it`() throws {
        var market = try TestMarket.with { $0.exclusivity = .minutes(30) }
        try market.set { $0.duplicateWindow = .minutes(1) }
        try market.register("chen")
        try market.register("liu")
        try market.order("chen", quantity: 1)
        let sold = try market.sell(leadOf: 1)
        #expect(sold == "chen")
        market.wait(.minutes(29))
        let lead = try market.lead(of: 1)
        try market.lead(of: 2)
        #expect(market.market.waitingIndex?.bound.isEmpty == false)
        try market.market.checkWaitingIndex()
        // A microsecond after its end nobody has run due work.
        market.wait(.minutes(1))
        try market.order("liu", quantity: 5)
        #expect(market.buyer(of: lead) == "liu")
        try market.market.checkWaitingIndex()
    }

    @Test
    func `leads of persons bound elsewhere cost an order nothing`() throws {
        var market = try TestMarket()
        try market.register("chen")
        try market.register("liu")
        try market.set { $0.duplicateWindow = .seconds(1) }
        try market.redefine { $0.exclusivity = nil }
        try market.give(
            .deposit(advisor: "chen", amount: Money(fen: 90_000_000), reference: ""))
        let order = try market.order("chen", quantity: 300)
        for person in 1...300 as ClosedRange<UInt64> { try market.lead(of: person) }
        market.wait(.minutes(4))
        for person in 1...300 as ClosedRange<UInt64> { try market.lead(of: person) }
        #expect(market.market.waitingLeads.count == 300)
        #expect(market.market.order(order)?.remaining == 0)
        let last = try market.lead(of: 1_000)
        try market.lead(of: 1)
        try market.order("liu", quantity: 10)
        #expect(market.buyer(of: last) == "liu")
        #expect(market.market.waitingLeads.count == 300)
        try market.market.checkInvariants()
    }

    @Test
    func `a copy of a market and what is made of it stay apart`() throws {
        var market = try TestMarket()
        for person in 1...200 as ClosedRange<UInt64> { try market.lead(of: person) }
        let copy = market
        try market.register("chen", fen: 10_000_000)
        try market.order("chen", quantity: 150)
        #expect(market.market.waitingLeads.count == 50)
        #expect(copy.market.waitingLeads.count == 200)
        try copy.market.checkWaitingIndex()
        try market.market.checkWaitingIndex()
    }
}
