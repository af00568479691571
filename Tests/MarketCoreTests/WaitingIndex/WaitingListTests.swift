import MarketTestSupport
import Testing

@testable import MarketCore

/// One list of waiting leads, and the ids of them all.
struct WaitingListTests {
    private static let schema: AttributeSchema = {
        var schema = AttributeSchema()
        for attribute in SmallWorld.attributes { schema.define(attribute) }
        schema.define(
            Attribute(
                name: "profession", kind: .choice(words: (0..<100).map { "word\($0)" })))
        schema.define(
            Attribute(
                name: "amount",
                kind: .integer(unit: "", minimum: .min, maximum: .max)))
        return schema
    }()
    private static let layout = PlaneLayout(schema, categoryCount: 40)

    private static func lead(_ id: UInt64, _ random: inout SeededRandom) -> Lead {
        var attributes = Attributes()
        if random.chance(80) { attributes[SmallWorld.Number.ownsHouse] = Int64(random.below(2)) }
        if random.chance(80) {
            attributes[SmallWorld.Number.monthlyIncome] = Int64(random.below(60_000)) - 5_000
        }
        if random.chance(80) { attributes[AttributeNumber(4)] = Int64(random.below(100)) }
        if random.chance(80) {
            attributes[AttributeNumber(5)] = Int64(bitPattern: random.next())
        }
        let categories = Set((0...random.below(3)).map { _ in random.below(40) }).sorted()
        return Lead(
            id: LeadID(id), arrivedAt: Timestamp(microseconds: Int64(id) * 10),
            channel: ChannelNumber(0), identity: .person(id), attributes: attributes,
            consentInstitutions: [], preferredAdvisor: nil,
            categories: categories.map(CategoryNumber.init(index:)))
    }

    private static func filter(_ random: inout SeededRandom) -> Filter {
        var predicates: [Predicate] = []
        if random.chance(50) {
            predicates.append(
                Predicate(
                    attribute: SmallWorld.Number.ownsHouse, test: .flag(random.chance(50))))
        }
        if random.chance(70) {
            let low = Int64(random.below(60_000)) - 5_000
            predicates.append(
                Predicate(
                    attribute: SmallWorld.Number.monthlyIncome,
                    test: .range(
                        minimum: random.chance(70) ? low : nil,
                        maximum: random.chance(70) ? low + Int64(random.below(9_000)) : nil)))
        }
        if random.chance(50) {
            let choices = Set((0...random.below(30)).map { _ in UInt16(random.below(100)) })
            predicates.append(
                Predicate(attribute: AttributeNumber(4), test: .choices(choices.sorted())))
        }
        if random.chance(30) {
            let bounds = [random.next(), random.next()].map(Int64.init(bitPattern:)).sorted()
            predicates.append(
                Predicate(
                    attribute: AttributeNumber(5),
                    test: .range(minimum: bounds[0], maximum: bounds[1])))
        }
        return Filter(sorted: predicates)
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func `a list answers as a scan does, whoever comes and goes`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var list = WaitingList(Self.layout)
        var leads: [UInt64: Lead] = [:]
        var away: [Lead] = []
        for step in 1...3_000 as ClosedRange<UInt64> {
            if random.chance(leads.count < 400 ? 75 : 45) {
                // Every now and then a lead comes back to its old place.
                let returns = random.chance(30) ? random.pickAny(away) : nil
                let lead = returns ?? Self.lead(step, &random)
                if leads.updateValue(lead, forKey: lead.id.rawValue) == nil {
                    list.insert(lead, Self.layout)
                }
            } else if let id = random.pickAny(leads.keys.sorted()), let lead = leads[id] {
                leads[id] = nil
                away.append(lead)
                let removals = [list.remove(lead.id), list.remove(lead.id)]
                #expect(removals == [true, false])
            }
            if step % 10 == 0 { compare(list, leads, &random, step) }
        }
        #expect(list.count == leads.count)
    }

    private func compare(
        _ list: WaitingList, _ leads: [UInt64: Lead], _ random: inout SeededRandom, _ now: UInt64
    ) {
        let filter = Self.filter(&random)
        let category = CategoryNumber(index: random.below(40))
        let edges = [random.below(Int(now)), random.below(Int(now))].sorted().map(UInt64.init)
        let window = WaitingList.Window(
            below: random.chance(50) ? .max : edges[1], above: random.chance(50) ? 0 : edges[0],
            earliest: random.chance(60) ? 0 : Int64(edges[0]) * 10,
            latest: random.chance(60) ? .max : Int64(edges[1]) * 10)
        let fits = leads.values.filter { lead in
            lead.id.rawValue < window.below && lead.id.rawValue > window.above
                && lead.arrivedAt.microseconds >= window.earliest
                && lead.arrivedAt.microseconds <= window.latest
                && lead.categories.contains(category) && filter.accepts(lead.attributes)
        }.map(\.id.rawValue)
        var touched = 0
        let found = list.newest(
            FilterProbe(filter, of: category, Self.layout), in: window, touched: &touched
        ) { id in
            guard let lead = leads[id] else { return false }
            return lead.categories.contains(category) && filter.accepts(lead.attributes)
        }
        #expect(found == fits.max())
    }

    @Test
    func `a search stops at the block of its answer and at the age it is bounded by`() {
        var random = SeededRandom(seed: 9)
        var list = WaitingList(Self.layout)
        for id in 1...6_400 as ClosedRange<UInt64> {
            list.insert(Self.lead(id, &random), Self.layout)
        }
        let probe = FilterProbe(.everything, of: CategoryNumber(0), Self.layout)
        func touched(above: UInt64 = 0, earliest: Int64 = 0, finds: Bool) -> Int {
            var touched = 0
            let window = WaitingList.Window(
                below: .max, above: above, earliest: earliest, latest: .max)
            _ = list.newest(probe, in: window, touched: &touched) { _ in finds }
            return touched
        }
        #expect(touched(finds: true) <= 4)
        #expect(touched(finds: false) == 100)
        #expect(touched(earliest: 64_000 - 640 * 3, finds: false) <= 5)
        #expect(touched(above: 6_400 - 64 * 3, finds: false) <= 4)
    }

    @Test
    func `a list that was emptied from anywhere keeps no blocks`() {
        var random = SeededRandom(seed: 3)
        var list = WaitingList(Self.layout)
        let leads = (1...2_000 as ClosedRange<UInt64>).map { Self.lead($0, &random) }
        for lead in leads { list.insert(lead, Self.layout) }
        for lead in leads.shuffled(using: &random) {
            let removed = list.remove(lead.id)
            #expect(removed)
            #expect(list.blocks.count * WaitingList.sparse <= 3 * list.count + 64)
        }
        #expect(list.blocks.isEmpty)
    }

    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func `ids come and go anywhere and stay in order`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var waiting = WaitingLeads()
        var expected: Set<UInt64> = []
        for step in 1...20_000 as ClosedRange<UInt64> {
            let id = random.chance(70) ? step : UInt64(random.within(1...20_000))
            if random.chance(65) {
                if expected.insert(id).inserted { waiting.insert(LeadID(id)) }
            } else {
                let removed = waiting.remove(LeadID(id))
                #expect(removed == (expected.remove(id) != nil))
            }
            #expect(waiting.count == expected.count)
            #expect(waiting.contains(LeadID(id)) == expected.contains(id))
        }
        #expect(waiting == expected.sorted().map { LeadID($0) })
        #expect(waiting.first?.rawValue == expected.min())
        for id in expected.shuffled(using: &random) {
            let removed = waiting.remove(LeadID(id))
            #expect(removed)
        }
        #expect(waiting.isEmpty)
    }
}
