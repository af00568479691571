import MarketCore
import MarketTestSupport

/// What happens while leads are reserved: answers, and what comes in their way.
extension CommandGenerator {
    /// An answer to what is awaited, if anything is, rather often: reservations do not last.
    mutating func answerToSomething(_ model: Model, _ now: Timestamp) -> Command? {
        var kinds: [Kind] = []
        for place in model.assignments.indices where model.assignments[place].isReserved {
            let gates = model.assignments[place].gates
            if gates.acceptance != nil { kinds += [.accept, .accept, .decline] }
            if gates.consent != nil { kinds += [.confirm, .confirm, .refuse] }
            if gates.post != nil { kinds += [.post, .post, .post, .undermine, .undermine] }
        }
        if let last = answerAtTheLast(model, now) { return last }
        guard !kinds.isEmpty, random.chance(40) else { return nil }
        if random.chance(9) { return redefineSomething(model) }
        if random.chance(8) { return moveSomebody(model) }
        if random.chance(20) { return endSomething(model) }
        let kind = random.pick(kinds)
        switch kind {
        case .post: return post(model)
        case .undermine: return undermine(model)
        default: return answer(kind, model)
        }
    }

    /// An answer to a reservation whose deadline is this very microsecond.
    private mutating func answerAtTheLast(_ model: Model, _ now: Timestamp) -> Command? {
        for place in model.assignments.indices where model.assignments[place].isReserved {
            let assignment = model.assignments[place]
            if assignment.gates.acceptance == now { return .acceptAssignment(assignment.id) }
            if assignment.gates.consent == now {
                return .confirmConsent(assignment.id, namedConsent(for: assignment.id, model))
            }
            if assignment.gates.post == now { return post(model, of: assignment.lead) }
        }
        return nil
    }

    /// Redefines or ends the category of a reservation, which is then answered.
    private mutating func redefineSomething(_ model: Model) -> Command {
        let reserved = model.assignments.filter { $0.isReserved && $0.gates.post == nil }
        guard let assignment = random.pickAny(reserved) else { return .passTime }
        let name = model.categories[assignment.category.index].name
        let all = [SmallWorld.homeOwner, SmallWorld.whiteCollar, SmallWorld.everybody]
        var change = MarketConfiguration()
        change.categories = all.filter { $0.name == name }
        for index in change.categories.indices {
            change.categories[index].splits = [("agent", random.within(1...9_000))]
            change.categories[index].exclusivity = random.pick([nil, .minutes(1), .minutes(200)])
            change.categories[index].retired = random.chance(45)
            addGates(to: &change.categories[index])
        }
        awaited = assignment.id
        return .applyConfiguration(change)
    }

    /// Lets the reservation through that was left waiting.
    mutating func answer(to id: AssignmentID, _ model: Model) -> Command? {
        guard let assignment = model.assignments.first(where: { $0.id == id }) else { return nil }
        if assignment.gates.consent != nil {
            if assignment.gates.acceptance != nil { awaited = id }
            return .confirmConsent(id, namedConsent(for: id, model))
        }
        return assignment.gates.acceptance == nil ? nil : .acceptAssignment(id)
    }

    /// Gives somebody with a reservation an institution, mostly another one, which consent may not
    /// name (R8.2).
    private mutating func moveSomebody(_ model: Model) -> Command {
        let reserved = model.assignments.filter(\.isReserved)
        guard let assignment = random.pickAny(reserved) else { return .passTime }
        let advisor = model.advisors[assignment.advisor.index]
        var profile = advisor.profile
        profile.institution = random.pick(SmallWorld.institutions)
        return .updateAdvisor(name: advisor.name, profile: profile)
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
    mutating func undermine(_ model: Model) -> Command {
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
    mutating func answer(_ kind: Kind, _ model: Model) -> Command {
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
        if random.chance(33) { institutions = [institution()] }
        return .given(to: institutions)
    }
}
