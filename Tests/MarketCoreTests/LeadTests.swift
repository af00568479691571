import MarketCore
import MarketTestSupport
import Testing

/// Leads coming in: rejections, duplicates, contact data (R4.2, R4.3, R2.3).
struct LeadTests {
    /// The reason for which `events` turn a lead away.
    private func reason(_ events: [Event]) -> LeadRejection? {
        guard events.count == 1, case .leadRejected(let lead) = events[0] else { return nil }
        return lead.reason
    }

    /// Each row lacks everything from its reason on, so that the order of R4.3 is tested.
    @Test(.rules("R4.3"), arguments: LeadRejection.allCases)
    func `the first reason in order turns a lead away`(expected: LeadRejection) throws {
        var market = try TestMarket()
        try market.lead(of: 1)
        var submission = TestMarket.submission(of: 1)
        submission.attributes = Attributes()
        let order = LeadRejection.allCases
        guard let place = order.firstIndex(of: expected) else { return }
        if place > 5 { submission.identity = .person(2) }
        if place <= 4 { submission.consent = nil }
        if place <= 3 {
            let profile = AdvisorProfile(institution: "bankOne", identity: .person(1))
            try market.give(.registerAdvisor(name: "chen", profile: profile))
            try market.give(.suspendAdvisor(name: "chen", reason: "still of the trade"))
        }
        if place <= 2 { try market.give(.suppressPerson(.person(1), reason: "asked")) }
        if place <= 1 {
            var configuration = MarketConfiguration()
            let payout = ChannelPayout.fixed(Money(fen: 900))
            configuration.channels = [
                ("search", ChannelDefinition(title: "Search", payout: payout, dailyCap: 1))
            ]
            try market.give(.applyConfiguration(configuration))
        }
        if place <= 0 { try market.give(.pauseChannel("search")) }
        #expect(reason(try market.give(.submitLead(submission))) == expected)
    }

    @Test(.rules("R4.3"))
    func `a rejected lead keeps attributes and consent and no contact`() throws {
        var market = try TestMarket()
        try market.give(.pauseChannel("search"))
        let submission = TestMarket.submission(of: 1)
        let events = try market.give(.submitLead(submission))
        #expect(
            events == [
                .leadRejected(
                    RejectedLead(
                        channel: ChannelNumber(0), identity: .person(1),
                        attributes: submission.attributes, consent: submission.consent,
                        reason: .channelPaused))
            ])
        #expect(market.market.contactCount == 0)
        #expect(market.market.person(.person(1))?.openLead == nil)
    }

    @Test(.rules("R4.2"))
    func `contacts get slots of the key file in turn, leads without get none`() throws {
        var market = try TestMarket()
        var slots: [UInt64?] = []
        for (person, contact) in [(1, [9]), (2, []), (3, [8, 8])] as [(UInt64, [UInt8])] {
            var submission = TestMarket.submission(of: person)
            submission.contact = contact
            let events = try market.give(.submitLead(submission))
            guard case .leadAccepted(let lead) = events.first else { continue }
            #expect(lead.contact == contact)
            slots.append(lead.contactSlot)
        }
        #expect(slots == [0, nil, 1])
    }

    @Test(
        .rules("R4.3"),
        arguments: [(20 * 60 * 1_000_000, false), (20 * 60 * 1_000_000 + 1, true)]
            as [(Int64, Bool)])
    func `the duplicate window ends after its last microsecond`(
        age: Int64, isTaken: Bool
    ) throws {
        var market = try TestMarket()
        try market.register("chen")
        try market.order("chen")
        try market.lead(of: 1)
        market.wait(Timespan(microseconds: age))
        let events = try market.give(.submitLead(TestMarket.submission(of: 1)))
        #expect(reason(events) == (isTaken ? nil : .duplicate))
    }

    @Test(.rules("R4.3", "R4.5"))
    func `an open lead is no duplicate once it is closed`() throws {
        var market = try TestMarket()
        let lead = try market.lead(of: 1)
        #expect(reason(try market.give(.submitLead(TestMarket.submission(of: 1)))) == .duplicate)
        #expect(try market.give(.withdrawLead(lead)).count == 2)
        #expect(reason(try market.give(.submitLead(TestMarket.submission(of: 1)))) == nil)
    }

    @Test(.rules("R2.3"))
    func `a lead belongs to every category it qualifies for, dearest first`() throws {
        var market = try TestMarket()
        let lead = try market.lead(of: 1) { submission in
            submission.attributes[SmallWorld.Number.monthlyIncome] = 8_000
            submission.attributes[SmallWorld.Number.employment] = 1
        }
        #expect(market.market.openLead(lead)?.categories == [0, 1, 2].map { CategoryNumber($0) })
    }

    @Test(.rules("R2.3"))
    func `categories named by the settings are tried first`() throws {
        var market = try TestMarket()
        var configuration = MarketConfiguration()
        configuration.settings.categoryOrder = ["everybody"]
        try market.give(.applyConfiguration(configuration))
        #expect(market.market.triedCategories == [2, 0, 1].map { CategoryNumber($0) })
        configuration.settings.categoryOrder = []
        try market.give(.applyConfiguration(configuration))
        #expect(market.market.triedCategories == [0, 1, 2].map { CategoryNumber($0) })
    }

    @Test(.rules("R2.3"))
    func `a lead's categories follow the order they are tried in, as that changes`() throws {
        var market = try TestMarket()
        var leads: [LeadID] = []
        for (person, order) in [[0, 1, 2], [2, 0, 1], [1, 0, 2], [0, 1, 2]].enumerated() {
            var configuration = MarketConfiguration()
            configuration.settings.categoryOrder = order.map { SmallWorld.categories[$0] }
            try market.give(.applyConfiguration(configuration))
            leads.append(
                try market.lead(of: UInt64(person + 1)) { submission in
                    submission.attributes[SmallWorld.Number.monthlyIncome] = 8_000
                    submission.attributes[SmallWorld.Number.employment] = 1
                })
            for lead in leads {
                let categories = market.market.openLead(lead)?.categories
                #expect(categories == order.map { CategoryNumber(index: $0) })
            }
        }
    }

    @Test(.rules("R2.3"))
    func `the first category with an eligible order gets the lead`() throws {
        var market = try TestMarket()
        try market.register("chen")
        let cheap = try market.order("chen", "everybody") { $0.priority = 9 }
        let lead = try market.lead(of: 1) {
            $0.attributes[SmallWorld.Number.monthlyIncome] = 8_000
        }
        #expect(market.market.assignment(of: lead)?.order == cheap)
        let dear = try market.order("chen", "homeOwner") { $0.priority = 0 }
        let next = try market.lead(of: 2) {
            $0.attributes[SmallWorld.Number.monthlyIncome] = 8_000
        }
        #expect(market.market.assignment(of: next)?.order == dear)
    }

    @Test(.rules("R8.7"))
    func `a waiting lead that is taken back is closed`() throws {
        var market = try TestMarket()
        let lead = try market.lead(of: 1)
        let events = try market.give(.withdrawLead(lead))
        #expect(events == [.leadWithdrawn(lead), .leadClosed(lead, .withdrawn)])
        #expect(market.market.openLead(lead) == nil)
    }

    @Test(.rules("R8.7"))
    func `a sold lead that is taken back stays sold and is pushed no more`() throws {
        var market = try TestMarket()
        try market.register("chen")
        try market.order("chen")
        let lead = try market.lead(of: 1)
        #expect(market.market.assignment(of: lead)?.isPushed == true)
        #expect(try market.give(.withdrawLead(lead)) == [.leadWithdrawn(lead)])
        #expect(market.market.assignment(of: lead)?.isWithdrawn == true)
        #expect(market.market.assignment(of: lead)?.isPushed == false)
        #expect(market.available("chen") == 94_000)
    }

    @Test(.rules("R4.3", "R8.7"))
    func `suppressing a person closes their waiting lead and keeps them out`() throws {
        var market = try TestMarket()
        let lead = try market.lead(of: 1)
        let events = try market.give(.suppressPerson(.person(1), reason: "asked"))
        #expect(
            events == [
                .personSuppressed(.person(1), reason: "asked"), .leadClosed(lead, .suppressed),
            ])
        #expect(reason(try market.give(.submitLead(TestMarket.submission(of: 1)))) == .suppressed)
        try market.give(.unsuppressPerson(.person(1)))
        #expect(reason(try market.give(.submitLead(TestMarket.submission(of: 1)))) == nil)
    }

    @Test(.rules("R4.2", "R8.7"))
    func `an erased person stays suppressed and their assignments erased`() throws {
        var market = try TestMarket()
        try market.register("chen")
        try market.order("chen")
        let sold = try market.lead(of: 1)
        market.wait(.hours(1))
        try market.give(.setAvailability(advisor: "chen", online: false))
        let waiting = try market.lead(of: 1)
        let events = try market.give(.erasePerson(.person(1)))
        #expect(events == [.personErased(.person(1)), .leadClosed(waiting, .erased)])
        #expect(market.market.assignment(of: sold)?.isErased == true)
        #expect(market.market.assignment(of: sold)?.isPushed == false)
        #expect(reason(try market.give(.submitLead(TestMarket.submission(of: 1)))) == .suppressed)
    }

    @Test(.rules("R4.2"))
    func `somebody whose leads were all rejected can be erased`() throws {
        var market = try TestMarket()
        try market.lead(of: 1) { $0.consent = nil }
        #expect(try market.give(.erasePerson(.person(1))) == [.personErased(.person(1))])
        #expect(reason(try market.give(.submitLead(TestMarket.submission(of: 1)))) == .suppressed)
    }

    @Test(.rules("R8.7"))
    func `suppressing a person ends the pushes of what was sold`() throws {
        var market = try TestMarket()
        try market.register("chen")
        try market.order("chen")
        let sold = try market.lead(of: 1)
        #expect(market.market.assignment(of: sold)?.isPushed == true)
        try market.give(.suppressPerson(.person(1), reason: "asked"))
        #expect(market.market.assignment(of: sold)?.isPushed == false)
        try market.give(.unsuppressPerson(.person(1)))
        #expect(market.market.assignment(of: sold)?.isPushed == false)
    }
}
