import Foundation
import MarketRPC
import MarketTestSupport
import Testing

@testable import MarketTools

struct `drawing latency by load` {
    private func run(_ steps: [(rate: Int64, p50: Double, p99: Double)]) -> JSONValue {
        let steps = steps.map { step -> JSONValue in
            [
                "offeredPerSecond": .integer(step.rate),
                "latencyMicroseconds": [
                    "p50": .double(step.p50), "p99": .double(step.p99),
                    "p99.9": .double(2 * step.p99),
                ],
            ]
        }
        return ["kneePerSecond": 1_000, "orders": 10_000, "steps": .array(steps)]
    }

    private var plot: LatencyPlot {
        get throws {
            try LatencyPlot([
                ("before & <after>", run([(900, 200, 5_000), (500, 100, 900)])),
                ("second", run([(500, 90, 800)])),
            ])
        }
    }

    @Test func `there is a line for each run and percentile, from low to high load`() throws {
        let plot = try plot
        #expect(plot.lines.map(\.percentile) == ["p50", "p99", "p99.9", "p50", "p99", "p99.9"])
        #expect(plot.lines.map(\.run) == [0, 0, 0, 1, 1, 1])
        #expect(plot.lines[0].points.map(\.rate) == [500, 900])
        #expect(plot.lines[0].points.map(\.latency) == [100, 200])
    }

    @Test func `the picture is well-formed and has its axes, units, legend and knees`() throws {
        let svg = try plot.svg
        let parser = XMLNodes(svg)
        #expect(parser.isWellFormed)
        #expect(parser.counts["polyline"] == 6)
        #expect(parser.counts["circle"] == 9)
        for text in [
            "leads a second, offered", "latency from when a lead was due", "100 µs", "1 ms", "knee",
            "p99.9 second", "before &amp; &lt;after&gt;", "Latency by load, 10,000 orders",
        ] {
            #expect(svg.contains(text), "\(text)")
        }
    }

    @Test func `a higher latency stands higher and equal steps of its logarithm are equally far`()
        throws
    {
        let plot = try LatencyPlot([("a", run([(100, 100, 1_000), (200, 1_000, 10_000)]))])
        let places = plot.svg.matches(of: #/cy="([0-9.]+)"/#).compactMap { Double($0.1) }
        #expect(places.count == 6)
        let (low, middle, high) = (places[0], places[1], places[3])
        #expect(low > middle && middle > high)
        #expect(abs((low - middle) - (middle - high)) < 0.25)
    }

    @Test func `ticks are round numbers`() {
        #expect(LatencyPlot.ticks(upTo: 210_000) == [0, 50_000, 100_000, 150_000, 200_000])
        #expect(LatencyPlot.ticks(upTo: 7) == [0, 1, 2, 3, 4, 5, 6, 7])
        #expect(LatencyPlot.label(microseconds: 10) == "10 µs")
        #expect(LatencyPlot.label(microseconds: 10_000) == "10 ms")
        #expect(LatencyPlot.label(microseconds: 1_000_000) == "1 s")
    }

    @Test func `runs without an offered rate are refused`() {
        #expect(throws: ToolError.self) {
            try LatencyPlot([("submit", ["steps": [["leadsPerSecond": 5]]])])
        }
    }
}

/// Whether tags nest and close, and how many there are of each.
private struct XMLNodes {
    var isWellFormed = true
    var counts: [String: Int] = [:]

    init(_ text: String) {
        var open: [String] = []
        for match in text.matches(of: #/<(/?)([a-z]+)([^<>]*?)(/?)>/#) {
            let name = String(match.2)
            if !match.1.isEmpty {
                if open.popLast() != name { isWellFormed = false }
                continue
            }
            counts[name, default: 0] += 1
            if match.4.isEmpty { open.append(name) }
        }
        if !open.isEmpty { isWellFormed = false }
    }
}
