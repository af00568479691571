import MarketCore
import MarketTestSupport

/// Leads, and what advisors report of them.
extension CommandGenerator {
    mutating func submission(_ model: Model) -> LeadSubmission {
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
        var consent: Consent?
        if random.chance(96) {
            let named =
                random.chance(25)
                ? Array(Set([institution(), institution()])).sorted() : []
            consent = .given(to: named)
        }
        var contact: [UInt8] = []
        if random.chance(80) {
            contact = (0..<random.within(1...4)).map { UInt8($0) }
        }
        return LeadSubmission(
            channel: channel(), identity: random.pick(people), attributes: attributes,
            consent: consent, preferredAdvisor: random.chance(20) ? advisor(model) : nil,
            contact: contact)
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
            grade: random.pick(Grade.allCases))
    }

    mutating func reportContact(_ model: Model, _ now: Timestamp) -> Command {
        let id = assignment(model)
        let released = model.assignments.first { $0.id == id }?.releasedAt ?? now
        var call = Timestamp(microseconds: (released.microseconds + now.microseconds) / 2)
        switch random.below(8) {
        case 0: call = Timestamp(microseconds: released.microseconds - 1)
        case 1: call = now + .minutes(30)
        case 2: call = released
        default: break
        }
        let report = ContactReport(
            firstCallAt: call, attempts: random.within(1...4),
            outcome: random.pick(CallOutcome.allCases), evidence: random.chance(30) ? "cdr" : "")
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
}
