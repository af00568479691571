internal import MarketCore
internal import Synchronization

/// How the daemon fares, noted by its threads and read by `market.health`.
final class Health: Sendable {
    private let told = Atomic<UInt64>(0)
    private let scrubbed = Atomic<UInt64>(0)
    private let damaged = Atomic<UInt64>(0)
    private let isViolated = Atomic<Bool>(false)
    /// When the daemon started.
    let start = Instant.now

    /// Notes up to where events are applied and subscribers that keep up were told.
    func noteTold(_ position: LogPosition) {
        told.store(position.rawValue, ordering: .relaxed)
    }

    /// Notes that a promise of the market does not hold.
    func noteViolation() { isViolated.store(true, ordering: .relaxed) }

    /// Notes how far the log was re-read without finding damage.
    func noteScrubbed(_ position: LogPosition) {
        scrubbed.store(position.rawValue, ordering: .relaxed)
    }

    /// Notes the first damaged position; 0 stands for none.
    func noteDamage(_ position: LogPosition) {
        damaged.store(max(1, position.rawValue), ordering: .relaxed)
    }

    var toldPosition: LogPosition { LogPosition(told.load(ordering: .relaxed)) }

    var scrubbedPosition: LogPosition { LogPosition(scrubbed.load(ordering: .relaxed)) }

    /// The first damaged position that was found, if any.
    var damagedPosition: LogPosition? {
        let position = damaged.load(ordering: .relaxed)
        return position == 0 ? nil : LogPosition(position)
    }

    /// Whether log and state are as they should be.
    var isSound: Bool { damagedPosition == nil && !isViolated.load(ordering: .relaxed) }
}
