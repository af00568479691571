import MarketCore
import MarketTestSupport
import Testing

/// One refusal: a market brought somewhere, and a command it then refuses.
struct RejectionRow: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let rejection: Rejection
    let prepare: @Sendable (inout TestMarket) throws(Rejection) -> Command

    init(
        _ description: String, _ rejection: Rejection,
        _ prepare: @escaping @Sendable (inout TestMarket) throws(Rejection) -> Command
    ) {
        testDescription = description
        self.rejection = rejection
        self.prepare = prepare
    }
}

/// Every rejection, one row each in the order the checks run. Where a row can break a later check
/// as well it does, so that the order itself is tested.
struct RejectionTests {
    @Test(
        arguments: RejectionRow.market + RejectionRow.advisors + RejectionRow.accounts
            + RejectionRow.orders + RejectionRow.leads + RejectionRow.assignments)
    func `a command is refused and nothing changes`(row: RejectionRow) throws {
        var market = try TestMarket()
        let command = try row.prepare(&market)
        let before = market.market.encodeState()
        #expect(throws: row.rejection) { try market.give(command) }
        #expect(market.market.encodeState() == before)
    }

    @Test
    func `nothing is done before the market is created`() {
        var market = TestMarket.unfounded
        #expect(throws: Rejection.marketNotCreated) { try market.give(.passTime) }
        #expect(market.market.head == .start)
    }
}

extension RejectionRow {
    static let market = [
        RejectionRow("a market is created twice", .marketExists) { _ in
            .createMarket(SmallWorld.foundation())
        },
        RejectionRow(
            "a configuration does not fit",
            .invalidConfiguration(
                ConfigurationFault(path: "categories.homeOwner.title", reason: .titleTooLong))
        ) { _ in
            var configuration = MarketConfiguration()
            var category = SmallWorld.homeOwner
            category.title = String(repeating: "x", count: 129)
            configuration.categories = [category]
            return .applyConfiguration(configuration)
        },
        RejectionRow("an unknown channel is paused", .unknownChannel) { _ in
            .pauseChannel("nowhere")
        },
        RejectionRow("a paused channel is paused", .channelAlreadyPaused) {
            (market) throws(Rejection) in
            try market.give(.pauseChannel("search"))
            return .pauseChannel("search")
        },
        RejectionRow("an unknown channel is resumed", .unknownChannel) { _ in
            .resumeChannel("nowhere")
        },
        RejectionRow("a running channel is resumed", .channelNotPaused) { _ in
            .resumeChannel("search")
        },
    ]

    private static let profile = AdvisorProfile(institution: "bankOne")

    static let advisors = [
        RejectionRow("an advisor is registered twice", .advisorExists) {
            (market) throws(Rejection) in
            try market.register("chen")
            return .registerAdvisor(name: "chen", profile: profile)
        },
        RejectionRow("an unknown advisor is updated", .unknownAdvisor) { _ in
            .updateAdvisor(name: "nobody", profile: profile)
        },
        RejectionRow("an unknown advisor goes online", .unknownAdvisor) { _ in
            .setAvailability(advisor: "nobody", online: true)
        },
        RejectionRow("an unknown advisor is suspended", .unknownAdvisor) { _ in
            .suspendAdvisor(name: "nobody", reason: "")
        },
        RejectionRow("a suspended advisor is suspended", .advisorAlreadySuspended) {
            (market) throws(Rejection) in
            try market.register("chen")
            try market.give(.suspendAdvisor(name: "chen", reason: ""))
            return .suspendAdvisor(name: "chen", reason: "")
        },
        RejectionRow("an unknown advisor is reinstated", .unknownAdvisor) { _ in
            .reinstateAdvisor(name: "nobody")
        },
        RejectionRow("an active advisor is reinstated", .advisorNotSuspended) {
            (market) throws(Rejection) in
            try market.register("chen")
            return .reinstateAdvisor(name: "chen")
        },
    ]

    /// R12.1, R12.2.
    static let accounts = [
        RejectionRow("money comes for an unknown advisor", .unknownAdvisor) { _ in
            .deposit(advisor: "nobody", amount: .maximum, reference: "")
        },
        RejectionRow("an advisor's balance would pass the maximum", .balanceOutOfRange) {
            (market) throws(Rejection) in
            try market.register("chen", fen: 1)
            return .deposit(advisor: "chen", amount: .maximum, reference: "")
        },
        RejectionRow("the market's cash would pass the maximum", .balanceOutOfRange) {
            (market) throws(Rejection) in
            try market.register("chen", fen: Money.maximum.fen)
            try market.register("liu", fen: 0)
            return .deposit(advisor: "liu", amount: Money(fen: 1), reference: "")
        },
        RejectionRow("an unknown advisor is paid back", .unknownAdvisor) { _ in
            .withdraw(advisor: "nobody", amount: Money(fen: 1), reference: "")
        },
        RejectionRow("more is paid back than is available", .insufficientFunds) {
            (market) throws(Rejection) in
            try market.register("chen", fen: 99)
            return .withdraw(advisor: "chen", amount: Money(fen: 100), reference: "")
        },
        RejectionRow("an unknown channel is paid", .unknownChannel) { _ in
            .payChannel(name: "nowhere", amount: Money(fen: 1), reference: "")
        },
        RejectionRow("a channel is paid more than it is owed", .insufficientPayable) {
            (market) throws(Rejection) in
            try market.register("chen")
            try market.order("chen")
            try market.lead(of: 1)
            return .payChannel(name: "search", amount: Money(fen: 901), reference: "")
        },
        RejectionRow("an unknown payee is paid", .unknownPayee) { _ in
            .payPayee(name: "nobody", amount: Money(fen: 1), reference: "")
        },
        RejectionRow("a payee is paid more than they are owed", .insufficientPayable) {
            (market) throws(Rejection) in
            try market.register("chen")
            try market.order("chen")
            try market.lead(of: 1)
            return .payPayee(name: "platform", amount: Money(fen: 301), reference: "")
        },
    ]
}

extension RejectionRow {
    private static func ended(_ now: Timestamp) -> OrderTerms {
        OrderTerms(filter: .everything, quantity: 1, expiresAt: now)
    }

    private static func amendment(_ change: (inout OrderAmendment) -> Void) -> OrderAmendment {
        var amendment = OrderAmendment()
        change(&amendment)
        return amendment
    }

    /// R5.2.
    static let orders =
        placements + amendments + [
            RejectionRow("an unknown order is paused", .unknownOrder) { _ in
                .pauseOrder(OrderID(9_999))
            },
            RejectionRow("a paused, cancelled order is paused", .orderCancelled) {
                (market) throws(Rejection) in
                let order = try pausedOrder(&market)
                try market.give(.cancelOrder(order))
                return .pauseOrder(order)
            },
            RejectionRow("a paused order is paused", .orderAlreadyPaused) {
                (market) throws(Rejection) in
                .pauseOrder(try pausedOrder(&market))
            },
            RejectionRow("an unknown order is resumed", .unknownOrder) { _ in
                .resumeOrder(OrderID(9_999))
            },
            RejectionRow("a cancelled order is resumed", .orderCancelled) {
                (market) throws(Rejection) in
                try market.register("chen")
                let order = try market.order("chen")
                try market.give(.cancelOrder(order))
                return .resumeOrder(order)
            },
            RejectionRow("a running order is resumed", .orderNotPaused) {
                (market) throws(Rejection) in
                try market.register("chen")
                return .resumeOrder(try market.order("chen"))
            },
            RejectionRow("an unknown order is cancelled", .unknownOrder) { _ in
                .cancelOrder(OrderID(9_999))
            },
            RejectionRow("a cancelled order is cancelled", .orderCancelled) {
                (market) throws(Rejection) in
                let order = try pausedOrder(&market)
                try market.give(.cancelOrder(order))
                return .cancelOrder(order)
            },
        ]

    private static func pausedOrder(_ market: inout TestMarket) throws(Rejection) -> OrderID {
        try market.register("chen")
        let order = try market.order("chen")
        try market.give(.pauseOrder(order))
        return order
    }

    private static let placements = [
        RejectionRow("an unknown advisor orders", .unknownAdvisor) { market in
            .placeOrder(advisor: "nobody", category: "nothing", terms: ended(market.now))
        },
        RejectionRow("an unknown category is ordered", .unknownCategory) {
            (market) throws(Rejection) in
            try market.register("chen")
            return .placeOrder(advisor: "chen", category: "nothing", terms: ended(market.now))
        },
        RejectionRow("a retired category is ordered", .categoryRetired) {
            (market) throws(Rejection) in
            try market.register("chen")
            var configuration = MarketConfiguration()
            var category = SmallWorld.homeOwner
            category.retired = true
            configuration.categories = [category]
            try market.give(.applyConfiguration(configuration))
            return .placeOrder(advisor: "chen", category: "homeOwner", terms: ended(market.now))
        },
        RejectionRow("an order would expire at once", .invalidPeriod) {
            (market) throws(Rejection) in
            try market.register("chen")
            return .placeOrder(advisor: "chen", category: "homeOwner", terms: ended(market.now))
        },
        RejectionRow("an order would expire when it starts", .invalidPeriod) {
            (market) throws(Rejection) in
            try market.register("chen")
            var terms = ended(market.now + .hours(1))
            terms.startsAt = market.now + .hours(1)
            return .placeOrder(advisor: "chen", category: "homeOwner", terms: terms)
        },
    ]

    private static let amendments = [
        RejectionRow("an unknown order is amended", .unknownOrder) { _ in
            .amendOrder(OrderID(9_999), OrderAmendment())
        },
        RejectionRow("a cancelled order is amended", .orderCancelled) {
            (market) throws(Rejection) in
            let order = try soldOrder(&market)
            try market.give(.cancelOrder(order))
            return .amendOrder(order, amendment { $0.quantity = .set(1) })
        },
        RejectionRow("a quantity falls below what was sold", .quantityBelowTaken) {
            (market) throws(Rejection) in
            let order = try soldOrder(&market)
            let now = market.now
            return .amendOrder(
                order,
                amendment {
                    $0.quantity = .set(1)
                    $0.expiresAt = .set(now)
                })
        },
        RejectionRow("an amended order would expire at once", .invalidPeriod) {
            (market) throws(Rejection) in
            let order = try soldOrder(&market)
            let now = market.now
            return .amendOrder(order, amendment { $0.expiresAt = .set(now) })
        },
        RejectionRow("an amended order would start when it expires", .invalidPeriod) {
            (market) throws(Rejection) in
            try market.register("chen")
            let end = market.now + .hours(2)
            let order = try market.order("chen") { $0.expiresAt = end }
            return .amendOrder(order, amendment { $0.startsAt = .set(end) })
        },
    ]

    private static func soldOrder(_ market: inout TestMarket) throws(Rejection) -> OrderID {
        try market.register("chen")
        let order = try market.order("chen")
        try market.lead(of: 1)
        try market.lead(of: 2)
        return order
    }
}

extension RejectionRow {
    /// R4.2, R4.3, R8.7.
    static let leads = [
        RejectionRow("a lead comes from an unknown channel", .unknownChannel) { _ in
            var submission = TestMarket.submission(of: 1)
            submission.channel = "nowhere"
            submission.preferredAdvisor = "nobody"
            return .submitLead(submission)
        },
        RejectionRow("a lead prefers an unknown advisor", .unknownAdvisor) {
            (market) throws(Rejection) in
            try market.give(.pauseChannel("search"))
            var submission = TestMarket.submission(of: 1)
            submission.preferredAdvisor = "nobody"
            return .submitLead(submission)
        },
        RejectionRow("an unknown lead is withdrawn", .leadNotOpen) { _ in
            .withdrawLead(LeadID(9_999))
        },
        RejectionRow("a rejected lead is withdrawn", .leadNotOpen) {
            (market) throws(Rejection) in
            .withdrawLead(try market.lead(of: 1) { $0.consent = nil })
        },
        RejectionRow("a closed lead is withdrawn", .leadNotOpen) {
            (market) throws(Rejection) in
            let lead = try market.lead(of: 1)
            try market.give(.withdrawLead(lead))
            return .withdrawLead(lead)
        },
        RejectionRow("a sold lead is withdrawn twice", .leadAlreadyWithdrawn) {
            (market) throws(Rejection) in
            try market.register("chen")
            try market.order("chen")
            let lead = try market.lead(of: 1)
            try market.give(.withdrawLead(lead))
            return .withdrawLead(lead)
        },
        RejectionRow("a suppressed person is suppressed", .alreadySuppressed) {
            (market) throws(Rejection) in
            try market.give(.suppressPerson(.person(1), reason: ""))
            return .suppressPerson(.person(1), reason: "")
        },
        RejectionRow("an erased person is suppressed", .alreadySuppressed) {
            (market) throws(Rejection) in
            try market.lead(of: 1)
            try market.give(.erasePerson(.person(1)))
            return .suppressPerson(.person(1), reason: "")
        },
        RejectionRow("an unknown person is unsuppressed", .notSuppressed) { _ in
            .unsuppressPerson(.person(1))
        },
        RejectionRow("a person who may be sold is unsuppressed", .notSuppressed) {
            (market) throws(Rejection) in
            try market.lead(of: 1)
            return .unsuppressPerson(.person(1))
        },
        RejectionRow("an erased person is unsuppressed", .personErased) {
            (market) throws(Rejection) in
            try market.lead(of: 1)
            try market.give(.erasePerson(.person(1)))
            return .unsuppressPerson(.person(1))
        },
        RejectionRow("somebody never heard of is erased", .unknownPerson) {
            (market) throws(Rejection) in
            try market.lead(of: 1)
            return .erasePerson(.person(2))
        },
        RejectionRow("an erased person is erased", .personErased) {
            (market) throws(Rejection) in
            try market.lead(of: 1)
            try market.give(.erasePerson(.person(1)))
            return .erasePerson(.person(1))
        },
    ]

    private static func assignment(_ market: inout TestMarket) throws(Rejection) -> AssignmentID {
        try market.register("chen")
        try market.order("chen")
        let lead = try market.lead(of: 1)
        guard let assignment = market.market.assignment(of: lead) else { throw .unknownAssignment }
        return assignment.id
    }

    private static func report(_ firstCallAt: Timestamp) -> ContactReport {
        ContactReport(firstCallAt: firstCallAt, attempts: 1, outcome: .connected)
    }

    /// R4.6, R8.6, R9.1, R9.2.
    static let assignments = [
        RejectionRow("an unknown assignment is acknowledged", .unknownAssignment) { _ in
            .acknowledgeAssignment(AssignmentID(9_999))
        },
        RejectionRow("an assignment is acknowledged twice", .alreadyAcknowledged) {
            (market) throws(Rejection) in
            let id = try assignment(&market)
            try market.give(.acknowledgeAssignment(id))
            return .acknowledgeAssignment(id)
        },
        RejectionRow("an unknown assignment's contact is shown", .unknownAssignment) { _ in
            .discloseContact(AssignmentID(9_999))
        },
        RejectionRow("an erased contact is shown", .personErased) {
            (market) throws(Rejection) in
            let id = try assignment(&market)
            try market.give(.erasePerson(.person(1)))
            return .discloseContact(id)
        },
        RejectionRow("a call on an unknown assignment", .unknownAssignment) { market in
            .reportContact(AssignmentID(9_999), report(market.now + .hours(1)))
        },
        RejectionRow("a call before the release", .firstCallOutOfRange) {
            (market) throws(Rejection) in
            let id = try assignment(&market)
            let released = market.market.time.microseconds
            return .reportContact(id, report(Timestamp(microseconds: released - 1)))
        },
        RejectionRow("a call in the future", .firstCallOutOfRange) {
            (market) throws(Rejection) in
            let id = try assignment(&market)
            return .reportContact(id, report(market.now + .microsecond))
        },
        RejectionRow("a stage of an unknown assignment", .unknownAssignment) { _ in
            .reportStage(AssignmentID(9_999), StageReport(stage: .applied, passed: true))
        },
    ]
}
