import MarketRPC
import MarketTestSupport
import Testing

@testable import MarketTools

struct `the table of speed targets` {
    private func table(_ lines: [JSONValue]) -> (table: SpeedTable, taken: [Bool]) {
        var table = SpeedTable()
        let taken = lines.map { table.add(run: $0) || table.add($0) }
        return (table, taken)
    }

    private func row(_ text: String, _ title: String) -> String {
        String(text.split(separator: "\n").first { $0.contains(title) } ?? "")
    }

    @Test func `a figure stands beside its target with median, spread and verdict`() {
        let (table, taken) = table([
            ["row": "replay", "value": 1_200_000, "unit": "events/s", "note": "5 events"],
            ["row": "replay", "value": 900_000, "unit": "events/s", "note": "5 events"],
            ["row": "replay", "value": 1_100_000, "unit": "events/s", "note": "5 events"],
            ["row": "ready", "value": .double(2.25), "unit": "s"],
            ["row": "match-100k", "value": 80, "unit": "ns", "p99": 900],
            ["row": "not-live-1m", "value": 1_600, "unit": "ns", "p99": 9_000],
        ])
        #expect(taken.allSatisfy { $0 })
        let text = table.markdown
        #expect(
            row(text, "replay")
                == "| replay through evolve, checksums on (5 events) | ≥ 1,000,000 events/s | 1,100,000 events/s | 900,000 - 1,200,000 | 3 | pass |"
        )
        #expect(
            row(text, "ready")
                == "| ready after start, with snapshot | ≤ 2 s | 2.25 s |  | 1 | **miss** |")
        #expect(row(text, "audit").contains("not measured"))
        #expect(
            row(text, "100k live orders, p99").contains("| ≤ 1,000 ns | 900 ns |  | 1 | pass |"))
        #expect(!text.contains("9,000"))
        #expect(table.summary.hasPrefix("3 targets met, 2 missed, "))
    }

    @Test func `every row has a name of its own`() {
        let names = SpeedTable.figures.map(\.row)
        #expect(Set(names).count == names.count)
    }

    @Test func `rows without a target come last, and lines that are no row are passed over`() {
        let (table, taken) = table([
            ["row": "redis", "value": 22_000, "unit": "leads/s"], ["value": 5], ["row": "replay"],
        ])
        #expect(taken == [true, false, false])
        #expect(table.markdown.hasSuffix("| redis |  | 22,000 leads/s |  | 1 |  |\n"))
    }

    @Test func `runs of the load generator fill the rows of the socket`() {
        func step(_ rate: Int64, _ p50: Double) -> JSONValue {
            [
                "leadsPerSecond": .integer(rate), "generatorMicrosecondsPerRequest": .double(1.25),
                "latencyMicroseconds": ["p50": .double(p50), "p99": .double(4_000)],
                "pushLatencyMicroseconds": ["p99": .double(1_500)],
                "frontendLatencyMicroseconds": ["p99": .double(7_500)],
            ]
        }
        let floor: JSONValue = [
            "floorMicroseconds": .double(100),
            "keySync": ["p50": .double(40), "p99": .double(3_400)],
            "commit": ["p50": .double(50), "p99": .double(9_100)],
            "roundTrip": ["p50": .double(10)],
        ]
        let (table, taken) = table([
            ["as": "durable-10k", "run": ["steps": [step(250_000, 2_000)]]],
            ["as": "durable-100k", "run": ["steps": [step(150_000, 3_000)]]],
            ["as": "one-client", "run": ["steps": [step(5_000, 140)]], "floor": floor],
            ["as": "half-load", "run": ["steps": [step(125_000, 400)]]],
            ["as": "served-10k", "run": ["steps": [step(90_000, 3_000)]]],
            ["as": "something", "run": ["steps": [step(1, 1)]]],
        ])
        #expect(taken == [true, true, true, true, true, false])
        let text = table.markdown
        #expect(row(text, "16, 10k orders |").contains("| 250,000 leads/s |  | 1 | pass |"))
        #expect(row(text, "16, 100k orders |").contains("| **miss** |"))
        #expect(row(text, "with a frontend").contains("| 90,000 leads/s |"))
        #expect(row(text, "until it is acknowledged").contains("| 7.5 ms |"))
        let raw = text.split(separator: "\n").filter { $0.contains("| the same, p99 |") }
        #expect(raw.count == 2 && raw[0].contains("3,400 µs") && raw[1].contains("9,100 µs"))
        #expect(row(text, "over the floor").contains("| 1.4 × |  | 1 | pass |"))
        #expect(row(text, "seen by a subscriber").contains("| 1.5 ms |"))
        #expect(row(text, "own processor time").contains("| 1.25 µs/lead |"))
    }
}
