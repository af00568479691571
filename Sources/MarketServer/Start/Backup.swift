internal import EventLog
internal import Glibc
internal import MarketCore
internal import MarketRPC

/// Copies a market while it runs: the log first, then the keys, so that every lead of the copied
/// log has its key.
struct Backup: Sendable {
    let log: EventLog
    let vault: ContactVault
    let secret: MarketSecret

    /// Copies into `directory`, which must be absolute and must not exist or be empty. What a backup that
    /// fails has made is removed again, and nothing else.
    ///
    /// - Parameter isWanted: asked before each block; when it is not, the daemon stops, and the backup ends.
    /// - Returns: the position of the copy's last event, and the bytes of its files.
    /// - Throws: `invalidParameters` where there can be no copy, `storageFull` where the copy has no room,
    ///   `shuttingDown`, and `internalError` for all else.
    func make(
        in directory: String, while isWanted: () -> Bool = { true }
    ) throws(RPCError) -> (position: LogPosition, bytes: Int) {
        guard directory.hasPrefix("/") else {
            throw RPCError(.invalidParameters, "directory must be absolute.", field: "directory")
        }
        var made: [String] = []
        do throws(EventLogError) {
            return try copy(to: directory, noting: &made, while: isWanted)
        } catch {
            // What was put in place of a directory is somebody else's, and what is in it, too.
            let isOwn = made.allSatisfy { !Directory.isLink($0) }
            let isGone = isOwn && made.reversed().reduce(true) { Directory.remove($1) && $0 }
            throw Self.refusal(of: error, isGone: isGone)
        }
    }

    /// Copies into `directory`; notes the directories and files that it has made, in that order.
    private func copy(
        to directory: String, noting made: inout [String], while isWanted: () -> Bool
    ) throws(EventLogError) -> (position: LogPosition, bytes: Int) {
        guard isWanted() else { throw .givenUp(path: directory) }
        if try Directory.make(directory) { made.append(directory) }
        guard Directory.isEmpty(directory) else { throw .notEmpty(path: directory) }
        let (logs, keys) = (directory + "/log", directory + "/keys")
        let (log, contacts, secret) = (logs + "/data.mdb", keys + "/contacts", keys + "/secret")
        // What somebody else puts there at the same time is not this backup's to remove.
        guard try Directory.make(logs) else { throw .notEmpty(path: directory) }
        made.append(logs)
        guard try Directory.make(keys, mode: 0o700) else { throw .notEmpty(path: directory) }
        made.append(keys)
        let position = try self.log.backup(to: logs, while: isWanted)
        made.append(log)
        // Those of leads that came meanwhile would be keys without a lead.
        let slots = try ContactSlots(log: self.log).count(through: position, while: isWanted)
        try vault.backup(to: contacts, slots: slots, while: isWanted)
        made.append(contacts)
        try self.secret.backup(to: secret)
        return (position, [log, contacts, secret].reduce(0) { $0 + Directory.size(of: $1) })
    }

    /// What the client is told of a backup that failed.
    ///
    /// - Parameter isGone: whether all that it had made is removed.
    static func refusal(of error: EventLogError, isGone: Bool) -> RPCError {
        if isBadTarget(error) {
            return RPCError(.invalidParameters, "directory: \(error)", field: "directory")
        }
        let rest = isGone ? "is removed" : "could not be removed: remove the directory"
        if case .givenUp = error {
            return RPCError(
                .shuttingDown,
                "The daemon is stopping and ended the backup, and what there was of it \(rest).")
        }
        return RPCError(
            error.isDiskFull ? .storageFull : .internalError,
            "The backup failed, and what there was of it \(rest). \(error)")
    }

    /// Whether the target is no new or empty directory, or lies where there is no directory or none that the daemon
    /// may write.
    private static func isBadTarget(_ error: EventLogError) -> Bool {
        if case .notEmpty = error { return true }
        guard case .file("mkdir", _, let code) = error else { return false }
        return [ENOENT, ENOTDIR, ENAMETOOLONG, ELOOP, EACCES, EPERM, EROFS].contains(code)
    }
}

/// The calls on directories that the daemon needs.
enum Directory {
    /// Makes the directory unless it exists; returns whether it did not.
    @discardableResult
    static func make(_ path: String, mode: mode_t = 0o750) throws(EventLogError) -> Bool {
        if unsafe mkdir(path, mode) == 0 { return true }
        guard errno == EEXIST else { throw .file(call: "mkdir", path: path, code: errno) }
        return false
    }

    /// Removes a file, or a directory that is empty; returns whether there is none any more.
    static func remove(_ path: String) -> Bool {
        unsafe Glibc.remove(path) == 0 || errno == ENOENT
    }

    static func isLink(_ path: String) -> Bool {
        var status = stat()
        return unsafe lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
    }

    static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    /// Whether the directory has no entries; one that cannot be read counts as full.
    static func isEmpty(_ path: String) -> Bool {
        guard let stream = unsafe opendir(path) else { return false }
        defer { unsafe closedir(stream) }
        var count = 0
        while unsafe readdir(stream) != nil { count += 1 }
        return count <= 2
    }

    /// The bytes of a file; 0 when there is none.
    static func size(of path: String) -> Int {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? Int(status.st_size) : 0
    }
}
