import MarketTestSupport
import Testing

@testable import MarketCore

/// The indexed book against the reference: the same answers, whatever happens (R6.2).
struct OrderIndexTests {
    /// Every list of the keys that the books know, each key at most once, in every order.
    static let lists: [[RankKey]] = {
        let keys: [RankKey] = [.priority, .premium, .gradeFit, .leastRecentlyServed]
        var lists: [[RankKey]] = [[]]
        var grown = lists
        for _ in keys {
            grown = grown.flatMap { list in
                keys.filter { !list.contains($0) }.map { list + [$0] }
            }
            lists += grown
        }
        return lists
    }()

    @Test func `orders that outbid each other do not get a leaf each`() throws {
        let index = Self.index(
            withPremiums: Array(repeating: 1_000, count: 64) + Array(1...640))
        try index.checkInvariants()
        #expect(index.blocks.reduce(0) { $0 + $1.leafCount } < 30)
    }

    @Test(arguments: [[1], Array(1...40), Array(1...200)])
    func `orders that come behind their equals leave full leaves`(lesser: [Int]) throws {
        let index = Self.index(withPremiums: lesser + Array(repeating: 1_000, count: 6_400))
        try index.checkInvariants()
        #expect(index.blocks.reduce(0) { $0 + $1.leafCount } < 110)
        #expect(index.blocks.count < 20)
    }

    /// An index of orders of one advisor and one category, in a bucket that premiums rank.
    private static func index(withPremiums premiums: [Int]) -> OrderIndex {
        var index = OrderIndex()
        index.setRank(of: CategoryNumber(0), to: [.premium], orders: ChunkedArray())
        for (slot, premium) in premiums.enumerated() {
            let terms = OrderTerms(
                filter: .everything, quantity: 1, premium: Money(fen: Int64(premium)))
            let order = Order(
                id: OrderID(UInt64(slot + 1)), advisor: AdvisorNumber(0),
                category: CategoryNumber(0), terms: terms)
            index.place(order, slot: slot)
        }
        return index
    }

    @Test(.rules("R6.1", "R6.2"), arguments: TwoBooks.Workload.allCases)
    func `both books give the same answers under churn`(workload: TwoBooks.Workload) throws {
        for seed in 1...2 {
            let start = Self.lists.count * seed / 3
            var books = TwoBooks(workload, seed: UInt64(seed), rank: Self.lists[start])
            for _ in 0..<(seed * 150) { books.place() }
            for step in 0..<600 {
                if step % 3 == 0 { books.change() }
                if step % 200 == 199 { books.setRank(books.random.pick(Self.lists)) }
                let answer = books.ask()
                #expect(answer.index == answer.reference, "seed \(seed), step \(step)")
                if step % 100 == 0 { try books.index.checkInvariants() }
            }
            try books.index.checkInvariants()
            #expect((workload == .unmatched ? books.unmatched : books.matched) > 300)
        }
    }

    @Test(.rules("R6.2"), arguments: lists)
    func `both books give the same answers for every rank list`(rank: [RankKey]) throws {
        var books = TwoBooks(.mixed, seed: UInt64(rank.count), rank: rank)
        for _ in 0..<200 { books.place() }
        for step in 0..<200 {
            if step % 5 == 0 { books.change() }
            let answer = books.ask()
            #expect(answer.index == answer.reference, "step \(step)")
        }
        try books.index.checkInvariants()
    }

    @Test(.rules("R6.2"))
    func `many orders in one bucket fill, split and join blocks`() throws {
        var books = TwoBooks(.hot, seed: 5, rank: RankKey.defaultList)
        for _ in 0..<3_000 { books.place() }
        try books.index.checkInvariants()
        for step in 0..<300 {
            let answer = books.ask()
            #expect(answer.index == answer.reference, "step \(step)")
        }
        try books.index.checkInvariants()
        for slot in 0..<2_950 where books.placed.contains(slot) {
            books.remove(slot)
            if slot % 500 == 0 { try books.index.checkInvariants() }
        }
        try books.index.checkInvariants()
        for step in 0..<100 {
            let answer = books.ask()
            #expect(answer.index == answer.reference, "step \(step)")
        }
    }

    @Test
    func `a copy of the index stays as it is`() throws {
        var books = TwoBooks(.hot, seed: 8, rank: RankKey.defaultList)
        for _ in 0..<500 { books.place() }
        var copy = books
        let leaves = books.index.blocks.map(\.leafCount)
        for _ in 0..<150 {
            books.place()
            books.change()
            _ = books.ask()
        }
        #expect(books.index.blocks.map(\.leafCount) != leaves, "leaves of shared slabs were cut")
        try copy.index.checkInvariants()
        for step in 0..<100 {
            let answer = copy.ask()
            #expect(answer.index == answer.reference, "step \(step)")
        }
        try copy.index.checkInvariants()
        try books.index.checkInvariants()
    }

    @Test(.rules("R5.3"))
    func `an order that is not live costs one look`() {
        var books = TwoBooks(.hot, seed: 3, rank: [.priority])
        for _ in 0..<500 { books.place() }
        books.live = []
        var looks = 0
        let slots = books.orders.indices
        for _ in 0..<50 {
            var notes = MatchNotes()
            var lead = Attributes()
            lead[AttributeNumber(0)] = Int64(books.random.below(2))
            let outline = books.index.outline(of: lead, tier: nil)
            let found = books.index.best(
                in: TwoBooks.category, for: outline, of: TwoBooks.lead(with: lead), at: .epoch,
                asking: Closed(), notes: &notes)
            #expect(found == nil)
            looks += notes.candidates
            for slot in notes.notLive { books.index.setLive(slot, to: false) }
        }
        #expect(looks > 0 && looks <= slots.count)
    }

    /// A market in which no order is live.
    private struct Closed: OrderJudge {
        func look(
            atOrderIn _: Int, for _: Lead, at _: Timestamp, asksFilter _: Bool
        ) -> Look { .notLive }
    }
}
