import Foundation
import MarketTestSupport
import Testing

@testable import MarketCore

/// A state read by stretches at once is the one read from its beginning to its end.
struct StateMarkTests {
    /// One chunk of a store, the least there can be between two marks.
    private static let stretch = 1_024

    /// A market with some stretches of everything that is marked: sales that were accepted, that
    /// lapsed and were made again, that bind for a time, leads that wait and leads that are reserved.
    private func largeMarket() throws -> Market {
        var market = try TestMarket.with { $0.gates = Gates(acceptance: .minutes(1)) }
        for name in ["chen", "liu"] as [Name] {
            try market.register(name, fen: 100_000_000)
            try market.order(name, quantity: 100_000)
        }
        for person in 0..<UInt64(1_500) {
            try market.lead(of: person) { $0.identity = Self.identity(person) }
            if person % 2 == 0 {
                let sale = try #require(market.market.assignments.last)
                try market.give(.acceptAssignment(sale.id))
            }
        }
        market.wait(.minutes(2))
        try market.runDueWork()
        // Nobody has ordered those without a house.
        for person in 2_000..<UInt64(3_200) {
            try market.lead(of: person) {
                $0.identity = Self.identity(person)
                $0.attributes[SmallWorld.Number.ownsHouse] = 0
                $0.attributes[SmallWorld.Number.monthlyIncome] = 2_000
            }
        }
        return market.market
    }

    /// Persons are spread over all parts of the table, as keyed hashes are.
    private static func identity(_ person: UInt64) -> Identity {
        Identity(high: person &* 0x9E37_79B9_7F4A_7C15, low: person)
    }

    private func encoded(_ market: Market) -> (state: [UInt8], marks: [StateMark]) {
        var state: [UInt8] = []
        let marks = market.encodeState(stretch: Self.stretch) { piece in
            unsafe piece.withUnsafeBytes { unsafe state.append(contentsOf: $0) }
        }
        return (state, marks)
    }

    private func market(
        _ state: [UInt8], _ marks: [StateMark], atOnce: Bool = false
    ) throws(StateError) -> Market {
        try unsafe Market(state: state.span.bytes, marks: marks) { count, piece in
            if atOnce { return DispatchQueue.concurrentPerform(iterations: count, execute: piece) }
            // The last piece first: none may wait for another.
            for number in (0..<count).reversed() { piece(number) }
        }
    }

    @Test(arguments: [false, true])
    func `a state is read alike in one go and by its stretches`(atOnce: Bool) throws {
        let market = try largeMarket()
        let (state, marks) = encoded(market)
        #expect(marks.count { $0.list == .openLeads } > 1)
        #expect(marks.count { $0.list == .assignments } > 1)
        #expect(marks.count { $0.list == .persons } > 200)
        #expect(state == market.encodeState())
        let read = try self.market(state, marks, atOnce: atOnce)
        #expect(read.encodeState() == state)
        try read.checkInvariants()
        #expect(read.nextDue == market.nextDue)
        var resold = 0
        for assignment in market.assignments {
            let latest = market.assignment(of: assignment.lead)?.id
            #expect(read.assignment(of: assignment.lead)?.id == latest)
            if latest != assignment.id { resold += 1 }
        }
        #expect(resold > 500)
        #expect(market.assignments.contains { $0.boundUntil != nil })
        #expect(
            read.assignments.map(\.boundUntil) == market.assignments.map(\.boundUntil))
        #expect(read.openLeads.count > Self.stretch)
        for lead in read.openLeads.inOrder {
            let person = try #require(lead.person)
            #expect(read.people[person].identity == lead.identity)
        }
    }

    @Test
    func `what was read by stretches goes on alike`() throws {
        var market = try largeMarket()
        let (state, marks) = encoded(market)
        var read = try self.market(state, marks)
        // Of a sale that binds, of one that was made again, of a lead that waits, of a stranger.
        for person in [2, 3, 2_007, 5_000] as [UInt64] {
            var submission = TestMarket.submission(of: person)
            submission.identity = Self.identity(person)
            let command = Command.submitLead(submission)
            let input = InputContext(role: .supplier, principal: 1)
            let stamp = market.stamp(at: market.time + .minutes(3))
            let events = try? market.execute(command, at: stamp, input: input)
            let again = try? read.execute(command, at: stamp, input: input)
            #expect(again == events && events != nil)
        }
        while let due = market.nextDue, due < market.time + .hours(1) {
            let stamp = market.stamp(at: due)
            let events = try market.execute(.passTime, at: stamp, input: .market)
            let again = try read.execute(.passTime, at: stamp, input: .market)
            #expect(again == events)
        }
        #expect(read.encodeState() == market.encodeState())
    }

    /// Why a state is not read; a market is too much to print.
    private func refusal(_ state: [UInt8], _ marks: [StateMark]) -> StateError? {
        do throws(StateError) {
            _ = try market(state, marks)
            return nil
        } catch {
            return error
        }
    }

    @Test
    func `marks that are not where a stretch begins are refused`() throws {
        let (state, marks) = encoded(try largeMarket())
        for (place, mark) in marks.enumerated() where place % 50 == 0 || mark.list != .persons {
            for (entries, bytes) in [(1, 0), (-1, 0), (0, 1), (0, -1), (0, 1 << 40), (1 << 40, 0)] {
                var other = marks
                other[place] = StateMark(
                    list: mark.list, entriesBefore: mark.entriesBefore + entries,
                    offset: mark.offset + bytes)
                #expect(refusal(state, other) != nil, "mark \(place), \(entries), \(bytes)")
            }
        }
        #expect(refusal(state, marks.reversed()) == .invalidValue)
        #expect(refusal(state, Array(marks.dropFirst())) == .invalidValue)
        for length in stride(from: 0, to: state.count, by: state.count / 50) {
            #expect(refusal(Array(state.prefix(length)), marks) == .truncated, "\(length) bytes")
        }
    }

    @Test
    func `a stretch that ends within a chunk of a store is refused`() throws {
        let market = try largeMarket()
        var state: [UInt8] = []
        let marks = market.encodeState(stretch: 1_000) { piece in
            unsafe piece.withUnsafeBytes { unsafe state.append(contentsOf: $0) }
        }
        #expect(refusal(state, marks) == .invalidValue)
    }
}
