import EventLog
import MarketCore
import MarketRPC
import MarketTestSupport

// What happens in a synthetic market: every kind of command, as the seed has it.

extension SyntheticMarket {
    /// On top of the small world: gates, a test channel, a share, quality, tiers and grades.
    static var gatedConfiguration: MarketConfiguration {
        var configuration = MarketConfiguration()
        configuration.attributes = [
            Attribute(name: "tier", kind: .choice(words: ["first", "second", "third"]))
        ]
        configuration.channels = [
            (
                "partner",
                ChannelDefinition(
                    title: "Partner", payout: .share(basisPoints: 2_000), dailyCap: 40)
            ),
            ("trial", ChannelDefinition(title: "Trial", payout: .fixed(.zero), isTest: true)),
        ]
        var everybody = SmallWorld.everybody
        everybody.gates = Gates(namedConsent: .minutes(8), acceptance: .minutes(5))
        everybody.rank = [.dedicated, .gradeFit, .leastRecentlyServed]
        everybody.returns = ReturnPolicy(automaticShare: 6_000, automaticSpan: 10)
        let crowd = MarketConfiguration.Category(
            name: "crowd", title: "Crowd",
            qualification: FilterSpecification([("region", .anyOf(["31"]))]),
            ladder: PriceLadder(minutes: [(2_000, 1)]))
        configuration.categories = [everybody, crowd]
        configuration.settings.pingTimeout = .minutes(4)
        configuration.settings.qualitySpan = 8
        configuration.settings.qualityLimit = 3_000
        configuration.settings.tierAttribute = "tier"
        configuration.settings.tierRules = .set(
            MarketConfiguration.TierRules(
                rules: [
                    .init(
                        aspect: .ability,
                        filter: FilterSpecification([
                            ("monthlyIncome", .range(minimum: 8_000, maximum: nil))
                        ]), points: 50)
                ], firstTierFrom: 50, secondTierFrom: 0))
        configuration.settings.gradeRules = .set(
            GradeRules(
                window: 2,
                elite: .init(connection: 10_000, discipline: 10_000, approval: 5_000),
                standard: .init(connection: 5_000, discipline: 5_000, approval: 0)))
        return configuration
    }

    mutating func nextCommand() -> Command {
        switch random.below(3) {
        case 0: nextPartyCommand()
        case 1: nextSaleCommand()
        default: nextGateCommand()
        }
    }

    private mutating func nextPartyCommand() -> Command {
        let advisor = random.pick(SmallWorld.advisors)
        let order = random.pickAny(market.orders.map(\.id))
        switch random.below(15) {
        case 0:
            return .deposit(
                advisor: advisor, amount: Money(fen: Int64(random.within(1...20_000))),
                reference: "")
        case 1: return .withdraw(advisor: advisor, amount: Money(fen: 500), reference: "back")
        case 2:
            return .placeOrder(
                advisor: advisor, category: random.pick(SmallWorld.categories),
                terms: OrderTerms(
                    filter: .everything, quantity: random.within(1...5),
                    premium: Money(fen: Int64(random.below(300)))))
        case 3: return order.map { .pauseOrder($0) } ?? .passTime
        case 4, 5:
            let paused = market.orders.first { $0.isPaused && !$0.isCancelled }?.id
            return (paused ?? order).map { .resumeOrder($0) } ?? .passTime
        case 6:
            var amendment = OrderAmendment()
            amendment.quantity = .set(random.within(4...12))
            return order.map { .amendOrder($0, amendment) } ?? .passTime
        case 7: return random.chance(20) ? order.map { .cancelOrder($0) } ?? .passTime : .passTime
        case 8:
            return .payChannel(
                name: random.pick(SmallWorld.channels), amount: Money(fen: 500), reference: "march")
        case 9:
            return .payPayee(
                name: random.pick(SmallWorld.payees), amount: Money(fen: 100), reference: "")
        case 10: return .setAvailability(advisor: advisor, online: random.chance(80))
        case 11: return .suspendAdvisor(name: advisor, reason: "a complaint")
        case 12: return .reinstateAdvisor(name: suspended ?? advisor)
        case 13:
            return random.chance(30)
                ? .pauseChannel(random.pick(SmallWorld.channels))
                : .resumeChannel(paused ?? random.pick(SmallWorld.channels))
        default:
            return .updateAdvisor(
                name: advisor,
                profile: AdvisorProfile(
                    institution: random.pick(SmallWorld.institutions), derivesGrade: true))
        }
    }

    private var suspended: Name? { market.advisors.first { $0.isSuspended }?.name }

    private var paused: Name? { market.channels.first { $0.isPaused }?.name }

    private mutating func nextSaleCommand() -> Command {
        let sold = random.pickAny(
            market.assignments.filter { $0.releasedAt != nil }.map(\.id))
        let person = Identity.person(UInt64(random.below(60)))
        switch random.below(14) {
        case 0: return sold.map { .acknowledgeAssignment($0) } ?? .passTime
        case 1: return sold.map { .discloseContact($0) } ?? .passTime
        case 2, 3, 4, 5:
            guard let sold else { return .passTime }
            return .reportContact(
                sold,
                ContactReport(
                    firstCallAt: now, attempts: 1, outcome: random.pick(CallOutcome.allCases),
                    evidence: "call"))
        case 6:
            guard let sold else { return .passTime }
            return .reportStage(
                sold, StageReport(stage: .drawn, passed: true, amount: Money(fen: 1_000_000)))
        case 7, 8, 9:
            guard let sold else { return .passTime }
            return .requestReturn(
                sold,
                ReturnRequest(
                    reason: random.pick(ReturnReason.allCases),
                    evidence: random.chance(50) ? "call" : ""))
        case 10: return market.openLeads.inOrder.first.map { .withdrawLead($0.id) } ?? .passTime
        case 11: return .suppressPerson(person, reason: "asked")
        case 12:
            let listed = market.people.identities.first {
                market.person($0).map { $0.isSuppressed && !$0.isErased } == true
            }
            return .unsuppressPerson(listed ?? person)
        default: return .erasePerson(person)
        }
    }

    private mutating func nextGateCommand() -> Command {
        let open = market.assignments.filter { !$0.gates.isEmpty && $0.gates.post == nil }
            .map(\.id)
        let undecided = market.assignments.filter {
            $0.returned.map { $0.decision == nil } == true
        }
        .map(\.id)
        if let id = random.pickAny(undecided), random.chance(30) {
            return .decideReturn(id, approved: random.chance(60), note: "looked at")
        }
        guard let id = random.pickAny(open) else { return .passTime }
        switch random.below(10) {
        case 0: return .declineAssignment(id)
        case 1: return .declineConsent(id)
        case 2, 3, 4, 5: return .acceptAssignment(id)
        default: return .confirmConsent(id, .given(at: now))
        }
    }
}

// MARK: - Leads

extension SyntheticMarket {
    /// Submits, pings or posts a lead.
    mutating func handInLead() throws {
        let pinged = market.openLeads.inOrder.first { $0.isPing && $0.reservation != nil }
        if let pinged, random.chance(60) {
            try post(pinged)
        } else if random.chance(30) {
            let lead = nextLead(contact: [])
            run(
                .pingLead(
                    LeadPing(
                        channel: lead.channel, identity: lead.identity,
                        attributes: lead.attributes)))
        } else {
            try submitLead()
        }
    }

    /// Submits a lead with a sealed contact, whose key the vault gets when the lead is accepted.
    private mutating func submitLead() throws {
        let lead = nextLead(contact: try sealedContact())
        guard run(.submitLead(lead)), case .leadAccepted? = transactions.last?.first?.event else {
            return
        }
        try vault.assign([(lead.identity, spareKeys.removeFirst())])
    }

    /// A contact as the log has it that gets the next slot.
    private mutating func sealedContact() throws -> [UInt8] {
        if spareKeys.isEmpty { spareKeys = try vault.prepare(16) }
        var sealer = ContactSealer()
        return try sealer.seal(Self.contact.encoded).wrapped(by: spareKeys[0])
    }

    private mutating func post(_ pinged: Lead) throws {
        let post = LeadPost(
            lead: pinged.id, channel: market.channels[pinged.channel.index].name,
            identity: pinged.identity, consent: random.chance(85) ? .given(at: now) : nil,
            contact: try sealedContact())
        guard run(.postLead(post)), case .leadPosted(let posted)? = transactions.last?.first?.event,
            posted.contactSlot != nil
        else { return }
        try vault.assign([(pinged.identity, spareKeys.removeFirst())])
    }

    private mutating func nextLead(contact: [UInt8]) -> LeadSubmission {
        var attributes = Attributes()
        attributes[SmallWorld.Number.ownsHouse] = random.chance(40) ? 1 : 0
        attributes[SmallWorld.Number.monthlyIncome] = Int64(random.below(20_000))
        attributes[SmallWorld.Number.employment] = Int64(random.below(3))
        return LeadSubmission(
            channel: random.chance(5) ? "trial" : random.pick(SmallWorld.channels),
            identity: .person(UInt64(random.below(60))), attributes: attributes,
            consent: random.chance(95)
                ? .given(at: now, to: random.chance(30) ? ["bankOne", "bankTwo"] : []) : nil,
            contact: contact)
    }

    /// More waiting leads than one transaction may sell, and an order that takes them all (R6.4).
    mutating func sellCrowd() {
        run(.registerAdvisor(name: "crowd", profile: AdvisorProfile(institution: "bankOne")))
        run(.deposit(advisor: "crowd", amount: Money(fen: 1_000), reference: ""))
        // Whatever the channel was judged by is forgotten.
        run(.pauseChannel("search"))
        run(.resumeChannel("search"))
        for number in 0...Market.offerLimit {
            var attributes = Attributes()
            attributes[SmallWorld.Number.region] = RegionCode(known: "3101").rawValue
            run(
                .submitLead(
                    LeadSubmission(
                        channel: "search", identity: .person(1_000 + UInt64(number)),
                        attributes: attributes, consent: .given(at: now))))
        }
        run(
            .placeOrder(
                advisor: "crowd", category: "crowd",
                terms: OrderTerms(filter: .everything, quantity: 1_000)))
    }
}
