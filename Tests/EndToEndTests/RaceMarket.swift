import MarketRPC
import Synchronization
import Testing

/// A market in which everything happens at once: four categories with every combination of gates,
/// times of a second or two, few people, and advisors who sometimes run out of money.
enum RaceMarket {
    static let people = 240
    static let advisors = (1...6).map { "adv-\($0)" }
    static let institutions = ["Xihu Bank", "Qiantang Finance", "Third Lender"]
    static let products = ["direct", "accepting", "asking", "both"]
    static let channels = ["web", "partner"]
    /// What all but the last advisor begin with; the last one lives on deposits.
    static let funds: Int64 = 500_000_000

    static func institution(of advisor: Int) -> String { institutions[advisor % 3] }

    static func phone(_ person: Int) -> String {
        let digits = String(person)
        return "138" + String(repeating: "0", count: 8 - digits.utf8.count) + digits
    }

    private static func category(
        _ name: String, _ priceFen: Int64, exclusivity: String, gates: JSONValue
    ) -> JSONValue {
        [
            "name": .string(name), "qualification": ["product": [.string(name)]],
            "ladder": [
                ["maxAge": "2s", "priceFen": .integer(priceFen)],
                ["maxAge": "5s", "priceFen": .integer(priceFen / 2)],
            ],
            "exclusivity": .string(exclusivity), "gates": gates,
            "splits": [["payee": "platform", "basisPoints": 777]],
            "returns": [
                "window": "1h", "automaticShareBasisPoints": 10_000, "automaticSpan": 200,
            ],
        ]
    }

    private static var configuration: JSONValue {
        [
            "attributes": [["name": "product", "kind": "choice", "words": .array(words)]],
            "payees": [["name": "platform"]],
            "channels": [
                ["name": "web", "payoutFen": 900],
                ["name": "partner", "payoutBasisPoints": 1_234],
            ],
            "categories": [
                category("direct", 6_001, exclusivity: "2s", gates: [:]),
                category("accepting", 5_003, exclusivity: "2s", gates: ["acceptance": "1s"]),
                category("asking", 4_007, exclusivity: "5s", gates: ["namedConsent": "1s"]),
                category(
                    "both", 3_011, exclusivity: "forever",
                    gates: ["acceptance": "2s", "namedConsent": "1s"]),
            ],
            "settings": [
                "duplicateWindow": "1s", "pingTimeout": "1s", "qualityLimitBasisPoints": 10_000,
            ],
        ]
    }

    private static var words: [JSONValue] { products.map { .string($0) } }

    /// Makes the market: each advisor has an order in each category, half of which renew.
    static func found(on client: LineSocket) async throws {
        try await client.call("market.apply", ["configuration": configuration])
        for (number, advisor) in advisors.enumerated() {
            let name = JSONValue.string(advisor)
            try await client.call(
                "advisor.register",
                ["advisor": name, "institution": .string(institution(of: number))])
            if number < advisors.count - 1 {
                try await client.call(
                    "account.deposit", ["advisor": name, "amountFen": .integer(funds)])
            }
            for product in products {
                let renews = number.isMultiple(of: 2)
                try await client.call(
                    "order.place",
                    [
                        "advisor": name, "category": .string(product), "maxAge": "5s",
                        "quantity": renews ? 3 : 1_000_000, "renews": .bool(renews),
                    ])
            }
        }
    }

    /// Bars everybody, which voids what is reserved: nothing is sold any more.
    static func end(on client: LineSocket) async throws {
        for advisor in advisors {
            try await client.call(
                "advisor.suspend", ["advisor": .string(advisor), "reason": "end"])
        }
    }
}

/// What racers leave each other to fight about: the newest of each kind.
final class RaceBoard: Sendable {
    /// A pinged lead that awaits its post.
    struct Ping {
        let lead: Int64
        let person: Int
    }

    private struct State {
        var reserved: [Int64] = []
        var sold: [Int64] = []
        var returned: [Int64] = []
        var leads: [Int64] = []
        var pings: [Ping] = []
    }

    private let state = Mutex(State())

    /// How many of a kind are kept.
    private static let size = 48

    private static func add<Element>(_ element: Element, to list: inout [Element]) {
        list.append(element)
        if list.count > size { list.removeFirst() }
    }

    func note(reserved assignment: Int64) {
        state.withLock { Self.add(assignment, to: &$0.reserved) }
    }

    func note(sold assignment: Int64) { state.withLock { Self.add(assignment, to: &$0.sold) } }

    func note(returned assignment: Int64) {
        state.withLock { Self.add(assignment, to: &$0.returned) }
    }

    func note(lead: Int64) { state.withLock { Self.add(lead, to: &$0.leads) } }

    func note(ping: Ping) { state.withLock { Self.add(ping, to: &$0.pings) } }

    func someReserved() -> Int64? { state.withLock { $0.reserved.randomElement() } }

    func someSold() -> Int64? { state.withLock { $0.sold.randomElement() } }

    func someReturned() -> Int64? { state.withLock { $0.returned.randomElement() } }

    func someLead() -> Int64? { state.withLock { $0.leads.randomElement() } }

    func somePing() -> Ping? { state.withLock { $0.pings.randomElement() } }
}
