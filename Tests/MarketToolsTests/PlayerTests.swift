import MarketRPC
import MarketTestSupport
import Testing

@testable import MarketTools

@Suite(.hangGuard)
struct `playing a workload` {
    /// Sells leads whose phone is even, lets the others wait, and refuses order 9.
    private static func market(_ request: JSONValue) -> StubDaemon.Answer {
        let label = request["id"]?.string ?? ""
        let number = Int64(label.split(separator: "-").last ?? "") ?? 0
        switch request["method"]?.string {
        case "lead.submit"?:
            let result: JSONValue = [
                "lead": .integer(100 + number), "status": "released",
                "assignment": .integer(200 + number), "position": .integer(300 + number),
            ]
            return number % 2 == 0
                ? .result(result) : .result(["lead": .integer(100 + number), "status": "waiting"])
        case "order.place"?:
            return number == 9
                ? .error(reason: "insufficientFunds") : .result(["order": .integer(number)])
        case "order.pause"?: return .error(reason: "orderCancelled")
        case "order.get"?: return .error(reason: "forbidden")
        default: return .result(["position": 1])
        }
    }

    private func line(_ label: String, _ method: String, _ parameters: JSONObject = [:]) -> String {
        let line = WorkloadLine(number: 1, label: label, method: method, parameters: parameters)
        return String(decoding: line.bytes, as: UTF8.self)
    }

    private func play(
        _ lines: [String], to daemon: StubDaemon, inFlight: Int = 64, fromLine: Int = 1
    ) async throws -> PlaySummary {
        var options = Player.Options(socketPath: daemon.path, path: "w.jsonl")
        options.inFlight = inFlight
        options.fromLine = fromLine
        var rest = lines.enumerated().map {
            WorkloadLine(number: $0.offset + 1, bytes: Array($0.element.utf8))
        }[...]
        return try await Player(options).play { rest.popFirst() }
    }

    @Test func `placeholders become what earlier replies gave`() async throws {
        let daemon = StubDaemon(Self.market)
        let summary = try await play(
            [
                line("lead-2", "lead.submit"), line("order-3", "order.place"),
                line(
                    "x", "assignment.reportContact",
                    [
                        "assignment": "$assignment:lead-2", "note": "$$5",
                        "deep": [["order": "$order:order-3"], "$lead:lead-2"],
                    ]),
            ], to: daemon)
        #expect(summary.answered == 3 && summary.skipped == 0)
        #expect(
            daemon.requests.last?["params"] == [
                "assignment": 202, "note": "$5", "deep": [["order": 3], 102],
            ])
    }

    @Test func `a request whose placeholder stands for nothing is left out, and what hangs on it`()
        async throws
    {
        let daemon = StubDaemon(Self.market)
        let summary = try await play(
            [
                line("lead-1", "lead.submit"), line("order-9", "order.place"),
                line("a", "assignment.acknowledge", ["assignment": "$assignment:lead-1"]),
                line("b", "order.cancel", ["order": "$order:order-9"]),
                line("c", "lead.withdraw", ["lead": "$lead:a"]),
                line("d", "lead.withdraw", ["lead": "$lead:lead-1"]),
            ], to: daemon)
        #expect(summary.skipped == 3)
        #expect(daemon.requests.map { $0["id"] } == ["lead-1", "order-9", "d"])
        #expect(summary.errors == ["order.place insufficientFunds": 1])
        #expect(summary.unexpectedErrors == 0 && summary.exitStatus == .success)
    }

    @Test func `requests leave in order and replies may come in any`() async throws {
        let daemon = StubDaemon { request in
            let label = request["id"]?.string ?? ""
            let isEven = (Int(label) ?? 0) % 2 == 0
            return isEven ? .later(["position": 1]) : .result(["position": 2])
        }
        let labels = (0..<400).map { String($0) }
        let summary = try await play(labels.map { line($0, "market.info") }, to: daemon)
        #expect(daemon.requests.map { $0["id"]?.string } == labels)
        #expect(summary.answered == 400 && summary.position == 2)
    }

    @Test func `one in flight is enough`() async throws {
        let daemon = StubDaemon(Self.market)
        let lines = (0..<50).map { line("lead-\($0)", "lead.submit") }
        let summary = try await play(lines, to: daemon, inFlight: 1)
        #expect(summary.results == ["lead.submit released": 25, "lead.submit waiting": 25])
    }

    @Test func `errors that timing explains do not fail a run and others do`() async throws {
        let daemon = StubDaemon(Self.market)
        let good = try await play([line("a", "order.pause")], to: daemon)
        #expect(good.exitStatus == .success)
        let bad = try await play([line("a", "order.pause"), line("b", "order.get")], to: daemon)
        #expect(bad.unexpectedErrors == 1 && bad.exitStatus == .refused)
        #expect(bad.examples == ["line 2, b, order.get: it is forbidden"])
    }

    @Test func `going on from a line sends earlier ones again only where they are needed`()
        async throws
    {
        let daemon = StubDaemon(Self.market)
        let lines = [
            line("lead-2", "lead.submit", ["idempotencyKey": "k2"]),
            line("lead-4", "lead.submit", ["idempotencyKey": "k4"]),
            line("a", "assignment.acknowledge", ["assignment": "$assignment:lead-4"]),
        ]
        let summary = try await play(lines, to: daemon, fromLine: 3)
        #expect(daemon.requests.map { $0["id"] } == ["lead-4", "a"])
        #expect(daemon.requests.last?["params"] == ["assignment": 204])
        #expect(summary.answered == 1 && summary.repeated == 1)
    }

    @Test func `a line without a key is never sent again`() async throws {
        let daemon = StubDaemon(Self.market)
        let lines = [
            line("lead-2", "lead.submit"),
            line("a", "assignment.acknowledge", ["assignment": "$assignment:lead-2"]),
        ]
        await #expect(throws: ToolError.self) {
            try await self.play(lines, to: daemon, fromLine: 2)
        }
        #expect(daemon.requests.isEmpty)
    }

    @Test func `a lost connection names the first line without an answer`() async throws {
        let daemon = StubDaemon { $0["id"] == "lead-7" ? .hangUp : Self.market($0) }
        let lines = (1...20).map { line("lead-\($0)", "lead.submit") }
        let summary = try await play(lines, to: daemon, inFlight: 4)
        #expect(summary.nextLine == 7 && summary.exitStatus == .unreachable)
        #expect(summary.answered == 6)
    }

    @Test(arguments: [
        "no json", "[]", "{}", #"{"jsonrpc":"2.0","method":"m"}"#,
        #"{"jsonrpc":"2.0","id":1,"method":"m","params":[]}"#,
        #"{"jsonrpc":"2.0","id":1,"method":"m","params":{"a":"$x:later"}}"#,
    ])
    func `a line that is no request ends the run with its number`(bad: String) async throws {
        let daemon = StubDaemon(Self.market)
        let error = await #expect(throws: ToolError.self) {
            try await self.play([self.line("ok", "market.info"), bad], to: daemon)
        }
        guard case .line("w.jsonl", 2, _)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func `an id may stand on one line only`() async throws {
        let daemon = StubDaemon(Self.market)
        await #expect(throws: ToolError.self) {
            try await self.play([self.line("a", "m"), self.line("a", "m")], to: daemon)
        }
    }

    @Test func `without a daemon there is an error that says so`() async throws {
        let error = await #expect(throws: ToolError.self) {
            let options = Player.Options(socketPath: "/nowhere/market.sock", path: "w")
            _ = try await Player(options).play { nil }
        }
        #expect(error?.exitStatus == .unreachable)
    }

    @Test func `a placeholder with a condition stands for something only if the result says so`()
        async throws
    {
        let daemon = StubDaemon { request in
            switch request["id"]?.string {
            case "gated"?:
                .result([
                    "lead": 1, "status": "reserved", "assignment": 2, "institution": "bank",
                    "awaits": ["acceptance": "2026-01-01T00:01:00Z"],
                ])
            case "sold"?: .result(["lead": 3, "status": "released", "assignment": 4])
            case "return"?: .result(["assignment": 4, "state": "open"])
            default: .result(["position": 1])
            }
        }
        func asking(_ label: String, _ placeholder: JSONValue) -> String {
            line(label, "assignment.accept", ["assignment": placeholder])
        }
        let summary = try await play(
            [
                line("gated", "lead.submit"), line("sold", "lead.submit"),
                line("return", "assignment.requestReturn"),
                asking("a", "$assignment?acceptance:gated"),
                asking("b", "$assignment?consent:gated"),
                asking("c", "$assignment?acceptance:sold"),
                asking("d", "$institution?reserved:gated"),
                asking("e", "$assignment?open:return"),
                asking("f", "$assignment?approved:return"),
            ], to: daemon)
        #expect(summary.skipped == 3)
        #expect(daemon.requests.dropFirst(3).map { $0["id"] } == ["a", "d", "e"])
        #expect(
            daemon.requests.dropFirst(3).map { $0["params"]?["assignment"] } == [2, "bank", 4])
    }

    @Test(arguments: [
        ("$assignment:lead-17", "assignment", nil, "lead-17"), ("$a1:b:c", "a1", nil, "b:c"),
        ("$lead?reserved:x-ping", "lead", "reserved", "x-ping"), ("$a:b?c", "a", nil, "b?c"),
    ])
    func `a placeholder is a member, perhaps a condition, and a label`(
        text: String, member: String, condition: String?, label: String
    ) {
        let placeholder = Placeholder(text)
        #expect(placeholder?.member == member && placeholder?.label == label)
        #expect(placeholder?.condition == condition)
    }

    @Test(arguments: [
        "", "$", "$a", "$:b", "$a:", "$$a:b", "a:b", "$a-b:c", "x$a:b", "$a?:b", "$?a:b",
        "$a?b?c:d", "$a?b-c:d",
    ])
    func `other strings are no placeholders`(text: String) {
        #expect(Placeholder(text) == nil)
    }
}
