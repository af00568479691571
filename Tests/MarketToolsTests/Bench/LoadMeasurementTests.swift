import Histogram
import MarketRPC
import MarketTestSupport
import Testing

@testable import MarketTools

struct `what a load comes to` {
    private func record(_ latencies: [UInt64], seconds: UInt64 = 2) -> PhaseRecord {
        var record = PhaseRecord()
        for latency in latencies { record.latencies.record(latency) }
        record.counts[.released] = latencies.count
        (record.due, record.sent) = (latencies.count, latencies.count)
        record.began = 5_000_000_000
        record.lastAnswer = record.began + seconds * 1_000_000_000
        return record
    }

    @Test func `percentiles are in microseconds and within a thousandth`() throws {
        let record = record((1...1_000).map { $0 * 10_000 })
        let latency = try #require(LoadMeasurement(record).latency)
        #expect(latency.count == 1_000)
        for (value, expected) in zip(latency.microseconds, [5_000.0, 9_000, 9_900, 9_990, 10_000]) {
            #expect(abs(value - expected) <= expected / 900, "\(value) for \(expected)")
        }
        #expect(LatencySummary(PhaseRecord.histogram()) == nil)
    }

    @Test func `the rate is that of decisions until the last answer`() {
        var record = record(Array(repeating: 5_000, count: 600))
        record.counts[.overloaded] = 400
        record.counts[.duplicate] = 100
        (record.due, record.sent) = (1_200, 1_150)
        record.unanswered = 50
        let measurement = LoadMeasurement(record)
        #expect(measurement.leadsPerSecond == 350)
        #expect(!measurement.isComplete)
        let json = measurement.json
        #expect(json["due"] == 1_200 && json["sent"] == 1_150 && json["unsent"] == 50)
        #expect(json["answered"] == 1_100 && json["unanswered"] == 50)
        #expect(json["answers"] == ["released": 600])
        #expect(json["rejected"] == ["duplicate": 100])
        #expect(json["errors"] == ["overloaded": 400])
    }

    @Test func `what was due, sent and answered adds up`() {
        #expect(LoadMeasurement(record([1, 2, 3])).isComplete)
    }

    @Test func `latency is back once the median has been low for three stretches`() {
        func after(_ medians: [UInt64]) -> LoadMeasurement {
            var record = record([100_000])
            record.intervals = medians.enumerated().map { index, median in
                PhaseRecord.Interval(
                    end: Double(index + 1) / 10, answers: 5, median: median, p99: median,
                    p999: median)
            }
            return LoadMeasurement(record)
        }
        func recovery(_ medians: [UInt64]) -> Double? {
            OverloadMeasurement(
                factor: 3, closedLoop: after([]), before: LoadMeasurement(record([100_000])),
                during: after([]), after: after(medians)
            ).recoverySeconds
        }
        #expect(recovery([150, 150, 150]) == 0)
        #expect(recovery([9_000, 150, 9_000, 150, 150, 190, 9_000]) == 0.3)
        #expect(recovery([9_000, 9_000, 9_000]) == nil)
        #expect(recovery([9_000, 150, 150]) == nil)
    }

    @Test func `what an overload is served is a share of what a closed loop took right before`() {
        func share(_ closed: Int, _ during: Int) -> Double? {
            func load(_ count: Int) -> LoadMeasurement {
                LoadMeasurement(record(Array(repeating: 100, count: count)))
            }
            return OverloadMeasurement(
                factor: 3, closedLoop: load(closed), before: load(1), during: load(during),
                after: load(1)
            ).servedShare
        }
        #expect(share(400, 300) == 0.75)
        #expect(share(400, 500) == 1.25)
        #expect(share(0, 5) == nil)
        #expect(share(400, 0) == nil, "no overload was sent")
    }

    @Test func `options that make no sense are refused by name`() async {
        func problem(_ change: (inout BenchmarkOptions) -> Void) -> String {
            var options = BenchmarkOptions(socketPath: "")
            change(&options)
            do throws(ToolError) {
                try options.check()
                return ""
            } catch {
                return "\(error)"
            }
        }
        #expect(problem { _ in } == "")
        #expect(problem { $0.connections = 0 }.contains("connections"))
        #expect(problem { $0.inFlight = 5_000 }.contains("in flight"))
        #expect(problem { $0.orders = -1 }.contains("orders"))
        #expect(problem { $0.advisors = 9 }.contains("advisors"))
        #expect(problem { $0.changeShare = 0.9 }.contains("change orders"))
        #expect(problem { $0.warmUpSeconds = -1 }.contains("warm-up"))
        var options = BenchmarkOptions(socketPath: "")
        let chosen = ["nothing", "churn"].map { options.choose(workload: $0) }
        #expect(chosen == [false, true] && options.changeShare > 0)
        await #expect(throws: ToolError.self) { try await LoadBenchmark(options).run() }
    }
}
