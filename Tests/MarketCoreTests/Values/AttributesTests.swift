import MarketCore
import MarketTestSupport
import Testing

/// The values that a lead declares (R1.3).
struct AttributesTests {
    @Test
    func `values come and go without disturbing each other`() {
        var random = SeededRandom(seed: 1)
        var attributes = Attributes()
        var expected: [Int: Int64] = [:]
        for _ in 0..<2_000 {
            let index = random.below(64)
            let value: Int64? = random.chance(60) ? Int64(random.below(1_000)) : nil
            attributes[AttributeNumber(index: index)] = value
            expected[index] = value
            #expect(attributes.count == expected.count)
        }
        for index in 0..<64 {
            #expect(attributes[AttributeNumber(index: index)] == expected[index])
        }
        #expect(attributes.pairs.map(\.number.index) == expected.keys.sorted())
        #expect(attributes.pairs.map(\.value) == expected.sorted { $0.key < $1.key }.map(\.value))
    }

    @Test
    func `the order of setting makes no difference`() {
        var left = Attributes()
        left[AttributeNumber(63)] = 1
        left[AttributeNumber(0)] = 2
        var right = Attributes()
        right[AttributeNumber(0)] = 2
        right[AttributeNumber(63)] = 1
        right[AttributeNumber(5)] = 9
        right[AttributeNumber(5)] = nil
        #expect(left == right)
    }

    @Test
    func `values one behind the other, and by number, come to the same as values set`() {
        var random = SeededRandom(seed: 2)
        for _ in 0..<500 {
            var attributes = Attributes()
            let share = [3, 50, 97, 100][random.below(4)]
            for index in 0..<64 where random.chance(share) {
                attributes[AttributeNumber(index: index)] = Int64(random.below(1_000))
            }
            let presence = attributes.presence
            let packed = attributes.pairs.map(\.value)
            #expect(Attributes(presence: presence, packed: packed) == attributes)
            #expect(Attributes(presence: presence, packed: packed + [1]) == nil)
            if !packed.isEmpty {
                #expect(Attributes(presence: presence, packed: Array(packed.dropLast())) == nil)
            }
            // What stands at places without a bit is not theirs.
            var byNumber = attributes.values
            for index in byNumber.indices where presence >> UInt64(index) & 1 == 0 {
                byNumber[index] = -7
            }
            #expect(Attributes(presence: presence, byNumber: byNumber) == attributes)
        }
        let last = Attributes(presence: 1 << 63, packed: [5])
        #expect(last?[AttributeNumber(63)] == 5)
        #expect(last?.values == Array(repeating: 0, count: 63) + [5])
    }
}
