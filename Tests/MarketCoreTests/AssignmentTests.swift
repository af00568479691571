import MarketCore
import MarketTestSupport
import Testing

/// What becomes of a sold lead (R4.6, R8.1, R8.6, R9.1, R9.2).
struct AssignmentTests {
    private func sold() throws -> (market: TestMarket, id: AssignmentID) {
        var market = try TestMarket()
        try market.register("chen")
        try market.order("chen")
        let lead = try market.lead(of: 1)
        return (market, try #require(market.market.assignment(of: lead)).id)
    }

    @Test(.rules("R8.6"))
    func `a sale is pushed until it is acknowledged`() throws {
        var (market, id) = try sold()
        #expect(market.market.assignment(id)?.isPushed == true)
        #expect(try market.give(.acknowledgeAssignment(id)) == [.assignmentAcknowledged(id)])
        #expect(market.market.assignment(id)?.isPushed == false)
    }

    @Test(.rules("R4.6"))
    func `showing the contact again is an event of its own`() throws {
        var (market, id) = try sold()
        #expect(try market.give(.discloseContact(id)) == [.contactDisclosed(id)])
        #expect(try market.give(.discloseContact(id)) == [.contactDisclosed(id)])
        #expect(market.market.assignment(id)?.isAcknowledged == false)
    }

    @Test(.rules("R8.1", "R9.1"))
    func `later calls add to earlier ones`() throws {
        var (market, id) = try sold()
        let released = market.market.time
        market.wait(.minutes(2))
        let first = ContactReport(firstCallAt: released, attempts: 1, outcome: .busy)
        #expect(try market.give(.reportContact(id, first)) == [.contactReported(id, first)])
        #expect(market.market.assignment(id)?.isAcknowledged == true)
        #expect(market.market.assignment(id)?.isConnected == false)
        let second = ContactReport(
            firstCallAt: market.now, attempts: 2, outcome: .connected, evidence: "cdr-1")
        try market.give(.reportContact(id, second))
        let third = ContactReport(firstCallAt: released, attempts: 3, outcome: .noAnswer)
        try market.give(.reportContact(id, third))
        #expect(market.market.assignment(id)?.firstCallAt == released)
        #expect(market.market.assignment(id)?.isConnected == true)
    }

    @Test(.rules("R9.2"))
    func `the furthest stage passed stays`() throws {
        var (market, id) = try sold()
        let reports = [
            StageReport(stage: .approved, passed: true),
            StageReport(stage: .prescreened, passed: true),
            StageReport(stage: .drawn, passed: false, reason: "changed their mind"),
        ]
        for report in reports {
            #expect(try market.give(.reportStage(id, report)) == [.stageReported(id, report)])
        }
        #expect(market.market.assignment(id)?.stage == .approved)
        #expect(market.market.assignment(id)?.isAcknowledged == true)
    }

    @Test(.rules("R5.4"))
    func `a filled order takes no more until its quantity grows`() throws {
        var market = try TestMarket()
        try market.register("chen")
        let order = try market.order("chen", quantity: 1)
        #expect(try market.sell(leadOf: 1) == "chen")
        #expect(try market.sell(leadOf: 2) == nil)
        var amendment = OrderAmendment()
        amendment.quantity = .set(2)
        try market.give(.amendOrder(order, amendment))
        #expect(market.market.waitingLeads.isEmpty)
        #expect(market.market.order(order)?.remaining == 0)
    }
}
