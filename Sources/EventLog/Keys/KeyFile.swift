internal import Glibc
internal import Synchronization

/// An open file that only its owner may read, closed when the value goes.
///
/// Once a sync has failed, the kernel may have dropped what was written, and a later sync that succeeds
/// says nothing of it. So nothing is written or synced any more: each try fails as that sync did.
struct KeyFile: ~Copyable, Sendable {
    enum Opening {
        /// Must not exist yet.
        case create
        /// Must exist.
        case update
        /// Must exist; reading only.
        case read
    }

    static let mode: mode_t = 0o600

    let path: String
    private let descriptor: Int32
    /// What the sync failed with that did.
    private let syncFailure = Mutex<EventLogError?>(nil)
    /// Held while syncing: the kernel tells of a failed write once, and whoever syncs beside must not
    /// take its silence for success.
    private let syncing = Mutex(())

    /// Opens the file at `path`; a new one is made durable in its directory by the caller.
    ///
    /// - Throws: ``EventLogError/noFile(path:)`` when it must exist and does not,
    ///   ``EventLogError/exposedKeys(path:)`` when others than its owner may read it.
    init(_ path: String, _ opening: Opening) throws(EventLogError) {
        self.path = path
        descriptor = try Self.openFile(path, opening)
    }

    private static func openFile(
        _ path: String, _ opening: Opening
    ) throws(EventLogError) -> Int32 {
        let flags: Int32 =
            switch opening {
            case .create: O_RDWR | O_CREAT | O_EXCL
            case .update: O_RDWR
            case .read: O_RDONLY
            }
        let descriptor = unsafe open(path, flags | O_CLOEXEC, mode)
        guard descriptor >= 0 else {
            if errno == ENOENT { throw .noFile(path: path) }
            throw .system("open", path)
        }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & 0o077 == 0 else {
            close(descriptor)
            throw .exposedKeys(path: path)
        }
        return descriptor
    }

    deinit { close(descriptor) }

    /// Makes it this process's own for as long as it is open.
    ///
    /// - Throws: ``EventLogError/keysInUse(path:)`` where another one has it.
    func lock() throws(EventLogError) {
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            if errno == EWOULDBLOCK { throw .keysInUse(path: path) }
            throw .system("flock", path)
        }
    }

    /// Returns the size in bytes.
    func size() throws(EventLogError) -> Int {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw .system("fstat", path) }
        return status.st_size
    }

    /// Reads up to `count` bytes at `offset`; fewer only at the end of the file.
    func read(_ count: Int, at offset: Int) throws(EventLogError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let received = unsafe bytes.withUnsafeMutableBytes { bytes in
                let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[done...])
                return unsafe pread(descriptor, rest.baseAddress, rest.count, offset + done)
            }
            if received < 0 {
                if errno == EINTR { continue }
                throw .system("pread", path)
            }
            if received == 0 { break }
            done += received
        }
        bytes.removeLast(count - done)
        return bytes
    }

    /// Writes all of `bytes` at `offset`.
    func write(_ bytes: RawSpan, at offset: Int) throws(EventLogError) {
        try expectNoSyncFailure()
        var done = 0
        while done < bytes.byteCount {
            let written = unsafe bytes.extracting(done...).withUnsafeBytes { rest in
                unsafe pwrite(descriptor, rest.baseAddress, rest.count, offset + done)
            }
            if written < 0 {
                if errno == EINTR { continue }
                throw .system("pwrite", path)
            }
            done += written
        }
    }

    /// Cuts the file off after `size` bytes.
    func truncate(to size: Int) throws(EventLogError) {
        try expectNoSyncFailure()
        guard ftruncate(descriptor, size) == 0 else { throw .system("ftruncate", path) }
    }

    /// Waits until what was written is on disk.
    func synchronize() throws(EventLogError) {
        try syncing.withLock { _ throws(EventLogError) in
            try expectNoSyncFailure()
            guard fdatasync(descriptor) == 0 else {
                let failure = EventLogError.system("fdatasync", path)
                syncFailure.withLock { $0 = failure }
                throw failure
            }
        }
    }

    private func expectNoSyncFailure() throws(EventLogError) {
        if let failure = syncFailure.withLock({ $0 }) { throw failure }
    }
}
