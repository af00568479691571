import Foundation
import MarketCore
import MarketTestSupport
import Projections
import Testing

/// A market of two advisors that sells, loses and turns away a few leads.
private struct Script {
    var market = Market()
    var events: [RecordedEvent] = []
    var now = Timestamp(microseconds: 1_700_000_000_000_000)

    mutating func run(_ command: Command, after seconds: Int64 = 1) throws -> LogPosition {
        now = now + .seconds(seconds)
        while let due = market.nextDue, due <= now {
            events += try market.execute(
                .passTime, at: market.stamp(at: due), input: .market)
        }
        let done = try market.execute(
            command, at: market.stamp(at: now), input: InputContext(role: .operator, principal: 0))
        events += done
        return try #require(done.first).position
    }

    mutating func lead(_ number: UInt64, from channel: Name, age: Int64?) throws -> LeadID {
        var attributes = Attributes()
        attributes[AttributeNumber(0)] = age
        let consent = Consent(
            givenAt: now,
            agreement: Digest32(high: Identity(high: 1, low: 2), low: Identity(high: 3, low: 4)))
        return LeadID(
            try run(
                .submitLead(
                    LeadSubmission(
                        channel: channel, identity: Identity(high: 0, low: number),
                        attributes: attributes, consent: consent, contact: [1, 2, 3]))))
    }

    static func whole() throws -> Script {
        var script = Script()
        func name(_ text: String) throws -> Name { try #require(Name(text)) }
        let ladder = try #require(
            PriceLadder([
                .init(maximumAge: .minutes(5), price: Money(fen: 6_000)),
                .init(maximumAge: .hours(1), price: Money(fen: 2_000)),
            ]))
        _ = try script.run(
            .createMarket(
                MarketFoundation(
                    rulesVersion: 1, clock: .supplied,
                    secretFingerprint: Identity(high: 0, low: 0))))
        var configuration = MarketConfiguration()
        configuration.attributes = [
            Attribute(
                name: try name("age"), kind: .integer(unit: "years", minimum: 0, maximum: 120))
        ]
        configuration.channels = [
            (try name("web"), ChannelDefinition(title: "Web", payout: .fixed(Money(fen: 500)))),
            (try name("app"), ChannelDefinition(title: "App", payout: .fixed(Money(fen: 700)))),
        ]
        configuration.categories = [
            .init(
                name: try name("grown"), title: "Grown up",
                qualification: FilterSpecification([("age", .range(minimum: 18, maximum: nil))]),
                ladder: ladder)
        ]
        _ = try script.run(.applyConfiguration(configuration))
        for advisor in ["ann", "bob"] {
            _ = try script.run(
                .registerAdvisor(
                    name: try name(advisor), profile: AdvisorProfile(institution: "Bank")))
        }
        _ = try script.run(
            .deposit(advisor: try name("ann"), amount: Money(fen: 15_000), reference: "receipt"))
        _ = try script.run(
            .placeOrder(
                advisor: try name("ann"), category: try name("grown"),
                terms: OrderTerms(filter: .everything, quantity: 5)))
        let first = try script.lead(1, from: try name("web"), age: 30)
        _ = try script.lead(2, from: try name("app"), age: 40)
        _ = try script.lead(3, from: try name("app"), age: 50)
        _ = try script.lead(4, from: try name("web"), age: 10)
        let assignment = try #require(script.market.assignment(of: first)).id
        let called = script.now
        _ = try script.run(
            .reportContact(
                assignment, ContactReport(firstCallAt: called, attempts: 1, outcome: .noAnswer)))
        for _ in 0..<2 {
            _ = try script.run(
                .reportContact(
                    assignment,
                    ContactReport(firstCallAt: script.now, attempts: 2, outcome: .connected)),
                after: 600)
        }
        _ = try script.run(
            .withdraw(advisor: try name("ann"), amount: Money(fen: 1_000), reference: ""),
            after: 7_200)
        return script
    }
}

extension Script {
    /// A category with a gate, a ping, a post, a decline, two returns and a test channel.
    static func gated() throws -> Script {
        var script = Script()
        func name(_ text: String) throws -> Name { try #require(Name(text)) }
        let ladder = try #require(
            PriceLadder([.init(maximumAge: .hours(2), price: Money(fen: 6_000))]))
        _ = try script.run(
            .createMarket(
                MarketFoundation(
                    rulesVersion: Market.rulesVersion, clock: .supplied,
                    secretFingerprint: Identity(high: 0, low: 0))))
        var configuration = MarketConfiguration()
        configuration.attributes = [
            Attribute(
                name: try name("age"), kind: .integer(unit: "years", minimum: 0, maximum: 120))
        ]
        configuration.channels = [
            (try name("web"), ChannelDefinition(title: "Web", payout: .fixed(Money(fen: 500)))),
            (try name("trial"), ChannelDefinition(title: "", payout: .fixed(.zero), isTest: true)),
        ]
        configuration.categories = [
            .init(
                name: try name("grown"), title: "Grown up",
                qualification: FilterSpecification([("age", .range(minimum: 18, maximum: nil))]),
                ladder: ladder, gates: Gates(acceptance: .minutes(60)))
        ]
        _ = try script.run(.applyConfiguration(configuration))
        _ = try script.run(
            .registerAdvisor(name: try name("ann"), profile: AdvisorProfile(institution: "Bank")))
        _ = try script.run(
            .deposit(advisor: try name("ann"), amount: Money(fen: 30_000), reference: ""))
        _ = try script.run(
            .placeOrder(
                advisor: try name("ann"), category: try name("grown"),
                terms: OrderTerms(filter: .everything, quantity: 5)))

        let posted = try script.ping(1, age: 30)
        let reservation = try #require(script.market.assignment(of: posted)).id
        _ = try script.run(
            .postLead(
                LeadPost(
                    lead: posted, channel: try name("web"), identity: Identity(high: 0, low: 1),
                    consent: script.consent, contact: [1])), after: 9)
        _ = try script.run(.acceptAssignment(reservation), after: 590)
        let declined = try script.lead(2, from: try name("web"), age: 40)
        _ = try script.run(
            .declineAssignment(try #require(script.market.assignment(of: declined)).id))
        _ = try script.ping(3, age: 50)
        _ = try script.ping(4, age: 10)
        _ = try script.lead(5, from: try name("trial"), age: 60)
        let unqualified = ReturnRequest(reason: .unqualified)
        _ = try script.run(.requestReturn(reservation, unqualified))
        _ = try script.run(.decideReturn(reservation, approved: true, note: ""))
        let second = try script.lead(6, from: try name("web"), age: 60)
        let other = try #require(script.market.assignment(of: second)).id
        _ = try script.run(.acceptAssignment(other), after: 60)
        _ = try script.run(.requestReturn(other, unqualified), after: 300)
        return script
    }

    var consent: Consent {
        Consent(
            givenAt: now,
            agreement: Digest32(high: Identity(high: 1, low: 2), low: Identity(high: 3, low: 4)))
    }

    mutating func ping(_ number: UInt64, age: Int64) throws -> LeadID {
        var attributes = Attributes()
        attributes[AttributeNumber(0)] = age
        return LeadID(
            try run(
                .pingLead(
                    LeadPing(
                        channel: "web",
                        identity: Identity(high: 0, low: number), attributes: attributes))))
    }
}

private func temporaryDirectory() -> String {
    FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
}

@Suite struct ViewsTests {
    /// Notes `events`, committing after each `size` of them.
    private func fill(_ views: Views, _ events: [RecordedEvent], batch size: Int) throws {
        var market = Market(decides: false)
        for (index, event) in events.enumerated() {
            if event.position > views.position { views.note(event, before: market) }
            market.evolve(event)
            if index % size == size - 1 { try views.commit() }
        }
        try views.commit()
    }

    @Test(arguments: [1, 3, 1_000])
    func `views show the same whatever the size of batches`(batch: Int) throws {
        let directory = temporaryDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let script = try Script.whole()
        let views = try Views(directory: directory)
        try fill(views, script.events, batch: batch)
        let reader = views.reader
        #expect(try reader.position() == script.market.head)

        let total = try reader.leadCounts().reduce(into: LeadCount()) { $0 += $1.1 }
        #expect(total.accepted == 3)
        #expect(total.rejected == [.unqualified: 1])
        #expect(total.released == 2)
        #expect(total.closed == [.expired: 1])
        #expect(total.waiting == 0)
        #expect(total.charged == Money(fen: 12_000))
        #expect(total.payout == Money(fen: 1_200))

        let calls = try reader.connectionCounts()
        #expect(calls.count == 1)
        #expect(calls.first?.0.bucket == .within5Minutes)
        #expect(calls.first?.1.reported == 1)
        #expect(calls.first?.1.connected == 1)

        let lines = try reader.statement(of: AdvisorNumber(0), limit: 10)
        #expect(lines.map(\.kind) == [.deposit, .charge, .charge, .withdrawal])
        #expect(lines.map(\.amount.fen) == [15_000, -6_000, -6_000, -1_000])
        #expect(lines.map(\.available.fen) == [15_000, 9_000, 3_000, 2_000])
        #expect(lines.first?.reference == "receipt")
    }

    @Test func `what could not be written is noted as before`() throws {
        let directory = temporaryDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        var script = try Script.whole()
        for number in 100..<1_100 as Range<UInt64> {
            _ = try script.lead(number, from: "web", age: 30)
        }
        // So little that the tables just fit.
        let views = try Views(directory: directory, mapSizeBytes: 64 << 10)
        var market = Market(decides: false)
        for event in script.events {
            views.note(event, before: market)
            market.evolve(event)
        }
        let total = try views.reader.leadCounts().map(\.1.accepted).reduce(0, +)
        #expect(total > 1_000)
        for _ in 1...2 {
            #expect(throws: ViewError.self) { try views.commit() }
            #expect(!views.isWriting && views.writtenPosition == .start)
            #expect(views.position == market.head && views.pendingEvents == script.events.count)
            #expect(try views.reader.leadCounts().map(\.1.accepted).reduce(0, +) == total)
        }
    }

    @Test func `a lead's stream is every event that concerns it, and leads list newest first`()
        throws
    {
        let directory = temporaryDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let script = try Script.whole()
        let views = try Views(directory: directory)
        try fill(views, script.events, batch: 4)
        let leads = try views.reader.leads(before: LeadID(UInt64.max), limit: 10)
        #expect(leads.map(\.status) == [.rejected, .expired, .released, .released])
        let sold = try #require(leads.last)
        let stream = try views.reader.stream(of: sold.id, limit: 100)
        let kinds = stream.map { script.events[Int($0.rawValue) - 1].event }
        guard case .leadAccepted = kinds[0], case .leadReserved = kinds[1],
            case .leadReleased = kinds[2], case .contactReported = kinds[3]
        else {
            Issue.record("the stream is \(kinds)")
            return
        }
        #expect(kinds.count == 6)
        #expect(try views.reader.lead(sold.id) == sold)
        #expect(try views.reader.lead(LeadID(1)) == nil)
    }

    @Test func `reopened views go on where they stopped, and reset ones start again`() throws {
        let directory = temporaryDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let script = try Script.whole()
        do {
            let views = try Views(directory: directory)
            try fill(views, Array(script.events.prefix(9)), batch: 2)
        }
        let views = try Views(directory: directory)
        #expect(views.position == LogPosition(9))
        try fill(views, script.events, batch: 2)
        let counts = try views.reader.leadCounts().map(\.1)
        try views.reset()
        #expect(views.position == .start)
        #expect(try views.reader.leadCounts().isEmpty)
        try fill(views, script.events, batch: 5)
        #expect(try views.reader.leadCounts().map(\.1) == counts)
    }

    @Test(.rules("R3.1", "R8.5", "R10.3"), arguments: [1, 1_000])
    func `pings, gates and returns count where they belong`(batch: Int) throws {
        let directory = temporaryDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let script = try Script.gated()
        let views = try Views(directory: directory)
        try fill(views, script.events, batch: batch)
        let total = try views.reader.leadCounts().reduce(into: LeadCount()) { $0 += $1.1 }
        #expect(total.accepted == 4)
        #expect(total.pinged == 2)
        #expect(total.posted == 1)
        #expect(total.rejected == [.unqualified: 1])
        #expect(total.pingsRejected == 1)
        #expect(total.tested == 1)
        #expect(total.released == 2)
        #expect(total.closed == [.pingExpired: 1])
        #expect(total.waiting == 1)
        #expect(total.taken == 4)
        #expect(total.fillRate == 5_000)
        #expect(total.returned == 1)
        #expect(total.refunded == Money(fen: 6_000))
        #expect(total.payoutReversed == Money(fen: 500))

        let leads = try views.reader.leads(before: LeadID(UInt64.max), limit: 10)
        #expect(
            leads.map(\.status) == [
                .released, .tested, .rejected, .pingExpired, .waiting, .released,
            ])
        #expect(leads.map { $0.assignment != nil } == [true, false, false, false, false, true])

        let lines = try views.reader.statement(of: AdvisorNumber(0), limit: 10)
        #expect(lines.map(\.kind) == [.deposit, .charge, .refund, .charge])
        #expect(lines.map(\.amount.fen) == [30_000, -6_000, 6_000, -6_000])
        // A pinged lead holds 6,000 from before the refund until after the last charge.
        #expect(lines.map(\.available.fen) == [30_000, 24_000, 24_000, 18_000])
        #expect(script.market.ledger.available[0] == Money(fen: 24_000))

        let returns = try views.reader.returnCounts()
        #expect(returns.map(\.0.reason) == [.unqualified])
        let count = try #require(returns.first).1
        #expect(count.requested == 2)
        #expect(count.approved == 1)
        #expect(count.automatic == 0)
        #expect(count.refused == 0)
        #expect(count.open == 1)
        #expect(count.requestedAmount == Money(fen: 12_000))
        #expect(count.refunded == Money(fen: 6_000))
    }

    @Test func `delays from arrival to release are read from buckets and percentiles`() throws {
        let directory = temporaryDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let script = try Script.gated()
        let views = try Views(directory: directory)
        try fill(views, script.events, batch: 3)
        let delays = try views.reader.releaseDelays()
        #expect(delays.map(\.0.category) == [CategoryNumber(0)])
        #expect(delays.map(\.0.channel) == [ChannelNumber(0)])
        let delay = try #require(delays.first).1
        #expect(delay.buckets == [.within5Minutes: 1, .within30Minutes: 1])
        #expect(delay.histogram.count == 2)
        // 60 and 599 seconds.
        let median = try #require(delay.histogram.percentile(50)).microseconds
        #expect((60_000_000...63_750_000).contains(median))
        let longest = try #require(delay.histogram.percentile(99)).microseconds
        #expect((599_000_000...636_437_500).contains(longest))
    }

    @Test func `the stream of a lead holds what happened to its assignment`() throws {
        let directory = temporaryDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let script = try Script.gated()
        let views = try Views(directory: directory)
        try fill(views, script.events, batch: 7)
        let first = try #require(script.market.assignments.first?.lead)
        let events = try views.reader.stream(of: first, limit: 100).map {
            script.events[Int($0.rawValue) - 1].event
        }
        guard events.count == 7, case .leadPinged = events[0], case .leadReserved = events[1],
            case .leadPosted = events[2], case .assignmentAccepted = events[3],
            case .leadReleased = events[4], case .returnRequested = events[5],
            case .returnDecided = events[6]
        else {
            Issue.record("the stream is \(events)")
            return
        }
        let firstTwo = try views.reader.stream(of: first, limit: 2)
        #expect(firstTwo == [first.position, first.position.next])
    }

    /// All that can be read of `views`.
    private func everything(_ reader: ViewReader, _ head: LogPosition) throws -> [String] {
        var facts = ["\(try reader.position())"]
        facts += try reader.leadCounts().map { "\($0)" }
        facts += try reader.connectionCounts().map { "\($0)" }
        facts += try reader.returnCounts().map { "\($0)" }
        facts += try reader.releaseDelays().map { sale, delay in
            "\(sale) \((1...100).map { delay.histogram.percentile($0) }) "
                + DelayBucket.allCases.map { "\(delay.buckets[$0] ?? 0)" }.joined(separator: " ")
        }
        for advisor in 0..<2 {
            let lines = try reader.statement(of: AdvisorNumber(index: advisor), limit: 100)
            facts += lines.map { "\($0)" }
            for line in lines {
                let rest = try reader.statement(
                    of: AdvisorNumber(index: advisor), from: line.position, limit: 1)
                #expect(rest == [line])
            }
        }
        let leads = try reader.leads(before: LeadID(UInt64.max), limit: 100)
        for lead in leads {
            facts.append("\(lead) \(try reader.stream(of: lead.id, limit: 100))")
            #expect(try reader.lead(lead.id) == lead)
            let older = try reader.leads(before: lead.id, limit: 100)
            #expect(older == leads.filter { $0.id < lead.id })
        }
        return facts
    }

    /// The facts with sets and dictionaries in one order.
    private func sorted(_ facts: [String]) -> [[UInt8]] { facts.map { $0.utf8.sorted() } }

    @Test(arguments: [false, true])
    func `what is on disk, being written or only in memory reads the same`(isGated: Bool) throws {
        let script = isGated ? try Script.gated() : try Script.whole()
        let head = script.market.head
        let count = script.events.count
        let wholeDirectory = temporaryDirectory()
        defer { try? FileManager.default.removeItem(atPath: wholeDirectory) }
        let whole = try Views(directory: wholeDirectory)
        try fill(whole, script.events, batch: count + 1)
        let expected = sorted(try everything(whole.reader, head))
        for first in stride(from: 0, to: count, by: 2) {
            for second in stride(from: first, to: count, by: 3) {
                let directory = temporaryDirectory()
                defer { try? FileManager.default.removeItem(atPath: directory) }
                let views = try Views(directory: directory)
                var market = Market(decides: false)
                var handedOver: ViewChanges?
                for (index, event) in script.events.enumerated() {
                    if index == first { try views.commit() }
                    if index == second { handedOver = views.takeChanges() }
                    views.note(event, before: market)
                    market.evolve(event)
                }
                #expect(sorted(try everything(views.reader, head)) == expected)
                if let handedOver { try views.writer.write(handedOver) }
                #expect(sorted(try everything(views.reader, head)) == expected)
                if views.isWriting { views.settle() }
                #expect(sorted(try everything(views.reader, head)) == expected)
                try views.commit()
                #expect(views.pendingEvents == 0)
                #expect(views.writtenPosition == head)
                #expect(sorted(try everything(views.reader, head)) == expected)
            }
        }
    }
}
