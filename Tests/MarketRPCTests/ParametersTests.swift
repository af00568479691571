import MarketRPC
import Testing

struct ParametersTests {
    enum Color: String, CaseIterable {
        case red, green
    }

    /// Reads a parameter object that has a member of every type.
    func read(_ text: String) throws -> String {
        let value = try JSONParser().parse(text).value
        var parameters = Parameters(value.object ?? JSONObject())
        var seen: [String] = []
        if let string = try parameters.optionalString("string", length: 2...4) {
            seen.append(string)
        }
        if let integer = try parameters.optionalInteger("integer", in: -5...5) {
            seen.append("\(integer)")
        }
        if let bool = try parameters.optionalBool("bool") { seen.append("\(bool)") }
        if let word = try parameters.optionalWord("word", as: Color.self) {
            seen.append(word.rawValue)
        }
        if let time = try parameters.optionalTimestamp("time") { seen.append("\(time)") }
        if let identifier = try parameters.optionalIdentifier("identifier") {
            seen.append("\(identifier)")
        }
        if var object = try parameters.optionalObject("object") {
            seen.append("\(try object.integer("required", in: 0...9))")
            if var inner = try object.optionalObject("inner") {
                seen.append(try inner.string("name", length: 1...8))
                try inner.finish()
            }
            try object.finish()
        }
        if let strings = try parameters.optionalStrings("strings", count: 1...2, length: 1...2) {
            seen += strings
        }
        if let integers = try parameters.optionalIntegers("integers", count: 0...2, in: 1...2) {
            seen += integers.map { "\($0)" }
        }
        for var item in try parameters.optionalObjects("objects", count: 0...3) ?? [] {
            seen.append("\(try item.bool("flag"))")
            try item.finish()
        }
        switch try parameters.integerChange("change", in: 1...3) {
        case .unchanged: break
        case .cleared: seen.append("cleared")
        case .set(let value): seen.append("set \(value)")
        }
        try parameters.finish()
        return seen.joined(separator: " ")
    }

    @Test(arguments: [
        ("{}", ""), (#"{"string":"ab"}"#, "ab"), (#"{"string":"住"}"#, "住"),
        (#"{"integer":-5}"#, "-5"),
        (#"{"bool":false,"integer":5}"#, "5 false"), (#"{"word":"green"}"#, "green"),
        (#"{"time":"1970-01-01T08:00:01+08:00"}"#, "1000000"), (#"{"time":-7}"#, "-7"),
        (#"{"identifier":9007199254740991}"#, "9007199254740991"),
        (#"{"object":{"inner":{"name":"n"},"required":3}}"#, "3 n"),
        (#"{"strings":["a","bb"]}"#, "a bb"),
        (#"{"integers":[]}"#, ""), (#"{"objects":[{"flag":true},{"flag":false}]}"#, "true false"),
        (#"{"change":null}"#, "cleared"), (#"{"change":2}"#, "set 2"),
    ])
    func `members are read in any order`(text: String, expected: String) throws {
        #expect(try read(text) == expected)
    }

    @Test(arguments: [
        (#"{"string":1}"#, "string"), (#"{"string":null}"#, "string"),
        (#"{"string":"a"}"#, "string"),
        (#"{"string":"abcde"}"#, "string"), (#"{"string":"住房"}"#, "string"),
        (#"{"integer":"1"}"#, "integer"),
        (#"{"integer":1.0}"#, "integer"), (#"{"integer":6}"#, "integer"),
        (#"{"integer":-6}"#, "integer"),
        (#"{"integer":18446744073709551615}"#, "integer"), (#"{"integer":null}"#, "integer"),
        (#"{"bool":1}"#, "bool"),
        (#"{"word":"blue"}"#, "word"), (#"{"word":1}"#, "word"), (#"{"time":"yesterday"}"#, "time"),
        (#"{"time":"2026-02-29T00:00:00Z"}"#, "time"), (#"{"time":9223372036854775807}"#, "time"),
        (#"{"time":1.5}"#, "time"), (#"{"identifier":0}"#, "identifier"),
        (#"{"identifier":9007199254740992}"#, "identifier"), (#"{"object":[]}"#, "object"),
        (#"{"object":{}}"#, "object.required"), (#"{"object":{"required":10}}"#, "object.required"),
        (#"{"object":{"required":1,"inner":{"name":7}}}"#, "object.inner.name"),
        (#"{"object":{"required":1,"inner":{"name":"n","x":1}}}"#, "object.inner.x"),
        (#"{"object":{"required":1,"other":1}}"#, "object.other"), (#"{"strings":[]}"#, "strings"),
        (#"{"strings":["a","a","a"]}"#, "strings"), (#"{"strings":"a"}"#, "strings"),
        (#"{"strings":["a",1]}"#, "strings[1]"),
        (#"{"integers":[1,3]}"#, "integers[1]"), (#"{"objects":[1]}"#, "objects[0]"),
        (#"{"objects":[{"flag":true},{}]}"#, "objects[1].flag"),
        (#"{"objects":[{"flag":true,"z":0}]}"#, "objects[0].z"),
        (#"{"change":4}"#, "change"), (#"{"bool":true,"Bool":true}"#, "Bool"),
        (#"{"bool":true,"bool":true}"#, "bool"),
    ])
    func `the member at fault is named`(text: String, field: String) throws {
        let error = #expect(throws: RPCError.self) { try read(text) }
        #expect(error?.code == .invalidParameters)
        #expect(error?.field == field)
        #expect(error?.message.hasPrefix(field + ": ") == true)
    }

    @Test func `a required member that is missing is named`() {
        var parameters = Parameters(["other": 1])
        #expect(throws: RPCError.invalidParameter(FieldPath("lead"), "is missing; it is required."))
        {
            try parameters.identifier("lead")
        }
        #expect(parameters.unreadNames == ["other"])
        #expect(parameters.contains("other"))
    }
}
