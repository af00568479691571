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
}
