internal import LMDB
public import MarketCore

extension EventLog {
    /// Copies the log, as of the last commit, into the new or empty directory `directory`, while
    /// it is used; returns the position of the copy's last event once the copy is on disk.
    ///
    /// Copy the log first and the keys afterwards, so that every lead of the copy has its key.
    ///
    /// - Parameter isWanted: asked before each block; when it is not, copying ends. Where that fails, no file stays.
    /// - Throws: also ``EventLogError/givenUp(path:)``.
    public func backup(
        to directory: String, while isWanted: () -> Bool = { true }
    ) throws(EventLogError) -> LogPosition {
        try FileSystem.makeDirectory(directory)
        guard try FileSystem.isEmptyDirectory(directory) else { throw .notEmpty(path: directory) }
        try copy(to: directory + "/data.mdb", while: isWanted)
        try FileSystem.synchronizeDirectory(directory)
        try FileSystem.synchronizeDirectory(FileSystem.parent(of: directory))
        let copy = try EventLog(
            directory: directory, options: EventLogOptions(access: .readOnly, usesLockFile: false))
        return try copy.head()
    }

    private func copy(to path: String, while isWanted: () -> Bool) throws(EventLogError) {
        var file = try NewFile(path, mayReplace: false)
        try FileSystem.filling(path) { () throws(EventLogError) in
            var image = try storage { () throws(LMDBError) in
                try EnvironmentImage(of: environment)
            }
            var offset = 0
            while true {
                guard isWanted() else { throw .givenUp(path: path) }
                let block = try storage { () throws(LMDBError) in try image.next() }
                if block.isEmpty { return }
                try file.write(unsafe block.span.bytes, at: offset)
                // Each for itself, so that neither commits of the log nor who ends this wait for much.
                try file.synchronize()
                file.leaveCache()
                offset += block.count
            }
        }
    }

    /// Returns what is used and what is left of the map and of the disk.
    public func space() throws(EventLogError) -> LogSpace {
        let space = try storage { () throws(LMDBError) in try environment.space() }
        return LogSpace(
            usedBytes: space.usedBytes, freeMapBytes: space.freeBytes,
            freeDiskBytes: try FileSystem.freeBytes(path), pageSizeBytes: space.pageSizeBytes)
    }
}

/// What is used and what is left; the daemon keeps a reserve of both, because LMDB reports a full
/// disk as an I/O error, too late.
public struct LogSpace: Hashable, Sendable {
    /// Bytes of the map in use.
    public let usedBytes: Int
    /// Bytes of the map that were never used.
    public let freeMapBytes: Int
    /// Bytes of the disk that this user may still write.
    public var freeDiskBytes: Int
    /// The size of a page of the map in bytes.
    public let pageSizeBytes: Int
}
