import MarketCore
import MarketTestSupport
import Testing

@testable import MarketWorkload

struct `workloads of values` {
    private func workload(
        _ kind: WorkloadKind, orders: Int = 300, leads: Int = 2_000, seed: UInt64 = 1
    ) -> Workload {
        Workload(kind, orders: orders, advisors: 50, leads: leads, seed: seed)
    }

    /// FNV-1a over everything the workload says, in words.
    private func digest(_ workload: Workload) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        func add(_ text: String) {
            for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        }
        for advisor in workload.advisors {
            add("\(advisor.name) \(advisor.profile.institution) \(advisor.profile.grade)")
            add("\(advisor.deposit.fen) \(advisor.isOffline) \(advisor.isSuspended)")
        }
        for order in workload.orders {
            let terms = order.terms
            add("\(order.advisor) \(order.category) \(order.isPaused) \(terms.quantity)")
            add("\(workload.schema.specification(of: terms.filter).conditions)")
            add("\(terms.premium.fen) \(terms.priority) \(terms.maximumAge?.microseconds ?? 0)")
            add("\(terms.hourCap ?? 0) \(terms.dayCap ?? 0) \(terms.daySpend?.fen ?? 0)")
            add("\(terms.startsAt?.microseconds ?? 0) \(terms.schedule.windows.count)")
        }
        for lead in workload.leads {
            add("\(lead.channel) \(lead.preferredAdvisor ?? -1)")
            for (number, value) in lead.attributes.pairs { add("\(number.rawValue)=\(value)") }
        }
        return hash
    }

    @Test(
        arguments: [
            (WorkloadKind.mixed, 0xD7D8_7907_D0DC_2EF2), (.hotRegion, 0xFE3D_DBFB_B389_EF72),
            (.correlated, 0x5633_48A6_051E_4493), (.notLive, 0x9CE3_53D5_BA03_E603),
            (.noMatch, 0x23C0_9FA5_E8D7_D3AF),
            (.churn, 0x212E_8C88_7910_C8F5), (.equalRank, 0xCBFB_7996_3B79_937C),
        ] as [(WorkloadKind, UInt64)])
    func `the same seed gives the same workload on every machine`(
        kind: WorkloadKind, expected: UInt64
    ) {
        #expect(digest(workload(kind)) == expected)
        #expect(digest(workload(kind, seed: 2)) != expected)
    }

    @Test(arguments: WorkloadKind.allCases)
    func `no two leads declare the same, and a second round is of other people`(
        kind: WorkloadKind
    ) {
        let workload = workload(kind, leads: 5_000)
        #expect(Set(workload.leads.map(\.attributes)).count == 5_000)
        let (first, second) = (workload.submission(7), workload.submission(5_007))
        #expect(first.attributes == second.attributes)
        #expect(first.identity != second.identity)
        #expect(first.consent != nil)
    }

    @Test(arguments: WorkloadKind.allCases)
    func `every lead is accepted and none of the kinds but one leaves all of them unsold`(
        kind: WorkloadKind
    ) throws {
        let workload = workload(kind, orders: 1_000, leads: 500)
        var (market, ids) = workload.market()
        #expect(ids.count == 1_000)
        #expect(market.orders.map(\.id) == ids)
        var reserved = 0
        for index in workload.leads.indices {
            let events = try market.execute(
                .submitLead(workload.submission(index)), at: market.stamp(at: Workload.beginning),
                input: .market
            ).map(\.event)
            guard case .leadAccepted = events.first else {
                Issue.record("lead \(index) is not accepted")
                return
            }
            if case .leadReserved = events.dropFirst().first { reserved += 1 }
        }
        #expect(kind == .noMatch ? reserved == 0 : reserved > 50)
    }

    @Test func `of a hundred orders one is live, and the others are not for many reasons`() {
        let (market, _) = workload(.notLive, orders: 5_000, leads: 1).market()
        let reasons = market.orders.map { market.unliveness(of: $0, at: Workload.beginning) }
        #expect((25...75).contains(reasons.count(where: \.isEmpty)))
        let kinds: [Unliveness] = [
            .paused, .noFunds, .advisorOffline, .advisorSuspended, .notStarted, .outsideWindow,
        ]
        for kind in kinds { #expect(reasons.count { $0.contains(kind) } > 300) }
    }

    @Test(arguments: [WorkloadKind.mixed, .hotRegion, .correlated, .noMatch, .churn, .equalRank])
    func `all orders of the other kinds are live`(kind: WorkloadKind) {
        let (market, _) = workload(kind, leads: 1).market()
        for order in market.orders {
            #expect(market.unliveness(of: order, at: Workload.beginning).isEmpty)
        }
    }

    @Test func `no order takes any lead where none is to match, for reasons of several kinds`() {
        let workload = workload(.noMatch, leads: 300)
        var failed: Set<AttributeNumber> = []
        for order in workload.orders {
            for lead in workload.leads {
                let predicate = order.terms.filter.predicates.first {
                    lead.attributes[$0.attribute].map($0.test.accepts) != true
                }
                guard let predicate else {
                    Issue.record("an order takes a lead")
                    return
                }
                failed.insert(predicate.attribute)
            }
        }
        #expect(failed.count >= 6)
    }

    @Test func `the better an order ranks the fewer leads it takes where that is asked for`() {
        let workload = workload(.correlated, orders: 600, leads: 400)
        func share(_ priorities: ClosedRange<Int>) -> Double {
            let orders = workload.orders.filter { priorities.contains($0.terms.priority) }
            let taken = orders.map { order in
                let rest = order.terms.filter.predicates.filter { $0.attribute.index > 0 }
                return workload.leads.count { Filter(sorted: rest).accepts($0.attributes) }
            }
            return Double(taken.reduce(0, +)) / Double(orders.count * workload.leads.count)
        }
        #expect(share(0...2) > 4 * share(7...9))
    }

    @Test func `nine tenths are of one city where there is a hot one`() {
        let workload = workload(.hotRegion)
        let region = AttributeNumber(0)
        guard let city = RegionCode("3101") else { return }
        let hot = workload.leads.count {
            $0.attributes[region].map(city.extent.contains) ?? false
        }
        #expect((1_750...1_950).contains(hot))
    }

    @Test func `equal orders differ in nothing that ranks`() {
        let workload = workload(.equalRank)
        #expect(Set(workload.orders.map(\.category)).count == 1)
        #expect(Set(workload.orders.map(\.terms.premium)) == [.zero])
        #expect(Set(workload.orders.map(\.terms.priority)) == [OrderTerms.defaultPriority])
    }
}

struct `changes between leads` {
    @Test func `each can be made, and all kinds come about`() throws {
        let workload = Workload(.churn, orders: 100, advisors: 20, leads: 1)
        var (market, ids) = workload.market()
        var changes = workload.changes()
        var counts = [0, 0, 0, 0]
        for _ in 0..<2_000 {
            let command: Command
            switch changes.next() {
            case .pause(let order):
                counts[0] += 1
                command = .pauseOrder(ids[order])
            case .resume(let order):
                counts[1] += 1
                command = .resumeOrder(ids[order])
            case .amend(let order, let amendment):
                counts[2] += 1
                command = .amendOrder(ids[order], amendment)
            case .place(let order):
                counts[3] += 1
                ids.append(OrderID(market.head.next))
                command = .placeOrder(
                    advisor: workload.advisors[order.advisor].name, category: order.category,
                    terms: order.terms)
            }
            _ = try market.execute(
                command, at: market.stamp(at: Workload.beginning), input: .market)
        }
        for count in counts { #expect(count > 100) }
        let live = market.orders.count {
            market.unliveness(of: $0, at: Workload.beginning).isEmpty
        }
        #expect(live > market.orders.count / 2)
    }
}
