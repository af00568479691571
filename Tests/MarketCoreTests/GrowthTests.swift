import MarketTestSupport
import Testing

@testable import MarketCore

/// What the market keeps of leads that are gone: nothing but their persons, and of sold ones the
/// sale.
struct GrowthTests {
    @Test func `sold leads leave their sales and their persons behind, and nothing else`() throws {
        var market = try TestMarket()
        try market.register("chen", fen: 100_000_000)
        try market.order("chen", quantity: 10_000)
        for person in 1...5_000 { try market.lead(of: UInt64(person)) }
        #expect(market.market.assignments.count == 5_000)
        #expect(market.market.openLeads.isEmpty)
        #expect(market.market.openLeads.slotCount == 1)
        #expect(market.market.due.items.isEmpty)
        #expect(market.market.waitingLeads.isEmpty)
    }

    @Test func `leads that wait and expire leave their persons behind, and nothing else`() throws {
        var market = try TestMarket()
        for round in 0..<20 {
            for person in 1...200 { try market.lead(of: UInt64(round * 200 + person)) }
            #expect(market.market.openLeads.count == 200)
            market.wait(.hours(3))
            try market.runDueWork()
            #expect(market.market.openLeads.isEmpty)
            #expect(market.market.due.items.isEmpty)
        }
        #expect(market.market.people.count == 4_000)
        #expect(market.market.openLeads.slotCount == 200)
        #expect(market.market.waitingLeads.isEmpty)
    }

    /// A waiting lead that is withdrawn leaves due work behind in the middle of the queue.
    @Test func `due work of leads that are gone is cleared away before its time`() throws {
        var market = try TestMarket()
        for person in 1...2_000 {
            let lead = try market.lead(of: UInt64(person))
            if person > 10 { try market.lead(of: UInt64(100_000 + person)) }
            try market.give(.withdrawLead(lead))
            if person > 10 {
                try market.give(.withdrawLead(LeadID(lead.rawValue + 1)))
            }
        }
        #expect(market.market.openLeads.isEmpty)
        #expect(market.market.due.items.count < 200)
    }

    @Test func `turns that an amendment replaces are cleared away before their time`() throws {
        var market = try TestMarket()
        try market.register("chen")
        let order = try market.order("chen")
        for round in 1...1_000 {
            var amendment = OrderAmendment()
            amendment.startsAt = .set(SmallWorld.beginning + .hours(24 + Int64(round)))
            try market.give(.amendOrder(order, amendment))
        }
        #expect(market.market.due.items.count < 200)
        #expect(market.market.turns.items.count < 200)
    }

    @Test(arguments: [50_000, 100_000, 333_333])
    func `a person takes at most 32 bytes`(count: Int) {
        var people = People()
        var random = SeededRandom(seed: 5)
        for _ in 0..<count {
            _ = people.slot(making: Identity(high: random.next(), low: random.next()))
        }
        #expect(people.byteCount <= 32 * count)
    }

    @Test func `an assignment takes at most 160 bytes and an open lead 128`() {
        #expect(MemoryLayout<Assignment>.stride <= 160)
        #expect(MemoryLayout<Lead>.stride <= 128)
    }
}
