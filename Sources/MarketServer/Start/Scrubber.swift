internal import EventLog
internal import Logging
internal import MarketCore

/// Re-reads the log, because LMDB does not notice bit rot, and reports the first damaged position:
/// in each round the pages' structure first, then every record at a low rate. Frees what dead readers
/// of the log held on the way.
final class Scrubber: Sendable {
    /// Records read at once.
    static let pageRecords = 256
    /// The rest between pages.
    static let pauseMicroseconds: Int64 = 50_000
    /// The rest at the end of the log before what came meanwhile is read.
    static let restSeconds = 60
    /// The time after which the log is read from the start again.
    static let roundSeconds = 3_600

    private let log: EventLog
    private let health: Health
    private let logger: Logger
    private let isStopped = Monitor(false)

    init(log: EventLog, health: Health, logger: Logger) {
        self.log = log
        self.health = health
        self.logger = logger
    }

    /// Reads on until stopped or damage is found.
    func run() {
        var position = LogPosition(1)
        var nextRound = Instant.now.advanced(bySeconds: Self.roundSeconds)
        while true {
            do throws(EventLogError) {
                if position == LogPosition(1) { try log.checkStructure() }
                let page = try log.read(from: position, maximumRecords: Self.pageRecords)
                position = page.nextPosition
                health.noteScrubbed(LogPosition(position.rawValue - 1))
                let now = Instant.now
                if page.reachesHead, now >= nextRound {
                    position = LogPosition(1)
                    nextRound = now.advanced(bySeconds: Self.roundSeconds)
                }
                if page.reachesHead { try log.removeDeadReaders() }
                let wait =
                    page.reachesHead
                    ? now.advanced(bySeconds: Self.restSeconds)
                    : now.advanced(byMicroseconds: Self.pauseMicroseconds)
                if isStopped.wait(until: wait, { $0 ? true : nil }) == true { return }
            } catch {
                if case .damaged(_, let damaged, _) = error {
                    health.noteDamage(damaged)
                } else {
                    health.noteDamage(position)
                }
                logger.error(
                    "the log is damaged", metadata: ["problem": "\(error)"])
                return
            }
        }
    }

    func stop() {
        isStopped.change { isStopped in
            isStopped = true
            return true
        }
    }
}
