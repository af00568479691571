import MarketRPC
import Testing

struct ErrorCodeTests {
    @Test func `codes and reasons are fixed for ever`() {
        let table = ErrorCode.allCases.filter { $0.rawValue < -32_099 || $0.rawValue > -32_020 }
            .map { "\($0.rawValue) \($0.reason) \($0.definition.isRetryable)" }
        #expect(
            table == [
                "-32700 malformedMessage false", "-32600 invalidRequest false",
                "-32601 unknownMethod false",
                "-32602 invalidParameters false", "-32603 internalError false",
                "-32001 frameTooLarge false",
                "-32002 batchTooLarge false", "-32003 tooManyConnections true",
                "-32004 tooManyInFlight true",
                "-32005 overloaded true", "-32006 storageFull true", "-32007 shuttingDown true",
                "-32008 forbidden false", "-32009 idempotencyMismatch false",
                "-32010 positionNotReached true",
                "-32011 wrongClock false", "-32012 tooManySubscriptions false",
            ])
    }

    @Test(arguments: ErrorCode.allCases) func `every code says what happened and what to do`(
        code: ErrorCode
    ) {
        let definition = code.definition
        #expect(definition.meaning.hasSuffix("."))
        #expect(definition.meaning.contains(":") || definition.meaning.contains(","))
        #expect(ErrorCode.allCases.filter { $0.reason == definition.reason } == [code])
        let standard = [-32700, -32600, -32601, -32602, -32603]
        #expect(standard.contains(code.rawValue) || (-32_099 ... -32_001).contains(code.rawValue))
    }

    @Test func `an error is written with its reason, field and whether to retry`() {
        var writer = JSONWriter()
        writer.response(
            Response(
                identifier: .string("x"),
                outcome: .failure(.invalidParameter(FieldPath("a"), "is missing."))))
        #expect(
            String(decoding: writer.bytes, as: UTF8.self)
                == #"{"jsonrpc":"2.0","id":"x","error":{"code":-32602,"message":"a: is missing.","data":{"reason":"invalidParameters","field":"a","retryable":false}}}"#
        )
    }
}
