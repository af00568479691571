import MarketCore
import MarketTestSupport

/// Makes random commands that a market of ``World`` has something to say to.
///
/// It looks at the model for what there is: half of its arrows fly at things that exist.
struct CommandGenerator {
    var random: SeededRandom
    /// The people alive: an erased one is replaced by somebody new in most cases.
    var people: [Identity]
    /// Market-local time less UTC, in minutes.
    let utcOffsetMinutes: Int
    private var bornCount: UInt64
    /// The pinged lead that is posted next, after something has come in its way.
    var undermined: LeadID?
    /// The reservation that is answered next, after its category was redefined.
    var awaited: AssignmentID?

    init(seed: UInt64) {
        random = SeededRandom(seed: seed)
        people = (0..<UInt64(World.personCount)).map(Identity.person)
        bornCount = UInt64(World.personCount)
        utcOffsetMinutes = [480, 480, -210, 345][Int(seed % 4)]
    }

    /// What the market is founded with.
    func foundation(clock: ClockKind) -> MarketFoundation {
        MarketFoundation(
            rulesVersion: Market.rulesVersion, clock: clock, utcOffsetMinutes: utcOffsetMinutes,
            secretFingerprint: Bytes16(high: 7, low: 7))
    }

    /// When the market is made: half the time shortly before a local midnight, so that it passes.
    mutating func beginning() -> Timestamp {
        let midnight =
            SmallWorld.beginning + .days(Int64(random.within(1...7)))
            + .minutes(Int64(-utcOffsetMinutes))
        let minutes = random.chance(50) ? random.within(1_380...1_435) : random.below(1_440)
        return midnight + .minutes(Int64(minutes)) + .seconds(Int64(random.below(60)))
    }

    /// What a session starts with: a founded and configured market with advisors that have money
    /// and orders.
    mutating func opening(clock: ClockKind, at start: Timestamp) -> [Command] {
        var commands: [Command] = [
            .createMarket(foundation(clock: clock)), .applyConfiguration(openingConfiguration()),
        ]
        for advisor in SmallWorld.advisors.prefix(random.within(3...5)) {
            commands.append(.registerAdvisor(name: advisor, profile: profile()))
            let isPoor = random.chance(25)
            let amount = Money(fen: Int64(random.within(isPoor ? 900...9_000 : 30_000...150_000)))
            commands.append(.deposit(advisor: advisor, amount: amount, reference: ""))
        }
        for _ in 0..<random.within(7...14) {
            commands.append(placeOrder(Model(), start))
        }
        return commands
    }

    /// A kind of command, with how often it is given in so many.
    private static let weights: [(kind: Kind, weight: Int)] = Kind.allCases.map { ($0, $0.weight) }

    /// The next command for a market in the state of `model`, to be stamped `now` or a little later.
    mutating func next(_ model: Model, now: Timestamp) -> Command {
        if let id = undermined {
            undermined = nil
            if random.chance(80) { return post(model, of: id) }
        }
        if let id = awaited {
            awaited = nil
            if random.chance(85), let answer = answer(to: id, model) { return answer }
        }
        if let answer = answerToSomething(model, now) { return answer }
        var dice = random.below(Self.weights.reduce(0) { $0 + $1.weight })
        for (kind, weight) in Self.weights {
            if dice < weight { return command(kind, model, now) }
            dice -= weight
        }
        return .passTime
    }

    /// Replaces the erased among the living, now and then.
    mutating func replaceErased(_ model: Model) {
        for index in people.indices {
            let isErased = model.people.contains { $0.identity == people[index] && $0.isErased }
            if isErased, random.chance(10) {
                people[index] = .person(bornCount)
                bornCount += 1
            }
        }
    }
}

/// Picking things by name or id: mostly such that exist, preferably those that are `likely`.
extension CommandGenerator {
    mutating func advisor(
        _ model: Model, likely: (Model.Advisor) -> Bool = { _ in true }
    ) -> Name {
        if random.chance(3) { return "nobody" }
        if random.chance(60), let found = random.pickAny(model.advisors.filter(likely)) {
            return found.name
        }
        return random.pick(SmallWorld.advisors)
    }

    mutating func channel(
        _ model: Model? = nil, likely: (Model.Channel) -> Bool = { _ in true }
    ) -> Name {
        if random.chance(3) { return "nowhere" }
        if let model, random.chance(80), let found = random.pickAny(model.channels.filter(likely)) {
            return found.name
        }
        return random.chance(8) ? "trial" : random.pick(SmallWorld.channels)
    }

    mutating func order(
        _ model: Model, likely: (Model.Order) -> Bool = { _ in true }
    ) -> OrderID {
        if random.chance(3) { return OrderID(model.head.next) }
        if random.chance(5), let found = random.pickAny(model.orders.filter(\.isCancelled)) {
            return found.id
        }
        let open = model.orders.filter { !$0.isCancelled }
        if random.chance(75), let found = random.pickAny(open.filter(likely)) { return found.id }
        if random.chance(75), let found = random.pickAny(open) { return found.id }
        return random.pickAny(model.orders)?.id ?? OrderID(1)
    }

    mutating func lead(_ model: Model) -> LeadID {
        let dice = random.below(100)
        if dice < 45, let found = openLead(model) { return found.id }
        let sold = model.leads.filter { $0.state == .sold }.suffix(4)
        if dice < 88, let found = random.pickAny(Array(sold)) { return found.id }
        if dice < 96, let found = random.pickAny(model.leads) { return found.id }
        return LeadID(model.head)
    }

    /// An open lead, preferably a reserved one.
    private mutating func openLead(_ model: Model) -> Model.Lead? {
        let reserved = model.leads.filter { $0.state == .reserved }
        if random.chance(65), let found = random.pickAny(reserved) { return found }
        return random.pickAny(model.leads.filter(\.isOpen))
    }

    /// An assignment, mostly a released one.
    mutating func assignment(_ model: Model) -> AssignmentID {
        if random.chance(4) { return AssignmentID(model.head.next) }
        let recent = Array(model.releases.suffix(5))
        if random.chance(72), let found = random.pickAny(recent) { return found }
        let erased = model.assignments.filter { $0.isErased }
        if random.chance(30), let found = random.pickAny(erased) { return found.id }
        return random.pickAny(model.assignments)?.id ?? AssignmentID(1)
    }

    /// An assignment that `isAwaited`, or any; `nil` when nothing is awaited, mostly.
    mutating func assignment(
        _ model: Model, where isAwaited: (Model.Assignment) -> Bool
    ) -> AssignmentID? {
        let awaited = model.assignments.filter(isAwaited)
        if random.chance(96), let found = random.pickAny(awaited) { return found.id }
        return random.chance(25) ? assignment(model) : nil
    }

    mutating func person(
        _ model: Model, likely: (Model.Person) -> Bool = { _ in false }
    ) -> Identity {
        let dice = random.below(100)
        if dice < 4 { return .person(random.next() | 1 << 40) }
        if dice < 36, let found = openLead(model) { return found.identity }
        if dice < 72, let found = random.pickAny(model.people.filter(likely)) {
            return found.identity
        }
        return random.pick(people)
    }
}
