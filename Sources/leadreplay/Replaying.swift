import ArgumentParser
import EventLog
import MarketCore
import MarketRPC
import MarketTools

/// The market that a log leads to, with a progress bar on the way.
struct Replaying {
    let log: EventLog
    let snapshots: SnapshotStore?
    private let replay: Replay

    init(_ options: DataOptions, usesSnapshots: Bool = true) throws {
        log = try options.openLog()
        snapshots = usesSnapshots ? options.data.snapshots : nil
        replay = Replay(log)
    }

    /// The market at `position`, or at the head.
    func market(at position: LogPosition?) throws -> Market {
        let end = try position ?? log.head()
        let meter = ProgressMeter(title: "replaying", total: Int(clamping: end.rawValue))
        defer { meter.finish() }
        let start = try replay.market(at: end, from: snapshots) {
            meter.update(Int(clamping: $0.rawValue))
        }
        for skipped in start.skipped { StandardError.write("leadreplay: \(skipped)\n") }
        return start.market
    }

    /// Shows every event of `range` to `each`, with the market after it.
    func events(
        from first: LogPosition, through last: LogPosition,
        _ each: (RecordedEvent, borrowing Market) throws -> Void
    ) throws {
        var market = try market(at: LogPosition(first.rawValue - 1))
        var failure: (any Error)?
        let meter = ProgressMeter(title: "reading", total: Int(clamping: last.rawValue))
        defer { meter.finish() }
        while market.head < last, failure == nil {
            let end = min(last, LogPosition(market.head.rawValue + 4_096))
            try replay.advance(&market, to: end) { recorded, market in
                if failure != nil { return }
                do { try each(recorded, market) } catch { failure = error }
            }
            meter.update(Int(clamping: market.head.rawValue))
        }
        if let failure { throw failure }
    }
}

/// Prints the digest of the market.
struct DigestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "digest",
        abstract: "Print the SHA-256 digest of the market's state.",
        discussion: """
            Two logs with the same digest lead to markets that behave alike for ever. The log \
            alone is replayed, from its start; snapshots are not used.
            """)

    @OptionGroup var options: DataOptions

    @Option(help: ArgumentHelp("After this event; the last if left out.", valueName: "position"))
    var at: PositionArgument?

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() throws {
        try Terminal.run {
            let market = try Replaying(options, usesSnapshots: false).market(at: at?.position)
            let digest = MarketDigest(of: market).description
            guard json else { return try Terminal.write("\(digest)  \(market.head.rawValue)\n") }
            var writer = JSONWriter()
            writer.beginObject()
            writer.member("position", market.head)
            writer.member("digest", digest)
            writer.endObject()
            writer.endLine()
            try Terminal.write(writer.bytes)
        }
    }
}
