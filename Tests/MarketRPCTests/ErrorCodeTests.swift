import MarketRPC
import Testing

struct ErrorCodeTests {
    @Test func `codes and reasons are fixed for ever`() {
        let table = ErrorCode.allCases.map {
            "\($0.rawValue) \($0.reason) \($0.definition.isRetryable)"
        }
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
                "-32013 timeInPast false",
                "-32014 unknownLead false",
                "-32015 unknownSubscription false",
                "-32016 contactErased false",
                "-32020 marketExists false",
                "-32021 marketNotCreated false",
                "-32022 invalidConfiguration false",
                "-32023 unknownAdvisor false",
                "-32024 unknownCategory false",
                "-32025 unknownChannel false",
                "-32026 unknownPayee false",
                "-32027 unknownOrder false",
                "-32028 unknownAssignment false",
                "-32029 unknownPerson false",
                "-32030 advisorExists false",
                "-32031 advisorAlreadySuspended false",
                "-32032 advisorNotSuspended false",
                "-32033 insufficientFunds false",
                "-32034 insufficientPayable false",
                "-32035 balanceOutOfRange false",
                "-32036 categoryRetired false",
                "-32037 invalidPeriod false",
                "-32038 quantityBelowTaken false",
                "-32039 orderCancelled false",
                "-32040 orderAlreadyPaused false",
                "-32041 orderNotPaused false",
                "-32042 leadNotOpen false",
                "-32043 leadAlreadyWithdrawn false",
                "-32044 alreadySuppressed false",
                "-32045 notSuppressed false",
                "-32046 personErased false",
                "-32047 alreadyAcknowledged false",
                "-32048 firstCallOutOfRange false",
                "-32049 channelAlreadyPaused false",
                "-32050 channelNotPaused false",
                "-32051 leadNotPinged false",
                "-32052 identityMismatch false",
                "-32053 institutionNotConsented false",
                "-32054 deadlinePassed false",
                "-32055 notAwaitingAcceptance false",
                "-32056 notAwaitingConsent false",
                "-32057 assignmentNotReleased false",
                "-32058 returnAlreadyRequested false",
                "-32059 returnWindowPassed false",
                "-32060 noOpenReturn false",
                "-32061 advisorHasReservations true",
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
