import MarketRPC
import Testing

struct JSONParserTests {
    let parser = JSONParser()

    @Test func `every kind of value is read`() throws {
        let text = #"""
            {"n":null,"t":true,"f":false,"i":-42,"u":18446744073709551615,"d":1.5,"s":"héllo","a":[1,[],{}],"o":{"k":"v"}}
            """#
        let document = try parser.parse(text)
        #expect(!document.hasDuplicates)
        #expect(
            document.value == [
                "n": nil, "t": true, "f": false, "i": -42, "u": .unsigned(.max), "d": .double(1.5),
                "s": "héllo",
                "a": [1, [], [:]], "o": ["k": "v"],
            ])
    }

    @Test(arguments: [
        ("0", JSONValue.integer(0)), ("-0", .integer(0)), ("1", .integer(1)), ("1.0", .double(1)),
        ("1e2", .double(100)), ("9223372036854775807", .integer(.max)),
        ("-9223372036854775808", .integer(.min)), ("9223372036854775808", .unsigned(1 << 63)),
        ("18446744073709551615", .unsigned(.max)),
    ])
    func `integers and other numbers are told apart`(text: String, expected: JSONValue) throws {
        #expect(try parser.parse(text).value == expected)
    }

    @Test(arguments: [
        "18446744073709551616", "-9223372036854775809", "123456789012345678901234567890",
        "[1,99999999999999999999]",
        "1e999", #"{"a":"1","b":-99999999999999999999}"#,
    ])
    func `a number beyond 64 bits is an error of its own`(text: String) {
        #expect(throws: JSONError.numberOutOfRange) { try parser.parse(text) }
    }

    @Test(arguments: [
        "", " ", "{", "}", "[1,]", "{\"a\":}", "{\"a\" 1}", "{a:1}", "01", "-", "1.", ".5", "+1",
        "1e", "nul", "truex",
        "'a'", "\"a", "\"\\x\"", "\"\\u12\"", "\"\u{1}\"", "1 2", "{} {}", "[1}", "\u{FEFF}{}",
        "NaN", "Infinity",
        "[01, 99999999999999999999]", "[1]]", "// c\n1", "\"\\ud800\\u0041\"",
    ])
    func `malformed text is refused`(text: String) {
        #expect(throws: (any Error).self) { try parser.parse(text) }
        #expect(throws: Never.self) { try parser.parse("{}") }
    }

    @Test(
        arguments: [
            [0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22],
            [0x22, 0xF5, 0x80, 0x80, 0x80, 0x22],
            [0x22, 0xE4, 0xB8, 0x22],
        ] as [[UInt8]])
    func `text that is not UTF-8 is refused`(bytes: [UInt8]) {
        #expect(throws: JSONError.invalidUTF8) { try parser.parse(bytes) }
    }

    @Test(arguments: [#""\ud800""#, #""\udc00""#, #"{"\udfff":1}"#, #"["\ud83d\ud83d"]"#])
    func `an escaped half of a surrogate pair is refused`(text: String) {
        #expect(throws: (any Error).self) { try parser.parse(text) }
    }

    @Test func `escapes are decoded`() throws {
        let text = #""\"\\\/\b\f\n\r\t\u0041\u00e9\ud83d\ude00\u0000""#
        #expect(try parser.parse(text).value == .string("\"\\/\u{8}\u{C}\n\r\tAé😀\0"))
    }

    @Test func `nesting is accepted up to the limit and not beyond`() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        func nestedObjects(_ depth: Int) -> String {
            String(repeating: "{\"a\":", count: depth) + "1" + String(repeating: "}", count: depth)
        }
        for _ in 0..<2 {
            #expect(throws: Never.self) { try parser.parse(nested(64)) }
            #expect(throws: JSONError.tooDeep) { try parser.parse(nested(65)) }
            #expect(throws: Never.self) { try parser.parse(nestedObjects(64)) }
            #expect(throws: JSONError.tooDeep) { try parser.parse(nestedObjects(65)) }
            #expect(throws: JSONError.tooDeep) { try parser.parse(nested(100_000)) }
        }
        #expect(throws: JSONError.tooDeep) { try JSONParser(maximumDepth: 3).parse(nested(4)) }
        #expect(throws: Never.self) { try JSONParser(maximumDepth: 3).parse(nested(3)) }
    }

    @Test(arguments: [
        (#"{"a":1,"a":2}"#, "a"), (#"{"x":{"b":1,"c":2,"b":3}}"#, "x.b"),
        (#"{"x":[{},{"k":1,"\u006b":1}]}"#, "x[1].k"), (#"[[{"a":0,"a":0}]]"#, "[0][0].a"),
        (#"{"a":{"b":1},"b":[{"a":1}],"a":1}"#, "a"),
    ])
    func `members that occur twice are noticed and named`(text: String, path: String) throws {
        let document = try parser.parse(text)
        #expect(document.hasDuplicates)
        #expect(document.value.firstDuplicate()?.description == path)
    }

    @Test(arguments: [9, 40, 5_000]) func `a repeated name is noticed in a large object`(count: Int)
        throws
    {
        let names = (0..<count).map { "\"member number \($0)\":{\"same\":\($0)}" }
        let unique = "{" + names.joined(separator: ",") + "}"
        #expect(try !parser.parse(unique).hasDuplicates)
        let repeated =
            "{" + (names + ["\"member number \(count / 2)\":1"]).joined(separator: ",") + "}"
        let document = try parser.parse(repeated)
        #expect(document.hasDuplicates)
        #expect(document.value.firstDuplicate()?.description == "member number \(count / 2)")
    }

    @Test func `no bytes at all make it crash or unusable`() {
        var random = SeededRandom(seed: 20_260_101)
        for _ in 0..<20_000 {
            let count = Int.random(in: 0...80, using: &random)
            let alphabet = Array(#"{}[]":,\u0123456789aeflnrst-+. d8"#.utf8)
            let bytes = (0..<count).map { _ in
                Bool.random(using: &random)
                    ? UInt8.random(in: 0...255, using: &random)
                    : alphabet.randomElement(using: &random) ?? 0
            }
            _ = try? parser.parse(bytes)
        }
        #expect(throws: Never.self) { try parser.parse(#"{"a":[1,2,3]}"#) }
    }

    @Test func `mutated requests are read back the same or refused`() throws {
        var random = SeededRandom(seed: 7)
        let original = Array(
            #"{"jsonrpc":"2.0","id":17,"method":"lead.submit","params":{"channel":"search-1","attributes":{"region":"330106","age":34,"monthlyIncome":12000,"ownsHouse":true,"note":"\u4f60\n"},"consent":{"agreedAt":"2026-01-31T09:30:00+08:00"}}}"#
                .utf8)
        var accepted = 0
        for _ in 0..<20_000 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let index = Int.random(in: bytes.indices, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                case 1: bytes.remove(at: index)
                case 2: bytes.insert(bytes.randomElement(using: &random) ?? 0, at: index)
                default: bytes.removeSubrange(index...)
                }
                if bytes.isEmpty { bytes = [0x20] }
            }
            guard let document = try? parser.parse(bytes) else { continue }
            accepted += 1
            #expect(try parser.parse(document.value.encoded).value == document.value)
        }
        #expect(accepted > 100)
        #expect(try parser.parse(original).value["id"] == 17)
    }
}

/// A small seeded generator (SplitMix64), so that a failure can be repeated.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
