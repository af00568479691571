internal import MarketCore

/// The market that an audit builds out of a log's inputs, deciding each again.
///
/// As long as what it decides is what the log says, it stands where the log's market stood. Where
/// it decides otherwise, it is built anew from what the log says, if the market can follow that at
/// all.
struct AuditFollower {
    /// The market after the last transaction followed; `nil` once it could not follow.
    private(set) var market: Market? = Market()
    private let log: EventLog
    private let invariantsEvery: Int
    /// The head from which on all promises are checked again: twice as far each time, so that the
    /// checks, which cost as much as the state is large, cost little against the events.
    private var nextInvariants: UInt64
    private var rebuilds = 0

    /// How often a market is built anew; each time costs a replay from the start.
    private static let maximumRebuilds = 4
    /// The most pairs of waiting lead and order that are worth checking before the end.
    private static let maximumPairs = 20_000_000

    init(log: EventLog, invariantsEvery: Int) {
        self.log = log
        self.invariantsEvery = invariantsEvery
        nextInvariants = UInt64(max(1, invariantsEvery))
    }

    /// The last event followed; `nil` once the market could not follow.
    var head: LogPosition? { market?.head }

    /// What the market's ledger says otherwise than `balances`, in words.
    func differences(
        from balances: ArraySlice<AuditMoney.Balance>, _ names: AuditNames
    ) -> [String] {
        market?.ledger.differences(from: balances, names) ?? []
    }

    /// Follows no further: a record could not be read.
    mutating func stop() { market = nil }

    /// Decides `transaction` again, compares, and checks the market's ledger after it.
    mutating func follow(
        _ transaction: ArraySlice<RecordedEvent>, _ report: inout AuditReport,
        _ findings: inout AuditFindings
    ) {
        guard let input = transaction.first, let last = transaction.last,
            var market = market.take()
        else { return }
        if let obstacle = market.obstacle(to: input) {
            findings.add(.impossible, at: input.position, "\(obstacle)")
            return
        }
        let rules = Self.rules(after: input.event, market.rulesInForce)
        let isKnown = rules == Market.rulesVersion
        report.note(
            rules, from: input.position, through: last.position, decidedAgain: isKnown)
        if isKnown {
            if let difference = decideAgain(transaction, &market) {
                findings.add(.decision, at: difference.position, difference.message)
                guard rebuild(&market, before: input.position) else { return }
                guard evolve(transaction, &market, &findings) else { return }
            }
        } else {
            guard evolve(transaction, &market, &findings) else { return }
        }
        report.followedThrough = market.head
        self.market = consume market
        if last.position.rawValue >= nextInvariants { checkNowAndThen(&findings) }
    }

    private static func rules(after event: Event, _ inForce: Int) -> Int {
        switch event {
        case .marketCreated(let foundation): foundation.rulesVersion
        case .rulesChanged(let version): version
        default: inForce
        }
    }

    /// Executes the transaction's input at its stamp; the first difference, or `nil`.
    private func decideAgain(
        _ transaction: ArraySlice<RecordedEvent>, _ market: inout Market
    ) -> (position: LogPosition, message: String)? {
        guard let recorded = transaction.first, let last = transaction.last else { return nil }
        guard let input = recorded.input else {
            return (recorded.position, "the input does not say who caused it")
        }
        guard let command = market.command(behind: recorded.event) else {
            return (
                recorded.position,
                "\(recorded.event.word) begins a transaction and is never an input"
            )
        }
        guard market.head == .start || recorded.time > market.time else {
            return (recorded.position, "its time is not after the last transaction's")
        }
        let decided: [RecordedEvent]
        do {
            decided = try market.execute(command, at: recorded.time, input: input)
        } catch {
            return (recorded.position, "the rules refuse \(recorded.event.word): \(error)")
        }
        for (event, other) in zip(transaction, decided) where event != other {
            let what =
                event.event.word == other.event.word
                ? "the rules decide another \(event.event.word)"
                : "the rules decide \(other.event.word), not \(event.event.word)"
            return (event.position, what)
        }
        if decided.count > transaction.count {
            let more = decided[transaction.count]
            return (
                last.position,
                "the rules go on with \(more.event.word), and the transaction ends"
            )
        }
        if decided.count < transaction.count {
            let more = transaction[transaction.startIndex + decided.count]
            return (more.position, "the rules do not decide this \(more.event.word)")
        }
        return nil
    }

    /// Builds the market before `position` out of what the log says; false when that took too
    /// often or is impossible.
    private mutating func rebuild(_ market: inout Market, before position: LogPosition) -> Bool {
        guard rebuilds < Self.maximumRebuilds else { return false }
        rebuilds += 1
        market = Market()
        do {
            try Replay(log).advance(&market, to: LogPosition(position.rawValue - 1))
            return true
        } catch {
            return false
        }
    }

    /// Follows what the log says; false where the market cannot.
    private func evolve(
        _ transaction: ArraySlice<RecordedEvent>, _ market: inout Market,
        _ findings: inout AuditFindings
    ) -> Bool {
        for recorded in transaction {
            if let obstacle = market.obstacle(to: recorded) {
                findings.add(.impossible, at: recorded.position, "\(obstacle)")
                return false
            }
            market.evolve(recorded)
        }
        return true
    }

    private mutating func checkNowAndThen(_ findings: inout AuditFindings) {
        guard let market else { return }
        nextInvariants = max(market.head.rawValue * 2, nextInvariants + UInt64(invariantsEvery))
        if market.waitingLeads.count * market.orders.count <= Self.maximumPairs {
            checkInvariants(&findings)
        } else {
            check(market, &findings) { market throws(InvariantViolation) in
                try market.checkLedger()
            }
        }
    }

    /// Checks every promise of the market where it stands.
    func checkInvariants(_ findings: inout AuditFindings) {
        guard let market else { return }
        check(market, &findings) { market throws(InvariantViolation) in
            try market.checkInvariants()
        }
    }

    private func check(
        _ market: Market, _ findings: inout AuditFindings,
        _ body: (Market) throws(InvariantViolation) -> Void
    ) {
        do {
            try body(market)
        } catch {
            let kind: AuditFinding.Kind =
                error.rule.hasPrefix("R12")
                ? .ledger : error.rule == "R4.5" ? .exclusivity : .invariant
            findings.add(kind, at: market.head, "\(error.rule): \(error.description)")
        }
    }
}

extension Event {
    /// The event's name, as in docs/EVENTS.md.
    var word: String {
        let name = EventType(self).messageName
        return name.prefix(1).lowercased() + name.dropFirst()
    }
}
