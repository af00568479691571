import MarketRPC
import Testing

/// One connection that does what comes to its mind, as fast as it is answered, and notes what it is
/// told.
struct Racer {
    /// What it was told.
    private(set) var facts = MarketFacts()
    /// The phone of each lead that it handed in or pinged.
    private(set) var phones: [Int64: String] = [:]
    /// How often it was told what, errors by their reason.
    private(set) var counts: [String: Int] = [:]

    private let client: LineSocket
    private let board: RaceBoard

    init(_ daemon: RunningDaemon, _ board: RaceBoard) throws {
        client = try daemon.connect()
        self.board = board
    }

    /// Goes on until `end`.
    mutating func run(until end: ContinuousClock.Instant) async throws {
        while ContinuousClock.now < end {
            switch Int.random(in: 0..<100) {
            case 0..<30: try await submit()
            case 30..<48: try await ping()
            case 48..<53: if let ping = board.somePing() { try await post(ping) }
            case 53..<78: try await answer()
            case 78..<86: try await requestReturn()
            case 86..<91: try await decideReturn()
            case 91..<94: try await withdraw()
            case 94..<96: try await acknowledge()
            case 96..<98: try await deposit()
            default: try await unsuppress()
            }
        }
    }

    /// Calls a method; what the market refuses must be among its documented refusals.
    private mutating func call(_ name: String, _ parameters: JSONObject) async throws -> JSONValue?
    {
        let method = try #require(Catalogue.method(named: name))
        let reply = try await client.reply(to: name, parameters)
        if let result = reply["result"] { return result }
        let reason = reply["error"]?["data"]?["reason"]?.string ?? ""
        counts["\(name) \(reason)", default: 0] += 1
        #expect(method.errors.contains { $0.reason == reason }, "\(name): \(reply)")
        return nil
    }

    // MARK: - Leads

    private mutating func submit() async throws {
        // Whoever draws the same number sends the same lead with the same key.
        let number = Int.random(in: 0..<4_000)
        let isKeyed = number < 1_000
        let person = isKeyed ? number % RaceMarket.people : Int.random(in: 0..<RaceMarket.people)
        let product = isKeyed ? number / 250 % 4 : Int.random(in: 0..<4)
        var lead = lead(of: person, product)
        lead["phone"] = .string(RaceMarket.phone(person))
        lead["consent"] = consent(isKeyed ? number % 5 : Int.random(in: 0..<5))
        lead["contact"] = ["name": "王女士"]
        if isKeyed { lead["idempotencyKey"] = .string("race-\(number)") }
        guard let decision = try await call("lead.submit", lead) else { return }
        try note(decision, person) { $0.decisions[$1] = $2 }
    }

    private mutating func ping() async throws {
        let person = Int.random(in: 0..<RaceMarket.people)
        var lead = lead(of: person, Int.random(in: 0..<4))
        lead["phone"] = .string(RaceMarket.phone(person))
        guard let decision = try await call("lead.ping", lead) else { return }
        try note(decision, person) { $0.decisions[$1] = $2 }
        guard decision["status"] == "reserved", let number = decision["lead"]?.integer else {
            return
        }
        let ping = RaceBoard.Ping(lead: number, person: person)
        board.note(ping: ping)
        if Bool.random() { try await post(ping) }
    }

    private mutating func post(_ ping: RaceBoard.Ping) async throws {
        let person = Int.random(in: 0..<20) == 0 ? ping.person + 1 : ping.person
        var post: JSONObject = [
            "lead": .integer(ping.lead), "phone": .string(RaceMarket.phone(person)),
            "contact": ["name": "王女士"],
        ]
        if Int.random(in: 0..<20) > 0 { post["consent"] = consent(Int.random(in: 0..<5)) }
        guard let decision = try await call("lead.post", post) else { return }
        try note(decision, person) { $0.posts[$1] = $2 }
    }

    private func lead(of person: Int, _ product: Int) -> JSONObject {
        [
            "channel": .string(RaceMarket.channels[person % 2]),
            "attributes": ["product": .string(RaceMarket.products[product])],
        ]
    }

    /// A consent that names one institution, or for larger numbers none.
    private func consent(_ choice: Int) -> JSONValue {
        var consent: JSONObject = [
            "givenAt": "2026-01-01T00:00:00Z",
            "agreementSha256": .string(String(repeating: "0f", count: 32)),
        ]
        if choice < RaceMarket.institutions.count {
            consent["institutions"] = [.string(RaceMarket.institutions[choice])]
        }
        return .object(consent)
    }

    /// Notes a decision, and puts on the board what others may fight about.
    private mutating func note(
        _ decision: JSONValue, _ person: Int, as keep: (inout MarketFacts, Int64, String) -> Void
    ) throws {
        let lead = try #require(decision["lead"]?.integer)
        let status = try #require(decision["status"]?.string)
        counts[status, default: 0] += 1
        let reason = decision["reason"]?.string.map { " \($0)" } ?? ""
        keep(&facts, lead, status + reason)
        phones[lead] = RaceMarket.phone(person)
        if status != "rejected" { board.note(lead: lead) }
        if let assignment = decision["assignment"]?.integer {
            if status == "released" {
                facts.charges[assignment] = decision["priceFen"]?.integer
                board.note(sold: assignment)
            } else {
                board.note(reserved: assignment)
            }
        }
    }

    private mutating func withdraw() async throws {
        guard let lead = board.someLead() else { return }
        let parameters: JSONObject = ["lead": .integer(lead)]
        if try await call("lead.withdraw", parameters) != nil { facts.withdrawn.insert(lead) }
    }

    // MARK: - Assignments

    private mutating func answer() async throws {
        guard let assignment = board.someReserved() else { return }
        var parameters: JSONObject = ["assignment": .integer(assignment)]
        let (method, word): (String, String)
        switch Int.random(in: 0..<10) {
        case 0..<4: (method, word) = ("assignment.accept", "accepted")
        case 4..<5: (method, word) = ("assignment.decline", "declined")
        case 5..<9:
            (method, word) = ("assignment.confirmConsent", "confirmed")
            parameters["consent"] = consent(Int.random(in: 0..<6))
        default: (method, word) = ("assignment.declineConsent", "consentRefused")
        }
        guard let result = try await call(method, parameters) else { return }
        counts[word, default: 0] += 1
        facts.answers[word, default: []].insert(assignment)
        if result["state"] == "released" { board.note(sold: assignment) }
    }

    private mutating func acknowledge() async throws {
        guard let assignment = board.someSold() else { return }
        _ = try await call("assignment.acknowledge", ["assignment": .integer(assignment)])
    }

    private mutating func requestReturn() async throws {
        guard let assignment = board.someSold() else { return }
        var parameters: JSONObject = ["assignment": .integer(assignment)]
        let reasons = ["outOfService", "duplicate", "unqualified", "noSuchNumber"]
        let reason = reasons[Int.random(in: 0..<13) / 4]
        parameters["reason"] = .string(reason)
        if Bool.random() { parameters["evidence"] = "cdr-1" }
        guard let result = try await call("assignment.requestReturn", parameters) else { return }
        let state = try #require(result["state"]?.string)
        counts["return \(state)", default: 0] += 1
        facts.returns[assignment] = state
        board.note(returned: assignment)
    }

    private mutating func decideReturn() async throws {
        guard let assignment = board.someReturned() else { return }
        let result = try await call(
            "assignment.decideReturn",
            ["assignment": .integer(assignment), "approve": .bool(Bool.random())])
        guard let result else { return }
        let state = try #require(result["state"]?.string)
        counts["return \(state)", default: 0] += 1
        facts.returns[assignment] = state
    }

    // MARK: - Others

    private mutating func deposit() async throws {
        let advisor = try #require(RaceMarket.advisors.last)
        let amount: Int64 = 20_000
        let parameters: JSONObject = [
            "advisor": .string(advisor), "amountFen": .integer(amount),
        ]
        if try await call("account.deposit", parameters) != nil { facts.deposits += amount }
    }

    /// Lets somebody in again whom a return took off the market.
    private mutating func unsuppress() async throws {
        let phone = RaceMarket.phone(Int.random(in: 0..<RaceMarket.people))
        _ = try await call("contact.unsuppress", ["phone": .string(phone)])
    }
}
