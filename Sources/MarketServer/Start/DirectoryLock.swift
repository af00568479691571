internal import Glibc

/// Keeps a second daemon out of a data directory. The kernel lets go of it when the process ends,
/// however it ends.
final class DirectoryLock: Sendable {
    private let descriptor: Int32

    /// Locks `directory`, which must exist.
    init(directory: String) throws(StartError) {
        let path = directory + "/lock"
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .system("open", path) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let error: StartError =
                errno == EWOULDBLOCK ? .inUse(directory: directory) : .system("flock", path)
            close(descriptor)
            throw error
        }
    }

    deinit {
        close(descriptor)
    }
}
