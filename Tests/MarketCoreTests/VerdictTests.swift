import MarketTestSupport
import Testing

@testable import MarketCore

/// What became of each order in a decision (R6.5), for every rank list there is.
struct VerdictTests {
    /// Every list of different keys: any of them, in any order.
    static let lists: [[RankKey]] = {
        var lists: [[RankKey]] = [[]]
        var longest = lists
        while !longest.isEmpty {
            longest = longest.flatMap { list in
                RankKey.allCases.filter { !list.contains($0) }.map { list + [$0] }
            }
            lists += longest
        }
        return lists
    }()

    @Test(.rules("R6.2", "R6.3", "R6.5"))
    func `the book, the verdicts and a plain reading of the rules agree for all lists`() throws {
        #expect(Self.lists.count == 326)
        var seen: [String: Int] = [:]
        let world = try RankedWorld(seed: 11)
        for (number, rank) in Self.lists.enumerated() {
            var world = world
            world.random = SeededRandom(seed: UInt64(number))
            try world.redefine(rank: rank)
            try world.order()
            for _ in 0..<6 {
                let submission = world.submission()
                let now = world.market.now
                let market = world.market.market
                let lead = try world.hypothetical(submission)
                let verdicts = market.verdicts(on: lead, at: now)
                #expect(verdicts == plainVerdicts(of: market, on: lead, at: now), "\(rank)")
                for verdict in verdicts { seen[verdict.verdict.kind, default: 0] += 1 }

                let winner = verdicts.first { $0.verdict == .won }?.order
                #expect(market.bestOrder(for: lead, at: now)?.id == winner, "\(rank)")
                let id = try world.market.lead(of: 0) { $0 = submission }
                #expect(world.market.market.assignment(of: id)?.order == winner, "\(rank)")
            }
        }
        // The world is such that every way to win or to lose came about, and not just once.
        for kind in Verdict.kinds { #expect(seen[kind, default: 0] > 50, "\(kind)") }
    }

    @Test(.rules("R6.2", "R6.3"))
    func `a market read from its state ranks as the one that wrote it`() throws {
        let world = try RankedWorld(seed: 12)
        for rank in Self.lists.filter({ $0.count == 3 }) {
            var world = world
            try world.redefine(rank: rank)
            let read = try Market(state: world.market.market.encodeState())
            for _ in 0..<4 {
                let lead = try world.hypothetical(world.submission())
                let now = world.market.now
                let best = world.market.market.bestOrder(for: lead, at: now)
                #expect(read.bestOrder(for: lead, at: now) == best, "\(rank)")
            }
        }
    }

    @Test(.rules("R6.5"))
    func `each order hears the first rule that failed or the key on which it lost`() throws {
        var market = try TestMarket()
        for name in SmallWorld.advisors { try market.register(name) }
        try market.register("poor", fen: 5_999)
        let winner = try market.order("chen", quantity: 1) { $0.priority = 7 }
        let outranked = try market.order("liu") { $0.premium = Money(fen: 9_000) }
        let paused = try market.order("wang")
        try market.give(.pauseOrder(paused))
        let elsewhere = try market.order("zhao") {
            let regions = [RegionPrefix(RegionCode(known: "31"))]
            $0.filter = Filter(sorted: [
                Predicate(attribute: SmallWorld.Number.region, test: .regions(regions))
            ])
        }
        let poor = try market.order("poor")
        let later = try market.order("sun", "everybody")
        try market.order("li", "whiteCollar")

        var attributes = TestMarket.houseOwner
        attributes[SmallWorld.Number.monthlyIncome] = 5_000
        let lead = market.market.hypotheticalLead(
            LeadID(market.nextPosition), channel: ChannelNumber(0), identity: .person(1),
            attributes: attributes, consentInstitutions: [], preferredAdvisor: nil,
            at: market.now)
        let verdicts = market.market.verdicts(on: lead, at: market.now)
        #expect(
            verdicts == [
                OrderVerdict(order: winner, verdict: .won),
                OrderVerdict(order: outranked, verdict: .outranked(by: winner, on: .priority)),
                OrderVerdict(order: paused, verdict: .ineligible(.notLive(.paused))),
                OrderVerdict(order: elsewhere, verdict: .ineligible(.filtered)),
                OrderVerdict(order: poor, verdict: .ineligible(.notLive(.noFunds))),
                OrderVerdict(order: later, verdict: .laterCategory),
            ])
    }

    @Test(.rules("R6.3", "R6.5"))
    func `orders alike in everything differ by their ids`() throws {
        var market = try TestMarket()
        try market.register("chen")
        let first = try market.order("chen")
        let second = try market.order("chen")
        let lead = market.market.hypotheticalLead(
            LeadID(market.nextPosition), channel: ChannelNumber(0), identity: .person(1),
            attributes: TestMarket.houseOwner, consentInstitutions: [], preferredAdvisor: nil,
            at: market.now)
        let verdicts = market.market.verdicts(on: lead, at: market.now)
        #expect(
            verdicts.map(\.verdict) == [.won, .outranked(by: first, on: nil)])
        #expect(verdicts.map(\.order) == [first, second])
    }
}

/// R6.2 and R6.5 as they are written, without a book: every order is compared with every other.
private func plainVerdicts(
    of market: Market, on lead: Lead, at time: Timestamp
) -> [OrderVerdict] {
    let orders = market.orders.filter { lead.categories.contains($0.category) }
    let eligible = orders.filter { market.ineligibility(of: $0, for: lead, at: time) == nil }
    let first = lead.categories.first { category in
        eligible.contains { $0.category == category }
    }
    let contenders = eligible.filter { $0.category == first }
    let bound = market.person(lead.identity)?.binding(at: time)

    /// Negative when `key` puts `left` first, positive when it puts `right` first.
    func comparison(_ left: Order, _ right: Order, on key: RankKey) -> Int64 {
        let advisors = [left, right].map { market.advisors[$0.advisor.index] }
        switch key {
        case .dedicated:
            let dedicated = bound ?? lead.preferredAdvisor
            return (left.advisor == dedicated ? 0 : 1) - (right.advisor == dedicated ? 0 : 1)
        case .priority:
            return Int64(right.terms.priority - left.terms.priority)
        case .premium:
            return right.terms.premium.fen - left.terms.premium.fen
        case .gradeFit:
            guard let tier = lead.attributes[RankedWorld.tier], tier < 3 else { return 0 }
            let distances = advisors.map { advisor in
                abs((Grade.allCases.firstIndex(of: advisor.grade) ?? 0) - Int(tier))
            }
            return Int64(distances[0] - distances[1])
        case .leastRecentlyServed:
            let turns = advisors.map { Int64($0.lastServed(in: left.category).rawValue) }
            return turns[0] - turns[1]
        }
    }
    func deciding(_ left: Order, _ right: Order) -> (key: RankKey?, leftFirst: Bool) {
        for key in market.categories[left.category.index].definition.rank {
            let difference = comparison(left, right, on: key)
            if difference != 0 { return (key, difference < 0) }
        }
        return (nil, left.id < right.id)
    }
    let winner = contenders.first { order in
        contenders.allSatisfy { $0.id == order.id || deciding(order, $0).leftFirst }
    }
    return orders.map { order in
        let verdict: Verdict
        if let reason = market.ineligibility(of: order, for: lead, at: time) {
            verdict = .ineligible(reason)
        } else if let winner, winner.category == order.category {
            verdict =
                winner.id == order.id
                ? .won : .outranked(by: winner.id, on: deciding(winner, order).key)
        } else {
            verdict = .laterCategory
        }
        return OrderVerdict(order: order.id, verdict: verdict)
    }
}

extension Verdict {
    /// What there is to be seen, with each key and each reason of its own.
    fileprivate static let kinds =
        RankKey.allCases.map { "lost on \($0)" } + [
            "lost on id", "won", "laterCategory", "notLive", "filtered", "insufficientFunds",
            "boundElsewhere", "consentElsewhere",
        ]

    fileprivate var kind: String {
        switch self {
        case .won: "won"
        case .laterCategory: "laterCategory"
        case .outranked(_, let key): "lost on \(key.map { "\($0)" } ?? "id")"
        case .ineligible(.notLive): "notLive"
        case .ineligible(let reason): "\(reason)"
        }
    }
}

/// A market with so many orders alike that every key gets to decide.
private struct RankedWorld {
    static let tier = AttributeNumber(4)
    private static let poorest: Name = "li"

    var market: TestMarket
    var random: SeededRandom

    init(seed: UInt64) throws(Rejection) {
        market = try TestMarket()
        random = SeededRandom(seed: seed)
        var configuration = MarketConfiguration()
        configuration.attributes = [
            Attribute(name: "tier", kind: .choice(words: ["a", "b", "c", "unknown"]))
        ]
        configuration.settings.tierAttribute = "tier"
        configuration.settings.duplicateWindow = Timespan(microseconds: 0)
        try market.give(.applyConfiguration(configuration))
        for name in SmallWorld.advisors {
            let profile = AdvisorProfile(
                institution: random.pick(SmallWorld.institutions),
                grade: random.pick(Grade.allCases))
            try market.give(.registerAdvisor(name: name, profile: profile))
            guard name != Self.poorest else { continue }
            try market.give(.deposit(advisor: name, amount: Money(fen: 900_000), reference: ""))
        }
        for _ in 0..<24 { try order() }
        for _ in 0..<20 {
            let submission = submission()
            try market.lead(of: 0) { $0 = submission }
        }
        // Enough for an older lead of a house owner, and too little for a new one.
        try market.give(.deposit(advisor: Self.poorest, amount: Money(fen: 5_000), reference: ""))
    }

    /// Places an order.
    mutating func order() throws(Rejection) {
        let advisor = random.pick(SmallWorld.advisors)
        let category = random.pick(["homeOwner", "homeOwner", "homeOwner", "everybody"] as [Name])
        let priority = random.pick([5, 5, 6])
        let premium = Money(fen: random.pick([0, 0, 150]))
        let region = random.chance(50) ? random.pick(SmallWorld.regions) : nil
        let id = try market.order(advisor, category, quantity: 1_000) { terms in
            terms.priority = priority
            terms.premium = premium
            terms.maximumAge = .minutes(30)
            if let region {
                let prefixes = [RegionPrefix(RegionCode(known: region))]
                terms.filter = Filter(sorted: [
                    Predicate(attribute: SmallWorld.Number.region, test: .regions(prefixes))
                ])
            }
        }
        if random.chance(10) { try market.give(.pauseOrder(id)) }
    }

    /// A lead of one of a few dozen people, who has none that waits.
    mutating func submission() -> LeadSubmission {
        var person = UInt64(random.below(40))
        while market.market.person(.person(person))?.openLead != nil { person += 1 }
        var submission = TestMarket.submission(of: person)
        submission.attributes[SmallWorld.Number.region] =
            RegionCode(known: random.pick(SmallWorld.regions)).rawValue
        if random.chance(50) { submission.attributes[SmallWorld.Number.monthlyIncome] = 5_000 }
        if random.chance(70) { submission.attributes[Self.tier] = Int64(random.below(4)) }
        if random.chance(30) { submission.preferredAdvisor = random.pick(SmallWorld.advisors) }
        if random.chance(20) {
            submission.consent = .given(to: [random.pick(SmallWorld.institutions)])
        }
        return submission
    }

    /// The open lead that `submission` would be.
    func hypothetical(_ submission: LeadSubmission) throws -> Lead {
        let channel = try #require(market.market.channel(named: submission.channel))
        return market.market.hypotheticalLead(
            LeadID(market.nextPosition), channel: channel, identity: submission.identity,
            attributes: submission.attributes,
            consentInstitutions: submission.consent?.institutions ?? [],
            preferredAdvisor: submission.preferredAdvisor.flatMap(market.market.advisor(named:)),
            at: market.now)
    }

    /// Gives all categories a rank list.
    mutating func redefine(rank: [RankKey]) throws(Rejection) {
        var configuration = MarketConfiguration()
        configuration.categories = SmallWorld.configuration.categories.map { category in
            var category = category
            category.rank = rank
            return category
        }
        try market.give(.applyConfiguration(configuration))
    }
}
