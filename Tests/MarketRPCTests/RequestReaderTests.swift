import MarketRPC
import NIOCore
import Testing

struct RequestReaderTests {
    let reader = RequestReader(maximumBatchRequests: 3)

    func read(_ text: String) -> IncomingFrame {
        reader.read(ByteBuffer(string: text))
    }

    @Test func `a request, a notification and every identifier are read`() {
        #expect(
            read(#"{"jsonrpc":"2.0","id":7,"method":"a.b","params":{"x":1}}"#)
                == .single(
                    .request(Request(identifier: .integer(7), method: "a.b", parameters: ["x": 1])))
        )
        #expect(
            read(#"{"method":"a","jsonrpc":"2.0","id":"seven"}"#)
                == .single(.request(Request(identifier: .string("seven"), method: "a"))))
        #expect(
            read(#"{"jsonrpc":"2.0","id":null,"method":"a"}"#)
                == .single(.request(Request(identifier: .null, method: "a"))))
        #expect(
            read(#"{"jsonrpc":"2.0","method":"a"}"#)
                == .single(.request(Request(identifier: nil, method: "a"))))
    }

    /// The frame, then the expected identifier (`-` for a notification, which gets no answer), code and field.
    @Test(
        arguments: [
            ("{", "null", -32700, nil), ("\u{0}", "null", -32700, nil),
            (#"{"id":1} x"#, "null", -32700, nil),
            (#"{"id":99999999999999999999}"#, "null", -32700, nil),
            (String(repeating: "[", count: 65), "null", -32700, nil),
            ("1", "null", -32600, nil), ("null", "null", -32600, nil), ("[]", "null", -32600, nil),
            (#"{"jsonrpc":"2.0","id":1.0,"method":"a"}"#, "null", -32600, nil),
            (#"{"jsonrpc":"2.0","id":true,"method":"a"}"#, "null", -32600, nil),
            (#"{"jsonrpc":"2.0","id":[],"method":"a"}"#, "null", -32600, nil),
            (#"{"jsonrpc":"2.0","id":18446744073709551615,"method":"a"}"#, "null", -32600, nil),
            (#"{"jsonrpc":"2.0","id":1,"id":2,"method":"a"}"#, "2", -32600, nil),
            (#"{"jsonrpc":"2.0","id":1,"method":"a","method":"b"}"#, "1", -32600, nil),
            (#"{"jsonrpc":"2.0","id":1,"method":"a","extra":0}"#, "1", -32600, nil),
            (#"{"id":1,"method":"a"}"#, "1", -32600, nil),
            (#"{"jsonrpc":"1.0","id":1,"method":"a"}"#, "1", -32600, nil),
            (#"{"jsonrpc":2.0,"id":1,"method":"a"}"#, "1", -32600, nil),
            (#"{"jsonrpc":"2.0","id":1}"#, "1", -32600, nil),
            (#"{"jsonrpc":"2.0","id":1,"method":1}"#, "1", -32600, nil),
            (#"{"jsonrpc":"2.0"}"#, "null", -32600, nil),
            (#"{"jsonrpc":"2.0","id":1,"method":"a","params":null}"#, "1", -32600, nil),
            (#"{"jsonrpc":"2.0","id":1,"method":"a","params":"x"}"#, "1", -32600, nil),
            (#"{"jsonrpc":"2.0","id":1,"method":"a","params":[1]}"#, "1", -32602, ""),
            (#"{"jsonrpc":"2.0","id":1,"method":"a","params":{"x":1,"x":1}}"#, "1", -32602, "x"),
            (
                #"{"jsonrpc":"2.0","id":1,"method":"a","params":{"x":{"y":[{"z":1,"z":1}]}}}"#, "1",
                -32602, "x.y[0].z"
            ),
            (#"{"jsonrpc":"2.0","method":"a","params":[1]}"#, "-", -32602, ""),
        ] as [(String, String, Int, String?)])
    func `what is no request is refused`(
        text: String, identifier: String, code: Int, field: String?
    ) {
        guard case .single(.refused(let refused, let error)) = read(text) else {
            Issue.record("accepted \(text)")
            return
        }
        var writer = JSONWriter()
        if let refused { writer.identifier(refused) }
        #expect(
            (refused == nil ? "-" : String(decoding: writer.bytes, as: UTF8.self)) == identifier)
        #expect(error.code.rawValue == code)
        #expect(error.field == field)
        #expect(error.message.hasSuffix("."))
    }

    @Test func `a frame that is not UTF-8 is refused and the next is read`() {
        guard
            case .single(.refused(.null, let error)) = reader.read(
                ByteBuffer(bytes: [0x22, 0xFF, 0x22]))
        else {
            Issue.record("accepted")
            return
        }
        #expect(error.code == .malformedMessage)
        #expect(
            read(#"{"jsonrpc":"2.0","method":"a"}"#)
                == .single(.request(Request(identifier: nil, method: "a"))))
    }

    @Test func `an identifier may have 256 bytes and no more`() {
        func frame(_ count: Int) -> IncomingFrame {
            read(#"{"jsonrpc":"2.0","id":"\#(String(repeating: "i", count: count))","method":"a"}"#)
        }
        guard case .single(.request) = frame(256),
            case .single(.refused(.null, let error)) = frame(257)
        else {
            Issue.record("wrong limit")
            return
        }
        #expect(error.code == .invalidRequest)
    }

    @Test func `a batch is read message by message up to its limit`() {
        let good = #"{"jsonrpc":"2.0","id":1,"method":"a"}"#
        guard case .batch(let messages) = read("[\(good),1,\(good)]"), messages.count == 3,
            case .request = messages[0], case .refused(.null, let error) = messages[1],
            case .request = messages[2]
        else {
            Issue.record("not a batch of three")
            return
        }
        #expect(error.code == .invalidRequest)
        guard
            case .single(.refused(.null, let tooLarge)) = read("[\(good),\(good),\(good),\(good)]")
        else {
            Issue.record("accepted four")
            return
        }
        #expect(tooLarge.code == .batchTooLarge)
    }

    @Test func `repeated members in one request of a batch leave the others alone`() {
        let frame = read(
            #"[{"jsonrpc":"2.0","id":1,"method":"a","params":{"x":1,"x":2}},{"jsonrpc":"2.0","id":2,"method":"a","params":{"x":1}}]"#
        )
        guard case .batch(let messages) = frame, messages.count == 2,
            case .refused(.integer(1), let error) = messages[0], case .request = messages[1]
        else {
            Issue.record("wrong messages")
            return
        }
        #expect(error.field == "x")
    }

    @Test func `a response's line tells its identifier without parsing`() {
        func summary(_ response: Response) -> String {
            var writer = JSONWriter()
            writer.response(response)
            guard let summary = ResponseLine.summary(of: ByteBuffer(bytes: writer.bytes)) else {
                return "-"
            }
            return "\(summary.identifier) \(summary.isError)"
        }
        #expect(
            summary(Response(identifier: .integer(42), outcome: .success(["a": 1]))) == "42 false")
        #expect(
            summary(Response(identifier: .integer(0), outcome: .failure(RPCError(.overloaded))))
                == "0 true")
        #expect(summary(Response(identifier: .string("42"), outcome: .success(1))) == "-")
        #expect(summary(Response(identifier: .null, outcome: .success(1))) == "-")
        #expect(ResponseLine.summary(of: ByteBuffer(string: #"{"jsonrpc":"2.0","id":"#)) == nil)
    }
}
