import MarketCore
import MarketTestSupport
import Testing

/// Packed region codes (R1.1).
struct RegionCodeTests {
    static let codes = ["0", "9", "A", "Z", "33", "3301", "330106", "C10001", "ZZZZZZZZZZZZ"]

    @Test(arguments: codes)
    func `a code survives packing`(text: String) throws {
        let code = try #require(RegionCode(text))
        #expect(code.text == text)
        #expect(code.length == text.utf8.count)
        #expect(RegionCode(rawValue: code.rawValue) == code)
    }

    @Test
    func `digits packed together make the code of their text`() throws {
        var random = SeededRandom(seed: 0xD161)
        for count in 1...8 {
            for round in 0..<200 {
                let digits = (0..<count).map { _ in
                    round == 0 ? 0 : round == 1 ? 9 : UInt64.random(in: 0...9, using: &random)
                }
                // Whatever stands behind them.
                var word = UInt64.random(in: 0...UInt64.max, using: &random)
                for (place, digit) in digits.enumerated() {
                    word &= ~(0xFF << UInt64(8 * place))
                    word |= digit << UInt64(8 * place)
                }
                let text = digits.map(String.init).joined()
                #expect(RegionCode(digits: word, count: count) == RegionCode(known: text))
            }
        }
    }

    @Test(arguments: ["", "33a", "33-01", "杭州", "0123456789ABC", " 33"])
    func `other text is no code`(text: String) {
        #expect(RegionCode(text) == nil)
    }

    @Test
    func `other numbers are no code`() {
        // None, negative, one with a gap before its last character, and one too large.
        let gap = RegionCode(known: "3").rawValue + 1
        for number in [0, -1, gap, Int64.max] { #expect(RegionCode(rawValue: number) == nil) }
    }

    @Test
    func `codes order as their text does`() {
        let sorted = Self.codes.map(RegionCode.init(known:)).sorted().map(\.text)
        #expect(sorted == Self.codes.sorted())
    }

    @Test
    func `a prefix is a range that holds what lies under it and nothing else`() {
        let city = RegionCode(known: "3301").extent
        #expect(city.contains(RegionCode(known: "3301").rawValue))
        #expect(city.contains(RegionCode(known: "330106").rawValue))
        #expect(city.contains(RegionCode(known: "3301ZZZZZZZZ").rawValue))
        #expect(!city.contains(RegionCode(known: "33").rawValue))
        #expect(!city.contains(RegionCode(known: "3302").rawValue))
        #expect(!city.contains(RegionCode(known: "3300ZZZZZZZZ").rawValue))
        let longest = RegionCode(known: "ZZZZZZZZZZZZ")
        #expect(longest.extent == longest.rawValue...longest.rawValue)
    }
}
