import MarketRPC
import Testing

@testable import MarketTools

struct `YAML as JSON` {
    @Test(
        arguments: [
            ("5", 5), ("\"5\"", "5"), ("-3", -3), ("5m", "5m"), ("true", true), ("'true'", "true"),
            ("yes", "yes"), ("~", nil), ("", nil), ("1.5", .double(1.5)), ("+08:00", "+08:00"),
            ("1[3-9]\\d{9}", "1[3-9]\\d{9}"), ("2016-07-01", "2016-07-01"), ("1_000", "1_000"),
            ("[a, 1]", ["a", 1]), ("{a: {b: [true]}}", ["a": ["b": [true]]]), ("0x10", "0x10"),
            ("99999999999999999999", "99999999999999999999"),
        ] as [(String, JSONValue)])
    func `scalars are what they look like`(text: String, value: JSONValue) throws {
        #expect(try YAMLFile.parse(text, path: "f") == value)
    }

    @Test func `members keep their order and anchors are resolved`() throws {
        let value = try YAMLFile.parse("z: &x {k: 1}\na: *x\n", path: "f")
        #expect(value == ["z": ["k": 1], "a": ["k": 1]])
    }

    @Test(arguments: ["a: [", "a: b: c", "? [x]\n: 1", "a: 1\na: 2"])
    func `what is no mapping of words is an error`(text: String) {
        #expect(throws: ToolError.self) { try YAMLFile.parse(text, path: "f") }
    }
}
