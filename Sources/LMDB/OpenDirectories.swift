import Glibc
import Synchronization

/// The directories this process has open, by device and inode.
///
/// Why: closing a second opening of the same environment drops the process's file locks, and
/// then another process may take reader slots that are in use.
enum OpenDirectories {
    struct Registration: Hashable, Sendable {
        let device: UInt
        let inode: UInt
    }

    private static let registrations = Mutex<Set<Registration>>([])

    static func register(_ path: String) throws(LMDBError) -> Registration {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw LMDBError(code: errno, call: "stat", path: path)
        }
        let registration = Registration(device: status.st_dev, inode: status.st_ino)
        guard registrations.withLock({ $0.insert(registration).inserted }) else {
            throw LMDBError(code: EBUSY, call: "mdb_env_open", path: path)
        }
        return registration
    }

    static func remove(_ registration: Registration) {
        registrations.withLock { _ = $0.remove(registration) }
    }
}
