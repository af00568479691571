public import MarketCore

/// What is wrong with a snapshot, or with writing one.
///
/// A snapshot is derived: whatever is wrong with one, delete it and it comes back.
public enum SnapshotError: Error, Hashable, Sendable {
    /// The file does not begin as a snapshot does.
    case notASnapshot
    /// The file is shorter or longer than its header says.
    case wrongLength(expected: Int, actual: Int)
    /// The header's checksum does not match.
    case damagedHeader
    /// The file is of a format that this program does not know.
    case unknownFormat(found: UInt64, known: UInt64)
    /// The state is of a form that this program does not know.
    case unknownStateFormat(found: UInt64, known: UInt64)
    /// Another version of the rules made the state.
    case otherRules(found: Int, known: Int)
    /// The state's checksum does not match.
    case damagedState
    /// The state's digest is not the one in the header.
    case wrongDigest
    /// The state's bytes are no market.
    case invalidState(StateError)
    /// The header's position is not the file name's or the state's.
    case otherPosition(LogPosition)
    /// The snapshot lies after the log's head: it is of another log.
    case beyondLog(head: LogPosition)
    /// A call of the system failed.
    case file(EventLogError)
}

extension SnapshotError: CustomStringConvertible {
    /// What is wrong, in words.
    public var description: String {
        switch self {
        case .notASnapshot: "it is not a snapshot"
        case .wrongLength(let expected, let actual):
            "it should have \(expected) bytes and has \(actual)"
        case .damagedHeader: "the checksum of its header does not match"
        case .unknownFormat(let found, let known):
            "it has format \(found) and this program knows \(known)"
        case .unknownStateFormat(let found, let known):
            "its state has form \(found) and this program knows \(known)"
        case .otherRules(let found, let known):
            "it was made by rules version \(found) and this program has \(known)"
        case .damagedState: "the checksum of its state does not match"
        case .wrongDigest: "the digest of its state does not match"
        case .invalidState(let error): "its state cannot be read (\(error))"
        case .otherPosition(let position): "it holds the state at position \(position.rawValue)"
        case .beyondLog(let head): "the log ends before it, at position \(head.rawValue)"
        case .file(let error): "\(error)"
        }
    }
}
