import MarketCore
import MarketTestSupport
import Testing

/// Grades that follow from results (R9.4).
struct GradeTests {
    private let rules = GradeRules(
        window: 4,
        elite: .init(connection: 7_500, discipline: 10_000, approval: 2_500),
        standard: .init(connection: 5_000, discipline: 5_000, approval: 0))

    private func market(
        derives: Bool = true, sales: Int = 4
    ) throws -> (market: TestMarket, ids: [AssignmentID]) {
        var market = try TestMarket()
        let rules = rules
        try market.set { $0.gradeRules = .set(rules) }
        try market.give(
            .registerAdvisor(
                name: "chen",
                profile: AdvisorProfile(institution: "bankOne", derivesGrade: derives)))
        try market.give(.deposit(advisor: "chen", amount: Money(fen: 1_000_000), reference: ""))
        try market.order("chen", quantity: 100)
        let ids = try (1...sales).map { person in
            let lead = try market.lead(of: UInt64(person))
            return try #require(market.assignment(of: lead)).id
        }
        return (market, ids)
    }

    private func report(
        _ market: inout TestMarket, _ id: AssignmentID, _ outcome: CallOutcome
    ) throws -> [Event] {
        let released = try #require(market.market.assignment(id)?.releasedAt)
        return try market.give(
            .reportContact(
                id, ContactReport(firstCallAt: released, attempts: 1, outcome: outcome)))
    }

    @Test(.rules("R9.4"))
    func `the report that completes the window sets the grade`() throws {
        var (market, ids) = try market()
        for id in ids.prefix(3) { #expect(try report(&market, id, .connected).count == 1) }
        #expect(try report(&market, ids[3], .noAnswer).count == 1)
        #expect(market.market.advisors[0].grade == .standard)
        let approved = StageReport(stage: .approved, passed: true)
        #expect(
            try market.give(.reportStage(ids[0], approved)) == [
                .stageReported(ids[0], approved), .advisorGraded(AdvisorNumber(0), .elite),
            ])
    }

    @Test(.rules("R9.4"))
    func `whoever does not report within a day loses their grade`() throws {
        var (market, ids) = try market()
        _ = try report(&market, ids[0], .connected)
        market.wait(.days(1))
        #expect(market.market.advisors[0].grade == .standard)
        market.wait(.minutes(1))
        let events = try report(&market, ids[1], .connected)
        #expect(events.last == .advisorGraded(AdvisorNumber(0), .novice))
    }

    @Test(.rules("R5.1", "R9.4"))
    func `a set grade stays`() throws {
        var (market, ids) = try market(derives: false)
        for id in ids { #expect(try report(&market, id, .busy).count == 1) }
        #expect(market.market.advisors[0].grade == .standard)
    }

    @Test(.rules("R6.2", "R9.4"))
    func `the derived grade is the one that ranks`() throws {
        var (market, ids) = try market()
        for id in ids { _ = try report(&market, id, .busy) }
        #expect(market.market.advisors[0].grade == .novice)
        try market.give(
            .updateAdvisor(
                name: "chen",
                profile: AdvisorProfile(institution: "bankTwo", derivesGrade: true)))
        #expect(market.market.advisors[0].grade == .novice)
        try market.give(
            .updateAdvisor(
                name: "chen",
                profile: AdvisorProfile(institution: "bankTwo", grade: .elite, derivesGrade: true)))
        #expect(market.market.advisors[0].grade == .elite)
    }
}
