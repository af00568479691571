import MarketCore
import MarketTestSupport
import Testing

/// A person is one advisor's while bound (R4.4, R4.5).
struct ExclusivityTests {
    /// Two advisors who take house owners; the first lead went to chen, who stops taking more.
    private func soldToChen() throws -> (market: TestMarket, first: LeadID) {
        var market = try TestMarket()
        try market.register("chen")
        try market.register("liu")
        try market.order("chen") { $0.maximumAge = .minutes(90) }
        let first = try market.lead(of: 1)
        try market.order("liu") { $0.maximumAge = .minutes(90) }
        try market.give(.setAvailability(advisor: "chen", online: false))
        return (market, first)
    }

    @Test(.rules("R4.4"))
    func `a release binds until the end of the category's exclusivity`() throws {
        let (market, first) = try soldToChen()
        let released = try #require(market.market.assignment(of: first)?.releasedAt)
        let person = try #require(market.market.person(.person(1)))
        #expect(person.boundUntil == released + .minutes(40))
        #expect(person.binding(at: released + .minutes(40)) == AdvisorNumber(0))
        #expect(person.binding(at: released + .minutes(40) + .microsecond) == nil)
    }

    @Test(.rules("R4.4", "R4.5"))
    func `a later lead of a bound person waits rather than go to another`() throws {
        var (market, _) = try soldToChen()
        market.wait(.minutes(30))
        let second = try market.lead(of: 1)
        #expect(market.buyer(of: second) == nil)
        try market.give(.setAvailability(advisor: "chen", online: true))
        #expect(market.buyer(of: second) == "chen")
    }

    @Test(.rules("R4.4", "R6.4"))
    func `an expired binding frees the waiting lead`() throws {
        var (market, first) = try soldToChen()
        let bound = try #require(market.market.assignment(of: first)?.releasedAt) + .minutes(40)
        market.wait(.minutes(36))
        let second = try market.lead(of: 1)
        let end = try #require(market.market.nextDue)
        #expect(end == bound + .microsecond)
        market.wait(end - market.market.time)
        let events = try market.runDueWork()
        let item = DueItem(time: end, kind: .bindingEnd, subject: second.position)
        #expect(events.first == .timePassed(through: item))
        #expect(market.buyer(of: second) == "liu")
    }

    @Test(.rules("R4.4", "R6.4"))
    func `nothing is due when a binding ends whose waiting lead was withdrawn`() throws {
        var (market, _) = try soldToChen()
        market.wait(.minutes(36))
        let second = try market.lead(of: 1)
        #expect(market.market.nextDue != nil)
        try market.give(.withdrawLead(second))
        #expect(market.market.nextDue == nil)
    }

    @Test(.rules("R4.4", "R4.5"))
    func `a person bound for good is never freed`() throws {
        var market = try TestMarket()
        try market.register("chen")
        try market.register("liu")
        let employed: @Sendable (inout LeadSubmission) -> Void = {
            $0.attributes = Attributes()
            $0.attributes[SmallWorld.Number.employment] = 0
        }
        try market.order("chen", "whiteCollar", quantity: 1)
        try market.order("liu", "whiteCollar")
        #expect(try market.sell(leadOf: 1, change: employed) == "chen")
        #expect(market.market.person(.person(1))?.boundUntil == nil)
        market.wait(.days(3_650))
        #expect(try market.sell(leadOf: 1, change: employed) == nil)
    }

    @Test(.rules("R4.4"))
    func `a binding never shrinks`() throws {
        var market = try TestMarket()
        try market.register("chen")
        try market.order("chen")
        try market.order("chen", "everybody") { $0.priority = 9 }
        let first = try market.lead(of: 1)
        let long = try #require(market.market.person(.person(1))?.boundUntil)
        #expect(market.buyer(of: first) == "chen")
        // The second lead would bind for one minute only: the first one's end stays.
        var configuration = MarketConfiguration()
        var category = SmallWorld.everybody
        category.exclusivity = .minutes(1)
        configuration.categories = [category]
        try market.give(.applyConfiguration(configuration))
        market.wait(.minutes(25))
        let second = try market.lead(of: 1) {
            $0.attributes = Attributes()
            $0.attributes[SmallWorld.Number.monthlyIncome] = 5_000
        }
        #expect(market.buyer(of: second) == "chen")
        #expect(market.market.person(.person(1))?.boundUntil == long)
        guard case .leadReleased(let release) = market.log.last?.event else {
            Issue.record("no release")
            return
        }
        #expect(release.boundUntil == long)
    }

    @Test(.rules("R2.2", "R4.4"))
    func `a redefined exclusivity leaves earlier bindings alone`() throws {
        var (market, _) = try soldToChen()
        let before = market.market.person(.person(1))
        var configuration = MarketConfiguration()
        var category = SmallWorld.homeOwner
        category.exclusivity = .minutes(1)
        configuration.categories = [category]
        try market.give(.applyConfiguration(configuration))
        #expect(market.market.person(.person(1)) == before)
    }
}
