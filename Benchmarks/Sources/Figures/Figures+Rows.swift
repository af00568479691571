import MarketCore
import MarketWorkload
import Probes

extension Figures {
    /// The rows by name: those with a target first, in the order of the table, then what else is told.
    static let rows: [(String, @Sendable () throws -> Void)] = [
        ("match-100k", { match("match-100k", .mixed, orders: 100_000, checked: 1_000) }),
        ("match-1m", { match("match-1m", .mixed, orders: 1_000_000, checked: 100) }),
        ("no-match-1m", { match("no-match-1m", .noMatch, orders: 1_000_000, checked: 50) }),
        ("not-live-1m", { match("not-live-1m", .notLive, orders: 1_000_000, checked: 100) }),
        ("equal-rank-100k", { equalRank() }),
        ("orders-100k", { orders() }),
        ("build-1m", { build() }),
        ("waiting-1m", { waiting() }),
        ("submit-10k", { submit("submit-10k", orders: 10_000) }),
        ("submit-100k", { submit("submit-100k", orders: 100_000) }),
        ("parse-submit", { parse() }),
        ("keys", { try keys() }),
        ("match-10k", { match("match-10k", .mixed, orders: 10_000, checked: 10_000) }),
        (
            "match-hot-100k",
            { match("match-hot-100k", .hotRegion, orders: 100_000, checked: 200) }
        ),
        (
            "match-correlated-100k",
            { match("match-correlated-100k", .correlated, orders: 100_000, checked: 500) }
        ),
        ("match-selling-100k", { matchWhileSelling() }),
        ("semantics-100k", { semantics() }),
    ]

    // MARK: Matching

    /// Mean over all leads, in rounds, and the 99th percentile of single matches.
    private static func match(
        _ row: String, _ kind: WorkloadKind, orders: Int, checked: Int
    ) {
        var probe = MatchProbe(kind, orders: orders)
        check(row, &probe, count: checked)
        // One look at some leads tells how many fit into a round.
        let start = Stopwatch.now()
        _ = probe.match(0..<200)
        let each = max(1, (Stopwatch.now() - start) / 200)
        let count = min(probe.leads.count, max(200, Int(Int64(times(1_000_000_000)) / each)))
        var figure = Figure.median(rounds: 5, times: count) { _ = probe.match(0..<count) }
        figure.p99 = Figure(of: probe.times(0..<count)).p99
        report(row, figure)
    }

    /// - Precondition: the market and the plain book give the same answers.
    private static func check(_ row: String, _ probe: inout MatchProbe, count: Int) {
        let naive = NaiveBook(probe.market)
        for lead in probe.leads.prefix(times(count)) {
            let expected = naive.best(for: lead, in: probe.market, at: Workload.beginning)
            let answer = probe.market.buyer(of: lead, at: Workload.beginning)
            precondition(answer == expected, "\(row): not the order that the plain book gives")
        }
    }

    /// Every order of an advisor of its own, all alike in rank; each lead is sold, so turns change.
    private static func equalRank() {
        var probe = MatchProbe(
            .equalRank, orders: 100_000, advisors: 100_000, leads: 20_000)
        let count = times(20_000)
        check("equal-rank-100k", &probe, count: 20)
        report("equal-rank-100k", Figure(of: probe.timesWhileSelling(count)))
        check("equal-rank-100k", &probe, count: 20)
    }

    private static func matchWhileSelling() {
        var probe = MatchProbe(.mixed, orders: 100_000)
        let count = times(100_000)
        report("match-selling-100k", Figure(of: probe.timesWhileSelling(count)))
        let later = NaiveBook(probe.market)
        for lead in probe.leads.suffix(times(1_000)) {
            let expected = later.best(for: lead, in: probe.market, at: Workload.beginning)
            precondition(probe.market.buyer(of: lead, at: Workload.beginning) == expected)
        }
    }

    /// The gain of asking for the best order only, and the gain of the index, apart: the same job by
    /// collecting all matches, by a scan in rank order, and by the market's index. The scans take the
    /// first leads; the index takes many, since it would have the way to a few in its caches.
    private static func semantics() {
        let (count, many) = (times(500), times(20_000))
        var probe = MatchProbe(.mixed, orders: 100_000, leads: 20_000)
        let (naive, leads) = (NaiveBook(probe.market), probe.leads.prefix(count))
        let all = Figure.median(rounds: 3, times: count) {
            for lead in leads {
                _ = naive.bestOfAll(for: lead, in: probe.market, at: Workload.beginning)
            }
        }
        report("all-matches-scan-100k", all)
        let first = Figure.median(rounds: 3, times: count) {
            for lead in leads {
                _ = naive.best(for: lead, in: probe.market, at: Workload.beginning)
            }
        }
        report("first-match-scan-100k", first)
        let index = Figure.median(rounds: 5, times: many) { _ = probe.match(0..<many) }
        report("first-match-index-100k", index)
        report("gain-of-semantics", all.mean / first.mean, unit: "x")
        report("gain-of-index", first.mean / index.mean, unit: "x")
        for lead in leads {
            let expected = naive.best(for: lead, in: probe.market, at: Workload.beginning)
            precondition(
                naive.bestOfAll(for: lead, in: probe.market, at: Workload.beginning) == expected)
        }
    }

    // MARK: Orders

    private static func orders() {
        let count = times(10_000)
        var probe = OrderProbe(.mixed, orders: 100_000, spare: count)
        report("place-100k", Figure(of: probe.place(count)))
        let (pauses, resumptions) = probe.pauseAndResume(count)
        report("pause-100k", Figure(of: pauses))
        report("resume-100k", Figure(of: resumptions))
    }

    private static func build() {
        let probe = BuildProbe(.mixed, orders: times(1_000_000))
        let without = probe.build(decides: false)
        let with = probe.build(decides: true)
        precondition(without.market.orders.count == with.market.orders.count)
        report("build-1m", with.seconds, unit: "s")
        report("build-1m-index", with.seconds - without.seconds, unit: "s")
        report("bytes-an-order", with.bytesPerOrder, unit: "B")
        report("index-bytes-an-order", with.bytesPerOrder - without.bytesPerOrder, unit: "B")
    }

    // MARK: Whole leads

    /// Decided, evolved by and encoded on one thread, without a disk.
    private static func submit(_ row: String, orders: Int) {
        var probe = SubmitProbe(.mixed, orders: orders)
        let count = times(50_000)
        let means = (0..<5).map { _ in
            let commands = probe.submissions(count)
            let start = Stopwatch.now()
            probe.submit(commands[...])
            return Double(Stopwatch.now() - start) / Double(count)
        }.sorted()
        precondition(probe.agreesWithPlainBook(on: times(1_000)), "\(row): another order's lead")
        report(row, 1e9 / means[2], unit: "leads/s")
    }

    /// Frames at hand, as they come from a socket; and besides each fetched from memory first.
    private static func parse() {
        let count = times(100_000)
        let probe = ParseProbe(leads: count)
        let means = (0..<5).map { _ in
            Double(probe.nanosecondsAtHand(0..<count)) / Double(count)
        }.sorted()
        report("parse-submit", means[2], unit: "ns")
        var parsed = 0
        report(
            "parse-submit-from-memory",
            Figure.median(rounds: 5, times: count) { parsed = probe.parse(0..<count) })
        precondition(parsed == count, "every frame is a submission")
    }

    private static func waiting() {
        var probe = WaitingProbe(leads: times(1_000_000), orders: 1_000)
        let (placements, sold) = probe.place(times(200))
        precondition(sold > placements.count / 2, "most orders find a lead")
        report("waiting-1m", Figure(of: placements), unit: "µs", scale: 0.001)
    }

    private static func keys() throws {
        var probe = try KeyProbe()
        let count = times(100_000)
        report("identity", Figure.median(rounds: 5, times: count) { _ = probe.identities(count) })
        let start = Stopwatch.now()
        let bytes = try probe.seals(count)
        precondition(bytes > 0)
        report("seal", Double(Stopwatch.now() - start) / Double(count), unit: "ns")
    }
}
