/// Numbers of texts that are known in advance, found by their bytes without making a `String`.
///
/// Each text belongs to a domain, such as the words of one choice, and is unique in it. Never changes after its making,
/// which makes sharing it safe.
@safe
final class ByteTable: @unchecked Sendable {
    /// One text to be found.
    struct Text {
        var text: String
        var number: Int
        var domain = 0
    }

    private struct Slot {
        var first: UInt64 = 0
        var second: UInt64 = 0
        /// Domain and length; in an empty slot that of no text.
        var tag = ByteTable.noTag
        var number: UInt32 = 0
        /// Where the text begins among `bytes`.
        var place = 0
    }

    /// The longest text in a table.
    static let maximumBytes = 255
    private static let noTag = UInt32.max

    private let slots: UnsafeMutablePointer<Slot>
    private let bytes: UnsafeMutablePointer<UInt8>
    /// How far a hash is shifted to the right to give a slot.
    private let shift: UInt64
    private let mask: Int

    /// Makes a table of those `texts` that JSON can spell without escapes, each of 1 to 255 bytes; at most a quarter
    /// full.
    init(_ texts: [Text]) {
        let plain = texts.filter { $0.text.utf8.allSatisfy(Self.isPlain) }
        var capacity = 16
        while capacity < plain.count * 4 { capacity *= 2 }
        mask = capacity - 1
        shift = UInt64(64 - capacity.trailingZeroBitCount)
        unsafe slots = .allocate(capacity: capacity)
        unsafe slots.initialize(repeating: Slot(), count: capacity)
        var bytes: [UInt8] = []
        for text in plain {
            let key = ByteKey(text.text)
            precondition((1...Self.maximumBytes).contains(key.length), "a text has 1 to 255 bytes")
            var index = Int(key.hash(text.domain) &>> shift)
            while unsafe slots[index].tag != Self.noTag { index = (index + 1) & mask }
            unsafe slots[index] = Slot(
                first: key.first, second: key.second, tag: Self.tag(key, text.domain),
                number: UInt32(text.number), place: bytes.count)
            bytes += text.text.utf8
        }
        unsafe self.bytes = .allocate(capacity: max(1, bytes.count))
        unsafe self.bytes.initialize(from: bytes, count: bytes.count)
    }

    /// Makes a table of texts that are numbered as they come.
    convenience init(_ texts: [String]) {
        self.init(texts.enumerated().map { Text(text: $0.element, number: $0.offset) })
    }

    deinit {
        unsafe slots.deallocate()
        unsafe bytes.deallocate()
    }

    /// The number of the text in `domain` whose key is `key`, all of the text; `nil` when there is none.
    ///
    /// - Complexity: constant.
    @inline(always)
    func number(of key: ByteKey, in domain: Int) -> Int? {
        let tag = Self.tag(key, domain)
        var index = Int(truncatingIfNeeded: key.hash(domain) &>> shift)
        while true {
            let slot = unsafe slots + index
            if unsafe slot.pointee.first == key.first, unsafe slot.pointee.second == key.second,
                unsafe slot.pointee.tag == tag
            {
                return unsafe Int(slot.pointee.number)
            }
            if unsafe slot.pointee.tag == Self.noTag { return nil }
            index = (index &+ 1) & mask
        }
    }

    /// The number of the text in `domain` that is `text`, whose key is `key`; `nil` when there is none.
    ///
    /// - Complexity: linear in the length.
    @unsafe
    @inline(never)
    func number(of text: PlainText, _ key: ByteKey, in domain: Int) -> Int? {
        guard text.count <= Self.maximumBytes else { return nil }
        let tag = Self.tag(key, domain)
        var index = Int(truncatingIfNeeded: key.hash(domain) &>> shift)
        while true {
            let slot = unsafe slots[index]
            if slot.tag == Self.noTag { return nil }
            if slot.first == key.first, slot.second == key.second, slot.tag == tag,
                unsafe isTail(of: text, at: slot.place)
            {
                return Int(slot.number)
            }
            index = (index &+ 1) & mask
        }
    }

    /// Whether all of `text` but its first sixteen bytes is like the text that begins at `place`.
    @unsafe
    private func isTail(of text: PlainText, at place: Int) -> Bool {
        for offset in ByteKey.wholeBytes..<text.count
        where unsafe bytes[place &+ offset] != text[offset] {
            return false
        }
        return true
    }

    @inline(always)
    private static func tag(_ key: ByteKey, _ domain: Int) -> UInt32 {
        UInt32(truncatingIfNeeded: domain &<< 8 | key.length)
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != .quote && byte != UInt8(ascii: "\\")
    }
}
