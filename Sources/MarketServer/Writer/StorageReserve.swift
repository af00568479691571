internal import EventLog
internal import Synchronization

/// How much disk and map is kept free: LMDB reports a full disk as an I/O error, too late.
final class StorageReserve: Sendable {
    /// Below this many free bytes of either nothing is written.
    let reserveBytes: Int
    private let freeMap = Atomic<Int>(.max)
    private let freeDisk = Atomic<Int>(.max)

    init(reserveBytes: Int) {
        self.reserveBytes = reserveBytes
    }

    /// Notes what is left and says whether that is enough to write.
    func note(_ space: LogSpace) -> Bool {
        freeMap.store(space.freeMapBytes, ordering: .relaxed)
        freeDisk.store(space.freeDiskBytes, ordering: .relaxed)
        return isEnough
    }

    /// Whether there was enough when last looked.
    var isEnough: Bool { min(freeMapBytes, freeDiskBytes) >= reserveBytes }

    /// The free map when last looked.
    var freeMapBytes: Int { freeMap.load(ordering: .relaxed) }

    /// The free disk when last looked.
    var freeDiskBytes: Int { freeDisk.load(ordering: .relaxed) }
}
