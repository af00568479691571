import EventLog
import MarketCore
import MarketRPC
import MarketTestSupport
import Testing

@Suite struct NarratorTests {
    private let narrator = Narrator { "at \($0.microseconds)" }

    /// What a market says of each of its events.
    private func story(of market: TestMarket) -> [String] {
        var replayed = Market(decides: false)
        return market.log.map { recorded in
            replayed.evolve(recorded)
            return narrator.words(for: recorded, in: replayed)
        }
    }

    @Test(arguments: [71, 72])
    func `every event is told, without contact or identity`(seed: UInt64) throws {
        let made = try SyntheticMarket(seed: seed, steps: 400)
        var market = Market(decides: false)
        for recorded in made.events {
            market.evolve(recorded)
            let words = narrator.words(for: recorded, in: market)
            #expect(!words.isEmpty, "\(recorded.event)")
            #expect(!words.contains(SyntheticMarket.contact.phone))
            #expect(!words.contains("70657273"), "the digits of every identity of these tests")
        }
    }

    @Test(.rules("R8.3", "R8.5")) func `a gated sale and its return are told in words`() throws {
        var market = try TestMarket.with { $0.gates = Gates(acceptance: .minutes(1)) }
        try market.register("chen")
        try market.order("chen") { $0.dayCap = 3 }
        let lead = try market.ping(1)
        let id = try #require(market.assignment(of: lead)).id
        try market.post(lead, of: 1)
        try market.give(.acceptAssignment(id))
        try market.give(.requestReturn(id, ReturnRequest(reason: .unqualified)))
        try market.give(.decideReturn(id, approved: true, note: "as declared"))
        let story = story(of: market)
        let number = id.rawValue
        #expect(story.contains { $0.hasSuffix("at most 3 a day") })
        #expect(story.contains("assignment \(number) accepted by its advisor"))
        #expect(story.contains("return of assignment \(number) asked for: unqualified"))
        #expect(
            story.last
                == "return of assignment \(number) approved (as declared); 60.00 CNY back to advisor"
                + " chen")
        #expect(
            story.contains { $0.hasPrefix("lead \(lead.rawValue) asked about by channel search") })
        #expect(story.contains { $0.contains("; awaits the post until at ") })
        #expect(
            story.contains {
                $0.hasPrefix(
                    "lead \(lead.rawValue) posted with contact and consent; awaits the"
                        + " advisor's acceptance until at ")
            })
    }

    @Test func `a trace of a lead tells its void and its second assignment`() throws {
        var market = try TestMarket.with { $0.gates = Gates(acceptance: .minutes(1)) }
        try market.register("chen")
        try market.register("liu")
        try market.order("chen")
        try market.order("liu")
        let lead = try market.lead(of: 1)
        let first = try #require(market.assignment(of: lead)).id
        try market.give(.declineAssignment(first))
        let second = try #require(market.assignment(of: lead)).id
        try market.give(.acceptAssignment(second))
        try market.lead(of: 2)
        for subject in [
            TraceSubject.lead(lead), .order(try #require(market.market.assignment(second)).order),
        ] {
            var trace = Trace(of: subject)
            var replayed = Market(decides: false)
            var types: [EventType] = []
            for recorded in market.log {
                replayed.evolve(recorded)
                if trace.concerns(recorded, in: replayed) {
                    types.append(EventType(recorded.event))
                }
            }
            let sale: [EventType] = [.leadReserved, .assignmentAccepted, .leadReleased]
            switch subject {
            case .lead: #expect(types == [.leadAccepted, .leadReserved, .leadVoided] + sale)
            default: #expect(Array(types.prefix(4)) == [.orderPlaced] + sale)
            }
        }
    }
}
