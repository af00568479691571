import MarketCore
import MarketTestSupport

/// Leads, and what advisors report of them.
extension CommandGenerator {
    mutating func submission(_ model: Model) -> LeadSubmission {
        LeadSubmission(
            channel: channel(), identity: random.pick(people), attributes: attributes(model),
            consent: consent(), preferredAdvisor: random.chance(45) ? friend(model) : nil,
            contact: contact())
    }

    mutating func ping(_ model: Model) -> LeadPing {
        LeadPing(
            channel: channel(), identity: random.pick(people), attributes: attributes(model),
            preferredAdvisor: random.chance(45) ? friend(model) : nil)
    }

    /// The post of a pinged lead, rightly or with something wrong; a ping when none is awaited.
    mutating func post(_ model: Model, of id: LeadID? = nil) -> Command {
        let pinged = model.leads.filter { $0.isPing && $0.isOpen && $0.id == id ?? $0.id }
        guard let lead = random.pickAny(pinged), !random.chance(4) else {
            if random.chance(85) { return .pingLead(ping(model)) }
            let any = random.pickAny(model.leads)
            return .postLead(
                LeadPost(
                    lead: any?.id ?? LeadID(1), channel: channel(),
                    identity: any?.identity ?? .person(1), consent: consent()))
        }
        var post = LeadPost(
            lead: lead.id, channel: model.channels[lead.channel.index].name,
            identity: lead.identity, consent: random.chance(8) ? nil : consent(),
            contact: contact())
        if random.chance(22) { post.identity = random.pick(people) }
        if random.chance(4) { post.channel = channel() }
        return .postLead(post)
    }

    private mutating func attributes(_ model: Model) -> Attributes {
        var attributes = Attributes()
        if random.chance(85) {
            let code = region(model)
            attributes[SmallWorld.Number.region] = code.rawValue
        }
        if random.chance(70) {
            attributes[SmallWorld.Number.ownsHouse] = random.chance(60) ? 1 : 0
        }
        if random.chance(75) {
            attributes[SmallWorld.Number.monthlyIncome] = Int64(random.below(12) * 1_000)
        }
        if random.chance(70) {
            let count = SmallWorld.employments.count
            attributes[SmallWorld.Number.employment] = Int64(random.below(count))
        }
        if random.chance(60) {
            attributes[World.tier] = Int64(random.below(World.tiers.count))
        }
        return attributes
    }

    /// An advisor whom a person may know.
    private mutating func friend(_ model: Model) -> Name? {
        random.chance(8) ? advisor(model) : random.pickAny(model.advisors)?.name
    }

    private mutating func consent() -> Consent? {
        guard random.chance(96) else { return nil }
        let named = random.chance(25) ? Array(Set([institution(), institution()])).sorted() : []
        return .given(to: named)
    }

    private mutating func contact() -> [UInt8] {
        random.chance(80) ? (0..<random.within(1...4)).map { UInt8($0) } : []
    }

    /// A region of a length that the schema has come to declare.
    mutating func region(_ model: Model) -> RegionCode {
        let long = AttributeKind.region(lengths: [2, 4, 6])
        if model.schema.attributes.first?.kind == long, random.chance(40) {
            return RegionCode(known: random.pick(["330106", "330199", "310101"]))
        }
        return RegionCode(known: random.pick(SmallWorld.regions))
    }

    mutating func institution() -> String { random.pick(SmallWorld.institutions) }

    mutating func profile() -> AdvisorProfile {
        AdvisorProfile(
            institution: institution(), identity: random.chance(30) ? random.pick(people) : nil,
            grade: random.pick(Grade.allCases), derivesGrade: random.chance(60),
            dailyCap: random.chance(15) ? random.within(1...8) : nil,
            openWorkLimit: random.chance(15) ? random.within(1...5) : nil)
    }

    /// Another profile, or the one that the advisor has with something else about it.
    mutating func changedProfile(_ model: Model) -> AdvisorProfile {
        var profile = profile()
        if random.chance(50), let advisor = random.pickAny(model.advisors) {
            profile.grade = advisor.profile.grade
            profile.derivesGrade = advisor.profile.derivesGrade
        }
        return profile
    }

    mutating func reportContact(_ model: Model, _ now: Timestamp) -> Command {
        let id = assignment(model)
        let place = model.assignments.firstIndex { $0.id == id }
        let released = place.flatMap { model.assignments[$0].releasedAt } ?? now
        var call = Timestamp(microseconds: (released.microseconds + now.microseconds) / 2)
        switch random.below(8) {
        case 0: call = Timestamp(microseconds: released.microseconds - 1)
        case 1: call = now + .minutes(30)
        case 2: call = released
        default: break
        }
        let report = ContactReport(
            firstCallAt: call, attempts: random.within(1...4),
            outcome: random.chance(35) ? .connected : random.pick(CallOutcome.allCases),
            evidence: random.chance(30) ? "cdr" : "")
        return .reportContact(id, report)
    }

    mutating func reportStage(_ model: Model) -> Command {
        let stage = random.pick(Stage.allCases)
        let passed = random.chance(70)
        let report = StageReport(
            stage: stage, passed: passed, reason: passed ? "" : "overdue",
            amount: passed && stage >= .drawn ? Money(fen: 5_000_000) : .zero)
        return .reportStage(assignment(model), report)
    }

    /// Mostly in time and for the first time.
    mutating func requestReturn(_ model: Model, _ now: Timestamp) -> Command {
        let request = ReturnRequest(
            reason: random.pick(ReturnReason.allCases), evidence: random.chance(75) ? "cdr" : "")
        let found: Model.Assignment?
        switch random.below(10) {
        case 0: found = random.pickAny(model.assignments.filter { $0.request != nil })
        case 1: found = random.pickAny(model.assignments.filter { $0.releasedAt != nil })
        default:
            found = random.pickAny(
                model.assignments.filter { assignment in
                    guard let released = assignment.releasedAt else { return false }
                    return assignment.request == nil
                        && now - released <= model.terms(of: assignment).returns.window
                })
        }
        return .requestReturn(found?.id ?? assignment(model), request)
    }

    mutating func decideReturn(_ model: Model) -> Command {
        let found = assignment(model) { $0.request != nil && $0.decision == nil }
        let isApproved = random.chance(65)
        return .decideReturn(
            found ?? assignment(model), approved: isApproved, note: isApproved ? "" : "too late")
    }
}
