import MarketRPC
import MarketTestSupport
import Testing

@testable import MarketTools

struct `scanning answers without parsing them` {
    private let scanner = ReplyScanner()

    private func scan(_ line: String) -> ScannedLine { scanner.scan(Array(line.utf8).span) }

    /// A line as the daemon's writer makes it.
    private func line(_ identifier: Int64, _ outcome: Result<JSONValue, RPCError>) -> String {
        var writer = JSONWriter()
        writer.response(Response(identifier: .integer(identifier), outcome: outcome))
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test func `decisions are told apart by their status`() {
        let words: [(String, AnswerKind)] = [
            ("released", .released), ("reserved", .reserved), ("waiting", .waiting),
            ("tested", .tested), ("unmatched", .unmatched),
        ]
        for (word, kind) in words {
            let result: JSONValue = [
                "lead": 4711, "status": .string(word), "assignment": 4713,
                "institution": "\"status\":\"waiting\"", "position": 4714,
            ]
            #expect(
                scan(line(1_000_000_007, .success(result)))
                    == .reply(identifier: 1_000_000_007, number: 4711, kind))
        }
    }

    @Test func `rejections are told apart by their reason`() {
        for kind in AnswerKind.allCases where kind.group == .rejected {
            let result: JSONValue = [
                "lead": 5, "status": "rejected", "reason": .string(kind.word), "position": 5,
            ]
            #expect(
                scan(line(1_000_000_001, .success(result)))
                    == .reply(identifier: 1_000_000_001, number: 5, kind))
        }
    }

    @Test func `every reason of a rejection that the catalogue knows is known here`() {
        let document = APIDocument.markdown
        for kind in AnswerKind.allCases where kind.group == .rejected {
            #expect(document.contains("`\(kind.word)`"))
        }
    }

    @Test func `errors are told apart by their reason`() {
        let errors: [(ErrorCode, AnswerKind)] = [
            (.overloaded, .overloaded), (.storageFull, .storageFull),
            (.tooManyInFlight, .tooManyInFlight), (.shuttingDown, .shuttingDown),
            (.unknownChannel, .otherError),
        ]
        for (code, kind) in errors {
            #expect(
                scan(line(1_000_000_002, .failure(RPCError(code))))
                    == .reply(identifier: 1_000_000_002, number: 0, kind))
        }
    }

    @Test func `the answer to a placed order tells its number, that to another change none`() {
        #expect(
            scan(line(1_000_000_003, .success(["order": 88, "state": "live"])))
                == .reply(identifier: 1_000_000_003, number: 88, .changed))
        #expect(
            scan(line(1_000_000_003, .success(["position": 88])))
                == .reply(identifier: 1_000_000_003, number: 0, .changed))
    }

    @Test func `the first push of a sale is told from other pushes`() {
        #expect(scan(push("released")) == .sale(lead: 4711, assignment: 4713))
        #expect(scan(push("released", again: true)) == .otherPush)
        #expect(scan(push("voided", reason: "declined")) == .otherPush)
    }

    @Test func `a reservation is for a frontend to answer where the advisor is to accept`() {
        let time = JSONValue.string("2026-01-01T00:00:00.123456Z")
        #expect(
            scan(push("reserved", awaits: ["acceptance": time])) == .reservation(assignment: 4713))
        #expect(
            scan(push("reserved", awaits: ["post": time, "consent": time, "acceptance": time]))
                == .reservation(assignment: 4713))
        #expect(scan(push("reserved", awaits: ["post": time])) == .otherPush)
        #expect(scan(push("reserved", again: true, awaits: ["acceptance": time])) == .otherPush)
    }

    private func push(
        _ status: String, again: Bool = false, reason: String? = nil, awaits: JSONObject? = nil
    ) -> String {
        var members: JSONObject = [
            "subscription": 1, "position": 4714, "redelivered": .bool(again),
            "status": .string(status),
        ]
        if let reason { members["reason"] = .string(reason) }
        if let awaits { members["awaits"] = .object(awaits) }
        members["assignment"] = 4713
        members["lead"] = 4711
        members["attributes"] = ["ownsHouse": true]
        var writer = JSONWriter()
        writer.notification("assignment") { $0.value(.object(members)) }
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test func `what is otherwise is said to be unreadable`() {
        let lines = [
            "", "{}", #"{"jsonrpc":"2.0","id":1}"#, #"{"id":1,"jsonrpc":"2.0","result":{}}"#,
            #"{"jsonrpc":"2.0","id":1,"result":{"lead":5,"position":6}}"#,
        ]
        for line in lines { #expect(scan(line) == .unreadable, "\(line)") }
    }

    @Test func `a status nobody knows is counted as such`() {
        #expect(
            scan(line(1_000_000_004, .success(["lead": 5, "status": "vanished"])))
                == .reply(identifier: 1_000_000_004, number: 5, .unknown))
    }
}
