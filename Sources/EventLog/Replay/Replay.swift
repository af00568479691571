public import MarketCore

/// Why a log cannot be replayed.
public enum ReplayError: Error, Hashable, Sendable {
    /// The log cannot be read, or is damaged.
    case log(EventLogError)
    /// An event of the log cannot have happened to the market before it.
    case impossible(path: String, position: LogPosition, Obstacle)
    /// The log ends before the position asked for.
    case beyondLog(position: LogPosition, head: LogPosition)
    /// The market is at a later position than the one asked for.
    case afterwards(position: LogPosition, head: LogPosition)
}

extension ReplayError: CustomStringConvertible {
    /// What happened, and what to do.
    public var description: String {
        switch self {
        case .log(let error): "\(error)"
        case .impossible(let path, let position, let obstacle):
            """
            The log in \(path) is not sound at position \(position.rawValue): \(obstacle). Do not \
            start a market on it; keep a copy, restore the last backup, and run \
            `leadreplay verify` on both.
            """
        case .beyondLog(let position, let head):
            "The log ends at position \(head.rawValue), before \(position.rawValue)."
        case .afterwards(let position, let head):
            "The market stands at \(head.rawValue), after position \(position.rawValue)."
        }
    }
}

/// Feeds the events of a log to a market, in short bounded reads.
public struct Replay: Sendable {
    /// The log.
    public let log: EventLog

    /// Replays `log`.
    public init(_ log: EventLog) {
        self.log = log
    }

    /// Brings `market` from where it stands to `position`, or to the log's head.
    ///
    /// - Parameters:
    ///   - position: the last event to follow; `nil` for the head at the time of the call.
    ///   - progress: told after each read how far the market is.
    /// - Throws: ``ReplayError``; the market then stands before the event at fault.
    /// - Complexity: O(events); no read transaction outlives one page.
    public func advance(
        _ market: inout Market, to position: LogPosition? = nil,
        progress: (LogPosition) -> Void = { _ in }
    ) throws(ReplayError) {
        try advance(&market, to: position, progress: progress) { _, _ in }
    }

    /// The same, showing each event and the market after it to `each`.
    public func advance(
        _ market: inout Market, to position: LogPosition? = nil,
        progress: (LogPosition) -> Void = { _ in },
        each: (RecordedEvent, borrowing Market) -> Void
    ) throws(ReplayError) {
        let head = try head()
        let end = position ?? head
        guard end <= head else { throw .beyondLog(position: end, head: head) }
        guard market.head <= end else { throw .afterwards(position: end, head: market.head) }
        // Events are read, checked and decoded on a thread of their own, ahead of the market.
        let reading = ReplayReading(log, after: market.head, through: end)
        let batches = Ahead(by: ReplayReading.batchesAhead, from: reading) { $0.batch() }
        while let batch = batches.next() {
            let events = batch.events.span
            for index in events.indices {
                try events.lend(index) { recorded throws(ReplayError) in
                    if let obstacle = market.obstacle(to: recorded) {
                        throw .impossible(
                            path: log.path, position: recorded.position, obstacle)
                    }
                    market.evolve(recorded)
                    each(recorded, market)
                }
            }
            if let failure = batch.failure { throw .log(failure) }
            progress(market.head)
        }
    }

    /// The market at `position`, from the nearest sound snapshot of `store` before it.
    ///
    /// - Returns: the market, and the snapshots that had to be passed over.
    public func market(
        at position: LogPosition? = nil, from store: SnapshotStore? = nil, decides: Bool = false,
        progress: (LogPosition) -> Void = { _ in }
    ) throws(ReplayError) -> SnapshotStart {
        let head = try head()
        let end = position ?? head
        guard end <= head else { throw .beyondLog(position: end, head: head) }
        var start = SnapshotStart(market: Market(decides: decides), skipped: [])
        if let store {
            do {
                start = try store.loadNewest(upTo: end, head: head, decides: decides)
            } catch {
                start.skipped = [
                    SkippedSnapshot(position: .start, path: store.directory, error: error)
                ]
            }
        }
        try advance(&start.market, to: end, progress: progress)
        return start
    }

    private func head() throws(ReplayError) -> LogPosition {
        do {
            return try log.head()
        } catch {
            throw .log(error)
        }
    }
}

/// Events that were read together.
private struct ReplayBatch: Sendable {
    var events: [RecordedEvent] = []
    /// Why what comes after them cannot be read.
    var failure: EventLogError?
}

/// Reads the events of a log, ahead of the market that follows them.
private struct ReplayReading: Sendable {
    /// How many batches wait for the market at the most.
    static let batchesAhead = 4
    private static let batchEvents = 512

    private let log: EventLog
    private var next: LogPosition
    private let end: LogPosition
    private var handedOn = HandedOn<ReplayBatch>(by: batchesAhead)

    init(_ log: EventLog, after position: LogPosition, through end: LogPosition) {
        self.log = log
        self.next = position.next
        self.end = end
    }

    /// Reads a batch; `nil` after the last, and after one with a failure.
    mutating func batch() -> ReplayBatch? {
        guard next <= end else { return nil }
        var batch = ReplayBatch()
        do throws(EventLogError) {
            try read(into: &batch)
        } catch {
            batch.failure = error
            next = end.next
        }
        handedOn.keep(batch)
        return batch
    }

    private mutating func read(into batch: inout ReplayBatch) throws(EventLogError) {
        let left = Int(clamping: end.rawValue - next.rawValue) + 1
        let page = try log.read(from: next, maximumRecords: min(left, Self.batchEvents))
        guard page.nextPosition > next else {
            throw .noRecord(position: next, head: page.head)
        }
        batch.events.reserveCapacity(page.count)
        for index in page.indices { batch.events.append(try log.event(of: page, at: index)) }
        next = page.nextPosition
    }
}
