import Testing

@testable import MarketTools

struct `rounding decimals on their text` {
    @Test(
        arguments: [
            ("0", 0), ("2500", 2_500), ("2899.4", 2_899), ("2.5", 3), ("-2.5", -3), ("3.5", 4),
            ("2.4999", 2), ("-2.4999", -2), ("0.5", 1), ("-0.5", -1), ("+7", 7), (".5", 1),
            ("5.", 5),
            ("38383838.3", 38_383_838), ("999999999999999999", 999_999_999_999_999_999),
            ("1.49999999999999999", 1),
        ] as [(String, Int64)])
    func `halves go away from zero`(text: String, integer: Int64) {
        #expect(DecimalText(text)?.rounded == integer)
    }

    @Test(arguments: [
        "", "-", ".", "1.2.3", "1e3", "1,000", " 1", "0x10", "NaN", "1234567890123456789",
    ])
    func `what is no decimal number is none`(text: String) {
        #expect(DecimalText(text) == nil)
    }

    @Test(
        arguments: [
            ("2500.5", "100", 250_050), ("1", "0.015", 0), ("100", "0.015", 2),
            ("-100", "0.015", -2),
            ("33.3333", "3", 100), ("0.005", "100", 1),
        ] as [(String, String, Int64)])
    func `scaling is exact and rounds once`(text: String, scale: String, integer: Int64) throws {
        let factor = try #require(DecimalText(scale))
        #expect(DecimalText(text)?.multiplied(by: factor).rounded == integer)
    }

    @Test func `what 64 bits do not hold is no integer`() throws {
        let large = try #require(DecimalText("999999999999999999"))
        #expect(large.multiplied(by: large).rounded == nil)
    }
}
