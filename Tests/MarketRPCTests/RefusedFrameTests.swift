import MarketCore
import MarketRPC
import MarketTestSupport
import NIOCore
import Testing

/// What is known of a frame by its envelope alone, which is all that is read of one that is refused.
struct RefusedFrameTests {
    private struct Readers {
        let tables: CallTables
        let general = RequestReader()
        let frequent = FrequentRequestReader(role: .operator)

        init() throws {
            tables = CallTables(
                schema: try SampleMarket.make().schema, phonePattern: .chineseMobile)
        }

        func identifier(_ text: String) -> RequestIdentifier? {
            frequent.envelope(ofChange: ByteBuffer(string: text), tables: tables)?.identifier
        }
    }

    private static let start = #"{"jsonrpc":"2.0","id":7,"method":"lead.submit","params":"#

    @Test
    func `who may not ask for a change is not told by its envelope that there is no room`() throws {
        let tables = try Readers().tables
        func isKnown(_ method: String, _ role: Role, channel: Name? = nil) -> Bool {
            let text = #"{"jsonrpc":"2.0","id":7,"method":"\#(method)","params":{}}"#
            return FrequentRequestReader(role: role, channel: channel).envelope(
                ofChange: ByteBuffer(string: text), tables: tables) != nil
        }
        let handingIn = ["lead.submit", "lead.ping", "lead.post"]
        let telling = ["assignment.acknowledge", "assignment.reportContact"]
        for method in handingIn + telling {
            #expect(isKnown(method, .operator) && isKnown(method, .frontend))
            #expect(!isKnown(method, .auditor) && !isKnown(method, .supplier))
        }
        #expect(handingIn.allSatisfy { isKnown($0, .supplier, channel: "web") })
        #expect(!telling.contains { isKnown($0, .supplier, channel: "web") })
    }

    @Test(arguments: FrequentRequestTests.frames)
    func `a frame is known by its identifier as soon as its parameters begin`(text: String) throws {
        let readers = try Readers()
        let frame = ByteBuffer(string: text)
        let whole = try #require(readers.frequent.read(frame, tables: readers.tables))
        let name = "\"params\""
        let colon = try #require(text.firstRange(of: name)).upperBound
        let isFirst = text.hasPrefix("{ " + name)
        for length in 0...frame.readableBytes {
            let part = try #require(frame.getSlice(at: 0, length: length))
            let found = readers.frequent.envelope(ofChange: part, tables: readers.tables)
            let isKnown = !isFirst && length > text.utf8.distance(from: text.startIndex, to: colon)
            #expect(found?.identifier == (isKnown ? whole.identifier : nil), "\(length) bytes")
            if let found { #expect(found.isNewLead == whole.mutation.isNewLead) }
        }
    }

    @Test func `what stands in the parameters and behind them is not looked at`() throws {
        let readers = try Readers()
        for rest in ["", "{", "{}}", "[]}", "1", "{\"at\":\u{1}", "{\"a\":\"\\u0061\"}}", "{}}{}"] {
            #expect(readers.identifier(Self.start + rest) == .integer(7))
        }
        let long = Self.start + "{\"x\":\"" + String(repeating: "x", count: 100_000) + "\"}}"
        #expect(readers.identifier(long) == .integer(7))
    }

    @Test(arguments: [
        ("2.0", "2.1"), ("7", "7.0"), ("7", "true"), ("7", "07"), ("7", "{}"), ("7", "\"\\u0061\""),
        ("\"id\":7,", ""), ("\"id\":7,", "\"id\":7,\"id\":7,"), ("\"jsonrpc\":\"2.0\",", ""),
        ("lead.submit", "lead.get"), ("lead.submit", "lead.submi"), ("\"method\"", "\"at\""),
        ("\"method\":\"lead.submit\",", ""), ("{", "[{"), ("{", ""), (",\"params\":", "}"),
        ("\"params\":", "\"params\","), ("id", "ID"), ("id", "\\u0069d"),
    ])
    func `what is not plainly a change is read whole`(part: String, other: String) throws {
        let readers = try Readers()
        try #require(readers.identifier(Self.start + "{}}") == .integer(7))
        let changed = Self.start.replacing(part, with: other, maxReplacements: 1)
        try #require(changed != Self.start)
        #expect(readers.identifier(changed + "{}}") == nil)
    }

    @Test func `identifiers of every length are found`() throws {
        let readers = try Readers()
        for length in 0...RequestIdentifier.maximumStringBytes + 1 {
            let text = String(repeating: "i", count: length)
            let frame = Self.start.replacing("7", with: "\"\(text)\"") + "{}}"
            let isAllowed = length <= RequestIdentifier.maximumStringBytes
            #expect(readers.identifier(frame) == (isAllowed ? .string(text) : nil))
        }
        #expect(readers.identifier(Self.start.replacing("7", with: "null")) == .null)
    }

    /// One that is refused under another identifier than its own would be answered twice or never.
    @Test func `a request that could be carried out is never refused under another identifier`()
        throws
    {
        let readers = try Readers()
        var random = SeededRandom(seed: 0x0E17)
        var known = 0
        for round in 0..<20_000 {
            var bytes = Array(
                FrequentRequestTests.frames[round % FrequentRequestTests.frames.count].utf8)
            FrequentRequestTests.mutate(&bytes, &random)
            let frame = ByteBuffer(bytes: bytes)
            guard case .single(.request(let request)) = readers.general.read(frame),
                let found = readers.frequent.envelope(ofChange: frame, tables: readers.tables)?
                    .identifier
            else { continue }
            known += 1
            if found != request.identifier {
                Issue.record("\(String(decoding: bytes, as: UTF8.self)): \(found)")
                return
            }
        }
        #expect(known > 1_000)
    }
}
