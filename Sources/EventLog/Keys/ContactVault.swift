public import MarketCore
internal import Synchronization

/// The keys of sealed contacts: a flat file of 64-byte slots that lead events name by number.
///
/// 1. A key is on disk before the event that names its slot is: ``append(_:)`` returns when it is.
/// 2. Slots that no event of the log names are cut off at start: ``keepSlots(_:)``.
/// 3. The keys of erased persons are overwritten and synced, again at each start:
///    ``erase(_:)``.
///
/// Appending, cutting and erasing belong to the writer's thread; reading to any.
public final class ContactVault: Sendable {
    /// What a slot holds.
    public enum Content: Hashable, Sendable {
        /// The key that opens the contact.
        case key(ContactKey)
        /// Nothing any more: the person was erased.
        case erased
    }

    /// What an erasure did.
    public struct Erasure: Hashable, Sendable {
        /// How many keys were overwritten.
        public internal(set) var erased = 0
        /// The slots that are damaged: nobody can say whose they were. Alert; restore from a backup.
        public internal(set) var damagedSlots: [UInt64] = []
    }

    /// The file.
    public let path: String
    private let file: KeyFile
    private let slots: Mutex<UInt64>

    /// Makes an empty vault at `path`, which must not exist.
    public static func create(at path: String) throws(EventLogError) -> ContactVault {
        let file = try KeyFile(path, .create)
        try file.synchronize()
        try FileSystem.synchronizeDirectory(FileSystem.parent(of: path))
        return try ContactVault(file)
    }

    /// Opens the vault at `path`, for the daemon.
    public convenience init(path: String) throws(EventLogError) {
        try self.init(KeyFile(path, .update))
    }

    /// Opens the vault at `path` for reading only.
    public convenience init(readingOnly path: String) throws(EventLogError) {
        try self.init(KeyFile(path, .read))
    }

    private init(_ file: consuming KeyFile) throws(EventLogError) {
        path = file.path
        slots = Mutex(UInt64(try file.size() / ContactSlot.byteCount))
        self.file = file
    }

    /// The number of slots: the number of the slot that the next key gets.
    public var count: UInt64 { slots.withLock { $0 } }

    /// Appends one slot for each key, in order, from slot ``count`` on, with one write and one
    /// sync; when it returns they are on disk.
    public func append(_ keys: [(identity: Identity, key: ContactKey)]) throws(EventLogError) {
        if keys.isEmpty { return }
        let first = count
        var writer = WireWriter(capacity: keys.count * ContactSlot.byteCount)
        for (identity, key) in keys {
            ContactSlot.encode(.key, identity, unsafe key.words.span.bytes, to: &writer)
        }
        try file.write(writer.bytes, at: Int(first) * ContactSlot.byteCount)
        try file.synchronize()
        slots.withLock { $0 = first + UInt64(keys.count) }
    }

    /// Cuts off what comes after the first `count` slots: keys whose events never were committed.
    ///
    /// - Throws: ``EventLogError/damagedKeys(path:slot:)`` when there are fewer slots than the log
    ///   names.
    public func keepSlots(_ count: UInt64) throws(EventLogError) {
        guard self.count >= count else {
            throw .damagedKeys(path: path, slot: Int(self.count))
        }
        let size = Int(count) * ContactSlot.byteCount
        if try file.size() == size { return }
        try file.truncate(to: size)
        try file.synchronize()
        slots.withLock { $0 = count }
    }

    /// Bytes of the keys' disk that this user may still write.
    public func freeDiskBytes() throws(EventLogError) -> Int {
        try FileSystem.freeBytes(path)
    }

    /// Returns what `slot` holds.
    public func read(_ slot: UInt64) throws(EventLogError) -> Content {
        guard slot < count else { throw .damagedKeys(path: path, slot: Int(clamping: slot)) }
        let bytes = try file.read(ContactSlot.byteCount, at: Int(slot) * ContactSlot.byteCount)
        guard let content = unsafe ContactSlot.decode(bytes.span.bytes) else {
            throw .damagedKeys(path: path, slot: Int(slot))
        }
        switch content.state {
        case .key: return .key(unsafe ContactSlot.key(bytes.span.bytes))
        case .erased: return .erased
        }
    }

    /// Overwrites the keys of all slots of `identities`, in one scan of the file, and syncs.
    ///
    /// A slot that is damaged but still names one of them is overwritten too. Doing it again
    /// changes nothing.
    /// - Complexity: reads the whole file in order: ten million leads are 640 MB.
    @discardableResult
    public func erase(_ identities: Set<Identity>) throws(EventLogError) -> Erasure {
        var result = Erasure()
        if identities.isEmpty { return result }
        let count = self.count
        let slotsPerBlock: UInt64 = 16_384
        var first: UInt64 = 0
        while first < count {
            let slots = Int(min(slotsPerBlock, count - first))
            let block = try file.read(
                slots * ContactSlot.byteCount, at: Int(first) * ContactSlot.byteCount)
            for index in 0..<block.count / ContactSlot.byteCount {
                let start = index * ContactSlot.byteCount
                let slot = unsafe block.span.bytes.extracting(start..<start + ContactSlot.byteCount)
                let content = ContactSlot.decode(slot)
                let identity = ContactSlot.identity(slot)
                if identities.contains(identity) {
                    if content?.state == .erased { continue }
                    try overwrite(first + UInt64(index), identity)
                    result.erased += 1
                } else if content == nil {
                    result.damagedSlots.append(first + UInt64(index))
                }
            }
            first += UInt64(slots)
        }
        // Even when nothing was overwritten: an earlier pass may have stopped before its sync.
        try file.synchronize()
        return result
    }

    private func overwrite(_ slot: UInt64, _ identity: Identity) throws(EventLogError) {
        var writer = WireWriter(capacity: ContactSlot.byteCount)
        let zero = [UInt8](repeating: 0, count: ContactKey.byteCount)
        ContactSlot.encode(.erased, identity, unsafe zero.span.bytes, to: &writer)
        try file.write(writer.bytes, at: Int(slot) * ContactSlot.byteCount)
    }

    /// Copies the vault to the new file `path`, which is on disk when this returns.
    ///
    /// Copy the log first: then every lead of the copied log has its key here.
    public func backup(to path: String) throws(EventLogError) {
        let copy = try KeyFile(path, .create)
        let end = Int(count) * ContactSlot.byteCount
        var offset = 0
        while offset < end {
            let block = try file.read(min(1 << 20, end - offset), at: offset)
            try copy.write(unsafe block.span.bytes, at: offset)
            offset += block.count
        }
        try copy.synchronize()
        try FileSystem.synchronizeDirectory(FileSystem.parent(of: path))
    }
}
