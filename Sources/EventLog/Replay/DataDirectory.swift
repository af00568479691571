internal import Glibc
internal import LMDB

/// Where a market's data lies: `log/`, `keys/` and `snapshots/` in one directory.
public struct DataDirectory: Hashable, Sendable {
    /// The directory.
    public let path: String

    /// Names the data in the directory at `path`.
    public init(path: String) {
        self.path = path
    }

    /// The log's directory.
    public var logPath: String { path + "/log" }
    /// The directory of the secret and the contacts' keys.
    public var keysPath: String { path + "/keys" }
    /// The snapshots.
    public var snapshots: SnapshotStore { SnapshotStore(directory: path + "/snapshots") }

    /// Opens the log for reading only, live or copied.
    ///
    /// - Parameter usesLockFile: false only for a copy on media that cannot be written: without its
    ///   lock file, a live log may be read torn.
    public func openLog(usesLockFile: Bool = true) throws(EventLogError) -> EventLog {
        try EventLog(
            directory: logPath,
            options: EventLogOptions(access: .readOnly, usesLockFile: usesLockFile))
    }
}

extension EventLogError {
    /// Whether the user may not write where a reader of a live log must: its lock file.
    public var deniesAccess: Bool {
        guard case .storage(let error) = self else { return false }
        return [EACCES, EPERM, EROFS].contains(error.code)
    }
}
