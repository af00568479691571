import MarketRPC
import Testing

struct JSONWriterTests {
    func text(_ value: JSONValue) -> String {
        String(decoding: value.encoded, as: UTF8.self)
    }

    static let texts: [(JSONValue, String)] = [
        (JSONValue.null, "null"), (true, "true"), (false, "false"), (0, "0"), (10, "10"),
        (-1, "-1"),
        (.integer(.max), "9223372036854775807"), (.integer(.min), "-9223372036854775808"),
        (.unsigned(.max), "18446744073709551615"), (.double(1.5), "1.5"), (.double(.nan), "null"),
        ("", "\"\""), ("a\"b\\c/d", #""a\"b\\c/d""#),
        ("\n\r\t\u{8}\u{C}\u{0}\u{1F}\u{7F}", "\"\\n\\r\\t\\b\\f\\u0000\\u001f\u{7F}\""),
        ("住房😀", "\"住房😀\""), ([], "[]"), ([:], "{}"), ([1, [2, 3], "x"], #"[1,[2,3],"x"]"#),
        (["b": 1, "a": [true, nil], "c": ["d": [:]]], #"{"b":1,"a":[true,null],"c":{"d":{}}}"#),
    ]

    @Test(arguments: texts)
    func `each value has its text`(value: JSONValue, expected: String) {
        #expect(text(value) == expected)
    }

    @Test func `what is written is read back the same`() throws {
        let parser = JSONParser()
        var random = SeededRandom(seed: 11)
        for _ in 0..<2_000 {
            let scalars = (0..<Int.random(in: 0...30, using: &random)).compactMap { _ in
                Unicode.Scalar(
                    UInt32.random(
                        in: 0...(Bool.random(using: &random) ? 0x7F : 0x10FFFF), using: &random))
            }
            var string = ""
            string.unicodeScalars.append(contentsOf: scalars)
            let value: JSONValue = [
                "text": .string(string),
                "number": .integer(.random(in: .min ... .max, using: &random)),
                "double": .double(.random(in: -1e9...1e9, using: &random)),
            ]
            let encoded = value.encoded
            #expect(!encoded.contains(UInt8(ascii: "\n")))
            #expect(try parser.parse(encoded).value == value)
        }
    }

    @Test func `the canonical text does not depend on the order of members`() throws {
        let parser = JSONParser()
        let left = try parser.parse(#"{"b":{"y":1,"x":[{"q":1,"p":2}]},"a":"\u0041"}"#).value
        let right = try parser.parse(#"{ "a":"A", "b":{"x":[{"p":2,"q":1}],"y":1} }"#).value
        #expect(left.canonical == right.canonical)
        #expect(
            String(decoding: left.canonical, as: UTF8.self)
                == #"{"a":"A","b":{"x":[{"p":2,"q":1}],"y":1}}"#)
        #expect(
            try parser.parse(#"{"a":[1,2]}"#).value.canonical
                != parser.parse(#"{"a":[2,1]}"#).value.canonical)
        #expect(
            try parser.parse(#"{"a":1}"#).value.canonical
                != parser.parse(#"{"a":"1"}"#).value.canonical)
    }

    @Test func `a writer that was emptied starts anew`() {
        var writer = JSONWriter()
        writer.integer(1)
        writer.endLine()
        writer.beginArray()
        writer.timestamp(microseconds: 0)
        writer.encoded(Array("{}".utf8))
        writer.endArray()
        #expect(String(decoding: writer.bytes, as: UTF8.self) == "1\n[\"1970-01-01T00:00:00Z\",{}]")
        writer.removeAll()
        writer.bool(true)
        #expect(String(decoding: writer.bytes, as: UTF8.self) == "true")
    }
}
