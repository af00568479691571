/// Numbers of texts that are known in advance, found by their bytes without making a `String`.
///
/// Each text belongs to a domain, such as the words of one choice, and is unique in it. Never changes after its making,
/// which makes sharing it safe.
@safe
final class ByteTable: @unchecked Sendable {
    /// One text to be found.
    struct Text {
        var domain: Int
        var text: String
        var number: Int
    }

    private struct Slot {
        var first: UInt64 = 0
        var last: UInt64 = 0
        /// Domain and length; 0 in an empty slot, as no text is empty.
        var tag: UInt32 = 0
        var number: UInt32 = 0
    }

    private let slots: UnsafeMutablePointer<Slot>
    /// Where the text of each slot begins among `bytes`.
    private let places: [Int]
    private let bytes: [UInt8]
    /// How far a hash is shifted to the right to give a slot.
    private let shift: UInt64
    private let mask: Int

    /// Makes a table of `texts`, each of 1 to 255 bytes; at most half full.
    init(_ texts: [Text]) {
        var capacity = 16
        while capacity < texts.count * 2 { capacity *= 2 }
        mask = capacity - 1
        shift = UInt64(64 - capacity.trailingZeroBitCount)
        unsafe slots = .allocate(capacity: capacity)
        unsafe slots.initialize(repeating: Slot(), count: capacity)
        var places = Array(repeating: 0, count: capacity)
        var bytes: [UInt8] = []
        for text in texts {
            let key = ByteKey(text.text)
            precondition((1...255).contains(key.length), "a text has 1 to 255 bytes")
            var index = Int(key.hash(salt: UInt64(text.domain)) &>> shift)
            while unsafe slots[index].tag != 0 { index = (index + 1) & mask }
            unsafe slots[index] = Slot(
                first: key.first, last: key.last, tag: Self.tag(key.length, text.domain),
                number: UInt32(text.number))
            places[index] = bytes.count
            bytes += text.text.utf8
        }
        self.places = places
        self.bytes = bytes
    }

    deinit {
        unsafe slots.deallocate()
    }

    /// The number of the text in `domain` that is the member name or string at `part` of `frame`; `nil` when there is
    /// none.
    ///
    /// - Complexity: constant for texts of up to sixteen bytes, else linear in the length.
    func number(of part: PlainFrame.Part, in domain: Int, _ frame: borrowing PlainFrame) -> Int? {
        guard part.length <= 255 else { return nil }
        let key = frame.key(part)
        let tag = Self.tag(part.length, domain)
        var index = Int(truncatingIfNeeded: key.hash(salt: UInt64(domain)) &>> shift)
        while true {
            let slot = unsafe slots[index]
            if slot.first == key.first, slot.last == key.last, slot.tag == tag,
                part.length <= ByteKey.wholeBytes || isText(at: index, part, frame)
            {
                return Int(slot.number)
            }
            if slot.tag == 0 { return nil }
            index = (index &+ 1) & mask
        }
    }

    private static func tag(_ length: Int, _ domain: Int) -> UInt32 {
        UInt32(truncatingIfNeeded: domain << 8 | length)
    }

    /// Whether the text of the slot at `index` is the one at `part`, byte for byte.
    private func isText(
        at index: Int, _ part: PlainFrame.Part, _ frame: borrowing PlainFrame
    ) -> Bool {
        let text = unsafe frame.bytes(of: part)
        for offset in 0..<part.length where unsafe bytes[places[index] + offset] != text[offset] {
            return false
        }
        return true
    }
}
