import MarketCore
import MarketTestSupport
import Testing

/// Phone numbers as people write them (R4.1).
struct PhonePatternTests {
    @Test(
        .rules("R4.1"),
        arguments: [
            "13812345678", "138 1234 5678", "138-1234-5678", "+8613812345678", "+86 138-1234-5678",
            "008613812345678", "8613812345678", "(86)138.1234/5678", "\u{A0}138\t12345678",
        ])
    func `a number is brought into one form`(written: String) {
        #expect(PhonePattern.chineseMobile.normalise(written) == "13812345678")
    }

    @Test(
        .rules("R4.1"),
        arguments: [
            "", "1381234567", "138123456789", "12812345678", "23812345678", "1381234567a",
            "+8513812345678", "86138123456789", "１３８１２３４５６７８", "+86", "138_12345678",
        ])
    func `what does not match is no number`(written: String) {
        #expect(PhonePattern.chineseMobile.normalise(written) == nil)
    }

    @Test func `bytes are a plain number when each of them is a digit allowed in its place`() {
        let number = Array("13812345678".utf8)
        for place in number.indices {
            let allowed = place == 0 ? "1" : place == 1 ? "3456789" : "0123456789"
            for byte in UInt8.min...UInt8.max {
                var bytes = number
                bytes[place] = byte
                let isPlain = PhonePattern.chineseMobile.isPlain(bytes.span)
                #expect(isPlain == allowed.utf8.contains(byte))
            }
        }
    }

    @Test(arguments: [
        (#"\d{7}"#, "1234567", false), ("[2-8]{8}", "25822852", true),
        (#"[24]\d{7}"#, "40129876", false), (#"\d{7}[0-57-9]"#, "12345675", false),
        (#"[1-9]\d{14}"#, "900000000000001", true),
        (#"0[5-7]\d{3}[0-4]\d{3}9"#, "0511144449", true),
    ])
    func `bytes looked at together are taken where they are one by one`(
        text: String, number: String, isTogether: Bool
    ) throws {
        let pattern = try #require(PhonePattern(text))
        let plain = Array(number.utf8)
        let phones = PlainPhones(pattern)
        #expect((phones != nil) == isTogether)
        func isPlain(_ bytes: [UInt8]) -> Bool {
            let isPlain = pattern.isPlain(bytes.span)
            let together = phones?.contains(bytes.span)
            #expect(together == nil || together == isPlain)
            return isPlain
        }
        #expect(isPlain(plain))
        for place in plain.indices {
            for byte in UInt8.min...UInt8.max {
                var bytes = plain
                bytes[place] = byte
                let isASCII = byte < 0x80 && !" \t-./()".utf8.contains(byte)
                let written = isASCII ? "+86" + String(decoding: bytes, as: UTF8.self) : ""
                #expect(isPlain(bytes) == (pattern.normalise(written) != nil))
            }
        }
        #expect(!isPlain(plain.dropLast()))
        #expect(!isPlain(plain + [plain[0]]))
    }

    @Test
    func `a pattern may ask for other countries' numbers`() throws {
        let pattern = try #require(PhonePattern(#"8525\d{7}"#))
        #expect(pattern.normalise("852-5123 4567") == "85251234567")
        #expect(pattern.normalise("85261234567") == nil)
        let set = try #require(PhonePattern("[13-5][0]{2}"))
        #expect(["100", "300", "400", "500"].allSatisfy { set.normalise($0) == $0 })
        #expect(["200", "600", "110"].allSatisfy { set.normalise($0) == nil })
    }

    @Test(.rules("R4.1"))
    func `a country code is dropped even where the pattern would take it`() throws {
        let thirteen = try #require(PhonePattern(#"\d{13}"#))
        #expect(thirteen.normalise("8612345678901") == nil)
        #expect(thirteen.normalise("7612345678901") == "7612345678901")
        #expect(try plain("8612345678901", thirteen) == [false, false])
        #expect(try plain("7612345678901", thirteen) == [true, true])
        let twelve = try #require(PhonePattern(#"\d{12}"#))
        #expect(twelve.normalise("008612345678") == nil)
        #expect(twelve.normalise("861234567890") == "861234567890")
        #expect(try plain("008612345678", twelve) == [false, false])
        #expect(try plain("861234567890", twelve) == [true, true])
    }

    /// Whether a number is plain, looked at digit by digit and eight at a time.
    private func plain(_ number: String, _ pattern: PhonePattern) throws -> [Bool] {
        let phones = try #require(PlainPhones(pattern))
        return [pattern.isPlain(number.utf8.span), phones.contains(number.utf8.span)]
    }

    @Test(arguments: [
        "", "[", "[]", "[3-1]", "[a]", "\\", "\\w", "1{", "1{}", "1{0}", "1{16}", "1{x}", "{2}",
        "x",
        #"\d{15}1"#, "+86", "1 2",
    ])
    func `a malformed pattern is refused`(text: String) {
        #expect(PhonePattern(text) == nil)
    }
}
