import MarketRPC
import MarketTestSupport
import Testing

@testable import MarketTools

struct `comparing runs` {
    private func run(_ rate: Int64, p99: Double, orders: Int64 = 10_000) -> JSONValue {
        [
            "kind": "load", "orders": .integer(orders), "kneePerSecond": .integer(2 * rate),
            "steps": [
                [
                    "percentOfKnee": .double(50), "leadsPerSecond": .integer(rate), "due": 12,
                    "latencyMicroseconds": ["p50": .double(10), "p99": .double(p99), "count": 5],
                ]
            ],
        ]
    }

    @Test func `a spread has the least, the middle and the most`() throws {
        let spread = try #require(Spread([5, 1, 3]))
        #expect((spread.least, spread.median, spread.most) == (1, 3, 5))
        #expect(Spread([4, 1, 3, 2])?.median == 2.5)
        #expect(Spread([]) == nil)
    }

    @Test func `figures that both have are compared by their medians`() throws {
        let comparison = try RunComparison(
            [run(100, p99: 50), run(120, p99: 60), run(110, p99: 40)],
            [run(220, p99: 50), run(200, p99: 45)])
        let rows = Dictionary(uniqueKeysWithValues: comparison.rows.map { ($0.name, $0) })
        let rate = try #require(rows["50 % leadsPerSecond"])
        #expect(rate.first.median == 110 && rate.second.median == 210)
        let difference = try #require(rate.difference)
        #expect(abs(difference - 100.0 / 110) < 1e-9)
        #expect(rate.first.isApart(from: rate.second))
        let slow = try #require(rows["50 % latencyMicroseconds p99"])
        #expect(!slow.first.isApart(from: slow.second))
        #expect(rows["kneePerSecond"]?.second.median == 420)
        #expect(rows.keys.allSatisfy { !$0.contains("count") && !$0.contains("due") })
    }

    @Test func `what two runs were not made alike with is named`() throws {
        let comparison = try RunComparison(
            [run(100, p99: 50)], [run(100, p99: 50, orders: 100_000)])
        #expect(comparison.differences == ["orders: 10000 and 100000"])
        #expect(comparison.text.contains("Not made alike: orders: 10000 and 100000."))
    }

    @Test func `one run of each is never said to lie apart`() throws {
        let comparison = try RunComparison([run(100, p99: 1)], [run(900, p99: 1)])
        #expect(comparison.rows.allSatisfy { !$0.first.isApart(from: $0.second) })
    }

    @Test func `runs without a common figure are refused`() {
        #expect(throws: ToolError.self) { try RunComparison([["kind": "load"]], [run(1, p99: 1)]) }
    }

    @Test func `a file has one run a line, and a damaged line is named`() throws {
        let line = String(decoding: run(100, p99: 50).encoded, as: UTF8.self)
        let runs = try withFile(Array("\(line)\n\n\(line)\n".utf8)) { path in
            try RunComparison.read(path: path)
        }
        #expect(runs == [run(100, p99: 50), run(100, p99: 50)])
        #expect(throws: ToolError.self) {
            try withFile(Array("\(line)\n{\n".utf8)) { try RunComparison.read(path: $0) }
        }
        #expect(throws: ToolError.self) {
            try withFile(Array("\n".utf8)) { try RunComparison.read(path: $0) }
        }
    }
}
