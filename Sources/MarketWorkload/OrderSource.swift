import MarketCore

/// Makes up the orders of a workload, one after the other.
struct OrderSource: Sendable {
    private let kind: WorkloadKind
    private let advisors: Int
    private let schema: AttributeSchema
    private let orders: SyntheticOrders
    private var random: SplitMix64

    private static let typicalQuantity = 10_000.0

    init(kind: WorkloadKind, advisors: Int, schema: AttributeSchema, seed: UInt64) {
        self.kind = kind
        self.advisors = advisors
        self.schema = schema
        let hotShare: Double =
            switch kind {
            case .hotRegion: 0.9
            case .noMatch: 1
            case .mixed, .correlated, .notLive, .churn, .equalRank: 0
            }
        orders = SyntheticOrders(regions: SyntheticRegions(hotShare: hotShare))
        random = SplitMix64(seed: seed, text: "orders \(kind.rawValue)")
    }

    /// The next order.
    mutating func next() -> WorkloadOrder {
        var order = orders.order(typicalQuantity: Self.typicalQuantity, using: &random)
        switch kind {
        case .mixed, .hotRegion, .churn:
            return limited(order)
        case .correlated:
            makePicky(&order)
        case .notLive:
            return notLive(order)
        case .noMatch:
            order.category = "basic"
            order.filter.conditions.removeAll { $0.attribute == "region" }
            order.filter.conditions.append(("region", .anyOf([Self.hotPrefecture])))
            addImpossible(to: &order.filter)
        case .equalRank:
            let quantity = order.quantity
            order = SyntheticOrder(
                category: "basic", filter: FilterSpecification(), quantity: quantity)
            if random.chance(0.5) { addIncome(from: 3, to: 12, to: &order.filter) }
        }
        return finished(order, advisor: someAdvisor())
    }

    /// A filter such as the kind's orders have.
    mutating func filter() -> Filter {
        next().terms.filter
    }

    /// The city of ``WorkloadKind/hotRegion`` and ``WorkloadKind/noMatch``.
    private static let hotPrefecture = SyntheticRegions().prefectures[0]

    private mutating func someAdvisor() -> Int {
        random.integer(in: 0...(advisors - 1))
    }

    private func finished(
        _ order: SyntheticOrder, advisor: Int, isPaused: Bool = false,
        change: (inout OrderTerms) -> Void = { _ in }
    ) -> WorkloadOrder {
        let filter: Filter
        do throws(FilterFault) {
            filter = try schema.filter(order.filter)
        } catch {
            preconditionFailure("a workload's own filter is refused: \(error)")
        }
        var terms = OrderTerms(
            filter: filter, quantity: min(order.quantity, OrderTerms.maximumQuantity),
            premium: Money(fen: order.premiumFen ?? 0),
            priority: order.priority ?? OrderTerms.defaultPriority,
            maximumAge: order.maximumAgeDays.map { .days(Int64($0)) })
        change(&terms)
        return WorkloadOrder(
            advisor: advisor, category: ShippedMarket.name(order.category), terms: terms,
            isPaused: isPaused)
    }

    /// Gives some orders windows and caps that are too wide to matter, but have to be looked at.
    private mutating func limited(_ order: SyntheticOrder) -> WorkloadOrder {
        let advisor = someAdvisor()
        let hasWindows = random.chance(0.10)
        let hourCap = random.chance(0.10) ? random.integer(in: 50_000...100_000) : nil
        let dayCap = random.chance(0.15) ? random.integer(in: 200_000...500_000) : nil
        let daySpend = random.chance(0.08) ? Money(fen: 100_000_000_000) : nil
        return finished(order, advisor: advisor) { terms in
            if hasWindows { terms.schedule = Self.daytime }
            (terms.hourCap, terms.dayCap, terms.daySpend) = (hourCap, dayCap, daySpend)
        }
    }

    private static let daytime = schedule(
        (1...7).map { WeeklySchedule.Window(weekday: $0, startMinute: 480, endMinute: 1_320) })
    private static let sundayNight = schedule([
        WeeklySchedule.Window(weekday: 7, startMinute: 180, endMinute: 240)
    ])

    private static func schedule(_ windows: [WeeklySchedule.Window]) -> WeeklySchedule {
        guard let schedule = WeeklySchedule(windows) else {
            preconditionFailure("the windows are well-formed")
        }
        return schedule
    }
}

// MARK: - Orders that do not match

extension OrderSource {
    /// Of a hundred orders one is live, and the others are not for one of six reasons.
    private mutating func notLive(_ order: SyntheticOrder) -> WorkloadOrder {
        typealias Group = WorkloadAdvisor.Group
        let fate = random.fraction()
        let group: Group =
            switch fate {
            case 0.34..<0.50: .withoutFunds
            case 0.50..<0.65: .offline
            case 0.65..<0.80: .suspended
            default: .ready
            }
        let advisor = group.index(below: advisors, using: &random)
        return finished(order, advisor: advisor, isPaused: (0.01..<0.34).contains(fate)) {
            if (0.80..<0.90).contains(fate) {
                $0.startsAt = Workload.beginning + .days(30)
            } else if fate >= 0.90 {
                $0.schedule = Self.sundayNight
            }
        }
    }

    /// Rank and demands grow together.
    private mutating func makePicky(_ order: inout SyntheticOrder) {
        let pickiness = random.fraction()
        order.priority = Int(pickiness * 9.999)
        order.premiumFen = 100 * Int64(pickiness * 30)
        order.filter.conditions.removeAll { $0.attribute != "region" }
        let income = 2_000 + 1_000 * Int64(40 * pickiness * pickiness)
        order.filter.conditions.append(("monthlyIncome", .range(minimum: income, maximum: nil)))
        let youngest = 18 + Int64(12 * pickiness)
        let oldest = 70 - Int64(25 * pickiness)
        order.filter.conditions.append(("age", .range(minimum: youngest, maximum: oldest)))
        for flag in ["ownsHouse", "ownsCar", "socialInsurance", "providentFund", "lifePolicy"]
        where random.chance(0.6 * pickiness) {
            order.filter.conditions.append((flag, .flag(true)))
        }
    }

    private mutating func addIncome(
        from least: Int, to most: Int, to filter: inout FilterSpecification
    ) {
        filter.conditions.removeAll { $0.attribute == "monthlyIncome" }
        let minimum = 1_000 * Int64(random.integer(in: least...most))
        filter.conditions.append(("monthlyIncome", .range(minimum: minimum, maximum: nil)))
    }

    /// Adds a condition that none of the leads of ``WorkloadKind/noMatch`` meets
    /// (``LeadSource``).
    private mutating func addImpossible(to filter: inout FilterSpecification) {
        let flags = ["ownsHouse", "ownsCar", "providentFund", "lifePolicy", "businessLicence"]
        switch random.integer(in: 0...7) {
        case let choice where choice < flags.count:
            filter.conditions.append((flags[choice], .flag(true)))
        case 5:
            addIncome(from: 21, to: 60, to: &filter)
        case 6:
            filter.conditions.removeAll { $0.attribute == "age" }
            let least = Int64(random.integer(in: 61...69))
            filter.conditions.append(("age", .range(minimum: least, maximum: nil)))
        default:
            filter.conditions.removeAll { $0.attribute == "employment" }
            filter.conditions.append(("employment", .anyOf(["publicServant", "retired"])))
        }
    }
}
