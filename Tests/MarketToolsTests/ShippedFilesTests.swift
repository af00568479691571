import Foundation
import MarketCore
import MarketRPC
import MarketTestSupport
import MarketWorkload
import Testing

@testable import MarketTools

/// The files in `deploy/`, held to the catalogue and to the market's rules.
struct `shipped markets and mappings` {
    private static let deploy = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "deploy")

    private func path(_ name: String) -> String {
        Self.deploy.appending(path: name).path(percentEncoded: false)
    }

    /// A market to which a shipped configuration was applied.
    private func market(_ file: String) throws -> Market {
        var market = Market()
        let foundation = MarketFoundation(
            rulesVersion: Market.rulesVersion, clock: .supplied,
            secretFingerprint: Bytes16(high: 1, low: 2))
        _ = try market.execute(.createMarket(foundation), at: .epoch, input: .market)
        let request = Request(
            identifier: .integer(1), method: "market.apply",
            parameters: ["configuration": try YAMLFile.read(path: path(file))])
        let context = CallContext(role: .operator, schema: market.schema)
        let content = try Catalogue.content(of: request, context: context).content
        guard case .mutation(.applyConfiguration(let configuration, _), _) = content else {
            throw Unexpected()
        }
        let later = Timestamp.epoch + .seconds(1)
        _ = try market.execute(.applyConfiguration(configuration), at: later, input: .market)
        return market
    }

    @Test func `workloads are for the shipped market`() throws {
        let (shipped, known) = (try market("market.yaml"), Workload(.mixed, orders: 0, leads: 0))
        let (assumed, _) = known.market()
        #expect(assumed.schema == shipped.schema)
        #expect(assumed.settings == shipped.settings)
        #expect(assumed.categories == shipped.categories)
        #expect(assumed.channels == shipped.channels)
        #expect(assumed.payees == shipped.payees)
    }

    private struct Unexpected: Error {}

    /// Checks every line against the catalogue, as the daemon would, with placeholders filled in.
    private func check(_ lines: [WorkloadLine], fit market: Market) throws {
        let context = CallContext(role: .operator, schema: market.schema)
        let parser = JSONParser()
        for line in lines {
            let played = try PlayedRequest(line, parser: parser, path: "workload")
            let resolved = played.line { $0.member == "institution" ? "bank" : 1 }
            let value = try parser.parse(resolved).value
            let request = Request(
                identifier: played.request.identifier, method: played.request.method,
                parameters: try #require(value["params"]?.object))
            let (method, _) = try Catalogue.content(of: request, context: context)
            if let category = request.parameters["category"]?.string {
                #expect(market.category(named: try #require(Name(category))) != nil)
            }
            let isLead = method.name == "lead.submit" || method.name == "lead.ping"
            if isLead, let channel = request.parameters["channel"]?.string {
                #expect(market.channel(named: try #require(Name(channel))) != nil)
            }
        }
    }

    @Test(.rules("R2.1", "R3.1", "R8.2", "R8.3", "R10.2"))
    func `the shipped market has gates, rank lists, return policies and every kind of channel`()
        throws
    {
        let market = try market("market.yaml")
        let definitions = market.categories.map(\.definition)
        #expect(definitions.count >= 4)
        #expect(definitions.contains { $0.gates.acceptance == .seconds(60) })
        #expect(definitions.contains { $0.gates.namedConsent == .minutes(10) })
        #expect(Set(definitions.map(\.rank)).count >= 4)
        #expect(Set(definitions.map(\.returns)).count >= 3)
        #expect(definitions.contains { !$0.splits.isEmpty })
        let channels = market.channels.map(\.definition)
        #expect(channels.contains { $0.isTest })
        #expect(channels.contains { $0.dailyCap != nil })
        #expect(channels.contains { if case .share = $0.payout { true } else { false } })
    }

    @Test(.rules("R1.5", "R9.4")) func `the shipped market derives tiers and grades`() throws {
        let settings = try market("market.yaml").settings
        let rules = try #require(settings.tierRules)
        #expect(Set(rules.rules.map(\.aspect)).count == 3)
        #expect(settings.tierAttribute != nil && settings.gradeRules?.window == 40)
        let market = try market("market.yaml")
        func tier(_ attributes: JSONObject) throws -> Int {
            let request = Request(
                identifier: .integer(1), method: "lead.submit",
                parameters: [
                    "channel": "direct", "phone": "13800138000", "attributes": .object(attributes),
                ])
            let context = CallContext(role: .operator, schema: market.schema)
            guard
                case .mutation(.submitLead(let lead), _) = try Catalogue.content(
                    of: request, context: context
                ).content
            else { throw Unexpected() }
            return rules.tier(of: lead.attributes)
        }
        #expect(
            try tier([
                "scenario": "newApplication", "monthlyIncome": 20_000, "ownsHouse": true,
            ]) == 0)
        #expect(try tier(["scenario": "newApplication", "monthlyIncome": 9_000]) == 1)
        #expect(try tier(["monthlyIncome": 3_000]) == 2)
        #expect(
            try tier(["monthlyIncome": 20_000, "ownsHouse": true, "overdue": true]) == 2)
    }

    @Test(.rules("R1.2")) func `the shipped market declares what loans are sold by`() throws {
        let scenarios = [
            "newApplication", "registeredNotApplied", "abandonedMidway", "appliedOnce",
            "repeatCustomer", "lapsed",
        ]
        var found: [String: [String]] = [:]
        for attribute in try market("market.yaml").schema.attributes {
            let name = "\(attribute.name)"
            switch attribute.kind {
            case .flag: found["flag", default: []].append(name)
            case .integer: found["integer", default: []].append(name)
            case .region(let lengths): found["region \(lengths)", default: []].append(name)
            case .choice(["A", "B", "C"]): found["tier", default: []].append(name)
            case .choice(scenarios): found["scenario", default: []].append(name)
            case .choice: found["choice", default: []].append(name)
            }
        }
        #expect(
            found.mapValues { $0.sorted() } == [
                "flag": [
                    "businessLicence", "lifePolicy", "overdue", "ownsCar", "ownsHouse",
                    "payrollCard", "providentFund", "socialInsurance",
                ],
                "integer": [
                    "age", "creditCardLimit", "existingInstalment", "loanAmount",
                    "loanTermMonths", "monthlyIncome",
                ],
                "region [2, 4, 6]": ["region"], "tier": ["tier"], "scenario": ["scenario"],
                "choice": ["employment"],
            ])
    }

    @Test func `generated requests are what the shipped market takes`() throws {
        var options = WorkloadOptions()
        (options.leads, options.orders, options.advisors, options.days) = (1_000, 100, 20, 7)
        var generator = try WorkloadGenerator(options)
        let market = try market("market.yaml")
        while let lines = generator.nextDay() { try check(lines, fit: market) }
    }

    @Test
    func `the orders, changes and leads of every benchmark are what the shipped market takes`()
        throws
    {
        for kind in WorkloadKind.allCases {
            var options = BenchmarkOptions(socketPath: "")
            (options.workload, options.orders, options.advisors) = (kind, 200, 10)
            options.distinctLeads = 50
            let workload = BenchmarkWorkload(options, hasOrders: true)
            var changes = OrderChanges(
                workload, share: 0.1, identifiers: (1...200).map { Int64($0) }, seed: 1)
            let changing = (0..<200).map { _ in
                let next = changes.next()
                return (method: next.method, parameters: next.parameters)
            }
            let calls = workload.placing + workload.settling((1...200).map { $0 }) + changing
            var lines = try calls.enumerated().map { index, call in
                WorkloadLine(
                    number: index + 1, label: "\(kind)-\(index)", method: call.method,
                    parameters: try #require(
                        JSONParser().parse(String(decoding: call.parameters, as: UTF8.self))
                            .value.object))
            }
            let deck = workload.deck
            var leads: [UInt8] = []
            for index in 0..<50 {
                deck.append(
                    index, identifier: LeadDeck.firstIdentifier + index, person: UInt64(index),
                    to: &leads)
            }
            lines += leads.split(separator: 0x0A).map { WorkloadLine(number: 1, bytes: Array($0)) }
            try check(lines, fit: market("market.yaml"))
        }
    }

    @Test func `a row such as those of the loan file becomes requests its market takes`() throws {
        let file = """
            ID,Gender,DOB,Lead_Creation_Date,City_Code,City_Category,Employer_Category1,Monthly_Income,\
            Primary_Bank_Type,Contacted,Source_Category,Existing_EMI,Loan_Amount,Loan_Period,Approved
            A1,Female,01/02/80,15/07/16,C10001,A,A,2000.5,P,N,G,0,,,0
            A2,Male,11/01/98,04/07/16,,,,3500,,Y,B,100.5,20000,2,1

            """
        let mapping = try ImportMapping(path: path("import-loan-leads.yaml"))
        let workload = try withFile(file.utf8) { path in
            try ImportedWorkload(InputFile(path: path), mapping: mapping, keyPrefix: "test")
        }
        #expect(workload.rejects.isEmpty && workload.lines.count == 5)
        try check(workload.lines, fit: market("import-loan-market.yaml"))
    }
}
