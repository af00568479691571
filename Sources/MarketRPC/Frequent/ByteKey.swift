import CSimdJSON

/// The bytes of a text that stands in a frame, where a quote ends it.
typealias PlainText = UnsafeBufferPointer<UInt8>

/// A text's first sixteen bytes and its length: all of a text of up to sixteen bytes, in three words.
struct ByteKey: Equatable {
    /// The longest text that is known by its key alone.
    static let wholeBytes = 16

    var first: UInt64
    var second: UInt64
    var length: Int

    /// The key of a text of `length` bytes that begins as `head` says.
    @inline(always)
    init(_ head: leadmarket_text_head, length: Int) {
        first = head.first
        second = head.second
        self.length = length
    }

    /// The key of `text`, which has no quote in it.
    init(_ text: String) {
        let padding = repeatElement(UInt8(0), count: Int(LEADMARKET_TEXT_PADDING))
        let bytes = Array(text.utf8) + [.quote] + padding
        self.init(unsafe leadmarket_read_text_head(bytes), length: text.utf8.count)
    }

    /// A hash, best in its high bits; `domain` tells apart equal texts of different meaning.
    @inline(always)
    func hash(_ domain: Int) -> UInt64 {
        let mixed = first &+ second &* 9 &+ UInt64(truncatingIfNeeded: length &+ domain &<< 4)
        return mixed &* 0x9E37_79B9_7F4A_7C15
    }
}
