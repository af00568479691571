public import MarketCore

/// Advisors, standing orders and leads made up from a seed, as values of the market.
///
/// The market is that of `deploy/market.yaml`. The same kind, sizes and seed give the same workload on
/// every machine.
public struct Workload: Sendable {
    /// How many different leads a benchmark goes through: over and over, with new persons.
    public static let usualLeads = 131_072

    /// When the first lead comes: a Monday, 10:00 market-local. The orders are placed in the hour
    /// before.
    public static let beginning = Timestamp(microseconds: 1_767_578_400_000_000)

    /// What it is like.
    public let kind: WorkloadKind
    /// What it was made from.
    public let seed: UInt64
    /// What the market is configured with.
    public let configuration: MarketConfiguration
    /// The attributes of leads under ``configuration``.
    public let schema: AttributeSchema
    /// The advisors.
    public let advisors: [WorkloadAdvisor]
    /// The orders in the order in which they are placed.
    public let orders: [WorkloadOrder]
    /// The leads; no two declare the same.
    public let leads: [WorkloadLead]

    /// Makes a workload.
    ///
    /// - Parameters:
    ///   - advisors: how many share the orders at random; ten at least. For exact turns among orders
    ///     that are all alike, as many as there are orders.
    ///   - leads: how many different ones.
    /// - Complexity: O(orders + advisors + leads), a few microseconds each.
    public init(
        _ kind: WorkloadKind, orders: Int, advisors: Int = 1_000, leads: Int = usualLeads,
        seed: UInt64 = 1
    ) {
        precondition(advisors >= 10, "a workload has ten advisors at least")
        self.kind = kind
        self.seed = seed
        configuration = ShippedMarket.configuration
        schema = Self.configuredMarket(configuration).schema
        self.advisors = (0..<advisors).map {
            WorkloadAdvisor(index: $0, of: advisors, kind: kind)
        }
        var source = OrderSource(kind: kind, advisors: advisors, schema: schema, seed: seed)
        self.orders = (0..<orders).map { _ in source.next() }
        self.leads = LeadSource(kind: kind, advisors: advisors, schema: schema, seed: seed)
            .leads(leads)
    }

    /// The lead number `index` as it is handed in: of a person of its own, with consent, and with
    /// contact data as long as sealed ones are. After the last of ``leads`` they begin again.
    public func submission(_ index: Int) -> LeadSubmission {
        let lead = leads[index % leads.count]
        return LeadSubmission(
            channel: lead.channel, identity: Self.identity(of: UInt64(index)),
            attributes: lead.attributes, consent: Self.consent,
            preferredAdvisor: lead.preferredAdvisor.map { advisors[$0].name },
            contact: Self.contact)
    }

    /// The identity of the person number `person`; no two share one.
    public static func identity(of person: UInt64) -> Identity {
        var random = SplitMix64(seed: person)
        return Identity(high: random.next(), low: person)
    }

    /// What happens to the orders between leads, without end.
    public func changes() -> WorkloadChanges {
        WorkloadChanges(
            orders: orders,
            source: OrderSource(
                kind: kind, advisors: advisors.count, schema: schema, seed: seed &+ 1),
            seed: seed)
    }

    private static let consent = Consent(
        givenAt: beginning + Timespan(microseconds: -60_000_000),
        agreement: Digest32(high: Identity(high: 1, low: 2), low: Identity(high: 3, low: 4)))
    private static let contact = [UInt8](repeating: 0x5F, count: 48)
}

// MARK: - As a market

extension Workload {
    /// A market in which the advisors are registered and paid up and all orders placed, and the ids of
    /// ``orders`` in it.
    ///
    /// - Parameter observe: gets the events of each transaction.
    /// - Complexity: that of so many commands.
    public func market(
        observe: ([RecordedEvent]) -> Void = { _ in }
    ) -> (market: Market, orders: [OrderID]) {
        var market = Market()
        Self.give(Self.founding, to: &market, observe)
        Self.give(.applyConfiguration(configuration), to: &market, observe)
        for advisor in advisors {
            Self.give(
                .registerAdvisor(name: advisor.name, profile: advisor.profile), to: &market, observe
            )
            guard advisor.deposit > .zero else { continue }
            Self.give(
                .deposit(advisor: advisor.name, amount: advisor.deposit, reference: "workload"),
                to: &market, observe)
        }
        let ids = orders.map { order in
            let id = OrderID(market.head.next)
            Self.give(
                .placeOrder(
                    advisor: advisors[order.advisor].name, category: order.category,
                    terms: order.terms), to: &market, observe)
            if order.isPaused { Self.give(.pauseOrder(id), to: &market, observe) }
            return id
        }
        for advisor in advisors where advisor.isOffline {
            Self.give(
                .setAvailability(advisor: advisor.name, online: false), to: &market, observe)
        }
        for advisor in advisors where advisor.isSuspended {
            Self.give(
                .suspendAdvisor(name: advisor.name, reason: "workload"), to: &market, observe)
        }
        return (market, ids)
    }

    private static let founding = Command.createMarket(
        MarketFoundation(
            rulesVersion: Market.rulesVersion, clock: .supplied,
            secretFingerprint: Identity(high: 1, low: 2)))

    private static func configuredMarket(_ configuration: MarketConfiguration) -> Market {
        var market = Market(decides: false)
        give(founding, to: &market) { _ in }
        give(.applyConfiguration(configuration), to: &market) { _ in }
        return market
    }

    private static func give(
        _ command: Command, to market: inout Market, _ observe: ([RecordedEvent]) -> Void
    ) {
        let stamp = market.stamp(at: beginning + Timespan(microseconds: -3_600_000_000))
        do throws(Rejection) {
            observe(try market.execute(command, at: stamp, input: .market))
        } catch {
            preconditionFailure("a workload's own command is refused: \(error)")
        }
    }
}

extension WorkloadAdvisor {
    /// The advisor number `index`. In ``WorkloadKind/notLive`` of ten advisors four can buy, two have
    /// no money, two are offline and two suspended. What all of them have stays within what the market
    /// can hold.
    init(index: Int, of count: Int, kind: WorkloadKind) {
        name = ShippedMarket.name("advisor-\(index)")
        let grades: [Grade] = [.standard, .elite, .standard, .novice]
        profile = AdvisorProfile(
            institution: "institution-\(index % 40)", grade: grades[index % grades.count])
        let group = kind == .notLive ? WorkloadAdvisor.Group(of: index) : .ready
        let share = 1_000_000_000_000_000 / Int64(max(1_000, count))
        deposit = group == .withoutFunds ? .zero : Money(fen: share)
        isOffline = group == .offline
        isSuspended = group == .suspended
    }

    /// Whether an advisor can buy, and why not.
    enum Group {
        case ready, withoutFunds, offline, suspended

        init(of index: Int) {
            switch index % 10 {
            case 0...3: self = .ready
            case 4...5: self = .withoutFunds
            case 6...7: self = .offline
            default: self = .suspended
            }
        }

        /// An advisor of the group out of `count`, ten or more.
        func index(below count: Int, using random: inout SplitMix64) -> Int {
            while true {
                let index = random.integer(in: 0...(count - 1))
                if Group(of: index) == self { return index }
            }
        }
    }
}
