internal import MarketCore

/// The market that an audit builds out of a log's inputs, deciding each again.
///
/// As long as what it decides is what the log says, it stands where the log's market stood. Where
/// it decides otherwise, it is built anew from what the log says, if the market can follow that at
/// all.
struct AuditFollower {
    /// The market after the last transaction followed, as long as it can follow.
    private(set) var market = Market()
    /// Whether it can still follow.
    private(set) var isFollowing = true
    /// What the rules decided about the last transaction, kept for its room.
    private var decided: [RecordedEvent] = []
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

    /// What the market's ledger says otherwise than `balances`, in words.
    func differences(
        from balances: ArraySlice<AuditMoney.Balance>, _ names: AuditNames
    ) -> [String] {
        market.ledger.differences(from: balances, names)
    }

    /// Follows no further: a record could not be read, or the market cannot follow.
    mutating func stop() {
        isFollowing = false
        market = Market()
    }

    /// Decides `transaction` again and compares, if it still follows.
    mutating func follow(
        _ transaction: Span<RecordedEvent>, _ report: inout AuditReport,
        _ findings: inout AuditFindings
    ) {
        guard isFollowing, !transaction.isEmpty else { return }
        let first = transaction[0].position
        let last = transaction[transaction.count - 1].position
        if let obstacle = transaction.lend(0, to: { market.obstacle(to: $0) }) {
            findings.add(.impossible, at: first, "\(obstacle)")
            return stop()
        }
        let rules = Self.rules(after: transaction[0].event, market.rulesInForce)
        let isKnown = rules == Market.rulesVersion
        report.note(rules, from: first, through: last, decidedAgain: isKnown)
        if isKnown {
            if let difference = transaction.lend(0, to: { decideAgain($0, transaction) }) {
                findings.add(.decision, at: difference.position, difference.message)
                guard rebuild(before: first), evolve(transaction, &findings) else {
                    return stop()
                }
            }
        } else {
            guard evolve(transaction, &findings) else { return stop() }
        }
        report.followedThrough = market.head
    }

    /// What is to be checked of the market where it stands, if that is due by now.
    mutating func takeDueCheck() -> AuditCheck? {
        guard market.head.rawValue >= nextInvariants else { return nil }
        nextInvariants = max(market.head.rawValue * 2, nextInvariants + UInt64(invariantsEvery))
        return market.waitingLeads.count * market.orders.count <= Self.maximumPairs
            ? .promises(of: market) : .ledger(of: market)
    }

    private static func rules(after event: Event, _ inForce: Int) -> Int {
        switch event {
        case .marketCreated(let foundation): foundation.rulesVersion
        case .rulesChanged(let version): version
        default: inForce
        }
    }

    /// Executes the transaction's input at its stamp; the first difference, or `nil`.
    private mutating func decideAgain(
        _ recorded: borrowing RecordedEvent, _ transaction: Span<RecordedEvent>
    ) -> (position: LogPosition, message: String)? {
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
        decided.removeAll(keepingCapacity: true)
        do {
            try market.execute(command, at: recorded.time, input: input, appendingTo: &decided)
        } catch {
            return (recorded.position, "the rules refuse \(recorded.event.word): \(error)")
        }
        return Self.difference(of: decided.span, from: transaction)
    }

    /// Where and how the log's `transaction` is another than what the rules `decided`, or `nil`.
    private static func difference(
        of decided: Span<RecordedEvent>, from transaction: Span<RecordedEvent>
    ) -> (position: LogPosition, message: String)? {
        for index in 0..<min(transaction.count, decided.count)
        where !areSame(transaction, decided, at: index) {
            let (word, other) = (transaction[index].event.word, decided[index].event.word)
            return (
                transaction[index].position,
                word == other
                    ? "the rules decide another \(word)" : "the rules decide \(other), not \(word)"
            )
        }
        if decided.count > transaction.count {
            return (
                transaction[transaction.count - 1].position,
                "the rules go on with \(decided[transaction.count].event.word), and the transaction"
                    + " ends"
            )
        }
        if decided.count < transaction.count {
            let more = transaction[decided.count]
            return (more.position, "the rules do not decide this \(more.event.word)")
        }
        return nil
    }

    private static func areSame(
        _ transaction: Span<RecordedEvent>, _ decided: Span<RecordedEvent>, at index: Int
    ) -> Bool {
        transaction.lend(index) { event in decided.lend(index) { event.isSame(as: $0) } }
    }

    /// Builds the market before `position` out of what the log says; false when that took too
    /// often or is impossible.
    private mutating func rebuild(before position: LogPosition) -> Bool {
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
    private mutating func evolve(
        _ transaction: Span<RecordedEvent>, _ findings: inout AuditFindings
    ) -> Bool {
        for index in transaction.indices {
            if let obstacle = market.obstacle(to: transaction[index]) {
                findings.add(.impossible, at: transaction[index].position, "\(obstacle)")
                return false
            }
            market.evolve(transaction[index])
        }
        return true
    }
}

extension Event {
    /// The event's name, as in docs/EVENTS.md.
    var word: String {
        let name = EventType(self).messageName
        return name.prefix(1).lowercased() + name.dropFirst()
    }
}

extension RecordedEvent {
    /// Whether two events are equal, as `==` says, which would copy both of what is lent.
    fileprivate borrowing func isSame(as other: borrowing RecordedEvent) -> Bool {
        position == other.position && transaction == other.transaction && time == other.time
            && input == other.input && event == other.event
    }
}
