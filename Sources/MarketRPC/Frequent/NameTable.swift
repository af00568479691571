import CSimdJSON
import MarketCore

/// The names that a connection has used, so that one that comes again is found by its bytes and not made anew.
///
/// Confined to one thread, like the reader it belongs to.
@safe
final class NameTable {
    private struct Slot {
        var key: ByteKey
        var name: Name
    }

    /// The most names kept, so that a peer cannot make the table grow; others are made each time.
    private static let slotCount = 128
    /// How many slots are looked at before a name is made each time.
    private static let probes = 4

    private let slots: UnsafeMutablePointer<Slot?>

    init() {
        unsafe slots = .allocate(capacity: Self.slotCount)
        unsafe slots.initialize(repeating: nil, count: Self.slotCount)
    }

    deinit {
        unsafe slots.deinitialize(count: Self.slotCount)
        unsafe slots.deallocate()
    }

    /// The name that `text` is.
    ///
    /// - Throws: ``Irregular`` when it is none.
    @unsafe
    func name(_ text: PlainText) throws(Irregular) -> Name {
        guard text.count <= ByteKey.wholeBytes, let start = text.baseAddress else {
            return try unsafe Self.made(text)
        }
        let key = unsafe ByteKey(leadmarket_read_text_head(start), length: text.count)
        var index = Int(truncatingIfNeeded: key.hash(0) &>> 57)
        for _ in 0..<Self.probes {
            guard let slot = unsafe slots[index] else {
                let name = try unsafe Self.made(text)
                unsafe slots[index] = Slot(key: key, name: name)
                return name
            }
            if slot.key == key { return slot.name }
            index = (index &+ 1) % Self.slotCount
        }
        return try unsafe Self.made(text)
    }

    @unsafe private static func made(_ text: PlainText) throws(Irregular) -> Name {
        guard let name = Name(try unsafe String(plain: text)) else { throw Irregular() }
        return name
    }
}
