import MarketRPC
import Testing

@testable import MarketTools

struct `generated workloads` {
    private func lines(_ change: (inout WorkloadOptions) -> Void) throws -> [WorkloadLine] {
        var options = WorkloadOptions()
        change(&options)
        var generator = try WorkloadGenerator(options)
        var lines: [WorkloadLine] = []
        while let day = generator.nextDay() { lines += day }
        return lines
    }

    private func requests(_ change: (inout WorkloadOptions) -> Void) throws -> [JSONValue] {
        let parser = JSONParser()
        return try lines(change).map { try parser.parse($0.bytes).value }
    }

    @Test func `the same seed gives the same bytes and another one others`() throws {
        func bytes(seed: UInt64) throws -> [[UInt8]] {
            try lines {
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
        let requests = try requests {
            ($0.leads, $0.orders, $0.advisors, $0.days) = (2_000, 50, 10, 20)
        }
        func count(_ method: String) -> Int { requests.count { $0["method"]?.string == method } }
        #expect(count("lead.submit") == 2_000)
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
        let members = ["order.place": "order", "lead.submit": "lead"]
        var known: [String: String] = [:]
        for request in try requests({
            ($0.leads, $0.orders, $0.days) = (2_000, 200, 10)
        }) {
            for placeholder in Placeholder.all(in: request["params"] ?? .null) {
                let method = try #require(known[placeholder.label])
                let member = placeholder.member
                #expect(
                    member == members[method] || method == "lead.submit" && member == "assignment")
            }
            known[try #require(request["id"]?.string)] = request["method"]?.string
        }
    }

    @Test func `shares are those of the real leads within a few percent`() throws {
        let leads = try requests { ($0.leads, $0.orders, $0.days) = (20_000, 1, 28) }
            .filter { $0["method"] == "lead.submit" }
        func share(_ holds: (JSONValue) -> Bool) -> Double {
            Double(leads.count { $0["params"]?["attributes"].map(holds) ?? false }) / 20_000
        }
        func isClose(_ share: Double, _ measured: Double) -> Bool { abs(share - measured) < 0.015 }
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
        let requests = try requests { ($0.leads, $0.orders, $0.days) = (20_000, 1, 28) }
        var arrivals: [String: Int64] = [:]
        var buckets = Array(repeating: (reached: 0, all: 0), count: 2)
        for request in requests {
            guard let parameters = request["params"], let id = request["id"]?.string else {
                continue
            }
            if request["method"] == "lead.submit" {
                arrivals[id] = parameters["at"]?.string.flatMap { RFC3339.parse($0) }
            } else if request["method"] == "assignment.reportContact" {
                let call = try #require(
                    parameters["firstCallAt"]?.string.flatMap { RFC3339.parse($0) })
                let arrival = try #require(arrivals[String(id.dropLast("-contact".count))])
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
        let phones = try requests { ($0.leads, $0.orders, $0.days) = (3_000, 1, 5) }
            .compactMap { $0["method"] == "lead.submit" ? $0["params"]?["phone"]?.string : nil }
        #expect(phones.allSatisfy { $0.wholeMatch(of: #/1[3-9]\d{9}/#) != nil })
        #expect(abs(Double(Set(phones).count) / 3_000 - 0.97) < 0.015)
    }

    @Test(arguments: [0, -1, 4_000]) func `impossible sizes are refused`(days: Int) {
        #expect(throws: ToolError.self) { try lines { $0.days = days } }
    }
}
