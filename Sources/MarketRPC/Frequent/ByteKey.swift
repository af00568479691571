/// A text's length and its first and last eight bytes: all of a text of up to sixteen bytes, in three words.
struct ByteKey: Hashable {
    /// The longest text that is known by its key alone.
    static let wholeBytes = 16

    var first: UInt64
    var last: UInt64
    var length: Int

    /// The key of `text`.
    init(_ text: String) {
        let bytes = Array(text.utf8)
        first = Self.word(bytes.prefix(8))
        last = Self.word(bytes.count < 8 ? bytes[...] : bytes.suffix(8))
        length = bytes.count
    }

    /// A key made of its parts; a text shorter than eight bytes is its own first and last word.
    init(first: UInt64, last: UInt64, length: Int) {
        self.first = first
        self.last = last
        self.length = length
    }

    /// The first byte lowest.
    private static func word(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// A hash, best in its high bits; `salt` tells apart equal texts of different meaning.
    func hash(salt: UInt64) -> UInt64 {
        let mixed = first &+ (last &* 0x9E37_79B9_7F4A_7C15) &+ salt
        return (mixed ^ mixed &>> 32) &* 0xC2B2_AE3D_27D4_EB4F
    }
}
