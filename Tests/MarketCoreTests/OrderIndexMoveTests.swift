import MarketTestSupport
import Testing

@testable import MarketCore

/// Entries that move between leaves, slabs and blocks: what two books seldom come to.
struct OrderIndexMoveTests {
    /// Moves over a bucket of several slabs, shared with a copy, in the order of a shuffle.
    @Test func `entries that move from slab to slab keep their bits, and a copy's stay`() throws {
        var random = SeededRandom(seed: 11)
        var (index, orders) = Self.index(of: 5_000)
        var position: UInt64 = 10
        var slots = Array(orders.indices)
        for _ in 0..<2 {
            let copy = index
            for place in slots.indices.reversed() { slots.swapAt(place, random.below(place + 1)) }
            for slot in slots {
                position += 1
                index.setTurn(
                    of: AdvisorNumber(index: slot), in: Self.category, to: LogPosition(position))
            }
            for place in slots.indices.reversed() { slots.swapAt(place, random.below(place + 1)) }
            for (step, slot) in slots.prefix(3_500).enumerated() {
                index.refreshTurn(index.firstEntries[slot])
                if step % 500 == 0 { try index.checkInvariants() }
            }
            for index in [index, copy] {
                try index.checkInvariants()
                for slot in orders.indices {
                    try index.checkEntries(of: orders[slot], slot: slot)
                    #expect(index.isLive(slot) == (slot % 5 != 0))
                }
            }
        }
        #expect(index.buckets[0].slabs.count > 1)
        for slot in slots.suffix(100) {
            let copy = index
            index.refreshTurn(index.firstEntries[slot])
            try copy.checkInvariants()
        }
        try index.checkInvariants()
    }

    /// An entry that leaves the last but few of its block lets that block take in the one it went to.
    @Test func `an entry that moves into a block that is then joined is found`() throws {
        for moved in 0..<8 {
            var (index, orders) = Self.index(of: 640)
            for slot in orders.indices where slot % 64 != 0 || slot < 64 * 4 || slot >= 64 * 9 {
                if slot / 64 != 8, slot != 64 * moved { index.remove(slot) }
            }
            try index.checkInvariants()
            #expect(index.buckets[0].blocks.count == 2)
            for (turn, slot) in orders.indices.filter(index.holds).enumerated() {
                index.setTurn(
                    of: AdvisorNumber(index: slot), in: Self.category,
                    to: LogPosition(UInt64(turn + 10)))
                index.refreshTurn(index.firstEntries[slot])
                try index.checkInvariants()
            }
            for slot in orders.indices { try index.checkEntries(of: orders[slot], slot: slot) }
            #expect(index.buckets[0].blocks.count == 1)
        }
    }

    private static let category = CategoryNumber(0)

    /// An index of orders of as many advisors in one bucket; one of five is not live.
    private static func index(of count: Int) -> (OrderIndex, ChunkedArray<Order>) {
        var index = OrderIndex()
        var orders = ChunkedArray<Order>()
        index.setRank(of: category, to: [.leastRecentlyServed], orders: orders)
        for slot in 0..<count {
            var terms = OrderTerms(filter: .everything, quantity: 1)
            if slot % 2 == 0 {
                terms.filter = Filter(sorted: [
                    Predicate(
                        attribute: AttributeNumber(0),
                        test: .range(minimum: Int64(slot % 40), maximum: nil))
                ])
            }
            orders.append(
                Order(
                    id: OrderID(UInt64(slot + 1)), advisor: AdvisorNumber(index: slot),
                    category: category, terms: terms))
            index.place(orders[slot], slot: slot)
            if slot % 5 == 0 { index.setLive(slot, to: false) }
        }
        return (index, orders)
    }
}
