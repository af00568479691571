import MarketCore
import MarketRPC
import Testing

struct RejectionErrorTests {
    private static let plain: [Rejection] = [
        .marketExists, .marketNotCreated, .unknownAdvisor, .unknownCategory, .unknownChannel,
        .unknownPayee, .unknownOrder, .unknownAssignment, .unknownPerson, .advisorExists,
        .advisorAlreadySuspended, .advisorNotSuspended, .insufficientFunds, .insufficientPayable,
        .balanceOutOfRange, .categoryRetired, .invalidPeriod, .quantityBelowTaken, .orderCancelled,
        .orderAlreadyPaused, .orderNotPaused, .leadNotOpen, .leadAlreadyWithdrawn,
        .alreadySuppressed, .notSuppressed, .personErased, .alreadyAcknowledged,
        .firstCallOutOfRange, .channelAlreadyPaused, .channelNotPaused, .leadNotPinged,
        .identityMismatch, .institutionNotConsented, .deadlinePassed, .notAwaitingAcceptance,
        .notAwaitingConsent, .assignmentNotReleased, .returnAlreadyRequested, .returnWindowPassed,
        .noOpenReturn, .advisorHasReservations,
    ]

    @Test(arguments: plain) func `a rejection keeps its name as the reason`(rejection: Rejection) {
        let error = RPCError(rejection)
        #expect(error.code.reason == "\(rejection)")
        #expect((-32_099 ... -32_020).contains(error.code.rawValue))
    }

    @Test func `a fault of a configuration names its part`() {
        func error(_ path: String, _ reason: ConfigurationFault.Reason) -> RPCError {
            RPCError(.invalidConfiguration(ConfigurationFault(path: path, reason: reason)))
        }
        let narrowed = error("attributes.age", .attributeNarrowed)
        #expect(narrowed.code == .invalidConfiguration)
        #expect(narrowed.field == "configuration.attributes.age")
        #expect(narrowed.message.hasPrefix("configuration.attributes.age: attributeNarrowed: "))
        let filter = error(
            "categories.homeOwner.qualification",
            .invalidFilter(FilterFault(attribute: "income", reason: .unknownAttribute)))
        #expect(filter.field == "configuration.categories.homeOwner.qualification.income")
        #expect(filter.message.contains("invalidFilter: is no attribute"))
    }

    @Test func `a field is a parameter of the method`() throws {
        let place = try #require(Catalogue.method(named: "order.place"))
        let submit = try #require(Catalogue.method(named: "lead.submit"))
        let deposit = try #require(Catalogue.method(named: "account.deposit"))
        #expect(RPCError(.unknownAdvisor, method: place).field == "advisor")
        #expect(RPCError(.unknownAdvisor, method: submit).field == "preferredAdvisor")
        #expect(RPCError(.orderCancelled, method: place).field == nil)
        #expect(RPCError(.balanceOutOfRange, method: deposit).field == "amountFen")
        let post = try #require(Catalogue.method(named: "lead.post"))
        let confirm = try #require(Catalogue.method(named: "assignment.confirmConsent"))
        #expect(RPCError(.identityMismatch, method: post).field == "phone")
        #expect(RPCError(.institutionNotConsented, method: post).field == "consent")
        #expect(RPCError(.leadNotPinged, method: post).field == "lead")
        #expect(RPCError(.notAwaitingConsent, method: confirm).field == "assignment")
        #expect(RPCError(.deadlinePassed, method: confirm).field == nil)
    }

    @Test func `each method says which refusals it may answer with`() {
        let named = Set(Catalogue.methods.flatMap(\.errors))
        for rejection in Self.plain where ![.marketExists, .marketNotCreated].contains(rejection) {
            #expect(named.contains(ErrorCode(rejection)), "\(rejection)")
        }
    }
}
