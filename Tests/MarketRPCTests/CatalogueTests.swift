import MarketCore
import MarketRPC
import MarketTestSupport
import Testing

struct CatalogueTests {
    /// The methods that the interface must have.
    static let names = """
        rpc.discover market.info market.health market.digest market.advance market.apply market.backup market.depth
        advisor.register advisor.update advisor.setAvailability advisor.suspend advisor.reinstate advisor.get
        advisor.list account.deposit account.withdraw account.get account.statement order.place order.amend
        order.pause order.resume order.cancel order.get order.list lead.submit lead.ping lead.post lead.withdraw
        lead.erase lead.get lead.list lead.trace lead.explain assignment.accept assignment.decline
        assignment.confirmConsent assignment.declineConsent assignment.requestReturn assignment.decideReturn
        assignment.acknowledge assignment.reportContact assignment.reportStage assignment.get assignment.list
        assignment.contact assignment.subscribe assignment.unsubscribe contact.suppress contact.unsuppress
        channel.get channel.list channel.pause channel.resume channel.pay payee.pay stats.connectionRate
        stats.leads stats.matching stats.returns events.read events.subscribe events.unsubscribe
        alerts.subscribe alerts.unsubscribe
        """.split(whereSeparator: \.isWhitespace).map(String.init)

    @Test func `the methods are these, each once`() {
        #expect(Catalogue.methods.map(\.name).sorted() == Self.names.sorted())
        for method in Catalogue.methods {
            #expect(Catalogue.method(named: method.name)?.name == method.name)
        }
        #expect(Catalogue.method(named: "lead.buy") == nil)
    }

    @Test(arguments: names) func `a method is described`(name: String) throws {
        let method = try #require(Catalogue.method(named: name))
        #expect("\(method.noun).\(method.verb)" == name)
        #expect(method.summary.hasSuffix(".") && !method.roles.isEmpty)
        #expect(Set(method.allParameters.map(\.name)).count == method.allParameters.count)
        #expect(Set(method.result.map(\.name)).count == method.result.count)
        #expect(Set(method.allErrors).count == method.allErrors.count)
        for member in method.allParameters + method.result {
            #expect(!member.meaning.isEmpty && !member.meaning.hasSuffix("."), "\(member.name)")
        }
        if method.kind == .mutation {
            #expect(method.result.contains { $0.name == "position" })
        }
    }

    @Test(arguments: names) func `an example is accepted from every role and no other`(
        name: String
    ) throws {
        let method = try #require(Catalogue.method(named: name))
        for role in [Role.frontend, .supplier, .operator, .auditor] {
            let context = try SampleMarket.context(role)
            if method.roles.contains(role) {
                let content = try method.content(of: method.example, context: context)
                switch (content, method.kind) {
                case (.mutation, .mutation), (.query, .query), (.control, .control): break
                default: Issue.record("\(name) yields another kind of content")
                }
            } else {
                let error = #expect(throws: RPCError.self) {
                    try method.content(of: method.example, context: context)
                }
                #expect(error?.code == .forbidden)
            }
        }
    }

    @Test(arguments: names) func `each fault of each parameter is named`(name: String) throws {
        let method = try #require(Catalogue.method(named: name))
        let context = try SampleMarket.context(.operator)
        let faults = ParameterFaults(method).found
        for fault in faults {
            do {
                let content = try method.content(of: fault.parameters, context: context)
                Issue.record("\(fault.testDescription) is accepted as \(content)")
            } catch {
                #expect(error.code == .invalidParameters, "\(fault.testDescription): \(error)")
                #expect(error.field == fault.field, "\(fault.testDescription): \(error)")
                #expect(error.message.hasPrefix("\(fault.field): "), "\(error)")
                #expect(error.message.hasSuffix("."), "\(error)")
            }
        }
        #expect(faults.count > 0)
    }

    @Test func `the faults cover every method deeply`() {
        let count = Catalogue.methods.reduce(0) { $0 + ParameterFaults($1).found.count }
        #expect(count > 1_500)
        print("\(count) faulty parameter objects")
    }

    @Test func `an unknown method is told so`() throws {
        let error = #expect(throws: RPCError.self) {
            try Catalogue.content(
                of: Request(identifier: nil, method: "lead.buy"),
                context: try SampleMarket.context(.operator))
        }
        #expect(error?.code == .unknownMethod)
    }
}
