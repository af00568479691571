/// A name as most frames spell it, in quotes and with its colon, and nothing between them: compared in three words.
struct NameSpelling {
    /// The longest spelling that is compared.
    static let maximumBytes = 24

    private var words: InlineArray<3, UInt64> = [1, 1, 1]
    /// The bits of `words` that count. None does where there is no spelling: then no text is like it.
    private var masks: InlineArray<3, UInt64> = [0, 0, 0]
    /// How many bytes it has.
    private(set) var length = 0

    /// What no frame holds.
    init() {}

    /// The spelling of `name`; that of nothing where it is too long.
    init(_ name: String) {
        let text = Array("\"\(name)\":".utf8)
        guard text.count <= Self.maximumBytes else { return }
        (words, length) = ([0, 0, 0], text.count)
        for (place, byte) in text.enumerated() {
            words[place / 8] |= UInt64(byte) << UInt64(place % 8 * 8)
            masks[place / 8] |= 0xFF << UInt64(place % 8 * 8)
        }
    }

    /// Whether the text at `place`, padded, begins like this.
    @unsafe
    @inline(always)
    func begins(_ place: UnsafePointer<UInt8>) -> Bool {
        let text = unsafe UnsafeRawPointer(place)
        var difference: UInt64 = 0
        for index in words.indices {
            let word = unsafe text.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self)
            difference |= UInt64(littleEndian: word) & masks[index] ^ words[index]
        }
        return difference == 0
    }
}
