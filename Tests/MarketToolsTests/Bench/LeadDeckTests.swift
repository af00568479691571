import MarketRPC
import MarketTestSupport
import Testing

@testable import MarketTools

struct `a deck of leads` {
    private func deck() -> LeadDeck {
        var deck = LeadDeck()
        deck.add(Array(#""channel":"direct","attributes":{"ownsHouse":true}"#.utf8))
        deck.add(parameters: [
            "phone": "13800138000", "channel": "partner-a", "at": 5, "idempotencyKey": "k",
            "attributes": ["age": 30],
        ])
        return deck
    }

    private func request(_ deck: LeadDeck, _ index: Int, person: UInt64) throws -> JSONValue {
        var output = Array("before\n".utf8)
        deck.append(index, identifier: 1_000_000_042, person: person, to: &output)
        let text = String(decoding: output, as: UTF8.self)
        #expect(text.hasPrefix("before\n") && text.hasSuffix("}\n"))
        return try JSONParser().parse(String(text.dropFirst(7).dropLast())).value
    }

    @Test func `a request has its identifier, its person and what the lead declares`() throws {
        let first = try request(deck(), 0, person: 17)
        #expect(first["id"] == 1_000_000_042)
        #expect(first["method"] == "lead.submit")
        #expect(
            first["params"] == [
                "phone": "13000000017", "channel": "direct", "attributes": ["ownsHouse": true],
            ])
    }

    @Test func `of a lead read from a request what stands for its person is left out`() throws {
        let second = try request(deck(), 1, person: 1_234_567_890)
        #expect(
            second["params"] == [
                "phone": "14234567890", "channel": "partner-a", "attributes": ["age": 30],
            ])
    }

    @Test func `leads begin again after the last, with another person`() throws {
        let deck = deck()
        let again = try request(deck, 2, person: 18)
        #expect(again["params"]?["channel"] == "direct")
        #expect(again["params"]?["phone"] == "13000000018")
    }

    @Test func `phones stay within the pattern of the shipped market to the last person`() throws {
        let last = try request(deck(), 0, person: 6_999_999_998)
        #expect(last["params"]?["phone"] == "19999999998")
        let first = try request(deck(), 0, person: 6_999_999_999)
        #expect(first["params"]?["phone"] == "13000000000")
    }
}
