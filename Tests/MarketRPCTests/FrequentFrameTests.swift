import MarketCore
import MarketRPC
import MarketTestSupport
import NIOCore
import Testing

/// What the fast way of reading makes of where texts begin and end: in frames, in tables and in its own memory.
struct FrequentFrameTests {
    private let general = RequestReader()

    /// What the general way makes of a `lead.submit`; `nil` when it refuses.
    private func generally(_ frame: String, _ schema: AttributeSchema) -> LeadSubmissionRequest? {
        let context = CallContext(role: .operator, schema: schema)
        guard case .single(.request(let request)) = general.read(ByteBuffer(string: frame)),
            let content = try? Catalogue.content(of: request, context: context).content,
            case .mutation(.submitLead(let lead), _) = content
        else { return nil }
        return lead
    }

    private func fast(
        _ frame: String, _ schema: AttributeSchema, _ reader: FrequentRequestReader
    ) -> LeadSubmissionRequest? {
        let tables = CallTables(schema: schema, phonePattern: .chineseMobile)
        guard let request = reader.read(ByteBuffer(string: frame), tables: tables),
            case .submitLead(let lead) = request.mutation
        else { return nil }
        return lead
    }

    private static func frame(attributes: String) -> String {
        """
        {"jsonrpc":"2.0","method":"lead.submit","params":{"channel":"partner-a",\
        "phone":"13800138000","attributes":{\(attributes)}}}
        """
    }

    /// A schema with these attributes, each as `market.apply` takes it.
    private static func schema(_ attributes: [JSONValue]) throws -> AttributeSchema {
        let request = Request(
            identifier: nil, method: "market.apply",
            parameters: ["configuration": ["attributes": .array(attributes)]])
        let context = CallContext(role: .operator, schema: AttributeSchema())
        guard
            case .mutation(.applyConfiguration(let configuration, _), _) = try Catalogue.content(
                of: request, context: context
            ).content
        else { throw SampleMarket.Unexpected() }
        var market = Market()
        let foundation = MarketFoundation(
            rulesVersion: Market.rulesVersion, clock: .supplied,
            secretFingerprint: Bytes16(high: 1, low: 2))
        _ = try market.execute(
            .createMarket(foundation), at: SampleMarket.time(0), input: .market)
        _ = try market.execute(
            .applyConfiguration(configuration), at: SampleMarket.time(1), input: .market)
        return market.schema
    }

    @Test func `attributes of every length are told apart`() throws {
        // Each is the beginning of the next.
        let names = (1...64).map { String(repeating: "name", count: 16).prefix($0) }
        let schema = try Self.schema(
            names.map { ["name": .string(String($0)), "kind": "flag"] })
        let reader = FrequentRequestReader(role: .operator)
        for name in names {
            let frame = Self.frame(attributes: "\"\(name)\":true")
            let lead = try #require(fast(frame, schema, reader))
            #expect(lead.attributes.presence.nonzeroBitCount == 1)
            #expect(lead == generally(frame, schema))
            let others = [
                "\(name)\u{0}", "\(name) ", "x\(name)", "\(name)x", "\(name.dropLast())x",
            ]
            for other in others {
                #expect(fast(Self.frame(attributes: "\"\(other)\":true"), schema, reader) == nil)
            }
        }
        let all = names.shuffled().map { "\"\($0)\":false" }.joined(separator: ",")
        let frame = Self.frame(attributes: all)
        let lead = try #require(fast(frame, schema, reader))
        #expect(lead == generally(frame, schema))
    }

    @Test func `words are found as they are spelt, and those with escapes never`() throws {
        let plain = (1...64).map { String(String(repeating: "word", count: 16).prefix($0)) }
        let long = (0..<40).map { "a word of thirty-two letters, \($0)" }
        let other = ["西湖", "é", "e\u{301}x", " ", "a b", "{}", "\u{7F}"]
        let escaped = ["a\\b", "\\", "say \"x\"", "a\nb", "\u{1}", "a word of seventeen\\"]
        let words = plain + long + other + escaped
        let choice: JSONValue = [
            "name": "word", "kind": "choice", "words": .array(words.map(JSONValue.string)),
        ]
        let schema = try Self.schema([choice, ["name": "other", "kind": "flag"]])
        let reader = FrequentRequestReader(role: .operator)
        for (number, word) in words.enumerated() {
            let isPlain = !escaped.contains(word)
            let raw = Self.frame(attributes: "\"word\":\"\(word)\",\"other\":true")
            let lead = fast(raw, schema, reader)
            #expect(lead == (isPlain ? generally(raw, schema) : nil))
            #expect(lead?.attributes.pairs.map(\.value) == (isPlain ? [Int64(number), 1] : nil))
        }
    }

    @Test func `values are moved together in the order of their attributes`() throws {
        let schema = try SampleMarket.make().schema
        let reader = FrequentRequestReader(role: .operator)
        var members = [
            "\"region\":\"330106\"", "\"age\":34", "\"ownsHouse\":false",
            "\"employment\":\"retired\"",
        ]
        for _ in 0..<24 {
            members.shuffle()
            let frame = Self.frame(attributes: members.joined(separator: ","))
            let lead = try #require(fast(frame, schema, reader))
            #expect(lead == generally(frame, schema))
        }
    }

    @Test(arguments: [#"1[3-9]\d{9}"#, #"\d{13}"#, #"\d{12}"#, #"\d{7}"#, #"[24]\d{7}"#])
    func `phone numbers of every market are those of its pattern`(text: String) throws {
        let pattern = try #require(PhonePattern(text))
        let schema = try Self.schema([])
        let tables = CallTables(schema: schema, phonePattern: pattern)
        let reader = FrequentRequestReader(role: .operator)
        let numbers = [
            "13800138000", "12800138000", "8612345678901", "7612345678901", "008612345678",
            "861234567890", "1234567", "40129876", "30129876", "4012987x", "+8640129876",
            "138 0013 8000", "",
        ]
        for number in numbers {
            let frame = Self.frame(attributes: "").replacing("13800138000", with: number)
            let request = reader.read(ByteBuffer(string: frame), tables: tables)
            var read: String?
            if case .submitLead(let lead)? = request?.mutation { read = lead.contact.phone }
            #expect(read == pattern.normalise(number))
        }
    }

    @Test func `region codes of every length and kind are read as the general way does`() throws {
        let schema = try Self.schema([
            ["name": "region", "kind": "region", "lengths": [2, 4, 6, 7, 8, 12]],
            ["name": "other", "kind": "flag"],
        ])
        let reader = FrequentRequestReader(role: .operator)
        let digits = (0...13).map { String("1234567890123".prefix($0)) }
        let others = [
            "33A1", "A33010", "3301é", "33 1", "3301060A", "ZZZZZZZZZZZZ", "33a1", "33/1", "33:1",
        ]
        var read = 0
        for code in digits + others {
            for text in ["\"\(code)\"", " \"\(code)\" ", code, "\"\(code)", "\"\(code)\\\""] {
                let frame = Self.frame(attributes: "\"region\":\(text),\"other\":true")
                let lead = fast(frame, schema, reader)
                if lead != nil { read += 1 }
                #expect(lead == generally(frame, schema))
            }
        }
        // Six lengths of digits and four other codes, with space around them and without.
        #expect(read == 20)
    }

    /// A reader first tries the names that came after one another last time.
    @Test func `names are read as by a new reader, whatever order and schema came before`() throws {
        // Each is the beginning of the next, and the longest are not tried.
        let names = (1...40).map { String(String(repeating: "name", count: 10).prefix($0)) }
        let flags = try Self.schema(names.map { ["name": .string($0), "kind": "flag"] })
        let numbers = try Self.schema(
            names.dropLast(20).reversed().map {
                ["name": .string($0), "kind": "integer", "minimum": 0, "maximum": 9]
            })
        let reader = FrequentRequestReader(role: .operator)
        var random = SeededRandom(seed: 0x0D3E)
        for round in 0..<200 {
            let isFlags = round % 3 != 0
            let schema = isFlags ? flags : numbers
            let members = (isFlags ? names : names.dropLast(20)).shuffled(using: &random)
                .prefix(Int.random(in: 0...20, using: &random)).map {
                    "\"\($0)\":\(isFlags ? "true" : "7")"
                }
            let separator = round % 5 == 0 ? " , " : ","
            let frame = Self.frame(attributes: members.joined(separator: separator))
            let lead = try #require(fast(frame, schema, reader))
            // Now each name comes where it came last time.
            #expect(fast(frame, schema, reader) == lead)
            #expect(lead == fast(frame, schema, FrequentRequestReader(role: .operator)))
            #expect(lead == generally(frame, schema))
            for (mark, spaced) in [
                ("\":", "\" :"), ("\":", "\": "), (",", ", "), ("{", "{ "), ("{", " {"),
                ("}", " }"),
            ] {
                #expect(fast(frame.replacing(mark, with: spaced), schema, reader) == lead)
            }
            // The other schema has not these names, or not with these values.
            if !members.isEmpty {
                #expect(fast(frame, isFlags ? numbers : flags, reader) == nil)
            }
            if let first = members.first {
                let twice = Self.frame(
                    attributes: (members + [first]).joined(separator: separator))
                #expect(fast(twice, schema, reader) == nil)
            }
        }
    }

    /// The memory of a reader holds the frame before; a frame must end where it ends all the same.
    @Test(arguments: FrequentRequestTests.frames)
    func `a frame cut short is not completed by the one before it`(text: String) throws {
        let tables = CallTables(
            schema: try SampleMarket.make().schema, phonePattern: .chineseMobile)
        let reader = FrequentRequestReader(role: .operator)
        let frame = ByteBuffer(string: text)
        for length in 0..<frame.readableBytes {
            try #require(reader.read(frame, tables: tables) != nil)
            let part = try #require(frame.getSlice(at: 0, length: length))
            #expect(reader.read(part, tables: tables) == nil, "\(length) bytes")
        }
    }

    @Test func `frames beyond 4,096 bytes are left to the general way`() throws {
        let schema = try SampleMarket.make().schema
        let reader = FrequentRequestReader(role: .operator)
        let text = Self.frame(attributes: "\"age\":34")
        let longest = text + String(repeating: " ", count: 4_096 - text.utf8.count)
        let lead = try #require(fast(longest, schema, reader))
        #expect(lead == generally(longest, schema))
        #expect(fast(longest + " ", schema, reader) == nil)
        #expect(generally(longest + " ", schema) != nil)
    }

    @Test func `a low limit on depth leaves all frames to the general way`() throws {
        let schema = try SampleMarket.make().schema
        let frame = Self.frame(attributes: "\"age\":34")
        let strict = FrequentRequestReader(role: .operator, maximumDepth: 3)
        #expect(fast(frame, schema, strict) == nil)
        let enough = FrequentRequestReader(role: .operator, maximumDepth: 4)
        #expect(fast(frame, schema, enough) != nil)
    }

    @Test(arguments: [
        ("lead.submit", ""), ("\"channel\"", "\"\""), ("\"age\"", "\"\""), ("34", "34,\"age\":34"),
        ("34", ""), ("34", "-"), ("34", "034"), ("34", "34.0"), ("34", "+34"), ("34", "3４"),
        ("34", "000000000000000034"), ("34", "99999999999999999999"), ("34", "34\u{0}"),
        ("true", "tru"), ("true", "falsetrue"), ("true", "TRUE"), ("true", "true\u{0}"),
        ("2.0", "2.00"), ("2.0", "2"), ("}}}", "}}}}"), ("}}}", "}}}\u{0}"), ("}}}", "}}},"),
        (":", " \u{B} :"), ("\"params\":{", "\"params\":{,"), ("}}}", ",}}}"),
    ])
    func `what is not quite a request is never read fast`(part: String, other: String) throws {
        let schema = try SampleMarket.make().schema
        let reader = FrequentRequestReader(role: .operator)
        let frame = Self.frame(attributes: "\"age\":34,\"ownsHouse\":true")
        try #require(fast(frame, schema, reader) != nil)
        let changed = frame.replacing(part, with: other, maxReplacements: 1)
        try #require(changed != frame)
        #expect(fast(changed, schema, reader) == nil)
        #expect(generally(changed, schema) == nil)
    }
}
