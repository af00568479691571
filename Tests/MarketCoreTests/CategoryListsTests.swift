import MarketTestSupport
import Testing

@testable import MarketCore

/// The lists of categories that leads share (R2.3).
struct CategoryListsTests {
    @Test func `lists of categories are those asked for, kept or not`() {
        let order = (0..<64).reversed().map { CategoryNumber(index: $0) }
        var lists = CategoryLists()
        var random = SeededRandom(seed: 3)
        let choices = [0, .max, 1 << 63] + (0..<50).map { _ in random.next() & random.next() }
        for _ in 0..<3 {
            for chosen in choices {
                let expected = (0..<64).filter { chosen >> UInt64($0) & 1 == 1 }.map { order[$0] }
                #expect(lists.list(of: chosen, in: order) == expected)
            }
        }
    }
}
