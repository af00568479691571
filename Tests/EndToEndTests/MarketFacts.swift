import MarketRPC
import Testing

/// What happened in a market, as somebody knows it: the clients from their answers, or the log.
struct MarketFacts: Equatable {
    /// How each lead handed in or pinged was decided, by its number: the status, then the reason or
    /// the assignment.
    var decisions: [Int64: String] = [:]
    /// The same of the posts that were taken or turned away, by the lead's number.
    var posts: [Int64: String] = [:]
    /// The assignments that were accepted, declined, agreed and not agreed to.
    var answers: [String: Set<Int64>] = [:]
    /// Leads that were taken back.
    var withdrawn: Set<Int64> = []
    /// How each return that was asked for ended, or `open`.
    var returns: [Int64: String] = [:]
    /// What each sold assignment was charged, in fen.
    var charges: [Int64: Int64] = [:]
    /// Why each voided assignment was voided.
    var voids: [Int64: String] = [:]
    /// What advisors paid in, in fen.
    var deposits: Int64 = 0

    /// What returns gave back, in fen.
    var refunds: Int64 {
        returns.reduce(0) { $0 + ($1.value == "approved" ? charges[$1.key, default: 0] : 0) }
    }

    /// How many leads were decided so, by the first word.
    func count(_ status: String) -> Int {
        (Array(decisions.values) + Array(posts.values)).count { $0.hasPrefix(status) }
    }

    /// Adds what another client knows.
    mutating func merge(_ other: MarketFacts) {
        // Two that asked with one idempotency key were told the same.
        decisions.merge(other.decisions) { first, second in
            #expect(first == second)
            return first
        }
        posts.merge(other.posts) { first, second in
            Issue.record("a lead was posted twice: \(first), \(second)")
            return first
        }
        answers.merge(other.answers) { first, second in
            #expect(first.isDisjoint(with: second), "answered twice")
            return first.union(second)
        }
        #expect(withdrawn.isDisjoint(with: other.withdrawn), "withdrawn twice")
        withdrawn.formUnion(other.withdrawn)
        // What one was told is open another may have decided.
        returns.merge(other.returns) { first, second in
            #expect(first == "open" || second == "open", "decided twice")
            return first == "open" ? second : first
        }
        charges.merge(other.charges) { first, _ in first }
        voids.merge(other.voids) { first, _ in first }
        deposits += other.deposits
    }
}

extension MarketFacts {
    /// Reads the log to its end.
    ///
    /// - Returns: what happened, and the position of the last event that subscribers are told of.
    static func read(
        from client: LineSocket
    ) async throws -> (facts: MarketFacts, lastPush: Int64) {
        var reading = LogReading()
        var next: Int64 = 1
        while true {
            let page = try await client.call(
                "events.read", ["from": .integer(next), "limit": 1_000])
            let events = try #require(page["events"]?.array)
            for event in events { try reading.take(event) }
            if events.isEmpty { return (reading.facts, reading.lastPush) }
            next = try #require(page["next"]?.integer)
        }
    }
}

/// Follows a log event by event.
private struct LogReading {
    private(set) var facts = MarketFacts()
    private(set) var lastPush: Int64 = 0
    private var prices: [Int64: Int64] = [:]
    private var leads: [Int64: Int64] = [:]
    /// What the transaction under way decides: a lead, and whether it was posted.
    private var subject: (lead: Int64, isPost: Bool)?
    private var transaction: Int64 = 0

    mutating func take(_ event: JSONValue) throws {
        let type = try #require(event["type"]?.string)
        let data = try #require(event["data"])
        let position = try #require(event["position"]?.integer)
        let first = try #require(event["transaction"]?.integer)
        if first != transaction {
            transaction = first
            subject = nil
        }
        let assignment = data["assignment"]?.integer ?? 0
        switch type {
        case "leadAccepted": begin(position, "waiting")
        case "leadPinged": begin(position, "unmatched")
        case "leadRejected": begin(position, "rejected \(data["reason"]?.string ?? "")")
        case "leadPosted":
            let lead = try #require(data["lead"]?.integer)
            subject = (lead, true)
            let rejection = data["rejection"]?.string.map { "rejected \($0)" }
            facts.posts[lead] = rejection ?? "reserved"
        case "leadReserved":
            let lead = try #require(data["lead"]?.integer)
            prices[position] =
                (data["priceFen"]?.integer ?? 0) + (data["premiumFen"]?.integer ?? 0)
            leads[position] = lead
            if data["awaits"] != nil { lastPush = position }
            decide(lead, "reserved")
        case "leadReleased":
            lastPush = position
            facts.charges[assignment] = prices[assignment]
            decide(leads[assignment] ?? 0, "released")
        case "leadVoided":
            lastPush = position
            let reason = data["reason"]?.string ?? ""
            facts.voids[assignment] = reason
            if reason == "declined" || reason == "consentRefused" {
                facts.answers[reason, default: []].insert(assignment)
            }
        case "assignmentAccepted": facts.answers["accepted", default: []].insert(assignment)
        case "consentConfirmed": facts.answers["confirmed", default: []].insert(assignment)
        case "leadWithdrawn": facts.withdrawn.insert(try #require(data["lead"]?.integer))
        case "returnRequested": facts.returns[assignment] = "open"
        case "returnDecided":
            facts.returns[assignment] = data["approved"] == true ? "approved" : "refused"
        case "deposited": facts.deposits += data["amountFen"]?.integer ?? 0
        default: break
        }
    }

    private mutating func begin(_ lead: Int64, _ decision: String) {
        subject = (lead, false)
        facts.decisions[lead] = decision
    }

    /// Notes what became of the lead that the transaction is about.
    private mutating func decide(_ lead: Int64, _ status: String) {
        guard let subject, subject.lead == lead else { return }
        if subject.isPost {
            facts.posts[lead] = status
        } else {
            facts.decisions[lead] = status
        }
    }
}
