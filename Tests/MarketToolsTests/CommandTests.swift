import MarketRPC
import Testing

@testable import MarketTools

struct `commands made from the catalogue` {
    private func parameters(_ method: String, _ arguments: [String]) throws -> JSONValue {
        let method = try #require(Catalogue.method(named: method))
        return .object(try MethodArguments(method, arguments).parameters)
    }

    @Test func `parameters go by position, the required ones first`() throws {
        #expect(try parameters("order.get", ["17"]) == ["order": 17])
        #expect(
            try parameters("account.deposit", ["adv-1", "500"])
                == ["advisor": "adv-1", "amountFen": 500])
        #expect(
            try parameters("order.place", ["adv-1", "homeOwner", "10"])
                == ["advisor": "adv-1", "category": "homeOwner", "quantity": 10])
    }

    @Test func `parameters go by name, in both spellings`() throws {
        for spelling in [["--amount-fen", "500"], ["--amountFen=500"]] {
            #expect(
                try parameters("account.deposit", spelling + ["adv-1"])
                    == ["advisor": "adv-1", "amountFen": 500])
        }
    }

    @Test(arguments: [("--online", true), ("--no-online", false), ("--online=no", false)])
    func `flags need no value`(argument: String, online: Bool) throws {
        #expect(
            try parameters("advisor.setAvailability", ["adv-1", argument])
                == ["advisor": "adv-1", "online": .bool(online)])
    }

    @Test func `objects are JSON and keep their types`() throws {
        let filter = #"{"region":["3301"],"age":{"minimum":25}}"#
        #expect(
            try parameters("order.place", ["a", "c", "1", "--filter", filter])["filter"]
                == ["region": ["3301"], "age": ["minimum": 25]])
    }

    @Test(arguments: [
        ("order.get", []), ("order.get", ["x"]), ("order.get", ["1", "2", "3"]),
        ("order.get", ["1", "--order", "2", "--order", "3"]), ("order.get", ["1", "--nonsense"]),
        ("order.get", ["--order"]), ("order.place", ["a", "c", "1", "--filter", "{"]),
        ("advisor.setAvailability", ["a", "--online=maybe"]),
    ])
    func `what the method does not take is wrong usage`(method: String, arguments: [String]) throws
    {
        let method = try #require(Catalogue.method(named: method))
        let error = #expect(throws: ToolError.self) { try MethodArguments(method, arguments) }
        #expect(error?.exitStatus == .usage)
    }

    @Test func `every method has help that names its parameters`() {
        for method in Catalogue.methods {
            let text = MethodHelp.text(method)
            #expect(text.contains("leadctl \(method.noun) \(method.verb)"))
            #expect(method.allParameters.allSatisfy { text.contains($0.name) })
            #expect(MethodHelp.method(noun: method.noun, verb: method.verb)?.name == method.name)
        }
        #expect(MethodHelp.method(noun: "advisor", verb: "set-availability") != nil)
    }

    @Test func `lists are tables and the rest names and values`() {
        let text = ResultText.render([
            "items": [
                ["advisor": "adv-1", "institution": "西湖", "availableFen": 123_450],
                ["advisor": "adv-22", "availableFen": 5],
            ], "position": 99,
        ])
        #expect(
            text == """
                advisor  institution  available
                -------  -----------  ---------
                adv-1    西湖          1,234.50
                adv-22                     0.05

                position  99

                """)
    }

    @Test func `long cells are shortened in tables`() {
        let long = String(repeating: "有", count: 100)
        let text = ResultText.render(["items": [["name": .string(long)]]])
        #expect(text.contains("有…") && !text.contains(long))
    }

    @Test func `rates, flags and nested values are readable`() {
        let text = ResultText.render([
            "rateBasisPoints": 6_507, "online": true, "reasons": ["paused", "noFunds"],
            "filter": ["age": ["minimum": 25]], "none": [], "gone": nil,
        ])
        for part in ["65.07 %", "yes", "paused, noFunds", #"{"age":{"minimum":25}}"#, "-"] {
            #expect(text.contains(part))
        }
    }

    private static let counts: JSONValue = [
        "rows": [
            [
                "key": "all", "submitted": 10, "rejected": ["duplicate": 2], "waiting": 0,
                "released": 5, "expired": 3, "withdrawn": 0, "suppressed": 0, "erased": 0,
            ]
        ]
    ]

    @Test func `the account of rows adds up or says that it does not`() {
        let none: JSONValue = ["rows": []]
        let good = RowAccount(
            rowCount: 13, rejects: 2, refused: 1, before: none, after: Self.counts)
        #expect(good.isComplete && good.sum == 13)
        #expect(good.text.contains("all 13 rows are accounted for"))
        let bad = RowAccount(
            rowCount: 14, rejects: 2, refused: 1, before: none, after: Self.counts)
        #expect(!bad.isComplete)
        let twice = RowAccount(
            rowCount: 0, rejects: 0, refused: 0, before: Self.counts, after: Self.counts)
        #expect(twice.isComplete && twice.parts.isEmpty)
    }

    @Test func `the report shows rates with intervals and whether the books balance`() {
        func report(balanced: Bool) -> MarketReport {
            MarketReport(json: [
                "health": ["status": "ok", "position": 4_711], "time": "2026-01-01T00:00:00Z",
                "leads": Self.counts,
                "connectionRates": [
                    "rows": [
                        [
                            "key": "within5Minutes", "reported": 100, "connected": 90,
                            "rateBasisPoints": 9_000, "lowBasisPoints": 8_256,
                            "highBasisPoints": 9_448,
                        ]
                    ]
                ],
                "categories": Self.counts, "channels": ["rows": []],
                "ledger": ["cashFen": 100, "revenueFen": 100, "balanced": .bool(balanced)],
            ])
        }
        let good = report(balanced: true)
        #expect(good.isSound && good.text.contains("82.56 % - 94.48 %"))
        #expect(good.text.contains("≤ 5 min"))
        #expect(good.text.contains("rejected: duplicate") && good.text.contains("20.00 %"))
        #expect(!report(balanced: false).isSound)
        #expect(report(balanced: false).text.contains("NOT BALANCED"))
    }
}
