import MarketRPC
import MarketTestSupport
import Testing

@testable import MarketTools

@Suite(.timeLimit(.minutes(1)))
struct `importing a do-not-contact list` {
    private static let identity = "00112233445566778899aabbccddeeff"

    private func list(_ text: String, column: String? = nil) throws -> SuppressionFile {
        try withFile(text.utf8) { try SuppressionFile(InputFile(path: $0), column: column) }
    }

    @Test func `each line is a phone or an identity, with comments and blank lines between`() throws
    {
        let list = try list(
            "\u{FEFF}# complaints\r\n13800138000\r\n\r\n  +86 138-0013-8001  # twice\n"
                + Self.identity.uppercased() + "\n")
        #expect(
            list.entries == [
                .init(line: 2, person: .phone("13800138000")),
                .init(line: 4, person: .phone("+86 138-0013-8001")),
                .init(line: 5, person: .identity(Self.identity)),
            ])
        #expect(list.misfits.isEmpty)
    }

    @Test(arguments: ["nobody", "138,x", "00112233", "13800138000 x", "+", "ab\u{FF}"])
    func `a line that names nobody is kept with its number`(bad: String) throws {
        let list = try list("13800138000\n\(bad)\n")
        // Eight digits are a phone as far as the form goes; the market says that it is none.
        if bad == "00112233" {
            #expect(list.entries.count == 2)
        } else {
            #expect(list.entries.count == 1 && list.misfits.map(\.line) == [2])
        }
    }

    @Test func `a column of a CSV file is read, and rows without it are misfits`() throws {
        let list = try list(
            "name,phone\n张三,13800138000\n\"李,四\",13800138001\n# gone,1\n王五\n赵六,\n\"x\"y,1\n",
            column: "phone")
        #expect(list.entries.map(\.line) == [2, 3])
        #expect(list.misfits.map(\.line) == [5, 6, 7])
    }

    @Test func `a column that is not there is an error`() throws {
        #expect(throws: ToolError.self) { try list("name,phone\n", column: "mobile") }
    }

    /// Knows 13800138000 already and takes no number that does not begin with 1.
    private static func market(_ request: JSONValue) -> StubDaemon.Answer {
        let phone = request["params"]?["phone"]?.string ?? ""
        if phone == "13800138000" { return .error(reason: "alreadySuppressed") }
        if phone.hasPrefix("9") { return .error(reason: "invalidPhone") }
        if phone.hasPrefix("8") { return .error(reason: "forbidden") }
        return .result(["position": 7])
    }

    private func run(_ text: String, to daemon: StubDaemon) async throws
        -> SuppressionImport.Outcome
    {
        var options = SuppressionImport.Options(socketPath: daemon.path, path: "list.txt")
        options.reason = "complaint"
        options.at = "2026-01-01T00:00:00Z"
        return try await SuppressionImport(list(text), options).run()
    }

    @Test(.rules("R4.3"))
    func `who is on the list already is counted, what is no phone is told by its line`()
        async throws
    {
        let daemon = StubDaemon(Self.market)
        let outcome = try await run(
            "13800138000\nnobody\n13800138001\n999\n\(Self.identity)\n", to: daemon)
        #expect(outcome.lines == 5 && outcome.added == 2 && outcome.present == 1)
        #expect(outcome.misfits.map(\.line) == [2, 4])
        #expect(outcome.exitStatus == .badData)
        #expect(
            daemon.requests.last?["params"] == [
                "identity": .string(Self.identity), "reason": "complaint",
                "at": "2026-01-01T00:00:00Z",
            ])
        #expect(outcome.json["present"] == 1 && outcome.text.contains("not understood"))
    }

    @Test func `a list without faults ends well, and an unexpected error does not`() async throws {
        let daemon = StubDaemon(Self.market)
        #expect(try await run("13800138000\n13800138002\n", to: daemon).exitStatus == .success)
        let refused = try await run("13800138002\n800\n", to: daemon)
        #expect(refused.exitStatus == .refused)
        #expect(refused.text.contains("unexpected: line 2"))
    }

    @Test func `a lost connection loses no line`() async throws {
        let daemon = StubDaemon {
            $0["params"]?["phone"] == "13800138003" ? .hangUp : Self.market($0)
        }
        let outcome = try await run("13800138002\n13800138003\n13800138004\n", to: daemon)
        #expect(outcome.exitStatus == .unreachable)
        #expect(outcome.text.contains("not answered"))
        #expect(outcome.added == 1)
    }

    @Test func `a dry run checks as the market would and sends nothing`() throws {
        let information: JSONValue = ["settings": ["phonePattern": "1[3-9]\\d{9}"]]
        let options = SuppressionImport.Options(socketPath: "/nowhere", path: "list.txt")
        let list = try list("13800138000\n0086 138 0013 8000\n12800138000\nx\n\(Self.identity)\n")
        let outcome = SuppressionImport(list, options).dryRun(information)
        #expect(outcome.lines == 5 && outcome.added == 2 && outcome.present == 1)
        #expect(outcome.misfits.map(\.line) == [3, 4])
        #expect(outcome.text.contains("would be put on the list"))
    }

    @Test(arguments: [
        ("13800138000", "13800138000"), ("+86 138-0013-8000", "13800138000"),
        ("0086 13800138000", "13800138000"), ("8613800138000", "13800138000"),
        ("(138) 0013.8000", "13800138000"), ("12800138000", nil), ("1380013800", nil),
    ])
    func `phones are told as the market tells them`(text: String, digits: String?) {
        #expect(PhoneForm("1[3-9]\\d{9}")?.digits(of: text) == digits)
    }
}
