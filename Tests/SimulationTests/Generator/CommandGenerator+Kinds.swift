import MarketCore
import MarketTestSupport

/// How often which command is given.
extension CommandGenerator {
    /// The kinds of commands.
    enum Kind: CaseIterable {
        case submit, ping, post, accept, decline, confirm, refuse, requestReturn, decideReturn
        case placeOrder, amendOrder, pauseOrder, resumeOrder, cancelOrder
        case deposit, withdraw, payChannel, payPayee
        case register, update, availability, suspend, reinstate
        case withdrawLead, suppress, unsuppress, erase
        case acknowledge, disclose, reportContact, reportStage
        case pauseChannel, resumeChannel, configure, undermine, changeRules, create, passTime

        /// In so many of all.
        var weight: Int {
            switch self {
            case .submit: 240
            case .placeOrder, .accept: 70
            case .ping, .post: 60
            case .deposit: 46
            case .requestReturn: 64
            case .configure: 46
            case .reportContact: 60
            case .amendOrder, .confirm: 38
            case .resumeChannel: 50
            case .reinstate: 40
            case .resumeOrder: 30
            case .suspend: 18
            case .withdrawLead, .unsuppress, .decline, .refuse: 26
            case .decideReturn, .availability, .update, .reportStage: 22
            case .acknowledge, .pauseOrder, .pauseChannel: 16
            case .suppress, .erase: 20
            case .withdraw, .payChannel, .payPayee, .register, .disclose: 13
            case .cancelOrder: 10
            case .undermine: 4
            case .passTime: 8
            case .changeRules, .create: 5
            }
        }
    }

    /// A command of a kind.
    mutating func command(_ kind: Kind, _ model: Model, _ now: Timestamp) -> Command {
        switch kind {
        case .submit: .submitLead(submission(model))
        case .ping: .pingLead(ping(model))
        case .post: post(model)
        case .accept, .decline, .confirm, .refuse: answer(kind, model)
        case .requestReturn: requestReturn(model, now)
        case .decideReturn: decideReturn(model)
        case .placeOrder: placeOrder(model, now)
        case .amendOrder: amendOrder(model, now)
        case .pauseOrder: pauseOrder(model)
        case .resumeOrder: .resumeOrder(order(model) { $0.isPaused })
        case .cancelOrder: .cancelOrder(order(model))
        case .deposit: deposit(model)
        case .withdraw: withdraw(model)
        case .payChannel: payChannel(model)
        case .payPayee: payPayee(model)
        case .withdrawLead: .withdrawLead(lead(model))
        case .acknowledge: .acknowledgeAssignment(assignment(model))
        case .disclose: .discloseContact(assignment(model))
        case .reportContact: reportContact(model, now)
        case .reportStage: reportStage(model)
        case .configure: .applyConfiguration(configuration(model))
        case .undermine: undermine(model)
        case .changeRules: .changeRules(version: random.within(1...3))
        case .create: .createMarket(foundation(clock: .real))
        case .passTime: .passTime
        case .register, .update, .availability, .suspend, .reinstate:
            advisorCommand(kind, model)
        case .suppress, .unsuppress, .erase, .pauseChannel, .resumeChannel:
            listCommand(kind, model)
        }
    }

    private mutating func advisorCommand(_ kind: Kind, _ model: Model) -> Command {
        switch kind {
        case .register: return .registerAdvisor(name: advisor(model), profile: profile())
        case .update: return .updateAdvisor(name: advisor(model), profile: changedProfile(model))
        case .availability: return setAvailability(model)
        case .suspend:
            let isRepeated = random.chance(75)
            let name = advisor(model) { $0.isSuspended == isRepeated }
            return .suspendAdvisor(name: name, reason: "complaint")
        default: return .reinstateAdvisor(name: advisor(model) { $0.isSuspended })
        }
    }

    private mutating func listCommand(_ kind: Kind, _ model: Model) -> Command {
        switch kind {
        case .suppress:
            let isRepeated = random.chance(40)
            let identity = person(model) { $0.isSuppressed == isRepeated }
            return .suppressPerson(identity, reason: "asked")
        case .unsuppress:
            return .unsuppressPerson(person(model) { $0.isSuppressed && !$0.isErased })
        case .erase:
            return .erasePerson(person(model) { $0.isErased })
        case .pauseChannel:
            let isRepeated = random.chance(55)
            return .pauseChannel(channel(model) { $0.isPaused == isRepeated })
        default:
            return .resumeChannel(channel(model) { $0.isPaused })
        }
    }

    private mutating func pauseOrder(_ model: Model) -> Command {
        let isRepeated = random.chance(60)
        return .pauseOrder(order(model) { $0.isPaused == isRepeated })
    }

    /// An answer to what is awaited, if anything is, rather often: reservations do not last.
    mutating func answerToSomething(_ model: Model) -> Command? {
        var kinds: [Kind] = []
        for place in model.assignments.indices where model.assignments[place].isReserved {
            let gates = model.assignments[place].gates
            if gates.acceptance != nil { kinds += [.accept, .accept, .decline] }
            if gates.consent != nil { kinds += [.confirm, .confirm, .refuse] }
            if gates.post != nil { kinds += [.post, .post, .post, .undermine, .undermine] }
        }
        guard !kinds.isEmpty, random.chance(40) else { return nil }
        if random.chance(18) { return endSomething(model) }
        let kind = random.pick(kinds)
        switch kind {
        case .post: return post(model)
        case .undermine: return undermine(model)
        default: return answer(kind, model)
        }
    }

    /// Ends a reservation from outside (R8.7).
    private mutating func endSomething(_ model: Model) -> Command {
        let reserved = model.assignments.filter(\.isReserved)
        guard let assignment = random.pickAny(reserved) else { return .passTime }
        switch random.below(7) {
        case 0, 1: return .withdrawLead(assignment.lead)
        case 2, 4: return .suppressPerson(assignment.identity, reason: "asked")
        case 3, 5: return .erasePerson(assignment.identity)
        default:
            let name = model.advisors[assignment.advisor.index].name
            return .suspendAdvisor(name: name, reason: "complaint")
        }
    }

    /// Something that keeps a pinged lead from being posted rightly.
    private mutating func undermine(_ model: Model) -> Command {
        let pinged = model.leads.filter { $0.isPing && $0.isOpen }
        guard let lead = random.pickAny(pinged) else { return .pingLead(ping(model)) }
        undermined = lead.id
        let channel = model.channels[lead.channel.index]
        var change = MarketConfiguration()
        switch random.below(5) {
        case 0:
            return .pauseChannel(channel.name)
        case 1:
            var profile = profile()
            profile.identity = lead.identity
            let name = random.pickAny(model.advisors)?.name ?? "chen"
            return .updateAdvisor(name: name, profile: profile)
        case 2:
            var definition = channel.definition
            definition.dailyCap = 0
            change.channels = [(channel.name, definition)]
        default:
            let all = [SmallWorld.homeOwner, SmallWorld.whiteCollar, SmallWorld.everybody]
            let names = lead.categories.map { model.categories[$0.index].name }
            change.categories = all.filter { names.contains($0.name) }
            for index in change.categories.indices { change.categories[index].retired = true }
        }
        return .applyConfiguration(change)
    }

    /// An answer to a reservation; a new lead when none is awaited, mostly.
    private mutating func answer(_ kind: Kind, _ model: Model) -> Command {
        let isAboutAcceptance = kind == .accept || kind == .decline
        let found = assignment(model) { assignment in
            let gates = assignment.gates
            return (isAboutAcceptance ? gates.acceptance : gates.consent) != nil
        }
        guard let found else { return .submitLead(submission(model)) }
        switch kind {
        case .accept: return .acceptAssignment(found)
        case .decline: return .declineAssignment(found)
        case .confirm: return .confirmConsent(found, namedConsent(for: found, model))
        default: return .declineConsent(found)
        }
    }

    /// A consent to the institution of an assignment, mostly.
    private mutating func namedConsent(for id: AssignmentID, _ model: Model) -> Consent {
        var institutions: [String] = []
        if random.chance(85), let assignment = model.assignments.first(where: { $0.id == id }) {
            institutions = [model.advisors[assignment.advisor.index].profile.institution]
        }
        if random.chance(25) { institutions = [institution()] }
        return .given(to: institutions)
    }
}
