import MarketRPC
import Testing

@testable import MarketTools

struct `importing a file of leads` {
    private static let mapping = """
        seed: 7
        time: {column: Created, format: dd/MM/yy, pivot: 69, offset: +08:00,
               timeOfDay: {from: "08:00", to: "22:00"}}
        channel: {column: Source, prefix: source-, values: {S1: direct}}
        contact: {phone: {made: {from: ID, prefix: "13"}}, name: Name}
        consent: {agreement: abc}
        attributes:
          region: {kind: region, column: City}
          age: {kind: age, column: Born, format: dd/MM/yy, pivot: 5, minimum: 18, clamp: true}
          monthlyIncome: {column: Income, maximum: 1000000}
          loanTermMonths: {column: Years, scale: 12}
          female: {kind: flag, column: Gender, yes: [F], no: [M]}
          employer: {kind: choice, column: Employer, values: {A: large, B: small}, default: other}
        reports:
          contact:
            column: Called
            values: {Y: connected, N: noAnswer}
            delays:
              connected: [{upTo: 5m, weight: 1}]
              noAnswer: [{upTo: 1d, weight: 1}, {upTo: 3d, weight: 1}]
            maximumAttempts: 3
          stage: {column: Approved, stage: approved, passed: ["1"], delay: [{upTo: 2d, weight: 1}]}
        """
    private static let header =
        "ID,Created,Source,Name,City,Born,Income,Years,Gender,Employer,Called,Approved\r\n"
    private static let good =
        "A1,15/07/16,S1,李雷,C10001,23/07/79,2899.5,2,F,A,Y,1\r\n"

    private func imported(
        _ rows: String, mapping: String = mapping
    ) throws -> (workload: ImportedWorkload, requests: [JSONValue]) {
        let mapping = try ImportMapping(YAMLFile.parse(mapping, path: "m.yaml"), path: "m.yaml")
        let workload = try withFile((Self.header + rows).utf8) { path in
            try ImportedWorkload(InputFile(path: path), mapping: mapping, keyPrefix: "k")
        }
        let parser = JSONParser()
        return (workload, try workload.lines.map { try parser.parse($0.bytes).value })
    }

    @Test func `a row becomes a lead with its attributes`() throws {
        let (workload, requests) = try imported(Self.good)
        #expect(workload.rowCount == 1 && workload.rejects.isEmpty)
        let lead = try #require(requests.first)
        #expect(lead["method"] == "lead.submit")
        #expect(lead["id"] == "row-2")
        let parameters = try #require(lead["params"])
        #expect(parameters["channel"] == "direct")
        #expect(parameters["idempotencyKey"] == "k-row-2")
        #expect(parameters["contact"] == ["name": "李雷"])
        #expect(
            parameters["attributes"] == [
                "region": "C10001", "age": 36, "monthlyIncome": 2900, "loanTermMonths": 24,
                "female": true, "employer": "large",
            ])
        // SHA-256 of "abc", FIPS 180-2 appendix B.1.
        #expect(
            parameters["consent"]?["agreementSha256"]
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(parameters["consent"]?["givenAt"] == parameters["at"])
    }

    @Test func `a made-up phone is plausible and stays the same`() throws {
        let rows = Self.good + Self.good.replacing("A1", with: "A2")
        let phones = try (0..<2).map { _ in
            try imported(rows).requests.compactMap { $0["params"]?["phone"]?.string }
        }
        #expect(phones[0] == phones[1])
        #expect(phones[0].count == 2 && phones[0][0] != phones[0][1])
        #expect(phones[0].allSatisfy { $0.count == 11 && $0.hasPrefix("13") && Int($0) != nil })
    }

    @Test func `reports name the lead and come after it`() throws {
        let (_, requests) = try imported(Self.good)
        #expect(
            requests.map { $0["method"] } == [
                "lead.submit", "assignment.reportContact", "assignment.reportStage",
            ])
        let times = try requests.map { request in
            try #require(request["params"]?["at"]?.string.flatMap { RFC3339.parse($0) })
        }
        #expect(times == times.sorted())
        #expect(requests[1]["params"]?["assignment"] == "$assignment:row-2")
        #expect(requests[1]["params"]?["outcome"] == "connected")
        #expect(requests[2]["params"]?["passed"] == true)
        let call = try #require(
            requests[1]["params"]?["firstCallAt"]?.string.flatMap { RFC3339.parse($0) })
        #expect(call > times[0] && call <= times[0] + 300_000_000 && call < times[1])
    }

    @Test func `a time of day is made up within its bounds, in local time`() throws {
        let rows = (0..<200).map { Self.good.replacing("A1", with: "A\($0)") }.joined()
        let times = try imported(rows).requests
            .filter { $0["method"] == "lead.submit" }
            .compactMap { $0["params"]?["at"]?.string }
        #expect(times.count == 200)
        #expect(times.allSatisfy { $0 >= "2016-07-15T00:00:00Z" && $0 <= "2016-07-15T14:00:00Z" })
        #expect(Set(times).count > 150)
    }

    @Test func `rows are sorted by time and keep their line numbers`() throws {
        let rows =
            Self.good.replacing("15/07/16", with: "16/07/16")
            + Self.good.replacing("A1", with: "A2")
        let leads = try imported(rows).requests.filter { $0["method"] == "lead.submit" }
        #expect(leads.map { $0["id"] } == ["row-3", "row-2"])
    }

    @Test func `the same file and seed give the same bytes`() throws {
        let rows = Self.good + Self.good.replacing("A1", with: "A2")
        let first = try imported(rows).workload.lines.map(\.bytes)
        #expect(try imported(rows).workload.lines.map(\.bytes) == first)
        let other = Self.mapping.replacing("seed: 7", with: "seed: 8")
        #expect(try imported(rows, mapping: other).workload.lines.map(\.bytes) != first)
    }

    @Test(arguments: [
        ("C10001,", ",", "region"), (",2899.5,", ",,", "monthlyIncome"),
        ("23/07/79", "", "age"), (",F,", ",,", "female"),
    ])
    func `an empty cell leaves its attribute out`(
        cell: String, empty: String, attribute: String
    ) throws {
        let (workload, requests) = try imported(Self.good.replacing(cell, with: empty))
        #expect(workload.rejects.isEmpty)
        let attributes = try #require(requests[0]["params"]?["attributes"]?.object)
        #expect(attributes[attribute] == nil && attributes.members.count == 5)
    }

    @Test(arguments: [
        ("15/07/16", "15/17/16", "Created: '15/17/16' is no date of the format"),
        ("2899.5", "1e3", "Income: '1e3' is no decimal number"),
        ("2899.5", "1000000.5", "Income: '1000000.5' is 1000001, above 1000000"),
        (",F,", ",X,", "Gender: 'X' is neither a yes nor a no"),
        ("23/07/79", "23/07/7", "Born: '23/07/7' is no date of the format"),
        (",S1,", ",,", "Source: no channel for ''"),
        ("A1,", ",", "ID: is empty, so no phone can be made of it"),
        (",Y,1", ",Y", "has 11 cells and the header 12"),
        ("李雷", "a\"b", "there is a quote in the middle of a cell that does not begin with one"),
    ])
    func `a row that does not fit is reported by its line`(
        cell: String, bad: String, problem: String
    ) throws {
        let (workload, requests) = try imported(
            Self.good + Self.good.replacing(cell, with: bad) + Self.good)
        #expect(workload.rowCount == 3)
        #expect(workload.rejects == [ImportedWorkload.Reject(line: 3, problem: problem)])
        #expect(requests.count { $0["method"] == "lead.submit" } == 2)
    }

    @Test(arguments: [
        (",S1,", ",S99,", "channel", "source-S99"),
        (",F,A,", ",F,Z,", "employer", "other"), ("23/07/79", "23/07/05", "age", "18"),
    ])
    func `prefixes, defaults and clamps`(
        cell: String, other: String, name: String, value: String
    ) throws {
        let (_, requests) = try imported(Self.good.replacing(cell, with: other))
        let parameters = try #require(requests[0]["params"])
        let found = parameters[name] ?? parameters["attributes"]?[name]
        #expect(found?.string ?? found?.integer.map { String($0) } == value)
    }

    @Test(arguments: [
        ("seed: 7", "sead: 7", "sead"), ("kind: flag", "kind: flug", "attributes.female.kind"),
        ("format: dd/MM/yy, pivot: 69", "format: dd/MM/yy", "time.format"),
        ("offset: +08:00", "offset: +8:000", "time.offset"),
        ("scale: 12", "scale: 1.5", "attributes.loanTermMonths.scale"),
        ("prefix: \"13\"", "prefix: \"13800000000\"", "contact.phone.made.prefix"),
        ("upTo: 3d", "upTo: 3w", "reports.contact.delays.noAnswer[1].upTo"),
        ("[{upTo: 5m, weight: 1}]", "[]", "reports.contact.delays.connected"),
    ])
    func `a fault in the mapping is named by its path`(
        text: String, fault: String, member: String
    ) throws {
        let changed = Self.mapping.replacing(text, with: fault, maxReplacements: 1)
        let error = #expect(throws: ToolError.self) {
            try ImportMapping(YAMLFile.parse(changed, path: "m.yaml"), path: "m.yaml")
        }
        guard case .mapping(_, let found, _)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(found == member)
    }

    @Test func `a column that is missing is named`() throws {
        let changed = Self.mapping.replacing("column: City", with: "column: Town")
        #expect(throws: ToolError.self) { try imported(Self.good, mapping: changed) }
    }
}
