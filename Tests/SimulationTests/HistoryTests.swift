import MarketCore
import MarketTestSupport
import Testing

/// The history of a market tells a broken promise from the events alone; here somebody has changed
/// the events.
struct HistoryTests {
    /// A market that sold three leads to one order at 6,000 fen each.
    private static func log() throws(Rejection) -> [RecordedEvent] {
        var market = try TestMarket()
        try market.register("chen")
        try market.order("chen", quantity: 3)
        for person in UInt64(1)...3 { try market.lead(of: person) }
        return market.log
    }

    /// What the history says first of the changed events.
    private func fault(
        in log: [RecordedEvent], change: (inout RecordedEvent) -> Void
    ) -> String? {
        var history = History()
        for recorded in log {
            var changed = recorded
            change(&changed)
            if let fault = history.follow(changed) { return fault }
        }
        return nil
    }

    /// What the history says when the order had been placed on other terms.
    private func faultWithTerms(_ change: (inout OrderTerms) -> Void) throws -> String? {
        fault(in: try Self.log()) { recorded in
            guard case .orderPlaced(let advisor, let category, var terms) = recorded.event else {
                return
            }
            change(&terms)
            recorded.event = .orderPlaced(advisor, category, terms: terms)
        }
    }

    @Test
    func `an honest history breaks no promise`() throws {
        #expect(fault(in: try Self.log()) { _ in } == nil)
        #expect(
            try faultWithTerms { terms in
                terms.hourCap = 3
                terms.dayCap = 3
                terms.daySpend = Money(fen: 18_000)
            } == nil)
    }

    @Test(.rules("R5.4"))
    func `a sale over the quantity or over a cap is noticed`() throws {
        #expect(try faultWithTerms { $0.quantity = 2 }?.contains("quantity") == true)
        #expect(try faultWithTerms { $0.hourCap = 2 }?.contains("hour") == true)
        #expect(try faultWithTerms { $0.dayCap = 2 }?.contains("day") == true)
        #expect(try faultWithTerms { $0.daySpend = Money(fen: 17_999) }?.contains("spend") == true)
    }

    @Test(.rules("R5.4"))
    func `a sale over the advisor's cap or balance is noticed`() throws {
        let capped = fault(in: try Self.log()) { recorded in
            guard case .advisorRegistered(let name, var profile) = recorded.event else { return }
            profile.dailyCap = 2
            recorded.event = .advisorRegistered(name: name, profile: profile)
        }
        #expect(capped?.contains("advisor 0 day") == true)
        let poor = fault(in: try Self.log()) { recorded in
            guard case .deposited(let advisor, _, let reference) = recorded.event else { return }
            recorded.event = .deposited(
                advisor, amount: Money(fen: 17_999), reference: reference)
        }
        #expect(poor?.contains("overdrew") == true)
    }

    @Test(.rules("R4.5"))
    func `a lead that is given away twice is noticed`() throws {
        let log = try Self.log()
        let twice = log.first {
            if case .leadReserved = $0.event { true } else { false }
        }
        var changed = log
        if var again = twice {
            again.position = log[log.count - 1].position.next
            changed.append(again)
        }
        #expect(fault(in: changed) { _ in }?.contains("twice") == true)
    }

    @Test(.rules("R4.5"))
    func `a bound person who is sold to another is noticed`() throws {
        var market = try TestMarket()
        try market.register("chen")
        try market.register("liu")
        try market.order("chen")
        try market.lead(of: 1)
        market.wait(.minutes(60))
        try market.order("liu") { $0.priority = 9 }
        try market.lead(of: 1)
        #expect(fault(in: market.log) { _ in } == nil)
        let bound = fault(in: market.log) { recorded in
            guard case .leadReleased(var release) = recorded.event else { return }
            release.boundUntil = nil
            recorded.event = .leadReleased(release)
        }
        #expect(bound?.contains("bound") == true)
    }
}
