/// A name as most frames spell it, in quotes and with its colon, behind a comma or the brace of its object, and nothing
/// between them: compared in three words.
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

    /// The spelling of `name` behind a comma; that of nothing where it is too long.
    init(_ name: String) {
        let text = Array(",\"\(name)\":".utf8)
        guard text.count <= Self.maximumBytes else { return }
        (words, length) = ([0, 0, 0], text.count)
        for (place, byte) in text.enumerated() {
            words[place / 8] |= UInt64(byte) << UInt64(place % 8 * 8)
            masks[place / 8] |= 0xFF << UInt64(place % 8 * 8)
        }
    }

    /// Whether the text at `place`, padded, begins like this, with `mark` instead of the comma.
    @unsafe
    @inline(always)
    func begins(_ place: UnsafePointer<UInt8>, after mark: UInt8) -> Bool {
        let text = unsafe UnsafeRawPointer(place)
        let markDifference = UInt64(mark ^ .comma)
        for index in words.indices {
            let word = unsafe text.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self)
            let difference = UInt64(littleEndian: word) & masks[index] ^ words[index]
            guard difference == (index == 0 ? markDifference : 0) else { return false }
        }
        return true
    }
}
