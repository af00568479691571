import MarketTestSupport

@testable import MarketCore

/// The reference book and the indexed one with the same orders, to be asked the same.
struct TwoBooks {
    /// What kind of market it is.
    enum Workload: CaseIterable {
        /// Orders for regions of all lengths.
        case mixed
        /// All orders in one region.
        case hot
        /// The higher an order ranks, the pickier it is.
        case picky
        /// Nearly no order is live.
        case dead
        /// Leads that nobody takes, or hardly.
        case unmatched
        /// All orders rank alike.
        case equal
        /// Every threshold is one of its own.
        case thresholds
    }

    /// What a market says of candidates.
    private struct Judge: OrderJudge {
        let live: Set<Int>
        let refused: Set<Int>
        let filters: [Filter]

        func look(
            atOrderIn slot: Int, for lead: Lead, at _: Timestamp, asksFilter: Bool
        ) -> Look {
            guard live.contains(slot) else { return .notLive }
            if asksFilter, !filters[slot].accepts(lead.attributes) { return .refused }
            return refused.contains(slot) ? .refused : .accepted
        }
    }

    let workload: Workload
    var random: SeededRandom
    var schema = AttributeSchema()
    var reference = ReferenceBook()
    var index = OrderIndex()
    var orders = ChunkedArray<Order>()
    var advisors: [Advisor] = []
    /// The slots of the orders in the books.
    var placed: Set<Int> = []
    /// The slots of those that are live.
    var live: Set<Int> = []
    var position: UInt64 = 1
    /// How many leads found an order, and how many none.
    var matched = 0
    var unmatched = 0

    static let category = CategoryNumber(0)
    static let regions = [
        "33", "3301", "330106", "330108", "3302", "330201", "31", "3101", "310101",
    ].map(RegionCode.init(known:))

    init(_ workload: Workload, seed: UInt64, rank: [RankKey]) {
        self.workload = workload
        random = SeededRandom(seed: seed)
        let kinds: [AttributeKind] = [
            .flag, .region(lengths: [2, 4, 6]), .integer(unit: "", minimum: 0, maximum: 100_000),
            .choice(words: (0..<80).map { "word\($0)" }), .region(lengths: [2, 4, 6]),
            .integer(unit: "", minimum: -50, maximum: 50), .flag,
        ]
        for (number, kind) in kinds.enumerated() {
            guard let name = Name("attribute\(number)") else { continue }
            schema.define(Attribute(name: name, kind: kind))
        }
        reference.regionAttribute = schema.firstRegionAttribute
        index.follow(schema)
        setRank(rank)
        for number in 0..<12 {
            guard let name = Name("advisor\(number)") else { continue }
            advisors.append(Advisor(name: name, profile: AdvisorProfile(institution: "one")))
            setGrade(of: number, to: .standard)
        }
    }

    // MARK: - What happens

    mutating func setRank(_ rank: [RankKey]) {
        reference.setRank(of: Self.category, to: rank, orders: orders)
        index.setRank(of: Self.category, to: rank, orders: orders)
        // Whoever is placed anew counts as live until looked at.
    }

    mutating func setGrade(of advisor: Int, to grade: Grade) {
        advisors[advisor].grade = grade
        index.setGrade(
            of: AdvisorNumber(index: advisor), to: grade,
            slots: orders.indices.filter { orders[$0].advisor.index == advisor })
    }

    mutating func place() {
        let slot = orders.count
        position += 1
        let order = Order(
            id: OrderID(position), advisor: AdvisorNumber(index: random.below(advisors.count)),
            category: Self.category, terms: terms())
        orders.append(order)
        enter(slot)
    }

    mutating func enter(_ slot: Int) {
        reference.insert(orders[slot], slot: slot)
        index.place(orders[slot], slot: slot)
        placed.insert(slot)
        live.insert(slot)
    }

    mutating func remove(_ slot: Int) {
        reference.remove(orders[slot])
        index.remove(slot)
        placed.remove(slot)
        live.remove(slot)
    }

    mutating func serve(_ slot: Int) {
        position += 1
        let advisor = orders[slot].advisor
        advisors[advisor.index].noteServed(in: Self.category, at: LogPosition(position))
        index.setTurn(of: advisor, in: Self.category, to: LogPosition(position))
    }

    /// One random change.
    mutating func change() {
        let some = placed.sorted()
        switch random.below(workload == .dead ? 30 : 12) {
        case 0...3:
            place()
        case 4, 5:
            if !some.isEmpty { remove(random.pick(some)) }
        case 6:
            let gone = orders.indices.filter { !placed.contains($0) }
            if !gone.isEmpty { enter(random.pick(gone)) }
        case 7:
            guard !some.isEmpty else { return }
            let slot = random.pick(some)
            remove(slot)
            orders[slot].terms = terms()
            enter(slot)
        case 8:
            if !some.isEmpty { serve(random.pick(some)) }
        case 9:
            setGrade(
                of: random.below(advisors.count), to: random.pick([.elite, .standard, .novice]))
        case 10 where !some.isEmpty:
            let slot = random.pick(some)
            live.insert(slot)
            index.setLive(slot, to: true)
        default:
            if !some.isEmpty { live.remove(random.pick(some)) }
        }
    }

    // MARK: - Asking

    /// Asks both for the best order for one lead and has the index put right.
    ///
    /// - Returns: The two answers.
    mutating func ask() -> (reference: Int?, index: Int?) {
        let lead = attributes()
        let tier = random.pick([nil, 0, 1, 2])
        let refused = Set(placed.filter { _ in random.below(10) == 0 })
        var regions: [Int64] = []
        if let value = lead[AttributeNumber(1)] {
            regions = RegionCode.prefixes(of: value, lengths: [2, 4, 6])
        }
        let query = ReferenceBook.Query(
            category: Self.category, regions: regions, dedicated: nil, tier: tier)
        let expected = reference.best(for: query, of: advisors) { entry in
            entry.filter.accepts(lead) && live.contains(entry.slot)
                && !refused.contains(entry.slot)
        }
        var notes = MatchNotes()
        let outline = index.outline(of: lead, tier: tier)
        let market = Judge(
            live: live, refused: refused, filters: orders.map(\.terms.filter))
        let found = index.best(
            in: Self.category, for: outline, of: Self.lead(with: lead), at: .epoch,
            asking: market, notes: &notes)
        for slot in notes.notLive { index.setLive(slot, to: false) }
        index.moveOvertaken(notes)
        if let expected {
            matched += 1
            if random.below(2) == 0 { serve(expected.slot) }
        } else {
            unmatched += 1
        }
        return (expected?.slot, found)
    }

    static func lead(with attributes: Attributes) -> Lead {
        Lead(
            id: LeadID(1), arrivedAt: .epoch, channel: ChannelNumber(0),
            identity: Identity(high: 1, low: 1), attributes: attributes,
            consentInstitutions: [], preferredAdvisor: nil, categories: [category])
    }

    // MARK: - Chance

    private mutating func terms() -> OrderTerms {
        var terms = OrderTerms(filter: .everything, quantity: 1)
        if workload != .equal {
            terms.priority = random.below(workload == .picky ? 10 : 3)
            terms.premium = Money(fen: Int64(random.below(3)) * 100)
        }
        terms.filter = filter(pickiness: workload == .picky ? terms.priority * 10 : 35)
        return terms
    }

    private mutating func filter(pickiness: Int) -> Filter {
        var predicates: [Predicate] = []
        func add(_ attribute: Int, _ test: PredicateTest) {
            predicates.append(Predicate(attribute: AttributeNumber(index: attribute), test: test))
        }
        if random.below(100) < pickiness { add(0, .flag(random.below(2) == 0)) }
        if workload != .hot, random.below(4) > 0 { add(1, .regions(somePrefixes())) }
        if random.below(100) < pickiness {
            let step = workload == .thresholds ? 1 : 10_000
            let minimum = Int64(random.below(100_000) / step * step)
            let maximum = Int64(random.below(100_000) / step * step)
            add(
                2,
                .range(
                    minimum: random.below(3) > 0 ? min(minimum, maximum) : nil,
                    maximum: random.below(3) > 0 ? max(minimum, maximum) : nil))
        }
        if random.below(100) < pickiness {
            let choices = Set((0...random.below(6)).map { _ in UInt16(random.below(80)) })
            add(3, .choices(choices.sorted()))
        }
        if random.below(100) < pickiness { add(4, .regions(somePrefixes())) }
        if random.below(100) < pickiness {
            let value = Int64(random.within(-50...50))
            add(5, .range(minimum: value, maximum: random.below(2) == 0 ? value : nil))
        }
        if workload == .unmatched { add(6, .flag(true)) }
        return Filter(sorted: predicates)
    }

    private mutating func somePrefixes() -> [RegionPrefix] {
        let codes = Set((0...random.below(3)).map { _ in random.pick(Self.regions) })
        return codes.sorted().map(RegionPrefix.init)
    }

    private mutating func attributes() -> Attributes {
        var attributes = Attributes()
        func declares() -> Bool { random.below(10) > 0 }
        if declares() { attributes[AttributeNumber(0)] = Int64(random.below(2)) }
        if declares() { attributes[AttributeNumber(1)] = random.pick(Self.regions).rawValue }
        if declares() { attributes[AttributeNumber(2)] = Int64(random.below(100_001)) }
        if declares() { attributes[AttributeNumber(3)] = Int64(random.below(80)) }
        if declares() { attributes[AttributeNumber(4)] = random.pick(Self.regions).rawValue }
        if declares() { attributes[AttributeNumber(5)] = Int64(random.within(-50...50)) }
        if random.below(workload == .unmatched ? 40 : 2) == 0 { attributes[AttributeNumber(6)] = 1 }
        return attributes
    }
}
