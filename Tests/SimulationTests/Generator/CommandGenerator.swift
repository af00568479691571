import MarketCore
import MarketTestSupport

/// Makes random commands that a market of ``SmallWorld`` has something to say to.
///
/// It looks at the model for what there is: half of its arrows fly at things that exist.
struct CommandGenerator {
    var random: SeededRandom
    /// The people alive: an erased one is replaced by somebody new in most cases.
    var people: [Identity]
    private var bornCount: UInt64

    init(seed: UInt64) {
        random = SeededRandom(seed: seed)
        people = (0..<UInt64(SmallWorld.personCount)).map(Identity.person)
        bornCount = UInt64(SmallWorld.personCount)
    }

    /// What a session starts with: a founded and configured market with advisors that have money
    /// and orders.
    mutating func opening(clock: ClockKind) -> [Command] {
        var commands: [Command] = [
            .createMarket(SmallWorld.foundation(clock: clock)),
            .applyConfiguration(SmallWorld.configuration),
        ]
        for advisor in SmallWorld.advisors.prefix(random.within(2...4)) {
            commands.append(.registerAdvisor(name: advisor, profile: profile()))
            let amount = Money(fen: Int64(random.within(5_000...60_000)))
            commands.append(.deposit(advisor: advisor, amount: amount, reference: ""))
        }
        for _ in 0..<random.within(2...8) {
            commands.append(placeOrder(Model(), SmallWorld.beginning))
        }
        return commands
    }

    /// The next command for a market in the state of `model`, to be stamped `now` or a little later.
    mutating func next(_ model: Model, now: Timestamp) -> Command {
        let dice = random.below(1_000)
        switch dice {
        case ..<304: return .submitLead(submission(model))
        case ..<384: return placeOrder(model, now)
        case ..<424: return amendOrder(model, now)
        case ..<450:
            let isRepeated = random.chance(20)
            return .pauseOrder(order(model) { $0.isPaused == isRepeated })
        case ..<490: return .resumeOrder(order(model) { $0.isPaused })
        case ..<502: return .cancelOrder(order(model))
        case ..<562: return deposit(model)
        case ..<578: return withdraw(model)
        case ..<591: return payChannel(model)
        case ..<605: return payPayee(model)
        case ..<620: return .registerAdvisor(name: advisor(model), profile: profile())
        case ..<635: return .updateAdvisor(name: advisor(model), profile: profile())
        case ..<670: return setAvailability(model)
        case ..<690:
            let isRepeated = random.chance(50)
            let name = advisor(model) { $0.isSuspended == isRepeated }
            return .suspendAdvisor(name: name, reason: "complaint")
        case ..<720: return .reinstateAdvisor(name: advisor(model) { $0.isSuspended })
        case ..<750: return .withdrawLead(lead(model))
        case ..<763:
            let isRepeated = random.chance(40)
            let identity = person(model) { $0.isSuppressed == isRepeated }
            return .suppressPerson(identity, reason: "asked")
        case ..<790: return .unsuppressPerson(person(model) { $0.isSuppressed && !$0.isErased })
        case ..<800: return .erasePerson(person(model) { $0.isErased })
        case ..<824: return .acknowledgeAssignment(assignment(model))
        case ..<838: return .discloseContact(assignment(model))
        case ..<866: return reportContact(model, now)
        case ..<880: return reportStage(model)
        case ..<898:
            let isRepeated = random.chance(55)
            return .pauseChannel(channel(model) { $0.isPaused == isRepeated })
        case ..<930: return .resumeChannel(channel(model) { $0.isPaused })
        case ..<980: return .applyConfiguration(configuration(model))
        case ..<985: return .changeRules(version: random.within(1...3))
        case ..<990: return .createMarket(SmallWorld.foundation())
        default: return .passTime
        }
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
        return random.pick(SmallWorld.channels)
    }

    mutating func order(
        _ model: Model, likely: (Model.Order) -> Bool = { _ in true }
    ) -> OrderID {
        if random.chance(3) { return OrderID(model.head.next) }
        let open = model.orders.filter { !$0.isCancelled }
        if random.chance(75), let found = random.pickAny(open.filter(likely)) { return found.id }
        if random.chance(75), let found = random.pickAny(open) { return found.id }
        return random.pickAny(model.orders)?.id ?? OrderID(1)
    }

    mutating func lead(_ model: Model) -> LeadID {
        let dice = random.below(100)
        let waiting = model.leads.filter { $0.state == .waiting }
        if dice < 35, let found = random.pickAny(waiting) { return found.id }
        let sold = model.leads.filter { $0.state == .sold }.suffix(4)
        if dice < 85, let found = random.pickAny(Array(sold)) { return found.id }
        if dice < 95, let found = random.pickAny(model.leads) { return found.id }
        return LeadID(model.head)
    }

    mutating func assignment(_ model: Model) -> AssignmentID {
        if random.chance(4) { return AssignmentID(model.head.next) }
        let recent = Array(model.assignments.suffix(5))
        if random.chance(70), let found = random.pickAny(recent) { return found.id }
        let erased = model.assignments.filter(\.isErased)
        if random.chance(40), let found = random.pickAny(erased) { return found.id }
        return random.pickAny(model.assignments)?.id ?? AssignmentID(1)
    }

    mutating func person(
        _ model: Model, likely: (Model.Person) -> Bool = { _ in false }
    ) -> Identity {
        let dice = random.below(100)
        if dice < 4 { return .person(random.next() | 1 << 40) }
        let waiting = model.leads.filter { $0.state == .waiting }
        if dice < 30, let found = random.pickAny(waiting) { return found.content.identity }
        if dice < 70, let found = random.pickAny(model.people.filter(likely)) {
            return found.identity
        }
        return random.pick(people)
    }
}
