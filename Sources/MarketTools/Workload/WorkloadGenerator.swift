import MarketRPC

/// How large a generated workload is.
public struct WorkloadOptions: Sendable {
    /// How many leads are submitted.
    public var leads = 20_000
    /// How many standing orders are placed.
    public var orders = 500
    /// How many advisors place them.
    public var advisors = 100
    /// The same seed and options give the same bytes.
    public var seed: UInt64 = 1
    /// Over how many days the leads arrive.
    public var days = 30
    /// When it begins: midnight, market-local, in microseconds.
    public var startMicroseconds: Int64 = 1_767_196_800_000_000  // 2026-01-01T00:00:00+08:00

    /// The default size.
    public init() {}
}

/// Writes a market's life as requests: advisors register, pay and order; leads come in; calls are reported.
///
/// Days are made one after the other, so memory grows with the leads of a day and with what is still to be reported, not
/// with the whole.
public struct WorkloadGenerator {
    private struct Scheduled {
        var microseconds: Int64
        var line: WorkloadLine
    }

    private let options: WorkloadOptions
    private let regions: SyntheticRegions
    private let leads: SyntheticLeads
    private let orders: SyntheticOrders
    private let outcomes = SyntheticOutcomes()
    private let hours = WeightedChoice(FittedShares.hours)
    private var random: SplitMix64
    private var days: [Int: [Scheduled]] = [:]
    private var day = -1
    private var nextLead = 0
    private var number = 0

    private static let daySpan: Int64 = 86_400_000_000
    private static let consentDigest = String(repeating: "5f", count: 32)

    /// Prepares a workload.
    ///
    /// - Throws: ``ToolError/usage(_:)`` when a number makes no sense.
    public init(_ options: WorkloadOptions) throws(ToolError) {
        guard (0...100_000_000).contains(options.leads), (0...1_000_000).contains(options.orders),
            (1...100_000).contains(options.advisors), (1...3_650).contains(options.days)
        else {
            throw .usage(
                "a workload has 0-100,000,000 leads, 0-1,000,000 orders, 1-100,000 advisors and 1-3,650 days"
            )
        }
        self.options = options
        regions = SyntheticRegions()
        leads = SyntheticLeads(regions: regions)
        orders = SyntheticOrders(regions: regions)
        random = SplitMix64(seed: options.seed)
        scheduleAdvisors()
        scheduleOrders()
        scheduleChannelPause()
    }

    /// The requests of the next day, in the order of their times; `nil` when all is over.
    public mutating func nextDay() -> [WorkloadLine]? {
        guard !days.isEmpty || day < options.days else { return nil }
        day += 1
        if day < options.days {
            scheduleLeads()
            scheduleMoney()
        } else if day == options.days {
            // Long enough for everything that still waits to expire and for the last reports.
            schedule("end", "market.advance", [:], at: Int64(day + 12) * Self.daySpan)
        }
        let scheduled = days.removeValue(forKey: day) ?? []
        let order = scheduled.indices.sorted {
            (scheduled[$0].microseconds, $0) < (scheduled[$1].microseconds, $1)
        }
        return order.map { index in
            number += 1
            var line = scheduled[index].line
            line.number = number
            return line
        }
    }

    /// Puts a request into the plan; `at` is in microseconds since the start.
    private mutating func schedule(
        _ label: String, _ method: String, _ parameters: JSONObject, at: Int64
    ) {
        var parameters = parameters
        parameters["at"] = .string(RFC3339.format(options.startMicroseconds + at))
        if method != "market.advance" {
            parameters["idempotencyKey"] = .string("g\(options.seed)-\(label)")
        }
        let line = WorkloadLine(
            number: 0, label: label, method: method, parameters: parameters)
        let due = max(Int(at / Self.daySpan), day, 0)
        days[due, default: []].append(Scheduled(microseconds: at, line: line))
    }

    // MARK: Advisors and their money

    private static func advisorName(_ index: Int) -> String { "adv-\(index + 1)" }

    private mutating func scheduleAdvisors() {
        for index in 0..<options.advisors {
            let name = Self.advisorName(index)
            var profile: JSONObject = [
                "advisor": .string(name), "institution": .string("institution-\(index % 12 + 1)"),
            ]
            let grade = random.fraction()
            if grade < 0.15 { profile["grade"] = "elite" }
            if grade > 0.75 { profile["grade"] = "novice" }
            schedule(name, "advisor.register", profile, at: Int64(index) * 1_000)
            deposit("\(name)-deposit-0", advisor: index, typicalYuan: startCapital, at: 1_000_000)
        }
    }

    /// About what an advisor spends in all, so that most have enough and some do not.
    private var startCapital: Double {
        max(500, 36 * Double(options.leads) / Double(options.advisors) * 0.5)
    }

    private mutating func deposit(
        _ label: String, advisor: Int, typicalYuan: Double, at: Int64
    ) {
        let yuan = typicalYuan * random.logNormal(logMedian: 0, logSpread: 0.7)
        let amount = max(100, Int64(yuan / 100) * 100) * 100
        schedule(
            label, "account.deposit",
            [
                "advisor": .string(Self.advisorName(advisor)), "amountFen": .integer(amount),
                "reference": .string("transfer \(label)"),
            ], at: at)
    }

    /// Some advisors pay in again, some take money out, some go offline for a while.
    private mutating func scheduleMoney() {
        let start = Int64(day) * Self.daySpan
        for index in 0..<options.advisors {
            let name = Self.advisorName(index)
            let moment = start + Int64(random.integer(in: 30_000...70_000)) * 1_000_000
            if random.chance(0.06) {
                deposit(
                    "\(name)-deposit-\(day + 1)", advisor: index,
                    typicalYuan: startCapital * 0.25, at: moment)
            }
            if random.chance(0.003) {
                schedule(
                    "\(name)-withdraw-\(day + 1)", "account.withdraw",
                    ["advisor": .string(name), "amountFen": 50_000], at: moment)
            }
            if random.chance(0.02) {
                for (word, online, at) in [
                    ("offline", false, moment), ("online", true, moment + 7_200_000_000),
                ] {
                    schedule(
                        "\(name)-\(word)-\(day + 1)", "advisor.setAvailability",
                        ["advisor": .string(name), "online": .bool(online)], at: at)
                }
            }
        }
    }

    // MARK: Orders

    private mutating func scheduleOrders() {
        let typical = max(1, Double(options.leads) / Double(max(1, options.orders)) * 0.9)
        let span = Int64(options.days) * Self.daySpan
        for index in 0..<options.orders {
            let label = "order-\(index + 1)"
            let advisor = Int(random.integer(below: UInt64(options.advisors)))
            var terms: JSONObject = ["advisor": .string(Self.advisorName(advisor))]
            terms.members += orders.terms(typicalQuantity: typical, using: &random).members
            let isLate = random.chance(0.2)
            let placed =
                isLate
                ? Int64(random.fraction() * 0.7 * Double(span)) + 10_000_000
                : 2_000_000 + Int64(index) * 1_000
            schedule(label, "order.place", terms, at: placed)
            scheduleChanges(of: label, from: placed, span: span)
        }
    }

    private mutating func scheduleChanges(of label: String, from placed: Int64, span: Int64) {
        let order: JSONObject = ["order": .string("$order:\(label)")]
        let rest = 0.8 * Double(max(0, span - placed))
        let change = placed + 3_600_000_000 + Int64(random.fraction() * rest)
        let fate = random.fraction()
        if fate < 0.06 {
            let back = change + Int64(random.integer(in: 3_600...172_800)) * 1_000_000
            schedule("\(label)-pause", "order.pause", order, at: change)
            schedule("\(label)-resume", "order.resume", order, at: back)
        } else if fate < 0.09 {
            schedule("\(label)-cancel", "order.cancel", order, at: change)
        } else if fate < 0.14 {
            var amendment = order
            amendment["premiumFen"] = .integer(100 * Int64(random.integer(in: 0...12)))
            schedule("\(label)-amend", "order.amend", amendment, at: change)
        }
    }

    private mutating func scheduleChannelPause() {
        let middle = Int64(options.days) * Self.daySpan / 2 + 36_000_000_000
        let channel: JSONObject = ["channel": "partner-b"]
        schedule("channel-pause", "channel.pause", channel, at: middle)
        schedule("channel-resume", "channel.resume", channel, at: middle + 7_200_000_000)
    }

    // MARK: Leads

    /// How many leads have come by the end of `day`: weekdays differ as they do in the real data.
    private func leadsBefore(end day: Int) -> Int {
        let weekdayOfStart = Int(
            ((options.startMicroseconds + 28_800_000_000) / Self.daySpan + 3) % 7)
        func weight(_ days: Int) -> Double {
            (0..<days).reduce(0) { $0 + FittedShares.weekdays[(weekdayOfStart + $1) % 7] }
        }
        let share = weight(day + 1) / weight(options.days)
        return min(options.leads, Int((Double(options.leads) * share).rounded()))
    }

    private mutating func scheduleLeads() {
        let end = leadsBefore(end: day)
        while nextLead < end {
            nextLead += 1
            scheduleLead(nextLead)
        }
    }

    private mutating func scheduleLead(_ index: Int) {
        let label = "lead-\(index)"
        let second = hours.index(using: &random) * 3_600 + random.integer(in: 0...3_599)
        let arrival =
            Int64(day) * Self.daySpan + Int64(second) * 1_000_000
            + Int64(random.integer(below: 1_000_000))
        let isRepeated = index > 1 && random.chance(0.03)
        let person = isRepeated ? Int(random.integer(below: UInt64(index - 1))) + 1 : index
        var parameters: JSONObject = [
            "channel": .string(leads.channel(using: &random)),
            "phone": .string(phone(of: person)),
            "attributes": .object(leads.attributes(using: &random)),
        ]
        if !random.chance(0.007) {
            parameters["consent"] = [
                "givenAt": .string(RFC3339.format(options.startMicroseconds + arrival)),
                "agreementSha256": .string(Self.consentDigest),
            ]
        }
        parameters["contact"] = ["name": .string("person \(person)")]
        if random.chance(0.02) {
            let advisor = Int(random.integer(below: UInt64(options.advisors)))
            parameters["preferredAdvisor"] = .string(Self.advisorName(advisor))
        }
        schedule(label, "lead.submit", parameters, at: arrival)
        for event in outcomes.events(
            of: label, arrival: options.startMicroseconds + arrival, using: &random)
        {
            schedule(
                event.label, event.method, event.parameters,
                at: event.microseconds - options.startMicroseconds)
        }
        scheduleWithdrawal(of: label, phone: phone(of: person), after: arrival)
    }

    private mutating func scheduleWithdrawal(of label: String, phone: String, after arrival: Int64)
    {
        let lead: JSONObject = ["lead": .string("$lead:\(label)")]
        let later = arrival + Int64(random.integer(in: 600...200_000)) * 1_000_000
        let fate = random.fraction()
        if fate < 0.008 {
            schedule("\(label)-withdraw", "lead.withdraw", lead, at: later)
        } else if fate < 0.009 {
            schedule("\(label)-erase", "lead.erase", lead, at: later)
        } else if fate < 0.010 {
            schedule(
                "\(label)-suppress", "contact.suppress",
                ["phone": .string(phone), "reason": "asked not to be called"], at: later)
        }
    }

    /// A phone of 7 × 10^9 there are, a different one for each person: the multiplier is prime to their number.
    private func phone(of person: Int) -> String {
        let count: UInt64 = 7_000_000_000
        let mixed =
            (UInt64(person) % count * 2_654_435_761 + options.seed % count * 1_000_003 % count)
            % count
        return "1" + String(3_000_000_000 + mixed)
    }
}
