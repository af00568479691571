import MarketCore
import MarketRPC
import MarketTestSupport
import NIOCore
import Testing

/// The fast way of reading frequent requests held against the general one.
struct FrequentRequestTests {
    /// What a frame comes to.
    private enum Reading: Equatable {
        case request(RequestIdentifier?, Content, MutationOptions)
        case refused(RPCError)
        /// Not a single request for such a change.
        case other

        init(_ identifier: RequestIdentifier?, _ mutation: Mutation, _ options: MutationOptions) {
            switch mutation {
            case .submitLead(let lead): self = .request(identifier, .submission(lead), options)
            case .pingLead(let lead): self = .request(identifier, .ping(lead), options)
            case .postLead(let lead): self = .request(identifier, .post(lead), options)
            case .command(let command): self = .request(identifier, .command(command), options)
            default: self = .other
            }
        }
    }

    private enum Content: Equatable {
        case submission(LeadSubmissionRequest)
        case ping(LeadPingRequest)
        case post(LeadPostRequest)
        case command(Command)
    }

    private struct Readers {
        let tables: CallTables
        let general = RequestReader()
        let frequent: FrequentRequestReader
        let context: CallContext

        init(_ role: Role, channel: String? = "partner-a") throws {
            let name = role == .supplier ? try channel.map(SampleMarket.name) : nil
            tables = CallTables(
                schema: try SampleMarket.make().schema, phonePattern: .chineseMobile)
            context = CallContext(role: role, channel: name, schema: tables.schema)
            frequent = FrequentRequestReader(role: role, channel: name)
        }

        func generally(_ frame: ByteBuffer) -> Reading {
            guard case .single(let message) = general.read(frame) else { return .other }
            switch message {
            case .refused(_, let error): return .refused(error)
            case .request(let request):
                do throws(RPCError) {
                    switch try Catalogue.content(of: request, context: context).content {
                    case .mutation(let mutation, let options):
                        return Reading(request.identifier, mutation, options)
                    case .query, .control: return .other
                    }
                } catch {
                    return .refused(error)
                }
            }
        }

        func fast(_ frame: ByteBuffer) -> Reading? {
            frequent.read(frame, tables: tables).map {
                Reading($0.identifier, $0.mutation, $0.options)
            }
        }
    }

    private static let consent = """
        "consent":{"givenAt":"2026-11-21T20:09:30.25+08:00","agreementSha256":\
        "9f86d081884c7d659A2FEAA0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",\
        "institutions":["Xihu Bank","西湖消费金融"]}
        """

    /// Frames that the fast way takes.
    static let frames = [
        """
        {"jsonrpc":"2.0","id":1,"method":"lead.submit","params":{"channel":"partner-a",\
        "phone":"13800138000","attributes":{"region":"330106","age":34,"ownsHouse":true,\
        "employment":"retired"},\(consent),"contact":{"name":"王女士","note":"after six"},\
        "preferredAdvisor":"adv-17","at":"2026-11-21T12:09:31Z"}}
        """,
        """
        { "params" : { "attributes" : { } , "phone" : "+86 138-0013-8000" , "channel" : "p" } ,\
         "method" : "lead.submit" , "jsonrpc" : "2.0" }
        """,
        """
        {"jsonrpc":"2.0","id":"a","method":"lead.ping","params":{"channel":"partner-a",\
        "phoneMd5":"c4cf4b1e7ff1ae6a3a5f43ffb6E4ED0D","attributes":{"region":"33","age":18}}}
        """,
        """
        {"jsonrpc":"2.0","id":null,"method":"lead.ping","params":{"channel":"partner-a",\
        "phone":"13800138000","attributes":{"ownsHouse":false}}}
        """,
        """
        {"jsonrpc":"2.0","id":9,"method":"lead.post","params":{"lead":4711,\
        "phone":"13800138000",\(consent),"contact":{"note":"x"},"at":1800000000000000}}
        """,
        """
        {"jsonrpc":"2.0","id":-9,"method":"assignment.acknowledge","params":{"assignment":4713}}
        """,
        """
        {"jsonrpc":"2.0","id":7,"method":"assignment.reportContact","params":{"assignment":4713,\
        "firstCallAt":"2026-11-21T20:12:00+08:00","attempts":1,"outcome":"connected",\
        "evidence":"cdr-1"}}
        """,
    ]

    @Test(arguments: frames) func `frequent frames are read fast and as in general`(
        text: String
    ) throws {
        let readers = try Readers(.operator)
        let frame = ByteBuffer(string: text)
        let fast = try #require(readers.fast(frame))
        #expect(fast == readers.generally(frame))
        for role in [Role.frontend, .supplier, .auditor] {
            let readers = try Readers(role)
            if let fast = readers.fast(frame) { #expect(fast == readers.generally(frame)) }
        }
        let lost = try Readers(.supplier, channel: nil)
        #expect(lost.fast(frame) == nil)
    }

    @Test func `a supplier's channel goes without saying`() throws {
        let readers = try Readers(.supplier)
        let text = """
            {"jsonrpc":"2.0","id":1,"method":"lead.submit","params":{"phone":"13800138000",\
            "attributes":{}}}
            """
        let frame = ByteBuffer(string: text)
        #expect(try #require(readers.fast(frame)) == readers.generally(frame))
    }

    /// Texts put in place of a value, a name or a part of one.
    private static let pieces = [
        "null", "true", "false", "0", "-0", "-1", "01", "1.0", "1e3", "999999999999999999",
        "1000000000000000000", "9223372036854775808", "\"\"", "\"330106\"", "\"3301\"", "\"3\"",
        "\"\\u0061ge\"", "\"\u{7F}\"", "\"\\ud800\"", "\"西湖\"", "\"a\\\\b\"", "{}", "[]",
        "[[[[]]]]",
        "{\"a\":{\"b\":[1,2]}}", "\"age\":1,", "\"id\":2,", "\"at\":1,", "\"name\":\"x\",", ",",
        ":",
        "}", "]", "{", "[", "\"", "\\", " ", "\t", "\r", "\n", "\u{0}", "\u{FEFF}", "\"at\":-1,",
        "\"idempotencyKey\":\"k\",", "\"channel\":\"partner-b\",", "\"ownsHouse\":1,",
        "13800138001",
        "\"2026-02-29T00:00:00Z\"", "\"1969-12-31T23:59:59Z\"", "\"2026-01-01T00:00:00.Z\"",
        "\"9999-12-31T23:59:59.999999Z\"", "9007199254740991", "9007199254740992", "1001",
        "\"retired\"", "\"unemployed\"", "\"\(String(repeating: "n", count: 64))\"",
        "\"\(String(repeating: "n", count: 65))\"", "\"\(String(repeating: "界", count: 43))\"",
    ]

    /// Changes `bytes` in one place or a few.
    static func mutate(_ bytes: inout [UInt8], _ random: inout SeededRandom) {
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let place = Int.random(in: 0...bytes.count, using: &random)
            switch Int.random(in: 0..<8, using: &random) {
            case 0:
                if place < bytes.count { bytes[place] = UInt8.random(in: 0...255, using: &random) }
            case 1:
                if place < bytes.count {
                    bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                }
            case 2:
                let end = min(bytes.count, place + Int.random(in: 1...12, using: &random))
                bytes.removeSubrange(place..<end)
            case 3:
                bytes.insert(UInt8.random(in: 32...126, using: &random), at: place)
            case 4:
                let piece = pieces[Int.random(in: 0..<pieces.count, using: &random)]
                bytes.insert(contentsOf: piece.utf8, at: place)
            case 5:
                replaceValue(in: &bytes, after: place, &random)
            case 6:
                repeatMember(in: &bytes, after: place)
            default:
                swapMembers(in: &bytes, &random)
            }
        }
    }

    /// Puts a piece in place of the value that follows the next colon.
    private static func replaceValue(
        in bytes: inout [UInt8], after place: Int, _ random: inout SeededRandom
    ) {
        guard let colon = bytes[place...].firstIndex(of: UInt8(ascii: ":")) else { return }
        let start = colon + 1
        let stops = Array(",}".utf8)
        let end = bytes[start...].firstIndex { stops.contains($0) } ?? bytes.count
        let piece = pieces[Int.random(in: 0..<pieces.count, using: &random)]
        bytes.replaceSubrange(start..<end, with: piece.utf8)
    }

    /// Writes what stands between the next two commas twice.
    private static func repeatMember(in bytes: inout [UInt8], after place: Int) {
        let comma = UInt8(ascii: ",")
        guard let first = bytes[place...].firstIndex(of: comma),
            let second = bytes[(first + 1)...].firstIndex(of: comma)
        else { return }
        bytes.insert(contentsOf: Array(bytes[first..<second]), at: second)
    }

    /// Exchanges two parts between commas.
    private static func swapMembers(in bytes: inout [UInt8], _ random: inout SeededRandom) {
        var parts = bytes.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        parts.swapAt(
            Int.random(in: 0..<parts.count, using: &random),
            Int.random(in: 0..<parts.count, using: &random))
        bytes = Array(parts.joined(separator: [UInt8(ascii: ",")]))
    }

    @Test(arguments: [Role.operator, .frontend, .supplier, .auditor])
    func `mutated frames mean the same either way`(role: Role) throws {
        let readers = try Readers(role)
        var random = SeededRandom(seed: 0x5EED + UInt64(role.word.utf8.count))
        var taken = 0
        for round in 0..<25_000 {
            var bytes = Array(Self.frames[round % Self.frames.count].utf8)
            Self.mutate(&bytes, &random)
            let frame = ByteBuffer(bytes: bytes)
            guard let fast = readers.fast(frame) else { continue }
            taken += 1
            let general = readers.generally(frame)
            if fast != general {
                Issue.record(
                    "\(String(decoding: bytes, as: UTF8.self)): \(fast), not \(general)")
                return
            }
        }
        // The mutations are mild enough that many frames are still requests.
        #expect(role == .auditor ? taken == 0 : taken > 100)
    }

    /// What makes a good request be read the general way, and how far that may go.
    @Test func `only escapes, keys and odd numbers make a good request slow`() throws {
        let readers = try Readers(.operator)
        var random = SeededRandom(seed: 0xFA57)
        var slow = 0
        for round in 0..<20_000 {
            var bytes = Array(Self.frames[round % Self.frames.count].utf8)
            Self.mutate(&bytes, &random)
            let frame = ByteBuffer(bytes: bytes)
            guard readers.fast(frame) == nil, case .request = readers.generally(frame) else {
                continue
            }
            slow += 1
            let sent = String(decoding: bytes, as: UTF8.self)
            let isExpected =
                sent.contains("\\") || sent.contains("idempotencyKey") || sent.contains("-0")
                || Self.longestNumber(in: bytes) > 18
                || !FrequentRequestTests.methods.contains { sent.contains("\"\($0)\"") }
            if !isExpected {
                Issue.record("\(sent) could have been read fast")
                return
            }
        }
        #expect(slow > 0)
    }

    private static func longestNumber(in bytes: [UInt8]) -> Int {
        bytes.split { !(0x30...0x39).contains($0) }.map(\.count).max() ?? 0
    }

    private static let methods = [
        "lead.submit", "lead.ping", "lead.post", "assignment.acknowledge",
        "assignment.reportContact",
    ]
}
