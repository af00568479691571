import Benchmark
import MarketWorkload
import Probes

/// The hot paths of the market as ordo-one/benchmark measures them: `swift package benchmark`.
///
/// An iteration does a thing a thousand times, because a single one is shorter than reading the clock.
let benchmarks: @Sendable () -> Void = {
    Benchmark.defaultConfiguration = Benchmark.Configuration(
        metrics: [.wallClock, .throughput, .peakMemoryResident], scalingFactor: .kilo,
        maxDuration: .seconds(3), maxIterations: 1_000)

    for (kind, orders) in [
        (WorkloadKind.mixed, 10_000), (.mixed, 100_000), (.hotRegion, 100_000),
        (.correlated, 100_000),
    ] {
        Benchmark("match, \(kind.rawValue), \(orders) orders") { benchmark, probe in
            var place = 0
            for _ in benchmark.scaledIterations {
                blackHole(probe.value.match(place..<(place + 1)))
                place = (place + 1) % probe.value.leads.count
            }
        } setup: {
            Kept(checkedProbe(kind, orders: orders))
        }
    }

    Benchmark("parse one lead.submit") { benchmark, probe in
        let count = benchmark.scaledIterations.count
        blackHole(probe.parse(0..<count))
    } setup: {
        ParseProbe(leads: 10_000)
    }

    Benchmark("decide, evolve and encode a lead, 10000 orders") { benchmark, probe in
        let commands = probe.value.submissions(benchmark.scaledIterations.count)
        benchmark.startMeasurement()
        probe.value.submit(commands[...])
        benchmark.stopMeasurement()
    } setup: {
        Kept(SubmitProbe(.mixed, orders: 10_000))
    }
}

/// A market that finds for each of its leads the order that a plain book finds.
private func checkedProbe(_ kind: WorkloadKind, orders: Int) -> MatchProbe {
    var probe = MatchProbe(kind, orders: orders)
    confirm(probe.market.agreesWithPlainBook(on: probe.leads), "another order")
    return probe
}

/// Keeps a probe, which changes, from one iteration to the next.
private final class Kept<Probe: ~Copyable> {
    var value: Probe

    init(_ value: consuming Probe) { self.value = value }
}
