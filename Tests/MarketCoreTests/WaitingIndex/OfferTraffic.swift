import MarketTestSupport

@testable import MarketCore

/// Random commands that keep many leads waiting, and orders, advisors and categories changing.
struct OfferTraffic {
    private var random: SeededRandom
    private var persons: UInt64 = 0

    static let regions = [
        "33", "3301", "3302", "3303", "3304", "31", "3101", "51", "5101", "5102", "44", "4403",
    ]

    init(seed: UInt64) {
        random = SeededRandom(seed: seed)
    }

    /// How long nothing happens before the next command.
    mutating func pause() -> Timespan {
        random.chance(80) ? .seconds(1) : .seconds(Int64(random.below(240)))
    }

    /// Whether due work is run before the next command.
    mutating func runsDueWork() -> Bool { random.chance(85) }

    mutating func command(in market: Market, at now: Timestamp) -> Command {
        switch random.below(100) {
        case ..<52: .submitLead(lead(now))
        case ..<58: order(now)
        case ..<61: .pauseOrder(anyOrder(market))
        case ..<65: .resumeOrder(anyOrder(market))
        case ..<69: amendment(market, now)
        case ..<75: .deposit(advisor: advisor(), amount: Money(fen: amount()), reference: "")
        case ..<83: .setAvailability(advisor: advisor(), online: random.chance(60))
        case ..<85: .suspendAdvisor(name: advisor(), reason: "")
        case ..<88: .reinstateAdvisor(name: advisor())
        case ..<92: gate(market)
        case ..<93: .withdrawLead(anyLead(market))
        case ..<94: .suppressPerson(person(), reason: "")
        case ..<96: redefinition()
        case ..<98: ping(now)
        default: .passTime
        }
    }

    /// A lead that somebody hands in.
    mutating func lead(_ now: Timestamp) -> LeadSubmission {
        LeadSubmission(
            channel: random.pick(SmallWorld.channels), identity: person(),
            attributes: attributes(),
            consent: .given(at: SmallWorld.beginning, to: institutions()),
            preferredAdvisor: random.chance(10) ? advisor() : nil, contact: [1])
    }

    private mutating func ping(_ now: Timestamp) -> Command {
        .pingLead(
            LeadPing(
                channel: random.pick(SmallWorld.channels), identity: person(),
                attributes: attributes()))
    }

    private mutating func order(_ now: Timestamp) -> Command {
        var terms = OrderTerms(filter: filter(), quantity: random.within(1...30))
        terms.premium = Money(fen: Int64(random.below(3)) * 1_000)
        terms.maximumAge = random.chance(60) ? .minutes(Int64(random.within(1...90))) : nil
        terms.startsAt = random.chance(10) ? now + .minutes(3) : nil
        terms.hourCap = random.chance(10) ? 3 : nil
        terms.daySpend = random.chance(15) ? Money(fen: 9_000) : nil
        terms.renews = random.chance(20)
        return .placeOrder(
            advisor: advisor(), category: random.pick(SmallWorld.categories), terms: terms)
    }

    private mutating func amendment(_ market: Market, _ now: Timestamp) -> Command {
        var amendment = OrderAmendment()
        amendment.filter = random.chance(60) ? .set(filter()) : .keep
        amendment.maximumAge = random.chance(40) ? .set(.minutes(90)) : .keep
        amendment.quantity = random.chance(40) ? .set(random.within(1...60)) : .keep
        return .amendOrder(anyOrder(market), amendment)
    }

    private mutating func gate(_ market: Market) -> Command {
        let reserved = market.assignments(where: \.isReserved)
        let id = random.pickAny(reserved) ?? AssignmentID(1)
        return switch random.below(3) {
        case 0: .acceptAssignment(id)
        case 1: .declineAssignment(id)
        default: .declineConsent(id)
        }
    }

    private mutating func redefinition() -> Command {
        var configuration = MarketConfiguration()
        var category = random.pick([
            SmallWorld.homeOwner, SmallWorld.whiteCollar, SmallWorld.everybody,
        ])
        if random.chance(50) {
            category.gates = Gates(
                namedConsent: random.chance(50) ? .minutes(2) : nil,
                acceptance: random.chance(50) ? .minutes(1) : nil)
        }
        if random.chance(25) { category.retired = true }
        if random.chance(25) { category.qualification = FilterSpecification() }
        configuration.categories = [category]
        if random.chance(20) {
            configuration.attributes = [
                Attribute(name: "ownsCar", kind: .flag),
                Attribute(
                    name: "monthlyIncome",
                    kind: .integer(
                        unit: "yuan", minimum: -Int64(random.below(9)), maximum: 5_000_000)),
            ]
        }
        return .applyConfiguration(configuration)
    }

    private mutating func attributes() -> Attributes {
        var attributes = Attributes()
        if random.chance(90) {
            attributes[SmallWorld.Number.region] =
                RegionCode(known: random.pick(Self.regions)).rawValue
        }
        if random.chance(80) { attributes[SmallWorld.Number.ownsHouse] = random.chance(60) ? 1 : 0 }
        if random.chance(80) {
            attributes[SmallWorld.Number.monthlyIncome] = Int64(random.below(25)) * 500
        }
        if random.chance(80) {
            attributes[SmallWorld.Number.employment] = Int64(random.below(3))
        }
        return attributes
    }

    /// A random filter.
    mutating func filter() -> Filter {
        var predicates: [Predicate] = []
        if random.chance(60) {
            let codes = Set((0...random.below(3)).map { _ in random.pick(Self.regions) })
            predicates.append(
                Predicate(
                    attribute: SmallWorld.Number.region,
                    test: .regions(codes.sorted().map { RegionPrefix(RegionCode(known: $0)) })))
        }
        if random.chance(25) {
            predicates.append(
                Predicate(
                    attribute: SmallWorld.Number.ownsHouse, test: .flag(random.chance(80))))
        }
        if random.chance(40) {
            let low = Int64(random.below(12)) * 500
            let test = PredicateTest.range(
                minimum: random.chance(80) ? low : nil,
                maximum: random.chance(40) ? low + 3_000 : nil)
            predicates.append(Predicate(attribute: SmallWorld.Number.monthlyIncome, test: test))
        }
        if random.chance(30) {
            let test = PredicateTest.choices(random.chance(50) ? [0] : [1, 2])
            predicates.append(Predicate(attribute: SmallWorld.Number.employment, test: test))
        }
        return Filter(sorted: predicates)
    }

    private mutating func person() -> Identity {
        if random.chance(25) { return .person(UInt64(random.within(1...30))) }
        persons += 1
        return .person(1_000 + persons)
    }

    private mutating func institutions() -> [String] {
        random.chance(75) ? [] : [random.pick(SmallWorld.institutions)]
    }

    private mutating func advisor() -> Name { random.pick(SmallWorld.advisors) }

    private mutating func amount() -> Int64 {
        random.chance(85) ? Int64(random.within(1...12_000)) : 3_000_000
    }

    private mutating func anyOrder(_ market: Market) -> OrderID {
        random.pickAny(market.orders.suffix(60).map(\.id)) ?? OrderID(1)
    }

    private mutating func anyLead(_ market: Market) -> LeadID {
        random.pickAny(Array(market.waitingLeads)) ?? LeadID(1)
    }
}

extension Market {
    fileprivate func assignments(where holds: (Assignment) -> Bool) -> [AssignmentID] {
        openLeads.reservations.sorted().filter { assignment($0).map(holds) ?? false }
    }
}
