import MarketTestSupport
import Testing

@testable import MarketCore

/// Every field of everything in the state is written and comes back.
struct StateFieldTests {
    /// Writes and reads `full`, none of whose fields is as in `blank`: a field that is not written
    /// would come back blank. Those called `elsewhere` follow from what is written with others.
    private func check<Value: Equatable>(
        _ full: Value, blank: Value, elsewhere: Set<String> = [],
        _ write: (inout StateWriter, Value) -> Void,
        _ read: (inout StateReader) throws -> Value
    ) throws {
        for (set, unset) in zip(fields(of: full), fields(of: blank))
        where !elsewhere.contains(set.label ?? "") {
            #expect(
                "\(set.value)" != "\(unset.value)",
                "\(set.label ?? "") of \(Value.self) is blank: give it a value here")
        }
        for value in [full, blank] {
            let state = written { write(&$0, value) }
            let (decoded, isAtEnd) = try state.withUnsafeBytes { bytes in
                var reader = StateReader(bytes)
                return (try read(&reader), reader.isAtEnd)
            }
            #expect(decoded == value)
            #expect(isAtEnd)
        }
    }

    /// What `write` writes.
    private func written(_ write: (inout StateWriter) -> Void) -> [UInt8] {
        var writer = StateWriter()
        write(&writer)
        var state: [UInt8] = []
        writer.handOver(from: 0) { piece in piece.withUnsafeBytes { state += $0 } }
        return state
    }

    /// The planes of the order index and the filter itself go by ascending ranges.
    @Test(arguments: [
        [Predicate(attribute: AttributeNumber(1), test: .choices([5, 3]))],
        [Predicate(attribute: AttributeNumber(1), test: .choices([3, 3]))],
        [
            Predicate(attribute: AttributeNumber(2), test: .flag(true)),
            Predicate(attribute: AttributeNumber(1), test: .flag(true)),
        ],
        [Predicate(attribute: AttributeNumber(64), test: .flag(true))],
    ])
    func `a filter out of order, or of an attribute no market has, is refused`(
        predicates: [Predicate]
    ) {
        let state = written { $0.write(Filter(sorted: predicates)) }
        #expect(throws: StateError.invalidValue) {
            try state.withUnsafeBytes { bytes in
                var reader = StateReader(bytes)
                _ = try reader.filter()
            }
        }
    }

    @Test func `settings with a tier of an attribute no market has are refused`() {
        var settings = MarketSettings()
        settings.tierAttribute = AttributeNumber(64)
        let state = written { $0.write(settings) }
        #expect(throws: StateError.invalidValue) {
            try state.withUnsafeBytes { bytes in
                var reader = StateReader(bytes)
                _ = try reader.settings()
            }
        }
    }

    @Test func `a category without versions is none`() {
        #expect(Category(name: "loan", versions: []) == nil)
    }

    /// What stands for none in the stores is no value of its own.
    @Test(arguments: [1_000_001, 1_000_002, 1_000_003, 1_000_004, 1_000_005, 1_000_006])
    func `an order's option that is the least number there is is refused`(value: Int64) throws {
        var terms = OrderTerms(filter: .everything, quantity: 1)
        terms.maximumAge = Timespan(microseconds: 1_000_001)
        terms.startsAt = Timestamp(microseconds: 1_000_002)
        terms.expiresAt = Timestamp(microseconds: 1_000_003)
        terms.hourCap = 1_000_004
        terms.dayCap = 1_000_005
        terms.daySpend = Money(fen: 1_000_006)
        let order = Order(
            id: OrderID(1), advisor: AdvisorNumber(0), category: CategoryNumber(0), terms: terms)
        var state = written { $0.write(order) }
        func read() throws -> Order {
            try state.withUnsafeBytes { bytes in
                var reader = StateReader(bytes)
                return try reader.order()
            }
        }
        #expect(try read() == order)
        let bytes = withUnsafeBytes(of: value.littleEndian) { Array($0) }
        let places = state.indices.filter { state[$0...].starts(with: bytes) }
        let place = try #require(places.count == 1 ? places[0] : nil)
        state.replaceSubrange(place..<(place + 8), with: [0, 0, 0, 0, 0, 0, 0, 0x80])
        #expect(throws: StateError.invalidValue) { _ = try read() }
    }

    /// The stored fields of a value, those of boxed contents among them.
    private func fields(of value: Any) -> [Mirror.Child] {
        Mirror(reflecting: value).children.flatMap { field in
            (field.value as? Boxed<Lead.Contents>).map { fields(of: $0.value) } ?? [field]
        }
    }

    private static let time = Timestamp(microseconds: 77)
    private static let filter = Filter(sorted: [
        Predicate(attribute: AttributeNumber(1), test: .flag(true))
    ])

    private var count: DailyCount {
        var count = DailyCount()
        count.day = 3
        count.count = 4
        return count
    }

    @Test func `orders`() throws {
        let schedule = try #require(
            WeeklySchedule([.init(weekday: 2, startMinute: 3, endMinute: 4)]))
        let terms = OrderTerms(
            filter: Self.filter, quantity: 8, premium: Money(fen: 2), priority: 7,
            maximumAge: .minutes(6), startsAt: Self.time, expiresAt: .latest, schedule: schedule,
            hourCap: 1, dayCap: 2, daySpend: .zero, renews: true)
        let few = OrderTerms(filter: .everything, quantity: 1)
        var order = Order(
            id: OrderID(9), advisor: AdvisorNumber(1), category: CategoryNumber(2), terms: terms)
        order.isPaused = true
        order.isCancelled = true
        order.reserved = 1
        order.released = 2
        order.round = 3
        order.releasedBefore = 4
        order.usage.hour = 5
        order.usage.hourCount = 6
        order.usage.daily = count
        order.usage.spent = Money(fen: 7)
        order.pendingTurn = Self.time
        order.pendingOffer = .latest
        let blank = Order(
            id: OrderID(1), advisor: AdvisorNumber(0), category: CategoryNumber(0), terms: few)
        try check(order, blank: blank) {
            $0.write($1)
        } _: {
            try $0.order()
        }
        try check(order.usage, blank: OrderUsage()) { writer, usage in
            order.usage = usage
            writer.write(order)
        } _: {
            try $0.order().usage
        }
        try check(terms, blank: few) { writer, terms in
            order.terms = terms
            writer.write(order)
        } _: {
            try $0.order().terms
        }
    }

    @Test func `leads`() throws {
        var attributes = Attributes()
        attributes[AttributeNumber(3)] = -4
        let lead = Lead(
            id: LeadID(9), arrivedAt: Self.time, channel: ChannelNumber(1), identity: .person(2),
            attributes: attributes, consentInstitutions: ["a", "b"],
            preferredAdvisor: AdvisorNumber(0), categories: [CategoryNumber(1)], isPing: true,
            reservation: AssignmentID(10), excludedAdvisors: [AdvisorNumber(3)],
            excludedInstitutions: ["c"], pendingAge: Self.time, pendingBindingEnd: .latest,
            pendingOffer: .epoch)
        let blank = Lead(
            id: LeadID(1), arrivedAt: .epoch, channel: ChannelNumber(0), identity: .person(0),
            attributes: Attributes(), consentInstitutions: [], preferredAdvisor: nil,
            categories: [])
        try check(lead, blank: blank, elsewhere: ["person"]) {
            $0.write($1)
        } _: {
            try $0.lead()
        }
    }

    @Test func `assignments`() throws {
        var sold = Assignment(
            id: AssignmentID(9), lead: LeadID(8), leadArrivedAt: Self.time, order: OrderID(7),
            advisor: AdvisorNumber(6), channel: ChannelNumber(5), identity: .person(4),
            category: CategoryNumber(3), categoryVersion: 2, charge: Money(fen: 10),
            reservedAt: .latest, channelPayout: Money(fen: 3),
            gates: PendingGates(post: Self.time, consent: .latest, acceptance: .epoch))
        sold.voided = .consentRefused
        sold.releasedAt = Self.time
        sold.isRepeatSale = true
        sold.previousSale = AssignmentID(2)
        sold.isAcknowledged = true
        sold.isWithdrawn = true
        sold.isSuppressed = true
        sold.isErased = true
        sold.reportedAt = .latest
        sold.record(.noSuchNumber)
        sold.record(.connected)
        sold.returned = .decided(
            ReturnRequest(reason: .wrongPerson, evidence: "e"),
            ReturnDecision(isApproved: true, isAutomatic: true, note: "n"))
        sold.firstCallAt = Self.time
        sold.isConnected = true
        sold.stage = .drawn
        let blank = Assignment(
            id: AssignmentID(1), lead: LeadID(1), leadArrivedAt: .epoch, order: OrderID(1),
            advisor: AdvisorNumber(0), channel: ChannelNumber(0), identity: .person(0),
            category: CategoryNumber(0), categoryVersion: 1, charge: .zero, reservedAt: .epoch,
            channelPayout: .zero, gates: .none)
        try check(sold, blank: blank, elsewhere: ["bindingEnd"]) {
            $0.write($1)
        } _: {
            try $0.assignment()
        }
        sold.returned = .open(ReturnRequest(reason: .unqualified))
        sold.gates = PendingGates(acceptance: Self.time)
        try check(sold, blank: blank, elsewhere: ["bindingEnd"]) {
            $0.write($1)
        } _: {
            try $0.assignment()
        }
    }

    @Test func `advisors and channels`() throws {
        let profile = AdvisorProfile(
            institution: "i", identity: .person(1), grade: .elite, derivesGrade: true, dailyCap: 2,
            openWorkLimit: 3)
        var advisor = Advisor(name: "chen", profile: profile)
        advisor.grade = .novice
        advisor.isOnline = false
        advisor.isSuspended = true
        advisor.reservedToday = count
        advisor.openWork = 5
        advisor.record.note(AssignmentID(6))
        advisor.noteServed(in: CategoryNumber(1), at: LogPosition(7))
        let blank = Advisor(name: "a", profile: AdvisorProfile(institution: ""))
        try check(advisor, blank: blank) {
            $0.write($1)
        } _: {
            try $0.advisor()
        }
        try check(profile, blank: blank.profile) { writer, profile in
            advisor.profile = profile
            writer.write(advisor)
        } _: {
            try $0.advisor().profile
        }

        var channel = Channel(
            name: "search",
            definition: ChannelDefinition(
                title: "t", payout: .share(basisPoints: 1), dailyCap: 0, isTest: true))
        channel.isPaused = true
        channel.taken = count
        channel.quality = QualityWindow(entries: [
            .init(decision: LogPosition(3), isBad: true),
            .init(decision: LogPosition(4), isBad: false),
        ])
        let other = Channel(
            name: "a", definition: ChannelDefinition(title: "", payout: .fixed(.zero)))
        try check(channel, blank: other) {
            $0.write($1)
        } _: {
            try $0.channel()
        }
        try check(channel.definition, blank: other.definition) {
            $0.write($1)
        } _: {
            try $0.channelDefinition()
        }
    }

    @Test func `categories and settings`() throws {
        let category = CategoryDefinition(
            title: "t", qualification: Self.filter, ladder: PriceLadder(minutes: [(5, 6), (7, 2)]),
            exclusivity: .days(1), splits: [Split(payee: PayeeNumber(1), basisPoints: 2)],
            retired: true, rank: [], gates: Gates(namedConsent: .seconds(1), acceptance: .days(1)),
            returns: ReturnPolicy(window: .hours(1), automaticShare: 0, automaticSpan: 1))
        let blank = CategoryDefinition(
            title: "", qualification: .everything, ladder: PriceLadder(minutes: [(1, 0)]))
        try check(category, blank: blank) {
            $0.write($1)
        } _: {
            try $0.categoryDefinition()
        }

        var settings = MarketSettings()
        settings.duplicateWindow = .days(1)
        settings.phonePattern = try #require(PhonePattern("[69]\\d{7}"))
        settings.categoryOrder = []
        settings.pingTimeout = .minutes(9)
        settings.qualitySpan = 1
        settings.qualityLimit = 2
        settings.tierAttribute = AttributeNumber(0)
        settings.tierRules = TierRules(
            rules: [.init(aspect: .willingness, filter: Self.filter, points: -3)],
            firstTierFrom: 4, secondTierFrom: -5)
        settings.gradeRules = GradeRules(
            window: 1, elite: .init(connection: 2, discipline: 3, approval: 4),
            standard: .init(connection: 5, discipline: 6, approval: 7))
        try check(settings, blank: MarketSettings()) {
            $0.write($1)
        } _: {
            try $0.settings()
        }
    }

    @Test func `persons`() throws {
        var person = Person()
        person.openLead = LeadID(1)
        person.lastReleasedAt = Self.time
        person.boundTo = AdvisorNumber(0)
        person.boundUntil = .latest
        person.lastSale = AssignmentID(2)
        person.isSuppressed = true
        person.isErased = true
        try check(person, blank: Person()) {
            $0.write($1)
        } _: {
            try $0.person()
        }
    }

    @Test func `every choice has its place in the state`() {
        func check<Choice: StateChoice>(_: Choice.Type) {
            #expect(Set(Choice.stateOrder) == Set(Choice.allCases))
            #expect(Choice.stateOrder.count == Choice.allCases.count)
        }
        check(Grade.self)
        check(RankKey.self)
        check(TierRules.Aspect.self)
        check(CallOutcome.self)
        check(VoidReason.self)
        check(ReturnReason.self)
    }

    @Test(.rules("R8.2", "R8.3", "R8.5"))
    func `reservations survive encoding, and lapse alike`() throws {
        var market = try TestMarket.with { $0.gates = Gates(acceptance: .minutes(1)) }
        try market.register("chen")
        try market.order("chen", quantity: 5)
        try market.lead(of: 1)
        _ = try market.ping(2)
        try market.lead(of: 3)
        let early = market.now
        try market.give(
            .acceptAssignment(try #require(market.market.assignments.last?.id)))
        #expect(early < market.market.time + .microsecond)
        var decoded = try Market(state: market.market.encodeState())
        #expect(decoded.encodeState() == market.market.encodeState())
        #expect(decoded.openLeads.count == 2)
        #expect(decoded.waitingLeads.isEmpty)
        try decoded.checkInvariants()
        while let due = market.market.nextDue {
            #expect(decoded.nextDue == due)
            guard due < market.market.time + .hours(3) else { break }
            market.wait(due - market.market.time)
            let stamp = market.now
            let events = try market.give(.passTime, input: .market)
            let again = try decoded.execute(.passTime, at: stamp, input: .market)
            #expect(again.map(\.event) == events)
        }
        #expect(decoded.encodeState() == market.market.encodeState())
        #expect(decoded.openLeads.isEmpty)
    }
}
