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

    /// Copies into `directory`, which must be absolute and must not exist or be empty.
    ///
    /// - Returns: the position of the copy's last event, and the bytes of its files.
    func make(in directory: String) throws(RPCError) -> (position: LogPosition, bytes: Int) {
        guard directory.hasPrefix("/") else {
            throw RPCError(.invalidParameters, "directory must be absolute.", field: "directory")
        }
        do throws(EventLogError) {
            try Directory.make(directory)
            guard Directory.isEmpty(directory) else { throw .notEmpty(path: directory) }
            let position = try log.backup(to: directory + "/log")
            try Directory.make(directory + "/keys", mode: 0o700)
            // Those of leads that came meanwhile would be keys without a lead.
            let slots = try ContactSlots(log: log).count(through: position)
            try vault.backup(to: directory + "/keys/contacts", slots: slots)
            try secret.backup(to: directory + "/keys/secret")
            let files = ["/log/data.mdb", "/keys/contacts", "/keys/secret"]
            return (position, files.reduce(0) { $0 + Directory.size(of: directory + $1) })
        } catch {
            throw RPCError(
                .invalidParameters, "The backup failed: \(error)", field: "directory")
        }
    }
}

/// The calls on directories that the daemon needs.
enum Directory {
    /// Makes the directory unless it exists.
    static func make(_ path: String, mode: mode_t = 0o750) throws(EventLogError) {
        if unsafe mkdir(path, mode) != 0, errno != EEXIST {
            throw .file(call: "mkdir", path: path, code: errno)
        }
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
