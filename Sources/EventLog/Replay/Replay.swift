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
        // Pages are read and checked on a thread of their own, two ahead of the market.
        let pages = Ahead(by: 2, from: ReplayReading(log, after: market.head, through: end)) {
            $0.page()
        }
        while let page = try pages.next()?.get() {
            for index in page.indices {
                let recorded = try event(of: page, at: index)
                if let obstacle = market.obstacle(to: recorded) {
                    throw .impossible(
                        path: log.path, position: recorded.position, obstacle)
                }
                market.evolve(recorded)
                each(recorded, market)
            }
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

    private func event(
        of page: RecordPage, at index: Int
    ) throws(ReplayError) -> RecordedEvent {
        do {
            return try log.event(of: page, at: index)
        } catch {
            throw .log(error)
        }
    }
}

/// Reads the records of a log, ahead of the market that follows them.
private struct ReplayReading: Sendable {
    private static let pageRecords = 4_096

    private let log: EventLog
    private var next: LogPosition
    private let end: LogPosition

    init(_ log: EventLog, after position: LogPosition, through end: LogPosition) {
        self.log = log
        self.next = position.next
        self.end = end
    }

    /// Reads a page, or says why it cannot be read; `nil` after the last of either.
    mutating func page() -> Result<RecordPage, ReplayError>? {
        guard next <= end else { return nil }
        let left = Int(clamping: end.rawValue - next.rawValue) + 1
        do throws(EventLogError) {
            let page = try log.read(from: next, maximumRecords: min(left, Self.pageRecords))
            guard page.nextPosition > next else {
                throw .noRecord(position: next, head: page.head)
            }
            next = page.nextPosition
            return .success(page)
        } catch {
            next = end.next
            return .failure(.log(error))
        }
    }
}
