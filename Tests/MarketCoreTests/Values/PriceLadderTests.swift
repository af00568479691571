import MarketCore
import MarketTestSupport
import Testing

/// Price ladders (R7.1).
struct PriceLadderTests {
    private let ladder = PriceLadder(minutes: [(5, 6_000), (30, 2_000), (90, 4_000)])

    @Test(.rules("R7.1"))
    func `a rung holds ages up to its own, inclusive`() {
        let ages: [Int64] = [
            0, 300_000_000, 300_000_001, 1_800_000_000, 5_400_000_000, 5_400_000_001,
        ]
        let prices = ages.map { ladder.rung(atAge: Timespan(microseconds: $0))?.price.fen }
        #expect(prices == [6_000, 6_000, 2_000, 2_000, 4_000, nil])
    }

    @Test
    func `the cheapest price counts the rungs an age reaches`() {
        let ages: [Int64] = [0, 300_000_000, 300_000_001, 9_000_000_000]
        let prices = ages.map { ladder.cheapestPrice(upToAge: Timespan(microseconds: $0)).fen }
        #expect(prices == [6_000, 6_000, 2_000, 2_000])
        #expect(ladder.firstAge == .minutes(5))
        #expect(ladder.lastAge == .minutes(90))
        #expect(ladder.firstPrice == Money(fen: 6_000))
    }

    private func rung(_ age: Timespan, _ fen: Int64) -> PriceLadder.Rung {
        PriceLadder.Rung(maximumAge: age, price: Money(fen: fen))
    }

    @Test
    func `a malformed ladder is refused`() {
        #expect(PriceLadder([]) == nil)
        #expect(PriceLadder([rung(.minutes(0), 1)]) == nil)
        #expect(PriceLadder([rung(.minutes(1), -1)]) == nil)
        #expect(PriceLadder([rung(.minutes(1), Money.maximum.fen + 1)]) == nil)
        #expect(PriceLadder([rung(.days(36_501), 1)]) == nil)
        #expect(PriceLadder([rung(.minutes(2), 1), rung(.minutes(2), 1)]) == nil)
        #expect(PriceLadder([rung(.minutes(2), 1), rung(.minutes(1), 1)]) == nil)
        #expect(PriceLadder((1...17).map { rung(.minutes($0), 1) }) == nil)
        #expect(PriceLadder((1...16).map { rung(.minutes($0), 1) })?.rungs.count == 16)
        #expect(PriceLadder([rung(.maximum, Money.maximum.fen)]) != nil)
    }
}
