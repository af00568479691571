internal import EventLog
internal import Synchronization

/// How much disk and map is kept free: LMDB reports a full disk as an I/O error, too late.
final class StorageReserve: Sendable {
    /// Below this many free bytes of either nothing is written.
    let reserveBytes: Int
    private let storage: any DurableStorage
    private let free = Atomic<Int>(.max)

    init(reserveBytes: Int, of storage: any DurableStorage) {
        self.reserveBytes = reserveBytes
        self.storage = storage
    }

    /// Looks at what is left; from any thread.
    func look() throws(EventLogError) -> LogSpace {
        let space = try storage.space()
        free.store(min(space.freeMapBytes, space.freeDiskBytes), ordering: .relaxed)
        return space
    }

    /// Whether there was enough to write when last looked.
    var isEnough: Bool { free.load(ordering: .relaxed) >= reserveBytes }

    /// Whether `space` is enough to write.
    func isEnough(_ space: LogSpace) -> Bool {
        min(space.freeMapBytes, space.freeDiskBytes) >= reserveBytes
    }
}
