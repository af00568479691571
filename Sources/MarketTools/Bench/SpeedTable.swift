public import MarketRPC

/// The table of figures that the market is to reach, each with its target, as Markdown.
///
/// It is fed with lines `{"row":NAME,"value":NUMBER,"unit":UNIT}`, one for each time that a figure was taken;
/// `p99` may give a percentile besides, which is a row of its own where the table has one, and `note` say under what it was taken.
public struct SpeedTable: Sendable {
    /// What a figure has to be.
    enum Bound: Sendable {
        case atMost(Double)
        case atLeast(Double)
        /// Nothing: it stands there to be compared with.
        case none

        func isMet(by value: Double) -> Bool? {
            switch self {
            case .atMost(let limit): value <= limit
            case .atLeast(let limit): value >= limit
            case .none: nil
            }
        }
    }

    /// A row of the table.
    struct Figure: Sendable {
        var row: String
        var title: String
        var unit: String
        var bound: Bound

        init(_ row: String, _ title: String, _ unit: String, _ bound: Bound) {
            (self.row, self.title, self.unit, self.bound) = (row, title, unit, bound)
        }
    }

    /// The table of targets, in its order.
    static let figures = [
        Figure("raw-sync", "raw: append 64 bytes, fdatasync, median", "µs", .none),
        Figure("raw-sync-p99", "the same, p99", "µs", .none),
        Figure("raw-commit", "raw: LMDB commit of one record, median", "µs", .none),
        Figure("raw-commit-p99", "the same, p99", "µs", .none),
        Figure("raw-round-trip", "raw: one round trip over a Unix socket, median", "µs", .none),
        Figure("match-100k", "match, 100k live orders, mean", "ns", .atMost(100)),
        Figure("match-100k-p99", "match, 100k live orders, p99", "ns", .atMost(1_000)),
        Figure("match-1m", "match, 1M live orders, mean", "ns", .atMost(150)),
        Figure("no-match-1m", "no match possible, 1M orders in one bucket", "ns", .atMost(60_000)),
        Figure("not-live-1m", "99 % of 1M orders not live", "ns", .atMost(1_500)),
        Figure(
            "equal-rank-100k", "exact least-recently-served among all-equal orders, 100k", "ns",
            .atMost(2_000)),
        Figure(
            "all-matches-scan-100k", "all matches by a plain scan, then the best of them, 100k",
            "ns", .none),
        Figure(
            "first-match-scan-100k", "the best by a plain scan in the order of ranks, 100k", "ns",
            .none),
        Figure("first-match-index-100k", "the best by the market's index, 100k", "ns", .none),
        Figure("place-100k", "place an order at 100k", "ns", .atMost(2_000)),
        Figure("pause-100k", "pause an order at 100k", "ns", .atMost(2_000)),
        Figure("resume-100k", "resume an order at 100k", "ns", .atMost(2_000)),
        Figure("build-1m", "build 1M orders", "s", .atMost(2)),
        Figure("index-bytes-an-order", "memory of the index, an order", "B", .atMost(250)),
        Figure("waiting-1m", "the newest fitting of 1M waiting leads", "µs", .atMost(20)),
        Figure(
            "submit-10k", "decide, evolve and encode, no disk, one thread, 10k orders", "leads/s",
            .atLeast(1_000_000)),
        Figure("submit-100k", "the same, 100k orders", "leads/s", .atLeast(1_000_000)),
        Figure("parse-submit", "parse one lead.submit, its frame at hand", "ns", .atMost(400)),
        Figure("parse-submit-from-memory", "the same, its frame in memory", "ns", .none),
        Figure(
            "durable-10k", "durable decisions over the socket, 32 × 16, 10k orders", "leads/s",
            .atLeast(200_000)),
        Figure(
            "durable-100k", "durable decisions over the socket, 32 × 16, 100k orders", "leads/s",
            .atLeast(200_000)),
        Figure("durable-p50", "the same, 10k orders, p50", "µs", .none),
        Figure("durable-p99", "the same, 10k orders, p99", "µs", .none),
        Figure(
            "served-10k", "the same, 10k orders, with a frontend that acknowledges and accepts",
            "leads/s", .none),
        Figure(
            "served-p99", "from a push until it is acknowledged or accepted, p99", "ms", .none),
        Figure("generator", "the load generator's own processor time", "µs/lead", .atMost(1.5)),
        Figure("one-client-p50", "one client, one in flight, p50", "µs", .none),
        Figure(
            "one-client-floor", "the same over the floor of that run (sync + commit + round trip)",
            "×", .atMost(1.5)),
        Figure(
            "one-client-waits", "the same over what it waits for (commit + round trip)", "×", .none),
        Figure("half-load-p99", "submit to answer at half load, p99", "ms", .none),
        Figure(
            "push-p99", "submit to push seen by a subscriber, at half load, p99", "ms", .atMost(2)),
        Figure(
            "replay", "replay through evolve, checksums on", "events/s", .atLeast(1_000_000)),
        Figure(
            "audit", "audit: inputs decided again and compared", "events/s", .atLeast(500_000)),
        Figure("ready", "ready after start, with snapshot", "s", .atMost(2)),
        Figure("log-bytes", "log bytes a sold lead, all its events", "B", .atMost(600)),
    ]

    private var values: [String: [Double]] = [:]
    private var notes: [String: String] = [:]
    private var others: [Figure] = []

    /// An empty table.
    public init() {}

    /// Enters one measurement.
    ///
    /// - Returns: whether `line` is one.
    public mutating func add(_ line: JSONValue) -> Bool {
        guard let row = line["row"]?.string else { return false }
        guard let value = line["value"]?.number else { return false }
        if let percentile = line["p99"]?.number,
            Self.figures.contains(where: { $0.row == "\(row)-p99" })
        {
            values["\(row)-p99", default: []].append(percentile)
        }
        if !Self.figures.contains(where: { $0.row == row }), values[row] == nil {
            others.append(Figure(row, row, line["unit"]?.string ?? "", .none))
        }
        values[row, default: []].append(value)
        if let note = line["note"]?.string, !note.isEmpty { notes[row] = note }
        return true
    }

    /// The table. Figures that were not taken say so; rows that have no target come last.
    public var markdown: String {
        var text = "| figure | target | median | spread | runs | |\n|---|---|---:|---|---:|---|\n"
        for figure in Self.figures + others { text += line(figure) }
        return text
    }

    /// How many targets are met and missed, and how many were not measured.
    public var summary: String {
        var (met, missed, absent) = (0, 0, 0)
        for figure in Self.figures {
            guard let spread = Spread(values[figure.row] ?? []) else {
                absent += 1
                continue
            }
            switch figure.bound.isMet(by: spread.median) {
            case true?: met += 1
            case false?: missed += 1
            case nil: break
            }
        }
        return "\(met) targets met, \(missed) missed, \(absent) rows not measured\n"
    }

    private func line(_ figure: Figure) -> String {
        let title = figure.title + (notes[figure.row].map { " (\($0))" } ?? "")
        let target =
            switch figure.bound {
            case .atMost(let limit): "≤ \(Self.shown(limit)) \(figure.unit)"
            case .atLeast(let limit): "≥ \(Self.shown(limit)) \(figure.unit)"
            case .none: ""
            }
        guard let spread = Spread(values[figure.row] ?? []) else {
            return "| \(title) | \(target) | not measured | | | |\n"
        }
        let verdict =
            switch figure.bound.isMet(by: spread.median) {
            case true?: "pass"
            case false?: "**miss**"
            case nil: ""
            }
        let range =
            spread.count > 1 ? "\(Self.shown(spread.least)) - \(Self.shown(spread.most))" : ""
        return
            "| \(title) | \(target) | \(Self.shown(spread.median)) \(figure.unit) | \(range) | \(spread.count) | \(verdict) |\n"
    }

    /// Three digits that count, whole from a hundred on.
    static func shown(_ value: Double) -> String {
        let size = abs(value)
        if size >= 100 || value == value.rounded() { return grouped(Int(value.rounded())) }
        let scale: Double = size >= 10 ? 10 : size >= 1 ? 100 : 1_000
        return "\((value * scale).rounded() / scale)"
    }
}
