import MarketRPC
import MarketWorkload

/// Standing orders, what becomes of them, and what happens once in a market's life.
extension WorkloadGenerator {
    mutating func scheduleOrders() {
        let typical = max(1, Double(options.leads) / Double(max(1, options.orders)) * 0.9)
        let daily = options.leadsPerDay(for: options.orders)
        let span = Int64(options.days) * Self.daySpan
        for index in 0..<options.orders {
            let label = "order-\(index + 1)"
            let advisor = Int(random.integer(below: UInt64(options.advisors)))
            var terms: JSONObject = ["advisor": .string(Self.advisorName(advisor))]
            terms.members += orders.terms(typicalQuantity: typical, using: &random).members
            terms.members += orders.limits(typicalPerDay: daily, using: &random).members
            let isLate = random.chance(0.2)
            let placed =
                isLate
                ? Int64(random.fraction() * 0.7 * Double(span)) + 10_000_000
                : 2_000_000 + Int64(index) * 1_000
            if random.chance(0.05) {
                terms["startsAt"] = .string(
                    time(placed + Int64(random.integer(in: 1...48)) * 3_600_000_000))
            }
            if random.chance(0.08) {
                let lasting = 0.5 + 0.5 * random.fraction()
                terms["expiresAt"] = .string(
                    time(placed + 172_800_000_000 + Int64(lasting * Double(span))))
            }
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
            if random.chance(0.3) { amendment["dayCap"] = .null }
            schedule("\(label)-amend", "order.amend", amendment, at: change)
        }
    }

    /// A channel is paused for two hours; another loses its consent records, pauses itself and is resumed; an advisor is barred
    /// for a day.
    mutating func scheduleIncidents() {
        let middle = Int64(options.days) * Self.daySpan / 2 + 36_000_000_000
        func channel(_ name: String) -> JSONObject { ["channel": .string(name)] }
        schedule("channel-pause", "channel.pause", channel("partner-b"), at: middle)
        schedule(
            "channel-resume", "channel.resume", channel("partner-b"), at: middle + 7_200_000_000)
        let repaired = Int64(brokenDays.upperBound) * Self.daySpan + 32_400_000_000
        schedule("channel-repaired", "channel.resume", channel("partner-c"), at: repaired)

        let advisor: JSONValue = .string(Self.advisorName(options.advisors / 3))
        let barred = Int64(options.days) * Self.daySpan / 3 + 39_600_000_000
        schedule(
            "advisor-suspend", "advisor.suspend",
            ["advisor": advisor, "reason": "complaint of a customer"], at: barred)
        schedule(
            "advisor-reinstate", "advisor.reinstate", ["advisor": advisor],
            at: barred + Self.daySpan)
    }

    /// The days on which partner-c's application form is broken: after two thirds of the time, a fifth of it long.
    var brokenDays: Range<Int> {
        let first = options.days * 2 / 3
        return first..<min(options.days, first + max(1, options.days / 5))
    }
}
