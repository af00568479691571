import MarketRPC

/// Ways to break a request that concern the line and not its parameters.
enum BrokenLine {
    /// All of them for `method`, made of its example.
    static func all(of method: Method) -> [Question] {
        let whole = text(method, method.example)
        let about = method.name
        func question(
            _ text: String, id: JSONValue, _ code: ErrorCode, field: String? = nil, _ what: String
        ) -> Question {
            Question(
                line: Array((text + "\n").utf8), identifier: id, code, field: field,
                "\(about): \(what)")
        }
        func malformed(_ text: String, _ what: String) -> Question {
            question(text, id: nil, .malformedMessage, what)
        }
        let name = "\"method\":\"\(method.name)\""
        var questions = [
            malformed(String(whole.dropLast()), "the last brace missing"),
            malformed(String(whole.prefix(whole.count / 2)), "half of it"),
            malformed(whole + "}", "a brace too many"),
            malformed(whole + whole, "two on a line"),
            malformed(whole.replacing(name, with: name + ","), "a comma too many"),
            malformed(whole.replacing(name, with: "\"method\":'x'"), "other quotes"),
            malformed(whole.replacing(name, with: name + ",\"x\":1e999"), "a number too large"),
            malformed(
                whole.replacing(name, with: name + ",\"x\":99999999999999999999999"),
                "an integer too large"),
            malformed(whole.replacing(name, with: name + ",\"x\":NaN"), "no number"),
            malformed(whole.replacing(name, with: name + ",\"x\":\"\\ud800\""), "half a surrogate"),
            malformed(whole.replacing(name, with: name + ",\"x\":\"\\q\""), "an unknown escape"),
            malformed(deep(whole, name, "[", "]"), "arrays too deep"),
            malformed(deep(whole, name, "{\"a\":", "}"), "objects too deep"),
            question(
                whole.replacing(name, with: name + "," + name), id: 5, .invalidRequest,
                "the method twice"),
            question(
                whole.replacing(name, with: name + ",\"extra\":1"), id: 5, .invalidRequest,
                "a member too many"),
            question(
                whole.replacing("\"2.0\"", with: "\"1.0\""), id: 5, .invalidRequest,
                "another version"),
            question(
                whole.replacing(name, with: "\"method\":7"), id: 5, .invalidRequest,
                "a number for a method"),
            question(
                whole.replacing(name, with: "\"method\":\"\(method.name)s\""), id: 5,
                .unknownMethod, "no such method"),
            question(
                whole.replacing("\"id\":5", with: "\"id\":{}"), id: nil, .invalidRequest,
                "an object for an identifier"),
            question(
                envelope(method, "[1,2]"), id: 5, .invalidParameters, "parameters by place"),
            question(envelope(method, "null"), id: 5, .invalidRequest, "null for parameters"),
            question(envelope(method, "\"x\""), id: 5, .invalidRequest, "text for parameters"),
            question(
                envelope(method, #"{"twice":1,"twice":1}"#), id: 5, .invalidParameters,
                field: "twice", "a parameter twice"),
            question(
                envelope(method, #"{"a":{"b":[{"c":1,"c":2}]}}"#), id: 5, .invalidParameters,
                field: "a.b[0].c", "a member twice, deep inside"),
        ]
        questions.append(badUTF8(whole, name, about))
        return questions
    }

    private static func badUTF8(_ whole: String, _ name: String, _ about: String) -> Question {
        let marked = whole.replacing(name, with: name + ",\"x\":\"\u{1}\"")
        var bytes = Array(marked.utf8)
        bytes.append(UInt8(ascii: "\n"))
        // A byte that begins a pair, and no second one.
        for index in bytes.indices where bytes[index] == 1 { bytes[index] = 0xC3 }
        return Question(
            line: bytes, identifier: nil, .malformedMessage, "\(about): bad UTF-8")
    }

    private static func deep(
        _ whole: String, _ name: String, _ open: String, _ close: String
    ) -> String {
        let value =
            String(repeating: open, count: 100) + "1" + String(repeating: close, count: 100)
        return whole.replacing(name, with: name + ",\"x\":" + value)
    }

    private static func text(_ method: Method, _ parameters: JSONObject) -> String {
        let bytes = LineSocket.line(.integer(5), method.name, parameters)
        return String(decoding: bytes.dropLast(), as: UTF8.self)
    }

    private static func envelope(_ method: Method, _ parameters: String) -> String {
        #"{"jsonrpc":"2.0","id":5,"method":"\#(method.name)","params":\#(parameters)}"#
    }
}
