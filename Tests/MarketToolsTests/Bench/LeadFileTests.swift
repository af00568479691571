import MarketRPC
import MarketTestSupport
import Testing

@testable import MarketTools

struct `leads for a load out of a file` {
    private func requests(_ deck: LeadDeck) throws -> [JSONValue] {
        var output: [UInt8] = []
        for index in 0..<deck.count {
            deck.append(
                index, identifier: LeadDeck.firstIdentifier, person: UInt64(index), to: &output)
        }
        return try output.split(separator: 0x0A).map {
            try JSONParser().parse(String(decoding: $0, as: UTF8.self)).value
        }
    }

    @Test func `leads of a workload are handed in, and nothing else of it`() throws {
        var options = WorkloadOptions()
        (options.leads, options.orders, options.advisors, options.days) = (100, 20, 10, 3)
        var generator = try WorkloadGenerator(options)
        var bytes: [UInt8] = []
        while let lines = generator.nextDay() {
            for line in lines { bytes += line.bytes + [0x0A] }
        }
        let deck = try withFile(bytes, gzip: true) { try LeadFile.deck(path: $0, mapping: nil) }
        #expect(deck.count > 50)
        for request in try requests(deck) {
            #expect(request["method"] == "lead.submit")
            let lead = try #require(request["params"]?.object)
            let names = Set(lead.members.map(\.name))
            #expect(names.isSuperset(of: ["phone", "channel", "attributes"]))
            #expect(names.isDisjoint(with: ["at", "idempotencyKey", "preferredAdvisor"]))
        }
    }

    @Test func `a file without leads or with a damaged line is refused by name`() throws {
        for text in ["", #"{"id":"a","method":"market.info"}"#, "{"] {
            #expect(throws: ToolError.self) {
                try withFile(Array(text.utf8)) { try LeadFile.deck(path: $0, mapping: nil) }
            }
        }
    }
}
