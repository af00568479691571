import MarketTestSupport

@testable import MarketCore

/// One seed: random commands for a market and for the model, which must answer alike.
struct Simulation {
    /// How time goes on.
    enum Pace: CaseIterable {
        /// Work runs at the very time it is due, before any later command (the supplied clock).
        case exact
        /// Commands may overtake due work, which then runs late and together (the real clock).
        case late
    }

    let seed: UInt64
    /// How many commands are given after the opening.
    let length: Int
    let pace: Pace
    var generator: CommandGenerator
    var market = Market()
    var model: Model
    /// Every event so far, as the market recorded it.
    var log: [RecordedEvent] = []
    /// What the events alone tell of caps, quantities and balances.
    var history = History()
    var tally = Tally()
    /// The commands given, for the report of a divergence.
    var commands: [(stamp: Timestamp, command: Command)] = []
    /// Whether invariants and liveness are looked at after every command, and the whole state now and then.
    var isThorough = true
    /// What the events replayed, and the inputs decided again, have led to by now.
    var again = (replayed: Market(), decided: Market(), events: 0)
    private var liveness: [OrderID: Unliveness] = [:]

    init(seed: UInt64, length: Int = 330, forgetting rule: Rule? = nil) {
        self.seed = seed
        self.length = length
        pace = seed % 2 == 0 ? .exact : .late
        generator = CommandGenerator(seed: seed)
        model = Model(forgetting: rule)
    }

    /// Plays the seed to its end.
    mutating func run() throws(Divergence) {
        if seed % Self.floodInterval == 0 { return try runFlood() }
        let start = generator.beginning()
        try give(generator.next(model, now: start), at: start)
        let clock: ClockKind = pace == .exact ? .supplied : .real
        for command in generator.opening(clock: clock, at: start) {
            try give(command, at: max(start, model.time + .microsecond))
        }
        for index in 1...length {
            let time = laterTime()
            try runDueWork(until: time)
            let stamp = max(time, model.time + .microsecond)
            generator.replaceErased(model)
            try give(generator.next(model, now: stamp), at: stamp)
            if index % 165 == 0, isThorough { try checkWhole() }
        }
        tally.countSeed()
    }

    /// The time of the next command: often at once, often just when something matters.
    private mutating func laterTime() -> Timestamp {
        let now = model.time
        if generator.awaited != nil { return now }
        switch generator.random.below(100) {
        case ..<45: return now
        case ..<65: return now + .seconds(Int64(generator.random.within(1...90)))
        case ..<78: return now + .seconds(Int64(generator.random.within(90...900)))
        case ..<80: return now + .seconds(Int64(generator.random.within(900...5_400)))
        case 80: return now + .hours(Int64(generator.random.pick([0, 0, 25, 50])))
        case ..<90: return justAbout(model.nextDue)
        default:
            let soon = model.moments().filter { $0 > now && $0 < now + .hours(1) }
            return justAbout(generator.random.pickAny(soon))
        }
    }

    /// A moment to the microsecond, or one before or after it.
    private mutating func justAbout(_ moment: Timestamp?) -> Timestamp {
        guard let moment else { return model.time }
        let offset = Int64(generator.random.within(-1...1))
        return max(model.time, Timestamp(microseconds: moment.microseconds + offset))
    }

    private mutating func runDueWork(until time: Timestamp) throws(Divergence) {
        switch pace {
        case .exact:
            while let due = model.nextDue, due <= max(time, model.time + .microsecond) {
                try give(.passTime, at: max(due, model.time + .microsecond))
            }
        case .late:
            guard let due = model.nextDue, due <= time, generator.random.chance(60) else { return }
            try give(.passTime, at: max(time, model.time + .microsecond))
        }
    }

    /// Gives one command to both and compares everything that can be seen at once.
    mutating func give(_ command: Command, at stamp: Timestamp) throws(Divergence) {
        commands.append((stamp, command))
        tally.countCommand()
        let known = model.releases.count
        let gates = isThorough ? model.assignments.map(\.gates) : []
        if isThorough { try checkVerdicts(on: command, at: stamp) }
        let expected: Result<[Event], Rejection>
        do throws(Rejection) {
            expected = .success(try model.execute(command, at: stamp))
        } catch {
            expected = .failure(error)
        }
        let before = market.head
        let decided = decision(on: command, at: stamp)
        var recorded: [RecordedEvent] = []
        let answer: Result<[Event], Rejection>
        do throws(Rejection) {
            recorded = try market.execute(command, at: stamp, input: input(of: command))
            answer = .success(recorded.map(\.event))
        } catch {
            answer = .failure(error)
        }
        guard answer == expected else {
            throw divergence("different answers", market: answer, model: expected)
        }
        guard Self.agree(decided, answer) else {
            throw divergence("decide and execute differ", market: answer, model: decided)
        }
        try checkPlaces(recorded, after: before, at: stamp)
        log += recorded
        for event in recorded {
            if let broken = history.follow(event) { throw divergence(broken) }
        }
        takeTurns()
        switch answer {
        case .success(let events):
            for event in events { tally.count(event) }
        case .failure(let rejection):
            tally.count(rejection)
        }
        if isThorough {
            countSituations(answer, gates: gates, at: stamp)
            // What was refused or left all as it was has changed nothing: that shows when the whole is checked.
            if !recorded.isEmpty { try checkInvariants(known: known) }
        }
    }

    /// Tells the model when the market will look at its orders again.
    private mutating func takeTurns() {
        model.turns = []
        for order in market.orders {
            guard let time = order.pendingTurn else { continue }
            model.turns.append(Model.Turn(order: order.id, time: time))
        }
    }

    private func decision(on command: Command, at stamp: Timestamp) -> Result<[Event], Rejection> {
        do throws(Rejection) {
            return .success(try market.decide(command, at: stamp))
        } catch {
            return .failure(error)
        }
    }

    /// Whether what was decided begins what was executed, or was refused alike.
    private static func agree(
        _ decided: Result<[Event], Rejection>, _ executed: Result<[Event], Rejection>
    ) -> Bool {
        guard case .success(let first) = decided, case .success(let all) = executed else {
            return decided == executed
        }
        return all.starts(with: first) && first.isEmpty == all.isEmpty
    }

    private mutating func input(of command: Command) -> InputContext {
        if case .passTime = command { return .market }
        var context = InputContext(role: .operator, principal: 1_000)
        if generator.random.chance(10) {
            context.idempotency = IdempotencyMark(
                key: Bytes16(high: generator.random.next(), low: seed),
                content: Bytes16(high: 0, low: generator.random.next()))
        }
        return context
    }

    private func checkPlaces(
        _ recorded: [RecordedEvent], after before: LogPosition, at stamp: Timestamp
    ) throws(Divergence) {
        for (index, event) in recorded.enumerated() {
            let isPlaced =
                event.position.rawValue == before.rawValue + UInt64(index) + 1
                && event.transaction == before.next && event.time == stamp
                && (event.input != nil) == (index == 0)
            if !isPlaced { throw divergence("event misplaced: \(event)") }
        }
        if market.head != model.head || market.time != model.time {
            throw divergence("head \(market.head), model's \(model.head)")
        }
    }

    mutating func checkInvariants(known: Int) throws(Divergence) {
        do throws(InvariantViolation) {
            try market.checkInvariants()
        } catch {
            throw divergence("the market's invariant is broken: \(error)")
        }
        let liveness = model.orders.map { model.unliveness(of: $0, at: model.time) }
        if let broken = model.brokenInvariant(known: known, liveness: liveness) {
            throw divergence(broken)
        }
        count(liveness)
        if market.nextDue != model.nextDue {
            throw divergence(
                "next due \(String(describing: market.nextDue)), "
                    + "model's \(String(describing: model.nextDue))")
        }
    }

    /// Counts the reasons that are new since the last command.
    private mutating func count(_ liveness: [Unliveness]) {
        for (order, reasons) in zip(model.orders, liveness) {
            let former = self.liveness[order.id] ?? []
            if reasons == former { continue }
            self.liveness[order.id] = reasons
            tally.count(reasons.subtracting(former))
        }
    }

    /// A report of what went wrong here.
    func divergence(
        _ what: String, market: Result<[Event], Rejection>? = nil,
        model: Result<[Event], Rejection>? = nil
    ) -> Divergence {
        Divergence(
            seed: seed, index: commands.count - 1, what: what,
            lastCommands: commands.suffix(12).map { "\($0.stamp.microseconds) \($0.command)" },
            market: market, model: model)
    }
}

/// That market and model went different ways, and where.
struct Divergence: Error, CustomStringConvertible {
    let seed: UInt64
    let index: Int
    let what: String
    let lastCommands: [String]
    let market: Result<[Event], Rejection>?
    let model: Result<[Event], Rejection>?

    var description: String {
        var lines = [
            "seed \(seed), command \(index): \(what)",
            "replay it with LEADMARKET_SIMULATION_SEED=\(seed)", "last commands:",
        ]
        lines += lastCommands.map { "  \($0)" }
        if let market, let model {
            lines += ["market: \(text(market, beside: model))"]
            lines += ["model: \(text(model, beside: market))"]
        }
        return lines.joined(separator: "\n")
    }

    /// An answer from where it differs.
    private func text(
        _ answer: Result<[Event], Rejection>, beside other: Result<[Event], Rejection>
    ) -> String {
        switch (answer, other) {
        case (.success(let events), .success(let others)):
            let same = zip(events, others).prefix { $0 == $1 }.count
            return "\(events.count) events, from number \(same + 1):"
                + events.dropFirst(same).prefix(5).map { "\n    \($0)" }.joined()
        case (.success(let events), .failure):
            return events.prefix(5).map { "\n    \($0)" }.joined()
        case (.failure(let rejection), _):
            return "rejected: \(rejection)"
        }
    }
}
