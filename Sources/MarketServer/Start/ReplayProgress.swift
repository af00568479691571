internal import Logging
internal import MarketCore

/// Tells the operators' log how far a long replay is, a line for every million events.
struct ReplayProgress {
    private static let toldEvery: UInt64 = 1_000_000

    private let what: Logger.Message
    private let end: LogPosition
    private var told: LogPosition

    /// - Parameters:
    ///   - what: what is replayed for.
    ///   - position: where it begins.
    ///   - end: the last position.
    init(_ what: Logger.Message, from position: LogPosition, of end: LogPosition) {
        self.what = what
        self.end = end
        told = position
    }

    /// Notes which event comes next.
    mutating func note(_ next: LogPosition, _ logger: Logger) {
        guard next.rawValue - told.rawValue >= Self.toldEvery else { return }
        told = next
        logger.notice(
            what, metadata: ["position": "\(next.rawValue - 1)", "of": "\(end.rawValue)"])
    }
}
