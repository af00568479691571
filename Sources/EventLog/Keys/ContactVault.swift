public import MarketCore
internal import Synchronization

/// The keys of sealed contacts: a flat file of 64-byte slots that lead events name by number.
///
/// A slot's key wraps the contact's own, which stands behind the sealed contact in the log: so slots can be
/// written and synced by the thousand before there is anybody whose they are, and no commit waits for them
/// (ADR 0015). Slots from before that hold the contact's own key.
///
/// 1. A slot is on disk before an event names it: ``prepare(_:)`` returns when it is.
/// 2. Whose it is is written before that event is, and is on disk once later slots are prepared. What a
///    loss of power takes of that is told by the log, and written again at start.
/// 3. Slots that no event of the log names are cut off at start: ``keepSlots(_:owners:)``.
/// 4. The keys of erased persons are overwritten and synced, again at each start: ``erase(_:owners:)``. Whose a
///    damaged slot is, the log tells.
///
/// Assigning, cutting and erasing belong to the writer's thread, preparing to one thread at a time;
/// reading to any.
public final class ContactVault: Sendable {
    /// How many slots are prepared at once: many, since each time waits for the disk, and few, since a start
    /// looks through four times as many. No fewer than are assigned at once.
    public static let preparedAtOnce = 4_096

    /// What a slot holds.
    enum Content: Hashable {
        /// The key that opens the contact.
        case key(ContactKey)
        /// The key that wraps the contact's.
        case wrappingKey(ContactKey)
        /// Nothing any more: the person was erased.
        case erased
    }

    /// Whose the slots of a range are, as the log has it.
    public typealias Owners = (Range<UInt64>) throws(EventLogError) -> [Identity]

    /// What an erasure did.
    public struct Erasure: Hashable, Sendable {
        /// How many keys were overwritten that were not erased before.
        public internal(set) var erased = 0
        /// The slots that are damaged and somebody else's. Alert; restore from a backup.
        public internal(set) var damagedSlots: [UInt64] = []
    }

    private struct Slots {
        /// How many are somebody's.
        var assigned: UInt64
        /// How many there are.
        var prepared: UInt64
    }

    /// The file.
    public let path: String
    private let file: KeyFile
    private let slots: Mutex<Slots>

    /// Makes an empty vault at `path`, which must not exist.
    public static func create(at path: String) throws(EventLogError) -> ContactVault {
        let file = try KeyFile(path, .create)
        try file.synchronize()
        try FileSystem.synchronizeDirectory(FileSystem.parent(of: path))
        return try ContactVault(file)
    }

    /// Opens the vault at `path`, for the daemon, which alone has it then.
    ///
    /// - Throws: ``EventLogError/noFile(path:)``, ``EventLogError/exposedKeys(path:)``,
    ///   ``EventLogError/keysInUse(path:)``.
    public convenience init(path: String) throws(EventLogError) {
        let file = try KeyFile(path, .update)
        try file.lock()
        try self.init(file)
        let assigned = try endOfAssigned()
        slots.withLock { $0.assigned = assigned }
    }

    /// Opens the vault at `path` for reading only; ``count`` is that of all its slots then.
    public convenience init(readingOnly path: String) throws(EventLogError) {
        try self.init(KeyFile(path, .read))
    }

    private init(_ file: consuming KeyFile) throws(EventLogError) {
        path = file.path
        let count = UInt64(try file.size() / ContactSlot.byteCount)
        slots = Mutex(Slots(assigned: count, prepared: count))
        self.file = file
    }

    /// The number of slots up to the last that is known to be somebody's; what a loss of power left of a lot
    /// that was being prepared is not.
    private func endOfAssigned() throws(EventLogError) -> UInt64 {
        let prepared = slots.withLock { $0.prepared }
        var end = prepared
        while end > 0 {
            let first = end - min(end, UInt64(Self.preparedAtOnce))
            let block = try file.read(
                Int(end - first) * ContactSlot.byteCount, at: Int(first) * ContactSlot.byteCount)
            for slot in (first..<end).reversed() {
                let state = Self.state(of: slot, in: block, from: first)
                if let state, state != .spare { return slot + 1 }
            }
            end = first
        }
        return 0
    }

    /// What a slot of a block is; `nil` where it is damaged.
    private static func state(
        of slot: UInt64, in block: [UInt8], from first: UInt64
    ) -> ContactSlot.State? {
        let start = Int(slot - first) * ContactSlot.byteCount
        return unsafe ContactSlot.decode(block.span.bytes.extracting(start...))?.state
    }

    /// Whether there is no slot, not even one that is nobody's.
    public var isEmpty: Bool { slots.withLock { $0.prepared == 0 } }

    /// The number of slots that are somebody's: the number of the slot that the next contact gets.
    public var count: UInt64 { slots.withLock { $0.assigned } }

    /// Adds slots that are nobody's, with one write and one sync; when it returns they are on disk.
    ///
    /// - Returns: Their keys, in the order of the slots.
    public func prepare(_ count: Int) throws(EventLogError) -> [ContactKey] {
        var random = RandomSource()
        var keys: [ContactKey] = []
        keys.reserveCapacity(count)
        var writer = WireWriter(capacity: count * ContactSlot.byteCount)
        for _ in 0..<count {
            let key = ContactKey(words: try random.next32Bytes())
            ContactSlot.encode(
                .spare, Identity(high: 0, low: 0), unsafe key.words.span.bytes, to: &writer)
            keys.append(key)
        }
        let first = slots.withLock { $0.prepared }
        try file.write(writer.bytes, at: Int(first) * ContactSlot.byteCount)
        try file.synchronize()
        slots.withLock { $0.prepared = first + UInt64(count) }
        return keys
    }

    /// Makes the next prepared slots those of persons, in order, from slot ``count`` on, with one write. They
    /// stay on disk as they are until ``prepare(_:)`` or ``erase(_:owners:)`` syncs.
    ///
    /// - Parameter keys: those that the slots were prepared with.
    public func assign(_ keys: [(identity: Identity, key: ContactKey)]) throws(EventLogError) {
        if keys.isEmpty { return }
        let (first, end) = slots.withLock { ($0.assigned, $0.prepared) }
        precondition(first + UInt64(keys.count) <= end, "slots are prepared before they are used")
        try write(keys, from: first)
        slots.withLock { $0.assigned = first + UInt64(keys.count) }
    }

    private func write(
        _ keys: [(identity: Identity, key: ContactKey)], from first: UInt64
    ) throws(EventLogError) {
        var writer = WireWriter(capacity: keys.count * ContactSlot.byteCount)
        for (identity, key) in keys {
            ContactSlot.encode(.wrapping, identity, unsafe key.words.span.bytes, to: &writer)
        }
        try file.write(writer.bytes, at: Int(first) * ContactSlot.byteCount)
    }

    /// Cuts off what comes after the first `count` slots, which no committed event names, and sees to it that
    /// each of these is somebody's, on disk.
    ///
    /// The last ones are written again as they are: after a write that failed the kernel may go on to show what
    /// the disk does not have.
    ///
    /// - Parameter owners: whose the slots of a range are, which ends with `count`; asked where a loss of
    ///   power took that.
    /// - Throws: ``EventLogError/damagedKeys(path:slot:)`` when there are fewer slots than the log
    ///   names; what `owners` throws.
    /// - Complexity: reads and writes one mebibyte.
    public func keepSlots(
        _ count: UInt64, owners: Owners
    ) throws(EventLogError) {
        let prepared = slots.withLock { $0.prepared }
        guard prepared >= count else { throw .damagedKeys(path: path, slot: Int(prepared)) }
        // Preparing a lot syncs what was assigned by then: all but what a batch under way and the lot before
        // it take. The newest lot may not have come to its sync: so what is lost is in the last four.
        let first = count - min(count, UInt64(Self.preparedAtOnce) * 4)
        var block = try file.read(
            Int(count - first) * ContactSlot.byteCount, at: Int(first) * ContactSlot.byteCount)
        let spare = (first..<count).filter {
            Self.state(of: $0, in: block, from: first) == .spare
        }
        if let lowest = spare.first {
            let owners = try owners(lowest..<count)
            for slot in spare {
                let start = Int(slot - first) * ContactSlot.byteCount
                let key = unsafe ContactSlot.key(block.span.bytes.extracting(start...))
                var writer = WireWriter(capacity: ContactSlot.byteCount)
                let owner = owners[Int(slot - lowest)]
                ContactSlot.encode(.wrapping, owner, unsafe key.words.span.bytes, to: &writer)
                let end = start + ContactSlot.byteCount
                block.replaceSubrange(start..<end, with: writer.copyBytes())
            }
        }
        try file.write(unsafe block.span.bytes, at: Int(first) * ContactSlot.byteCount)
        let size = Int(count) * ContactSlot.byteCount
        if try file.size() != size { try file.truncate(to: size) }
        try file.synchronize()
        slots.withLock { $0 = Slots(assigned: count, prepared: count) }
    }

    /// Bytes of the keys' disk that this user may still write.
    public func freeDiskBytes() throws(EventLogError) -> Int {
        try FileSystem.freeBytes(path)
    }

    /// Opens a contact as the log has it.
    ///
    /// - Returns: The contact; `nil` when its key was erased.
    /// - Throws: ``EventLogError/damagedKeys(path:slot:)`` for a slot that is damaged or missing,
    ///   ``EventLogError/sealBroken`` for a contact that was not sealed with its key.
    public func open(_ contact: [UInt8], in slot: UInt64) throws(EventLogError) -> [UInt8]? {
        switch try read(slot) {
        case .erased:
            return nil
        case .key(let key):
            return try ContactSealer.open(contact, with: key)
        case .wrappingKey(let slotKey):
            let length = contact.count - ContactKey.byteCount
            guard length >= 0 else { throw .sealBroken }
            let key = ContactKey(Array(contact[length...])).wrapped(by: slotKey)
            return try ContactSealer.open(Array(contact[..<length]), with: key)
        }
    }

    /// The bytes of slots as the file has them now; fewer at its end.
    func bytes(ofSlotsFrom first: UInt64, count: UInt64) throws(EventLogError) -> [UInt8] {
        try file.read(Int(count) * ContactSlot.byteCount, at: Int(first) * ContactSlot.byteCount)
    }

    /// Returns what `slot` holds.
    func read(_ slot: UInt64) throws(EventLogError) -> Content {
        // One beyond those that are somebody's may be a lead's all the same, after a loss of power.
        guard slot < slots.withLock({ $0.prepared }) else {
            throw .damagedKeys(path: path, slot: Int(clamping: slot))
        }
        let bytes = try file.read(ContactSlot.byteCount, at: Int(slot) * ContactSlot.byteCount)
        guard let content = unsafe ContactSlot.decode(bytes.span.bytes) else {
            throw .damagedKeys(path: path, slot: Int(slot))
        }
        switch content.state {
        case .key: return .key(unsafe ContactSlot.key(bytes.span.bytes))
        case .wrapping, .spare: return .wrappingKey(unsafe ContactSlot.key(bytes.span.bytes))
        case .erased: return .erased
        }
    }

    /// Makes sure that of each slot it can be told whose it is, as ``erase(_:owners:)`` needs it; changes nothing.
    ///
    /// - Parameter owners: as in ``erase(_:owners:)``.
    /// - Throws: what `owners` throws, or reading the file.
    public func checkOwners(_ owners: Owners) throws(EventLogError) {
        try scan(owners) { _, _, _ in }
    }

    /// Overwrites the keys of all slots of `identities`, in one scan of the file, and syncs.
    ///
    /// A slot that is damaged, or was not on disk when the power went, cannot tell whose it is, but may hold the key:
    /// the log tells that. One that is erased is overwritten again: what reads as erased need not be so on disk after a
    /// write that failed.
    /// - Parameter owners: asked about slots that do not tell.
    /// - Complexity: reads the whole file in order: ten million leads are 640 MB. One small write for each slot
    ///   of theirs.
    @discardableResult
    public func erase(
        _ identities: Set<Identity>, owners: Owners
    ) throws(EventLogError) -> Erasure {
        var result = Erasure()
        if identities.isEmpty { return result }
        try scan(owners) { slot, state, identity throws(EventLogError) in
            if identities.contains(identity) {
                try overwrite(slot, identity)
                if state != .erased { result.erased += 1 }
            } else if state == nil {
                result.damagedSlots.append(slot)
            }
        }
        try file.synchronize()
        return result
    }

    /// Goes through all slots that are somebody's, in order: what each is, which is `nil` for a damaged one, and
    /// whose.
    private func scan(
        _ owners: Owners,
        _ body: (UInt64, ContactSlot.State?, Identity) throws(EventLogError) -> Void
    ) throws(EventLogError) {
        let count = self.count
        let slotsPerBlock: UInt64 = 16_384
        for first in stride(from: 0, to: count, by: Int(slotsPerBlock)) {
            let slots = Int(min(slotsPerBlock, count - first))
            let block = try file.read(
                slots * ContactSlot.byteCount, at: Int(first) * ContactSlot.byteCount)
            let range = first..<first + UInt64(block.count / ContactSlot.byteCount)
            let states = range.map { Self.state(of: $0, in: block, from: first) }
            let silent = zip(range, states).filter { $1 == nil || $1 == .spare }.map(\.0)
            var found: [Identity] = []
            if let lowest = silent.first, let highest = silent.last {
                found = try owners(lowest..<highest + 1)
            }
            for (slot, state) in zip(range, states) {
                let start = Int(slot - first) * ContactSlot.byteCount
                let identity =
                    if state == nil || state == .spare, let lowest = silent.first {
                        found[Int(slot - lowest)]
                    } else {
                        unsafe ContactSlot.identity(block.span.bytes.extracting(start...))
                    }
                try body(slot, state, identity)
            }
        }
    }

    private func overwrite(_ slot: UInt64, _ identity: Identity) throws(EventLogError) {
        var writer = WireWriter(capacity: ContactSlot.byteCount)
        let zero = [UInt8](repeating: 0, count: ContactKey.byteCount)
        ContactSlot.encode(.erased, identity, unsafe zero.span.bytes, to: &writer)
        try file.write(writer.bytes, at: Int(slot) * ContactSlot.byteCount)
    }

    /// Copies the first slots to the new file `path`, which is on disk when this returns.
    ///
    /// - Parameters:
    ///   - slots: as many as the copied log names.
    ///   - isWanted: asked before each block; when it is not, copying ends. Where that fails, no file stays.
    /// - Throws: also ``EventLogError/givenUp(path:)``.
    public func backup(
        to path: String, slots: UInt64, while isWanted: () -> Bool = { true }
    ) throws(EventLogError) {
        guard slots <= count else { throw .damagedKeys(path: self.path, slot: Int(count)) }
        let copy = try KeyFile(path, .create)
        try FileSystem.filling(path) { () throws(EventLogError) in
            let end = Int(slots) * ContactSlot.byteCount
            var offset = 0
            while offset < end {
                guard isWanted() else { throw .givenUp(path: path) }
                let block = try file.read(min(4 << 20, end - offset), at: offset)
                guard !block.isEmpty else {
                    throw .damagedKeys(path: self.path, slot: offset / ContactSlot.byteCount)
                }
                try copy.write(unsafe block.span.bytes, at: offset)
                // Each for itself, as the log's.
                try copy.synchronize()
                offset += block.count
            }
            try FileSystem.synchronizeDirectory(FileSystem.parent(of: path))
        }
    }
}
