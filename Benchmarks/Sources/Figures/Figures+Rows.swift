import MarketCore
import MarketWorkload
import Probes

extension Figures {
    /// The rows by name: those with a target first, in the order of the table, then what else is told.
    static let rows: [(String, @Sendable () throws -> Void)] = [
        ("match-100k", { match("match-100k", .mixed, orders: 100_000) }),
        ("match-1m", { match("match-1m", .mixed, orders: 1_000_000) }),
        ("no-match-1m", { match("no-match-1m", .noMatch, orders: 1_000_000) }),
        ("not-live-1m", { match("not-live-1m", .notLive, orders: 1_000_000) }),
        ("equal-rank-100k", { equalRank() }),
        ("orders-100k", { orders() }),
        ("build-1m", { build() }),
        ("waiting-1m", { waiting() }),
        ("submit-10k", { submit("submit-10k", orders: 10_000) }),
        ("submit-100k", { submit("submit-100k", orders: 100_000) }),
        ("parse-submit", { parse() }),
        ("keys", { try keys() }),
        ("match-10k", { match("match-10k", .mixed, orders: 10_000) }),
        ("match-hot-100k", { match("match-hot-100k", .hotRegion, orders: 100_000) }),
        (
            "match-correlated-100k",
            { match("match-correlated-100k", .correlated, orders: 100_000) }
        ),
        (
            "match-selling-100k",
            { matchWhileSelling("match-selling-100k", .mixed, count: times(100_000)) }
        ),
        ("semantics-100k", { semantics() }),
    ]

    // MARK: Matching

    /// Mean over all leads, in rounds, and the 99th percentile of single matches.
    private static func match(_ row: String, _ kind: WorkloadKind, orders: Int) {
        var probe = MatchProbe(kind, orders: orders)
        // One look at some leads tells how many fit into a round.
        let start = Stopwatch.now()
        _ = probe.match(0..<200)
        let each = max(1, (Stopwatch.now() - start) / 200)
        let count = min(probe.leads.count, max(200, Int(Int64(times(1_000_000_000)) / each)))
        let expected = probe.plainBuyers(of: 0..<count)
        let total = sum(expected)
        var figure = Figure.median(rounds: 5, times: count) {
            confirm(probe.match(0..<count) == total, "\(row): another order")
        }
        let (times, buyers) = probe.times(0..<count)
        confirm(buyers == expected, "\(row): another order")
        figure.p99 = Figure(of: times).p99
        report(row, figure)
    }

    /// Every order of an advisor of its own, all alike in rank; each lead is sold, so turns change.
    private static func equalRank() {
        matchWhileSelling(
            "equal-rank-100k", .equalRank, advisors: 100_000, count: times(20_000))
    }

    private static func matchWhileSelling(
        _ row: String, _ kind: WorkloadKind, advisors: Int = 1_000, count: Int
    ) {
        var probe = MatchProbe(kind, orders: 100_000, advisors: advisors, leads: count)
        let (times, buyers) = probe.timesWhileSelling(count)
        var other = MatchProbe(kind, orders: 100_000, advisors: advisors, leads: count)
        other.sell(checking: buyers)
        confirm(probe.digest == other.digest, "\(row): another sale")
        report(row, Figure(of: times))
    }

    /// The gain of asking for the best order only, and the gain of the index, apart: the same job by
    /// collecting all matches, by a scan in rank order, and by the market's index. The scans take the
    /// first leads; the index takes many, since it would have the way to a few in its caches.
    private static func semantics() {
        let (count, many) = (times(500), times(20_000))
        var probe = MatchProbe(.mixed, orders: 100_000, leads: 20_000)
        let (naive, leads) = (NaiveBook(probe.market), probe.leads.prefix(count))
        let expected = probe.plainBuyers(of: 0..<many)
        let total = sum(expected)
        let all = Figure.median(rounds: 3, times: count) {
            let buyers = leads.map {
                naive.bestOfAll(for: $0, in: probe.market, at: Workload.beginning)
            }
            confirm(expected.starts(with: buyers), "all matches: another order")
        }
        report("all-matches-scan-100k", all)
        let first = Figure.median(rounds: 3, times: count) {
            let buyers = leads.map {
                naive.best(for: $0, in: probe.market, at: Workload.beginning)
            }
            confirm(expected.starts(with: buyers), "first match: another order")
        }
        report("first-match-scan-100k", first)
        let index = Figure.median(rounds: 5, times: many) {
            confirm(probe.match(0..<many) == total, "index: another order")
        }
        report("first-match-index-100k", index)
        report("gain-of-semantics", all.mean / first.mean, unit: "x")
        report("gain-of-index", first.mean / index.mean, unit: "x")
    }

    /// What ``MatchProbe/match(_:)`` adds up.
    private static func sum(_ buyers: [OrderID?]) -> UInt64 {
        buyers.reduce(0) { $0 &+ ($1?.rawValue ?? 0) }
    }

    // MARK: Orders

    private static func orders() {
        let count = times(10_000)
        var probe = OrderProbe(.mixed, orders: 100_000, spare: count)
        let placements = probe.place(count)
        confirm(probe.agreesWithPlainBook(), "place-100k: another order")
        let (pauses, paused) = probe.pause(count)
        confirm(probe.agreesWithPlainBook(), "pause-100k: another order")
        let resumptions = probe.resume(paused)
        confirm(probe.agreesWithPlainBook(), "resume-100k: another order")
        report("place-100k", Figure(of: placements))
        report("pause-100k", Figure(of: pauses))
        report("resume-100k", Figure(of: resumptions))
    }

    private static func build() {
        let probe = BuildProbe(.mixed, orders: times(1_000_000))
        let without = probe.build(decides: false)
        let with = probe.build(decides: true)
        confirm(probe.agreesWithPlainBook(with.market), "build-1m: another order")
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
        var checked = SubmitProbe(.mixed, orders: orders)
        checked.submitChecked(5 * count)
        confirm(probe.digest == checked.digest, "\(row): another order's lead")
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
        let (placements, sold) = probe.place(times(1_000))
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
