internal import EventLog
internal import Logging
internal import MarketCore
internal import MarketRPC
internal import Projections

/// Whether a market may or must be created.
public enum Creation: Sendable {
    /// Where there is none.
    case ifMissing
    /// There must be none yet.
    case required
}

/// A market's files, opened and checked, and its state as of the last event.
struct OpenedMarket: Sendable {
    let lock: DirectoryLock
    let log: EventLog
    let vault: ContactVault
    let secret: MarketSecret
    let clock: ClockKind
    /// The writer's market.
    let market: Handover<Market>
    /// What sessions read parameters with.
    let schema: SchemaBoard
    /// The last position.
    let head: LogPosition
    /// What reads see: the same state without a ranked book, and the views.
    let follower: Handover<FollowerState>
    let snapshots: SnapshotStore
    /// The position of the newest snapshot.
    let lastSnapshot: LogPosition
}

/// Opens a market, or creates it, step by step.
///
/// In this order: nobody else has the directory; clock and secret are the market's; the log reaches as far
/// as what was derived from it, and is whole where it is read; the state is rebuilt, and the follower's
/// beside it; a change of rules is noted; keys beyond the log are cut off; the keys of erased persons are
/// overwritten once more. Of a log that is not this market's nothing is derived.
struct MarketOpening {
    let configuration: ServerConfiguration
    let creation: Creation
    let logger: Logger

    private var secretPath: String { configuration.keysDirectory + "/secret" }
    private var vaultPath: String { configuration.keysDirectory + "/contacts" }

    func open() throws(StartError) -> OpenedMarket {
        try StartError.check { () throws(EventLogError) in
            try Directory.make(configuration.dataDirectory, mode: 0o700)
            try Directory.make(configuration.keysDirectory, mode: 0o700)
        }
        let lock = try DirectoryLock(directory: configuration.dataDirectory)
        let log = try openLog()
        let isNew = try StartError.check { () throws(EventLogError) in try log.head() == .start }
        if isNew {
            try StartError.check { () throws(EventLogError) in try create(log) }
        } else if creation == .required {
            throw .marketExists(directory: configuration.dataDirectory)
        }
        return try restore(log, lock)
    }

    private func openLog() throws(StartError) -> EventLog {
        try StartError.check { () throws(EventLogError) in
            try EventLog(
                directory: configuration.dataDirectory + "/log",
                options: EventLogOptions(mapSizeBytes: configuration.storage.mapSizeMiB << 20))
        }
    }

    // MARK: - Creating

    /// Founds a market in an empty log. Stopping in between leaves a secret, which the next start
    /// takes over; keys of contacts without a log are a lost log, and nothing is founded on them.
    private func create(_ log: EventLog) throws(EventLogError) {
        if Directory.exists(vaultPath) {
            guard try ContactVault(path: vaultPath).isEmpty else {
                throw .noLog(path: configuration.dataDirectory + "/log")
            }
        } else {
            _ = try ContactVault.create(at: vaultPath)
        }
        let secret =
            Directory.exists(secretPath)
            ? try MarketSecret(path: secretPath) : try MarketSecret.create(at: secretPath)
        let foundation = MarketFoundation(
            rulesVersion: Market.rulesVersion, clock: configuration.foundation.clock,
            currency: configuration.foundation.currency,
            utcOffsetMinutes: configuration.foundation.utcOffsetMinutes,
            secretFingerprint: secret.fingerprint)
        var market = Market()
        // On the supplied clock the market begins before anything that can be supplied.
        let stamp = foundation.clock == .real ? WallClock.now : .epoch
        try append(.createMarket(foundation), to: &market, at: stamp, log)
        logger.notice(
            "market created",
            metadata: [
                "directory": "\(configuration.dataDirectory)", "clock": "\(foundation.clock)",
            ])
    }

    private func append(
        _ command: Command, to market: inout Market, at stamp: Timestamp, _ log: EventLog
    ) throws(EventLogError) {
        var batch = RecordBatch(firstPosition: market.head.next)
        do throws(Rejection) {
            let events = try market.execute(command, at: stamp, input: .market)
            batch.append(transaction: events[...])
        } catch {
            preconditionFailure("the market's own commands are never refused: \(error)")
        }
        try log.append(batch)
    }

    // MARK: - Restoring

    private func restore(
        _ log: EventLog, _ lock: DirectoryLock
    ) throws(StartError) -> OpenedMarket {
        let vault = try StartError.check { () throws(EventLogError) in
            try ContactVault(path: vaultPath)
        }
        let snapshots = SnapshotStore(directory: configuration.dataDirectory + "/snapshots")
        let head = try StartError.check { () throws(EventLogError) in try log.head() }
        let (foundation, secret) = try checkFoundation(log)
        let views = try openViews(snapshots, head)
        var (market, lastSnapshot) = try newestSnapshot(in: snapshots, head)
        // The follower goes on from the same state, which need not be read a second time.
        let opening = FollowerOpening(log: log, vault: vault, snapshots: snapshots, logger: logger)
        let follower = opening.start(views, newest: market.following(), head: head)
        // Whatever else goes wrong, no file is open any more when this is over.
        defer { _ = try? follower.get() }
        try StartError.check { () throws(EventLogError) in
            try replay(log, from: market.head.next, of: head) { recorded in
                if recorded.position == recorded.transaction,
                    market.rulesInForce <= Market.rulesVersion,
                    Self.lacksSnapshot(
                        at: market.head, after: lastSnapshot, logEnd: head,
                        interval: configuration.storage.snapshotIntervalEvents)
                {
                    lastSnapshot = market.head
                    keepSnapshot(of: market, snapshots)
                }
                market.evolve(recorded)
            }
        }
        guard market.rulesInForce <= Market.rulesVersion else {
            throw .newerRules(log: market.rulesInForce, program: Market.rulesVersion)
        }
        // A stop between the keys' writing and the log's commit leaves one batch of keys at the most.
        let surplus = vault.count - min(vault.count, market.contactCount)
        guard surplus <= UInt64(WriterLoop.maximumBatchRequests) else {
            throw .keysBeyondLog(surplus: surplus, path: vaultPath)
        }
        if surplus > 0 {
            logger.notice(
                "keys without a committed lead are cut off", metadata: ["count": "\(surplus)"])
        }
        try StartError.check { () throws(EventLogError) in
            try noteRules(&market, log)
            try vault.keepSlots(market.contactCount) { slots throws(EventLogError) in
                logger.notice(
                    "the owners of keys are read from the log",
                    metadata: ["keys": "\(slots.count)"])
                return try ContactSlots(log: log).owners(of: slots, path: vaultPath)
            }
            try eraseAgain(market, vault, log)
        }
        let state = try follower.get().take()
        // What this start itself had to note.
        try opening.catchUp(state, to: market.head)
        return OpenedMarket(
            lock: lock, log: log, vault: vault, secret: secret, clock: foundation.clock,
            market: Handover(market), schema: SchemaBoard(market), head: market.head,
            follower: Handover(state), snapshots: snapshots, lastSnapshot: lastSnapshot)
    }

    /// Reads what the market was founded with, before anything is derived from a log that this daemon
    /// is not to run.
    private func checkFoundation(
        _ log: EventLog
    ) throws(StartError) -> (MarketFoundation, MarketSecret) {
        let first = try StartError.check { () throws(EventLogError) in
            try log.event(at: LogPosition(1))
        }
        guard case .marketCreated(let foundation) = first.event else {
            throw .storage(.damaged(path: log.path, position: LogPosition(1), damage: .flags))
        }
        let configured = configuration.foundation
        let fixed = [
            ("market.clock", foundation.clock.word, configured.clock.word),
            ("market.currency", foundation.currency, configured.currency),
            (
                "market.utcOffset", Self.utcOffset(foundation.utcOffsetMinutes),
                Self.utcOffset(configured.utcOffsetMinutes)
            ),
        ]
        for (key, value, configured) in fixed where value != configured {
            throw .otherFoundation(key: key, market: value, configured: configured)
        }
        let secret = try StartError.check { () throws(EventLogError) in
            try MarketSecret(path: secretPath, fingerprint: foundation.secretFingerprint)
        }
        return (foundation, secret)
    }

    /// As a configuration has it: `+08:00`.
    private static func utcOffset(_ minutes: Int) -> String {
        let parts = [abs(minutes) / 60, abs(minutes) % 60].map { ($0 < 10 ? "0" : "") + "\($0)" }
        return (minutes < 0 ? "-" : "+") + parts.joined(separator: ":")
    }

    private func newestSnapshot(
        in snapshots: SnapshotStore, _ head: LogPosition
    ) throws(StartError) -> (Market, LogPosition) {
        try StartError.check { () throws(SnapshotError) in
            let start = try snapshots.loadNewest(upTo: head, head: head, onAllCores: true)
            for skipped in start.skipped {
                logger.warning("\(skipped)", metadata: ["path": "\(skipped.path)"])
                // It would stand in the way of one of its span that is of use.
                if skipped.isOutdated { try snapshots.remove(skipped.position) }
            }
            return (start.market, start.position)
        }
    }

    /// Whether replaying passes a snapshot that should be there and is not: it was deleted, or other
    /// rules made it. A past state stays near that way. That of the span that the log ends in is left
    /// to the running market, where that has one due within the span: nobody waits for it then.
    static func lacksSnapshot(
        at position: LogPosition, after last: LogPosition, logEnd: LogPosition, interval: Int
    ) -> Bool {
        let length = SnapshotStore.keptEvery
        let (span, end) = (position.rawValue / length, logEnd.rawValue / length)
        guard span > last.rawValue / length else { return false }
        return span < end || last.rawValue + UInt64(interval) >= (end + 1) * length
    }

    private func keepSnapshot(of market: Market, _ snapshots: SnapshotStore) {
        do throws(SnapshotError) {
            try snapshots.write(market)
        } catch {
            logger.error("no snapshot", metadata: ["problem": "\(error)"])
        }
    }

    private func replay(
        _ log: EventLog, from position: LogPosition, of head: LogPosition,
        _ body: (RecordedEvent) -> Void
    ) throws(EventLogError) {
        var next = position
        var progress = ReplayProgress("replaying the log", from: position, of: head)
        while true {
            let page = try log.read(from: next)
            if page.isEmpty { return }
            for index in page.indices { body(try log.event(of: page, at: index)) }
            next = page.nextPosition
            progress.note(next, logger)
        }
    }

    private func noteRules(_ market: inout Market, _ log: EventLog) throws(EventLogError) {
        guard market.rulesInForce < Market.rulesVersion else { return }
        let now = market.foundation?.clock == .supplied ? market.time : WallClock.now
        try append(
            .changeRules(version: Market.rulesVersion), to: &market, at: market.stamp(at: now), log)
        logger.notice("rules changed", metadata: ["version": "\(Market.rulesVersion)"])
    }

    /// Opens the views, and makes sure that nothing derived from the log reaches beyond its end.
    ///
    /// Why: a damaged meta page makes LMDB fall back to the commit before. Going on from there would
    /// cut off the keys of leads that were acknowledged, and use their positions again.
    private func openViews(
        _ snapshots: SnapshotStore, _ head: LogPosition
    ) throws(StartError) -> Views {
        let views = try StartError.check { () throws(ViewError) in
            try Views(directory: configuration.dataDirectory + "/views")
        }
        let newestSnapshot = try StartError.check { () throws(SnapshotError) in
            try snapshots.positions().first
        }
        let derived = max(views.position, newestSnapshot ?? .start)
        guard derived <= head else {
            throw .logTooShort(
                head: head.rawValue, derived: derived.rawValue,
                directory: configuration.dataDirectory)
        }
        return views
    }

    /// The daemon may have stopped between the commit of an erasure and the overwriting.
    private func eraseAgain(
        _ market: Market, _ vault: ContactVault, _ log: EventLog
    ) throws(EventLogError) {
        let erased = Set(market.people.erased)
        let result = try vault.erase(erased) { slots throws(EventLogError) in
            try ContactSlots(log: log).owners(of: slots, path: vaultPath)
        }
        if result.erased > 0 {
            logger.notice(
                "keys of erased persons overwritten", metadata: ["count": "\(result.erased)"])
        }
        result.report(to: logger)
    }
}
