import MarketRPC
import MarketWorkload

/// Advisors, their limits and their money.
extension WorkloadGenerator {
    static func advisorName(_ index: Int) -> String { "adv-\(index + 1)" }

    /// The phone of the advisor number `index`: outside the numbers that applicants have.
    static func advisorPhone(_ index: Int) -> String { "19" + String(910_000_000 + index) }

    /// Whether the advisor number `index` told the market their phone.
    static func hasPhone(_ index: Int) -> Bool { index % 2 == 0 }

    mutating func scheduleAdvisors() {
        for index in 0..<options.advisors {
            let name = Self.advisorName(index)
            schedule(name, "advisor.register", profile(index), at: Int64(index) * 1_000)
            deposit("\(name)-deposit-0", advisor: index, typicalYuan: startCapital, at: 1_000_000)
        }
    }

    private mutating func profile(_ index: Int) -> JSONObject {
        var profile: JSONObject = [
            "advisor": .string(Self.advisorName(index)),
            "institution": .string("institution-\(index % 12 + 1)"),
        ]
        if Self.hasPhone(index) { profile["phone"] = .string(Self.advisorPhone(index)) }
        let grade = random.fraction()
        if grade < 0.15 { profile["grade"] = "elite" }
        if grade > 0.75 { profile["grade"] = "novice" }
        if random.chance(0.60) { profile["gradeDerived"] = true }
        if random.chance(0.20) {
            let typical = options.leadsPerDay(for: options.advisors) * 0.6
            profile["dailyCap"] = .integer(
                max(2, Int64(typical * Double(random.integer(in: 5...15)) / 5)))
        }
        if random.chance(0.15) {
            profile["openWorkLimit"] = .integer(Int64(random.integer(in: 12...40)))
        }
        return profile
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
    mutating func scheduleMoney() {
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
}
