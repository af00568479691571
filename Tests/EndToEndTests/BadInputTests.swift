import Foundation
import MarketCore
import MarketRPC
import MarketTestSupport
import Testing

extension EndToEnd {
    /// Bad input for every method, over the real socket: the documented error, the connection goes
    /// on, and nothing is left of it in the market.
    struct BadInputTests {
        let site: BadInputSite

        init() async throws { site = try await BadInputSite() }

        @Test(arguments: [Role.operator, .frontend, .supplier, .auditor])
        func `each fault of each parameter gets its error and leaves no trace`(
            role: Role
        ) async throws {
            try await site.daemon(as: role) { daemon, client in
                var questions: [Question] = []
                for method in Catalogue.methods where method.roles.contains(role) {
                    for fault in ParameterFaults(method).found {
                        // A supplier need not name its own channel.
                        if role == .supplier, fault.field == "channel",
                            fault.parameters["channel"] == nil
                        {
                            continue
                        }
                        questions.append(
                            Question(
                                method.name, fault.parameters, .invalidParameters,
                                field: fault.field, fault.testDescription))
                    }
                }
                #expect(questions.count > (role == .operator ? 1_500 : 200))
                try await client.ask(questions)
                print("\(questions.count) faults as \(role)")
            }
        }

        @Test(arguments: [Role.frontend, .supplier, .auditor])
        func `whoever has another role is told so, whatever they send`(role: Role) async throws {
            try await site.daemon(as: role) { daemon, client in
                var questions: [Question] = []
                for method in Catalogue.methods where !method.roles.contains(role) {
                    for parameters in [method.example, [:], ["nobodyReadsThis": 1]] {
                        questions.append(Question(method.name, parameters, .forbidden, "\(role)"))
                    }
                }
                #expect(questions.count >= 30)
                try await client.ask(questions)
            }
        }

        @Test func `values of enormous size are refused like any other`() async throws {
            try await site.daemon(as: .operator) { daemon, client in
                let long = JSONValue.string(String(repeating: "長", count: 60_000))
                let wide = JSONValue.array(Array(repeating: "x", count: 70_000))
                for method in Catalogue.methods {
                    for member in method.allParameters {
                        for value in [long, wide] {
                            var parameters = method.example
                            parameters[member.name] = value
                            try await client.ask([
                                Question(
                                    method.name, parameters, .invalidParameters, field: nil,
                                    "\(member.name) enormous")
                            ])
                        }
                    }
                }
            }
        }

        @Test func `a line that is no request gets its error, whichever method it was to be`()
            async throws
        {
            try await site.daemon(as: .operator) { daemon, client in
                for method in Catalogue.methods {
                    try await client.ask(BrokenLine.all(of: method))
                }
            }
        }

        @Test func `what the market refuses leaves no trace`() async throws {
            try await site.daemon(as: .operator) { daemon, client in
                for refusal in Refusal.all {
                    let method = try #require(Catalogue.method(named: refusal.method))
                    #expect(method.allErrors.contains(refusal.code), "\(refusal.method)")
                    var parameters = try SmallMarket.example(refusal.method)
                    for member in refusal.parameters.members {
                        parameters[member.name] = member.value
                    }
                    if method.kind == .mutation { parameters = SmallMarket.dated(parameters) }
                    try await client.ask([
                        Question(
                            refusal.method, parameters, refusal.code, "\(refusal.parameters)")
                    ])
                }
                // Every change wants its time, and none may lie in the past.
                for method in Catalogue.methods where method.kind == .mutation {
                    if method.name == "market.apply" { continue }
                    try await client.ask([
                        Question(method.name, method.example, .wrongClock, field: "at", "no time")
                    ])
                    let past = SmallMarket.dated(method.example, later: -1)
                    try await client.ask([Question(method.name, past, .timeInPast, "past")])
                }
            }
        }

        @Test func `a supplier sees and hands in leads of its own channel alone`() async throws {
            try await site.daemon(as: .supplier) { daemon, client in
                var lead = SmallMarket.dated(try SmallMarket.lead(99))
                lead["channel"] = "direct"
                let reply = try await client.reply(to: "lead.submit", lead)
                #expect(reply["error"] != nil)
                let channels = try await client.call("channel.list")
                #expect(channels["items"]?.array?.map { $0["channel"] } == ["partner-a"])
            }
        }

        @Test func `halves of frames, oversized frames and disconnects harm nobody`() async throws {
            try await site.daemon(as: .operator) { daemon, client in
                let health = LineSocket.line(.integer(7), "market.health")
                let half = try daemon.connect()
                try await half.send(Array(health[..<20]))
                try await Task.sleep(for: .milliseconds(50))
                try await half.send(Array(health[20...]))
                #expect(try await half.message()["id"] == 7)

                // Only a line beyond the limit closes the connection.
                let oversized = try daemon.connect()
                try? await oversized.send(
                    [UInt8](repeating: UInt8(ascii: "x"), count: BadInputSite.frameBytes + 2))
                let error = try await oversized.message()["error"]
                #expect(error?["code"] == .integer(Int64(ErrorCode.frameTooLarge.rawValue)))
                #expect(error?["data"]?["reason"] == "frameTooLarge")
                #expect(try await oversized.line() == nil)

                for (number, method) in Catalogue.methods.enumerated() {
                    let line = LineSocket.line(.integer(Int64(number)), method.name, method.example)
                    for cut in [1, line.count / 2, line.count - 1] {
                        let leaving = try daemon.connect()
                        try await leaving.send(Array(line[..<cut]))
                        leaving.close()
                    }
                    guard method.kind != .mutation, method.name != "market.backup",
                        method.name != "market.advance"
                    else { continue }
                    let leaving = try daemon.connect()
                    try await leaving.send(line)
                    leaving.close()
                }
            }
        }
    }
}

/// What the market refuses although the request is well-formed.
private struct Refusal {
    let method: String
    let parameters: JSONObject
    let code: ErrorCode

    private static let nobody: JSONValue = "nobody"
    private static let none: JSONValue = 9_007_199_254_740_000

    static let all = advisors + orders + leads + others

    private static func refusal(
        _ method: String, _ parameters: JSONObject, _ code: ErrorCode
    ) -> Refusal {
        Refusal(method: method, parameters: parameters, code: code)
    }

    private static let advisors =
        [
            refusal("advisor.register", [:], .advisorExists),
            refusal("advisor.reinstate", [:], .advisorNotSuspended),
            refusal("account.withdraw", ["amountFen": 900_000_000], .insufficientFunds),
            refusal("account.deposit", ["amountFen": 9_000_000_000_000_000], .balanceOutOfRange),
        ]
        + [
            "advisor.update", "advisor.setAvailability", "advisor.suspend", "advisor.reinstate",
            "advisor.get", "account.deposit", "account.withdraw", "account.get",
            "account.statement",
            "order.place", "order.list", "assignment.list", "assignment.subscribe",
            "stats.connectionRate",
        ].map { refusal($0, ["advisor": nobody], .unknownAdvisor) }

    private static let orders =
        [
            refusal("order.place", ["category": nobody], .unknownCategory),
            refusal(
                "order.place",
                ["startsAt": "2027-01-02T00:00:00Z", "expiresAt": "2027-01-01T00:00:00Z"],
                .invalidPeriod),
        ]
        + ["order.amend", "order.pause", "order.resume", "order.cancel", "order.get"].map {
            refusal($0, ["order": none], .unknownOrder)
        }

    private static let leads =
        [
            refusal("lead.submit", ["channel": nobody], .unknownChannel),
            refusal("lead.submit", ["preferredAdvisor": nobody], .unknownAdvisor),
            refusal("lead.withdraw", ["lead": none], .leadNotOpen),
            refusal("lead.erase", ["phone": "13912345678"], .unknownPerson),
            refusal("lead.get", ["lead": none], .unknownLead),
            refusal("lead.trace", ["lead": none], .unknownLead),
            refusal("contact.unsuppress", [:], .notSuppressed),
        ]
        + [
            "assignment.acknowledge", "assignment.reportContact", "assignment.reportStage",
            "assignment.get", "assignment.contact",
        ].map { refusal($0, ["assignment": none], .unknownAssignment) }

    private static let others =
        [
            refusal("channel.resume", [:], .channelNotPaused),
            refusal("channel.pay", ["amountFen": 900_000_000], .insufficientPayable),
            refusal("payee.pay", ["amountFen": 900_000_000], .insufficientPayable),
            refusal("payee.pay", ["payee": nobody], .unknownPayee),
            refusal("market.depth", ["category": nobody], .unknownCategory),
            refusal("assignment.unsubscribe", ["subscription": none], .unknownSubscription),
            refusal("events.unsubscribe", ["subscription": none], .unknownSubscription),
            refusal("market.backup", ["directory": "/usr"], .invalidParameters),
            refusal("market.backup", ["directory": "/sys/leadmarket/backup"], .invalidParameters),
            refusal("market.advance", ["at": "2026-11-20T00:00:00Z"], .timeInPast),
            refusal(
                "market.apply",
                [
                    "configuration": [
                        "attributes": [["name": "ownsHouse", "kind": "region", "lengths": [2]]]
                    ],
                    "dryRun": false,
                ],
                .invalidConfiguration),
        ]
        + ["channel.get", "channel.pause", "channel.resume", "channel.pay"].map {
            refusal($0, ["channel": nobody], .unknownChannel)
        }
}
