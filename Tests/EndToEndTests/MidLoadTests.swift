import MarketRPC
import MarketTestSupport
import Testing

extension EndToEnd {
    /// Changes in the middle of a stream of leads, on one connection and without waiting for
    /// answers: they change exactly what the rules say, from their place in the stream on.
    struct MidLoadTests {
        let directory: TemporaryDirectory
        let daemon: RunningDaemon
        let client: LineSocket

        init() async throws {
            directory = try TemporaryDirectory()
            daemon = try await RunningDaemon.start(in: directory)
            client = try daemon.connect()
        }

        /// The local midnight at which 3 March 2026 begins.
        private static let midnight: Int64 = 1_772_467_200_000_000

        /// A request of a stream.
        private struct Call {
            let method: String
            var parameters: JSONObject

            init(_ method: String, _ parameters: JSONObject, seconds: Int64 = -3_600) {
                self.method = method
                self.parameters = parameters
                self.parameters["at"] = .integer(MidLoadTests.midnight + seconds * 1_000_000)
            }
        }

        /// Sends everything at once and returns the replies in the order of the requests.
        private func play(_ calls: [Call]) async throws -> [JSONValue] {
            var bytes: [UInt8] = []
            for (number, call) in calls.enumerated() {
                bytes += LineSocket.line(.integer(Int64(number)), call.method, call.parameters)
            }
            var replies: [Int64: JSONValue] = [:]
            func note(_ reply: JSONValue) {
                if let number = reply["id"]?.integer { replies[number] = reply }
            }
            try await client.send(bytes, replies: note)
            while replies.count < calls.count { note(try await client.message()) }
            return try (0..<Int64(calls.count)).map { number in
                let reply = try #require(replies[number])
                return try #require(reply["result"], "\(calls[Int(number)].method): \(reply)")
            }
        }

        private func category(
            priceFen: Int64, gates: JSONValue = [:], exclusivity: String = "1h"
        ) -> JSONObject {
            [
                "configuration": [
                    "categories": [
                        [
                            "name": "loan", "exclusivity": .string(exclusivity), "gates": gates,
                            "ladder": [["maxAge": "1h", "priceFen": .integer(priceFen)]],
                        ]
                    ],
                    "channels": [
                        ["name": "web", "payoutFen": 900], ["name": "partner", "payoutFen": 500],
                    ],
                ]
            ]
        }

        /// An advisor with money and an order.
        private func advisor(
            _ name: String, fen: Int64 = 100_000_000, order: JSONObject = [:]
        ) -> [Call] {
            var order = order
            order["advisor"] = .string(name)
            order["category"] = "loan"
            if order["quantity"] == nil { order["quantity"] = 10_000 }
            return [
                Call("advisor.register", ["advisor": .string(name), "institution": "Xihu Bank"]),
                Call("account.deposit", ["advisor": .string(name), "amountFen": .integer(fen)]),
                Call("order.place", order),
            ]
        }

        private func lead(
            _ person: Int, channel: String = "web", seconds: Int64 = -3_600
        ) -> Call {
            Call(
                "lead.submit",
                [
                    "channel": .string(channel), "phone": .string(RaceMarket.phone(person)),
                    "attributes": [:],
                    "consent": [
                        "givenAt": "2026-01-01T00:00:00Z",
                        "agreementSha256": .string(String(repeating: "0f", count: 32)),
                    ],
                ], seconds: seconds)
        }

        private func assignment(_ decision: JSONValue) throws -> JSONValue {
            try #require(decision["assignment"], "\(decision)")
        }

        /// Stops the daemon and has the log decided again.
        private func end() async throws {
            #expect(try await daemon.stop() == .exited(0))
            let report = try await ChildProcess.run(
                "leadreplay", ["verify", directory.path("market"), "--json"], in: directory)
            let verdict = try JSONParser().parse(report).value
            #expect(verdict["sound"] == true)
            #expect(verdict["followedThrough"] == verdict["head"])
        }

        @Test(.rules("R2.2", "R7.2", "R8.7"))
        func `a redefined category holds from the next lead on, reservations keep their terms`()
            async throws
        {
            let gates: JSONValue = ["acceptance": "10m"]
            _ = try await play(
                [Call("market.apply", category(priceFen: 6_000, gates: gates))]
                    + advisor("adv-1") + advisor("adv-2", fen: 9_999))
            let change = Call(
                "market.apply", category(priceFen: 7_001, gates: gates, exclusivity: "1m"))
            let decisions = try await play(
                (1...200).map { lead($0) } + [change] + (201...400).map { lead($0) })
            let sales = decisions.filter { $0["assignment"] != nil }
            #expect(sales.count == 400)
            #expect(sales.prefix(200).allSatisfy { $0["priceFen"] == 6_000 })
            #expect(sales.suffix(200).allSatisfy { $0["priceFen"] == 7_001 })
            // The second advisor has money for one lead, whatever the price.
            #expect(sales.count { $0["advisor"] == "adv-2" } == 1)
            let accepted = try await play(
                sales.map { Call("assignment.accept", ["assignment": try assignment($0)]) })
            #expect(accepted.allSatisfy { $0["state"] == "released" })
            let account = try await client.call("account.get", ["advisor": "adv-1"])
            let theirs = sales.filter { $0["advisor"] == "adv-1" }
            let charged = theirs.reduce(0) { $0 + ($1["priceFen"]?.integer ?? 0) }
            #expect(account["availableFen"] == .integer(100_000_000 - charged))
            // Bound for an hour by the old terms, for a minute by the new.
            let releases = try await client.call(
                "events.read", ["from": try #require(accepted.first?["position"]), "limit": 1_000])
            var spans: Set<Int64> = []
            for event in releases["events"]?.array ?? [] where event["type"] == "leadReleased" {
                let time = try #require(event["time"]?.string)
                let until = try #require(event["data"]?["boundUntil"]?.string)
                spans.insert(try Self.minutes(from: time, to: until))
            }
            #expect(spans == [60, 1])
            try await end()
        }

        /// Whole minutes between two times of one day, written alike.
        private static func minutes(from first: String, to second: String) throws -> Int64 {
            func minute(_ text: String) throws -> Int64 {
                let clock = try #require(text.split(separator: "T").last).split(separator: ":")
                return try #require(Int64(clock[0])) * 60 + (try #require(Int64(clock[1])))
            }
            return (try minute(second) - minute(first) + 1_440) % 1_440
        }

        @Test(.rules("R4.3", "R8.7"))
        func `a paused channel's leads are turned away, and nothing else changes`() async throws {
            _ = try await play(
                [Call("market.apply", category(priceFen: 6_000, gates: ["acceptance": "10m"]))]
                    + advisor("adv-1", order: ["quantity": 250]))
            func leads(_ people: ClosedRange<Int>) -> [Call] {
                people.map { lead($0, channel: $0.isMultiple(of: 2) ? "web" : "partner") }
            }
            let pause = Call("channel.pause", ["channel": "web"])
            let resume = Call("channel.resume", ["channel": "web"])
            let decisions = try await play(
                leads(1...100) + [pause] + leads(101...200) + [resume] + leads(201...300))
            let submitted = decisions.filter { $0["lead"] != nil }
            for (index, decision) in submitted.enumerated() {
                let person = index + 1
                let isTurnedAway = (101...200).contains(person) && person.isMultiple(of: 2)
                #expect(decision["status"] == (isTurnedAway ? "rejected" : "reserved"))
                if isTurnedAway { #expect(decision["reason"] == "channelPaused") }
            }
            // What was reserved before is sold, and paid.
            _ = try await play([pause])
            let sales = submitted.filter { $0["assignment"] != nil }
            #expect(sales.count == 250)
            let accepted = try await play(
                sales.map { Call("assignment.accept", ["assignment": try assignment($0)]) })
            #expect(accepted.allSatisfy { $0["state"] == "released" })
            let web = try await client.call("channel.get", ["channel": "web"])
            let partner = try await client.call("channel.get", ["channel": "partner"])
            #expect(web["payableFen"] == 90_000)
            #expect(partner["payableFen"] == 75_000)
            try await end()
        }

        @Test(.rules("R6.4", "R8.4", "R8.7"))
        func `a suspended advisor's reservations go to others, their sales stay`() async throws {
            _ = try await play(
                [Call("market.apply", category(priceFen: 6_000, gates: ["acceptance": "10m"]))]
                    + advisor("adv-1", order: ["priority": 9])
                    + advisor("adv-2", order: ["priority": 3, "quantity": 140]))
            let first = try await play((1...100).map { lead($0) })
            #expect(first.allSatisfy { $0["advisor"] == "adv-1" })
            let accepts = try first.prefix(40).map {
                Call("assignment.accept", ["assignment": try assignment($0)])
            }
            let suspension = Call("advisor.suspend", ["advisor": "adv-1", "reason": "complaint"])
            let all = try await play(accepts + [suspension] + (101...200).map { lead($0) })
            // 60 voided leads and 80 new ones fill the other's order.
            let later = all.suffix(100)
            #expect(later.prefix(80).allSatisfy { $0["advisor"] == "adv-2" })
            #expect(later.suffix(20).allSatisfy { $0["status"] == "waiting" })
            let account = try await client.call("account.get", ["advisor": "adv-1"])
            #expect(account["heldFen"] == 0)
            #expect(account["availableFen"] == .integer(100_000_000 - 40 * 6_000))
            let other = try await client.call("account.get", ["advisor": "adv-2"])
            #expect(other["heldFen"] == .integer(140 * 6_000))
            for decision in first.prefix(40) {
                let sale = try await client.call(
                    "assignment.get", ["assignment": try assignment(decision)])
                #expect(sale["state"] == "released")
            }
            // Back again, the first advisor gets what waits.
            let back = Call("advisor.reinstate", ["advisor": "adv-1"])
            _ = try await play([back])
            #expect(try await client.call("market.health")["waitingLeads"] == 0)
            let again = try await client.call("account.get", ["advisor": "adv-1"])
            #expect(again["heldFen"] == .integer(20 * 6_000))
            try await end()
        }

        @Test(.rules("R3.1", "R5.2", "R5.3", "R5.4", "R6.4"))
        func `at local midnight every cap begins anew, and the newest waiting leads are sold`()
            async throws
        {
            var configuration = category(priceFen: 6_000)
            configuration["configuration"] = [
                "categories": [
                    [
                        "name": "loan", "ladder": [["maxAge": "1h", "priceFen": 6_000]],
                    ]
                ],
                "channels": [
                    ["name": "web", "payoutFen": 900, "dailyCap": 70],
                    ["name": "partner", "payoutFen": 500],
                ],
            ]
            _ = try await play(
                [Call("market.apply", configuration)]
                    + advisor("adv-1", order: ["dayCap": 20])
                    + advisor("adv-2", order: ["daySpendFen": 65_999]))
            // A lead a second, from 80 seconds before midnight to 79 after it.
            let decisions = try await play(
                (0..<160).map { second in
                    lead(second + 1, seconds: Int64(second) - 80)
                })
            let statuses = decisions.map { $0["status"]?.string ?? "" }
            // 20 by the one's cap and 10 by the other's spend; 40 more wait; then the channel's cap.
            #expect(statuses[..<30].allSatisfy { $0 == "released" })
            #expect(statuses[30..<70].allSatisfy { $0 == "waiting" })
            #expect(statuses[70..<80].allSatisfy { $0 == "rejected" })
            // Midnight sells the newest 30, and with them the new day's caps are reached.
            #expect(statuses[80..<150].allSatisfy { $0 == "waiting" })
            #expect(statuses[150...].allSatisfy { $0 == "rejected" })
            let rejected = decisions.filter { $0["status"] == "rejected" }
            #expect(rejected.allSatisfy { $0["reason"] == "channelCapped" })
            let sold = try await client.call("assignment.list", ["limit": 1_000])
            let sales = try #require(sold["items"]?.array)
            #expect(sales.count == 60)
            for advisor in ["adv-1", "adv-2"] {
                let cap = advisor == "adv-1" ? 20 : 10
                let theirs = sales.filter { $0["advisor"]?.string == advisor }
                let today = theirs.filter { $0["releasedAt"] == "2026-03-02T16:00:00Z" }
                #expect((theirs.count, today.count) == (2 * cap, cap))
            }
            for (index, decision) in decisions[30..<70].enumerated() {
                let lead = try await client.call(
                    "lead.get", ["lead": try #require(decision["lead"])])
                #expect(lead["status"] == (index < 10 ? "waiting" : "released"))
            }
            try await checkOrders()
            try await end()
        }

        /// Both orders say which cap it is that they have reached.
        private func checkOrders() async throws {
            let listed = try await client.call("order.list", ["limit": 10])
            let reasons = listed["items"]?.array?.map { $0["reasons"] }
            #expect(reasons == [["dayCap"], ["spendCap"]])
        }
    }
}
