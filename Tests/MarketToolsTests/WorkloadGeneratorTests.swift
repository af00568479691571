import MarketRPC
import MarketTestSupport
import MarketWorkload
import Testing

@testable import MarketTools

struct `generated workloads` {
    /// Four weeks of 20,000 leads, for the tests that count what is in them.
    private static let month = Result {
        try requests { ($0.leads, $0.orders, $0.days) = (20_000, 1, 28) }
    }

    private static func lines(_ change: (inout WorkloadOptions) -> Void) throws -> [WorkloadLine] {
        var options = WorkloadOptions()
        change(&options)
        var generator = try WorkloadGenerator(options)
        var lines: [WorkloadLine] = []
        while let day = generator.nextDay() { lines += day }
        return lines
    }

    private static func requests(_ change: (inout WorkloadOptions) -> Void) throws -> [JSONValue] {
        let parser = JSONParser()
        return try lines(change).map { try parser.parse($0.bytes).value }
    }

    @Test func `the same seed gives the same bytes and another one others`() throws {
        func bytes(seed: UInt64) throws -> [[UInt8]] {
            try Self.lines {
                ($0.leads, $0.orders, $0.advisors, $0.days) = (300, 20, 5, 3)
                $0.seed = seed
            }.map(\.bytes)
        }
        let first = try bytes(seed: 1)
        #expect(try bytes(seed: 1) == first)
        #expect(try bytes(seed: 2) != first)
    }

    @Test func `what was asked for is there, in the order of time, each under its own label`()
        throws
    {
        let requests = try Self.requests {
            ($0.leads, $0.orders, $0.advisors, $0.days) = (2_000, 50, 10, 20)
        }
        func count(_ method: String) -> Int { requests.count { $0["method"]?.string == method } }
        let tests = requests.count { $0["params"]?["channel"] == "sandbox" }
        #expect(tests == 20)
        #expect(count("lead.submit") - tests + count("lead.ping") == 2_000)
        #expect(count("order.place") == 50)
        #expect(count("advisor.register") == 10)
        let times = requests.compactMap {
            $0["params"]?["at"]?.string.flatMap { RFC3339.parse($0) }
        }
        #expect(times.count == requests.count)
        #expect(times == times.sorted())
        #expect(Set(requests.compactMap { $0["id"]?.string }).count == requests.count)
        let keys = requests.compactMap { $0["params"]?["idempotencyKey"]?.string }
        #expect(Set(keys).count == requests.count - 1)
        #expect(requests.last?["method"] == "market.advance")
    }

    @Test func `every placeholder names an earlier line that can give it`() throws {
        var known: [String: String] = [:]
        for request in try Self.requests({
            ($0.leads, $0.orders, $0.days) = (2_000, 200, 10)
        }) {
            for placeholder in Placeholder.all(in: request["params"] ?? .null) {
                let name = try #require(known[placeholder.label])
                let method = try #require(Catalogue.method(named: name))
                #expect(method.result.contains { $0.name == placeholder.member })
                guard let condition = placeholder.condition else { continue }
                // What a result can say: the words of its status or state, or what it awaits.
                let said = ["reserved", "open", "acceptance", "consent"]
                #expect(said.contains(condition))
            }
            known[try #require(request["id"]?.string)] = request["method"]?.string
        }
    }

    @Test func `shares are those of the real leads within a few percent`() throws {
        let leads = try Self.month.get()
            .filter { $0["method"] == "lead.submit" || $0["method"] == "lead.ping" }
            .filter { $0["params"]?["channel"] != "sandbox" }
        func share(_ holds: (JSONValue) -> Bool) -> Double {
            Double(leads.count { $0["params"]?["attributes"].map(holds) ?? false }) / 20_000
        }
        func isClose(_ share: Double, _ measured: Double) -> Bool { abs(share - measured) < 0.02 }
        #expect(isClose(share { $0["region"] != nil }, 0.988))
        #expect(isClose(share { $0["loanAmount"] != nil }, 0.6025))
        #expect(isClose(share { $0["existingInstalment"] != 0 }, 0.3305))
        // Largest city: 14.5 % of the leads that name one; ten largest: 70.8 %.
        #expect(isClose(share { $0["region"]?.string?.hasPrefix("3101") ?? false }, 0.1452 * 0.988))
        let ten = ["3101", "1101", "4403", "4401", "3301", "5101", "5001", "4201", "3205", "3201"]
        #expect(
            isClose(
                share { ten.contains(String(($0["region"]?.string ?? "").prefix(4))) },
                0.7078 * 0.988))
        // Quartiles of the income, 1,650 and 4,000 units: a log-normal fit of them.
        #expect(isClose(share { ($0["monthlyIncome"]?.integer ?? 0) < 4_950 }, 0.25))
        #expect(isClose(share { ($0["monthlyIncome"]?.integer ?? 0) < 7_500 }, 0.50))
        #expect(isClose(share { ($0["monthlyIncome"]?.integer ?? 0) < 12_000 }, 0.75))
        // Tail: 5 % earn more than 9,500 units; a log-normal gives a little less.
        #expect(abs(share { ($0["monthlyIncome"]?.integer ?? 0) > 28_500 } - 0.05) < 0.035)
        let flagged = leads.filter { $0["params"]?["attributes"]?["ownsHouse"] == true }
        let rich = { (lead: JSONValue) in
            (lead["params"]?["attributes"]?["monthlyIncome"]?.integer ?? 0) > 7_500
        }
        #expect(flagged.count(where: rich) > flagged.count * 6 / 10)
        let direct = Double(leads.count { $0["params"]?["channel"] == "direct" }) / 20_000
        #expect(isClose(direct, 0.4276))
    }

    @Test func `calls reach as many as in the real data and more the sooner they come`() throws {
        let requests = try Self.month.get()
        var arrivals: [String: Int64] = [:]
        var buckets = Array(repeating: (reached: 0, all: 0), count: 2)
        for request in requests {
            guard let parameters = request["params"], let id = request["id"]?.string else {
                continue
            }
            if request["method"] == "lead.submit" || request["method"] == "lead.post" {
                arrivals[id] = parameters["at"]?.string.flatMap { RFC3339.parse($0) }
            } else if request["method"] == "assignment.reportContact" {
                let call = try #require(
                    parameters["firstCallAt"]?.string.flatMap { RFC3339.parse($0) })
                guard let arrival = arrivals[String(id.dropLast("-contact".count))] else {
                    continue
                }
                let bucket = call - arrival <= 300_000_000 ? 0 : 1
                buckets[bucket].all += 1
                if parameters["outcome"] == "connected" { buckets[bucket].reached += 1 }
            }
        }
        func rate(_ bucket: (reached: Int, all: Int)) -> Double {
            Double(bucket.reached) / Double(bucket.all)
        }
        let whole = (
            reached: buckets[0].reached + buckets[1].reached,
            all: buckets[0].all + buckets[1].all
        )
        #expect(abs(rate(whole) - FittedShares.contactedShare) < 0.02)
        #expect(rate(buckets[0]) > rate(buckets[1]) + 0.2)
        let approved = requests.count {
            $0["params"]?["stage"] == "approved" && $0["params"]?["passed"] == true
        }
        #expect(abs(Double(approved) / 20_000 - 0.0146) < 0.005)
    }

    @Test func `phones are different for different people and valid`() throws {
        let phones = try Self.requests { ($0.leads, $0.orders, $0.days) = (3_000, 1, 5) }
            .filter { ["lead.submit", "lead.ping", "lead.post"].contains($0["method"]?.string) }
            .filter { $0["params"]?["channel"] != "sandbox" }
            .compactMap { $0["params"]?["phone"]?.string }
        #expect(phones.allSatisfy { $0.wholeMatch(of: #/1[3-9]\d{9}/#) != nil })
        // Three in a hundred have applied before.
        #expect(abs(Double(Set(phones).count) / Double(phones.count) - 0.97) < 0.015)
    }

    @Test(.rules("R8.5")) func `a ping has the MD5 of the phone that its post brings`() throws {
        let requests = try Self.requests { ($0.leads, $0.orders, $0.days) = (3_000, 1, 5) }
        var pinged: [String: String] = [:]
        var posts = 0
        for request in requests {
            guard let id = request["id"]?.string, let parameters = request["params"] else {
                continue
            }
            switch request["method"]?.string {
            case "lead.ping"?:
                #expect(parameters["phone"] == nil && parameters["consent"] == nil)
                pinged[id] = parameters["phoneMd5"]?.string
            case "lead.post"?:
                posts += 1
                let phone = try #require(parameters["phone"]?.string)
                #expect(pinged[id + "-ping"] == WorkloadGenerator.md5(of: phone))
                #expect(parameters["lead"] == .string("$lead?reserved:\(id)-ping"))
            default: break
            }
        }
        #expect(posts > 60 && posts < pinged.count)
        #expect(WorkloadGenerator.md5(of: "13800138000") == "7945bd83237335e5376ff44d62e4f0ae")
    }

    @Test(.rules("R5.1", "R5.2"))
    func `orders have windows, caps and renewals, and advisors limits`() throws {
        let requests = try Self.requests { ($0.leads, $0.orders, $0.days) = (1_000, 500, 30) }
        func share(_ method: String, _ member: String) -> Double {
            let all = requests.filter { $0["method"]?.string == method }
            return Double(all.count { $0["params"]?[member] != nil }) / Double(all.count)
        }
        let orderMembers = [
            "windows", "hourCap", "dayCap", "daySpendFen", "renews", "startsAt", "expiresAt",
        ]
        for member in orderMembers {
            #expect((0.02...0.4).contains(share("order.place", member)), "\(member)")
        }
        for member in ["dailyCap", "openWorkLimit", "gradeDerived", "phone"] {
            #expect((0.05...0.75).contains(share("advisor.register", member)), "\(member)")
        }
    }

    @Test(.rules("R8.2", "R8.3", "R10.1"))
    func `gates are answered both ways, and returns asked for with and without evidence`() throws {
        let requests = try Self.month.get()
        func all(_ method: String) -> [JSONValue] {
            requests.filter { $0["method"]?.string == "assignment.\(method)" }
        }
        #expect(all("accept").count > 3 * all("decline").count && !all("decline").isEmpty)
        let refusals = all("declineConsent")
        #expect(all("confirmConsent").count > 3 * refusals.count && !refusals.isEmpty)
        let returns = all("requestReturn")
        for reason in [
            "noSuchNumber", "outOfService", "wrongPerson", "industryPeer", "duplicate",
            "unqualified",
        ] {
            #expect(returns.contains { $0["params"]?["reason"]?.string == reason }, "\(reason)")
        }
        let evident = returns.count { $0["params"]?["evidence"] != nil }
        #expect(evident > 50 && evident < returns.count - 50)
        let decisions = all("decideReturn")
        #expect(decisions.count < returns.count)
        #expect(Set(decisions.compactMap { $0["params"]?["approve"]?.bool }) == [true, false])
    }

    @Test(.rules("R3.2"))
    func `a channel loses its consent records for some days, and is repaired`()
        throws
    {
        let requests = try Self.requests { ($0.leads, $0.orders, $0.days) = (20_000, 1, 30) }
        let leads = requests.filter { $0["params"]?["channel"] == "partner-c" }
            .filter { $0["method"] == "lead.submit" }
        func lacking(_ days: Range<String>) -> Double {
            let some = leads.filter { days.contains($0["params"]?["at"]?.string ?? "") }
            return Double(some.count { $0["params"]?["consent"] == nil }) / Double(some.count)
        }
        #expect(lacking("2026-01-01"..<"2026-01-19") < 0.05)
        #expect(lacking("2026-01-21"..<"2026-01-26") > 0.7)
        let resumed = requests.first { $0["id"] == "channel-repaired" }
        #expect(resumed?["method"] == "channel.resume")
    }

    @Test(arguments: [0, -1, 4_000]) func `impossible sizes are refused`(days: Int) {
        #expect(throws: ToolError.self) { try Self.lines { $0.days = days } }
    }
}
