import MarketRPC
import MarketTestSupport
import Synchronization
import Testing

@testable import MarketTools

@Suite(.hangGuard)
struct `what a load tells of errors` {
    private func read(_ line: String) -> UnusualAnswer { UnusualAnswer(Array(line.utf8).span) }

    @Test func `an error has its code, its word and its message`() {
        var writer = JSONWriter()
        let error = RPCError(.unknownChannel)
        writer.response(Response(identifier: .integer(7), outcome: .failure(error)))
        let answer = read(String(decoding: writer.bytes, as: UTF8.self))
        #expect(answer.code == Int64(error.code.rawValue))
        #expect(answer.reason == "unknownChannel" && answer.message == error.message)
        #expect(answer.text == "unknownChannel (\(error.code.rawValue)): \(error.message)")
        #expect(answer.json["code"]?.integer == answer.code)
    }

    @Test func `an answer that is no error is shown as it came`() {
        let line = #"{"jsonrpc":"2.0","id":7,"result":{"lead":5,"status":"vanished"}}"#
        #expect(read(line).text == line && read(line).code == nil)
        #expect(read(line).json == ["message": .string(line)])
    }

    @Test func `of a load it is the first one that is neither decided nor overloaded`() throws {
        let answers: [StubDaemon.Answer] = [
            .result(["lead": 5, "status": "released"]),
            .result(["lead": 6, "status": "rejected", "reason": "duplicate"]),
            .error(reason: "overloaded"), .error(reason: "storageFull"),
            .error(reason: "unknownChannel"),
        ]
        let given = Atomic(0)
        let daemon = StubDaemon { _ in
            answers[given.wrappingAdd(1, ordering: .relaxed).oldValue % answers.count]
        }
        var options = LoadGenerator.Options(socketPath: daemon.path)
        options.connections = 1
        var deck = LeadDeck()
        deck.add(parameters: ["channel": "web"])
        let generator = try LoadGenerator(options, deck: deck)
        func run(_ count: Int) throws -> AnswerCounts {
            let phase = LoadPhase(
                pace: .closed(inFlight: 1), seconds: 60, maximumCount: count)
            return try generator.run([phase])[0].counts
        }
        #expect(try run(3)[.overloaded] == 1)
        #expect(generator.firstError == nil)
        let rest = try run(2)
        #expect(rest[.storageFull] == 1 && rest[.otherError] == 1)
        #expect(generator.firstError?.reason == "storageFull")
        #expect(generator.firstError?.text == "storageFull (-32033): it is storageFull")
    }
}
