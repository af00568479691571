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

    @Test func `the account of rows adds up or says that it does not`() {
        let none: JSONValue = ["rows": []]
        let good = RowAccount(
            rowCount: 16, rejects: 2, refused: 1, before: none, after: Reports.counts)
        #expect(good.isComplete && good.sum == 16)
        #expect(good.text.contains("all 16 rows are accounted for"))
        let bad = RowAccount(
            rowCount: 17, rejects: 2, refused: 1, before: none, after: Reports.counts)
        #expect(!bad.isComplete)
        let twice = RowAccount(
            rowCount: 0, rejects: 0, refused: 0, before: Reports.counts, after: Reports.counts)
        #expect(twice.isComplete && twice.parts.isEmpty)
    }
}
