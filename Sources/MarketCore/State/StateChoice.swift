/// A choice that the state holds as its place, from 1, in ``stateOrder``.
protocol StateChoice: Hashable, CaseIterable {
    /// All cases; changing the order is a change of ``Market/stateFormat``.
    static var stateOrder: [Self] { get }
}

extension StateWriter {
    mutating func write<Choice: StateChoice>(_ choice: Choice) {
        guard let index = Choice.stateOrder.firstIndex(of: choice) else {
            preconditionFailure("the order of a choice in the state names all cases")
        }
        write(index + 1)
    }
}

extension StateReader {
    mutating func choice<Choice: StateChoice>() throws(StateError) -> Choice {
        let number = try int()
        guard (1...Choice.stateOrder.count).contains(number) else { throw .invalidValue }
        return Choice.stateOrder[number - 1]
    }
}

extension Grade: StateChoice {
    static let stateOrder: [Grade] = [.elite, .standard, .novice]
}

extension RankKey: StateChoice {
    static let stateOrder: [RankKey] = [
        .dedicated, .priority, .premium, .gradeFit, .leastRecentlyServed,
    ]
}

extension TierRules.Aspect: StateChoice {
    static let stateOrder: [TierRules.Aspect] = [.activity, .ability, .willingness]
}

extension CallOutcome: StateChoice {
    static let stateOrder: [CallOutcome] = [
        .connected, .noAnswer, .busy, .poweredOff, .outOfService, .noSuchNumber, .wrongPerson,
        .refused, .industryPeer, .unqualified,
    ]
}

extension VoidReason: StateChoice {
    static let stateOrder: [VoidReason] = [
        .declined, .acceptanceTimedOut, .consentRefused, .consentTimedOut, .pingExpired,
        .postRejected, .withdrawn, .suppressed, .erased, .advisorSuspended,
    ]
}

extension ReturnReason: StateChoice {
    static let stateOrder: [ReturnReason] = [
        .noSuchNumber, .outOfService, .wrongPerson, .industryPeer, .duplicate, .unqualified,
    ]
}
