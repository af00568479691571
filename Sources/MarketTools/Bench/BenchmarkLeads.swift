import MarketRPC
import MarketWorkload
import NIOCore

/// The leads of a benchmark: 131,072 different ones, over and over, each time of a new person.
struct BenchmarkLeads: Sendable {
    static let distinctCount = 131_072
    private static let persons: UInt64 = 7_000_000_000

    /// What follows the phone number in a request, line end included.
    private let tails: [[UInt8]]
    private let firstPerson: UInt64

    init(seed: UInt64, firstPerson: UInt64, distinctCount: Int = distinctCount) {
        let leads = SyntheticLeads(regions: SyntheticRegions())
        var random = SplitMix64(seed: seed, text: "benchmark leads")
        tails = (0..<distinctCount).map { _ in
            let rest: JSONObject = [
                "channel": .string(leads.steadyChannel(using: &random)),
                "attributes": .object(leads.attributes(using: &random)),
                "consent": [
                    "givenAt": "2026-01-01T00:00:00Z",
                    "agreementSha256": .string(String(repeating: "5f", count: 32)),
                ],
            ]
            let members = JSONValue.object(rest).encoded.dropFirst()
            return Array("\",".utf8) + members + Array("}\n".utf8)
        }
        self.firstPerson = firstPerson
    }

    /// Appends the request of the lead number `index` with the identifier `identifier`.
    func append(_ index: Int, identifier: Int, to buffer: inout ByteBuffer) {
        buffer.writeStaticString(#"{"jsonrpc":"2.0","id":"#)
        buffer.writeString(String(identifier))
        buffer.writeStaticString(#","method":"lead.submit","params":{"phone":"1"#)
        let person = (firstPerson + UInt64(index)) % Self.persons
        buffer.writeString(String(3_000_000_000 + person))
        buffer.writeBytes(tails[index % tails.count])
    }
}

/// The advisors and orders of a benchmark.
enum BenchmarkOrders {
    /// Requests that register and pay the advisors and place the orders; repeating them changes nothing.
    static func lines(_ options: SubmitBenchmark.Options) -> [WorkloadLine] {
        var lines: [WorkloadLine] = []
        func add(_ label: String, _ method: String, _ parameters: JSONObject) {
            var parameters = parameters
            parameters["idempotencyKey"] = .string("bench-\(options.seed)-\(label)")
            lines.append(
                WorkloadLine(
                    number: lines.count + 1, label: label, method: method, parameters: parameters))
        }
        func advisor(_ index: Int) -> JSONValue { .string("bench-\(options.seed)-\(index)") }
        for index in 0..<options.advisors {
            add(
                "advisor-\(index)", "advisor.register",
                ["advisor": advisor(index), "institution": "bench"])
            add(
                "deposit-\(index)", "account.deposit",
                ["advisor": advisor(index), "amountFen": 1_000_000_000_000])
        }
        let orders = SyntheticOrders(regions: SyntheticRegions())
        var random = SplitMix64(seed: options.seed, text: "benchmark orders")
        for index in 0..<options.orders {
            let owner = Int(random.integer(below: UInt64(options.advisors)))
            var terms: JSONObject = ["advisor": advisor(owner)]
            terms.members += orders.terms(typicalQuantity: 10_000, using: &random).members
            add("order-\(index)", "order.place", terms)
        }
        return lines
    }
}
