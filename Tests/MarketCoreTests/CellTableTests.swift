import MarketTestSupport
import Testing

@testable import MarketCore

/// What the rows of cells say of values and filters, against the filters themselves.
struct CellTableTests {
    /// How far apart the bounds of predicates lie.
    enum Spread: CaseIterable {
        /// All numbers near zero.
        case near
        /// Round numbers.
        case even
        /// Each some times the one before.
        case growing
        /// A few near zero and a few far off.
        case clustered
        /// From the least number to the greatest.
        case whole
    }

    @Test(.rules("R1.4"), arguments: Spread.allCases, [3, 20, 200])
    func `the rows of cells say what filters say`(spread: Spread, filters count: Int) {
        var random = SeededRandom(seed: UInt64(count))
        var tables = CellTables()
        var filters: [Filter] = []
        for _ in 0..<count {
            filters.append(Self.filter(spread, &random))
            _ = tables.learn(filters[filters.count - 1], except: nil)
        }
        var exact = 0
        for filter in filters {
            var rejected: [Int] = []
            let shape = tables.shape(of: filter, except: nil, rejected: &rejected)
            exact += shape.isExact ? 1 : 0
            #expect(rejected.contains(Int(tables.row(of: Attributes(), for: 0))))
            for value in Self.values(around: filters, &random) {
                let lead = Self.attributes(value)
                let row = Int(tables.row(of: lead, for: 0))
                let isAccepted = filter.accepts(lead)
                if shape.isExact || isAccepted {
                    #expect(rejected.contains(row) != isAccepted, "\(value)")
                }
            }
        }
        // So few have room, and among so many some come after all room is taken.
        #expect(count == 3 ? exact == count : exact > 0)
    }

    /// A predicate on the first attribute, of one range or of several choices.
    private static func filter(_ spread: Spread, _ random: inout SeededRandom) -> Filter {
        let test: PredicateTest
        switch random.below(4) {
        case 0:
            test = .flag(random.below(2) == 0)
        case 1:
            let choices = Set((0..<4).map { _ in UInt16(random.below(40)) })
            test = .choices(choices.sorted())
        default:
            let bounds = [bound(spread, &random), bound(spread, &random)].sorted()
            let ends = random.below(3)
            test = .range(
                minimum: ends == 1 ? nil : bounds[0], maximum: ends == 2 ? nil : bounds[1])
        }
        return Filter(sorted: [Predicate(attribute: AttributeNumber(0), test: test)])
    }

    private static func bound(_ spread: Spread, _ random: inout SeededRandom) -> Int64 {
        switch spread {
        case .near: Int64(random.below(60)) - 30
        case .even: Int64(random.below(100)) * 1_000
        case .growing: 1 << Int64(random.below(62))
        case .clustered: Int64(random.below(20)) + (random.below(2) == 0 ? 0 : 1 << 40)
        case .whole: Int64(bitPattern: random.next())
        }
    }

    /// The values at which a bound may be missed, and some others.
    private static func values(
        around filters: [Filter], _ random: inout SeededRandom
    ) -> Set<Int64> {
        var values: Set<Int64> = [.min, -1, 0, 1, .max]
        for filter in filters.prefix(50) {
            for range in filter.ranges {
                for bound in [range.lower, range.upper] {
                    values.formUnion([bound &- 1, bound, bound &+ 1])
                }
            }
            values.insert(Int64(bitPattern: random.next()))
        }
        return values
    }

    private static func attributes(_ value: Int64) -> Attributes {
        var attributes = Attributes()
        attributes[AttributeNumber(0)] = value
        return attributes
    }
}
