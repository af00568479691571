import CSimdJSON
import MarketCore

/// That a frame is not of the kind that is read fast; the general reader says what it is.
struct Irregular: Error {}

/// A frame of the plain kind as it is read from left to right: the grammar of JSON without escapes in strings,
/// fractions, exponents, integers of more than 18 digits and minus zero.
///
/// What keeps reading inside the bytes: zero bytes stand behind them (``padding``), zero is not part of any text or
/// punctuation of JSON, and nothing is stepped over before it was looked at. So `next` never lies beyond the first of
/// those zeros, and whatever is loaded at once, at most as many bytes as there are zeros, is there. What is longer is
/// compared with `end` first.
@safe
struct PlainFrame {
    /// How many zero bytes must stand behind a frame.
    static let padding = max(Int(LEADMARKET_TEXT_PADDING), NameSpelling.maximumBytes)

    var next: UnsafePointer<UInt8>
    let end: UnsafePointer<UInt8>

    /// Begins to read the `count` bytes at `bytes`, which ``padding`` zeros follow and which must outlive this.
    @unsafe
    init(_ bytes: UnsafePointer<UInt8>, count: Int) {
        unsafe next = bytes
        unsafe end = bytes + count
    }

    // MARK: - Punctuation

    /// Steps over white space.
    @inline(always)
    mutating func skipSpace() {
        if unsafe next.pointee <= 0x20 { unsafe next = Self.afterSpace(next) }
    }

    /// Steps over `byte` and the white space before it, if that is what comes next.
    @inline(always)
    mutating func take(_ byte: UInt8) -> Bool {
        if unsafe next.pointee != byte {
            guard unsafe next.pointee <= 0x20 else { return false }
            unsafe next = Self.afterSpace(next)
            guard unsafe next.pointee == byte else { return false }
        }
        unsafe next += 1
        return true
    }

    /// Steps over `byte` and the white space before it.
    @inline(always)
    mutating func expect(_ byte: UInt8) throws(Irregular) {
        guard take(byte) else { throw Irregular() }
    }

    /// Steps into an object or array.
    ///
    /// - Returns: Whether it holds anything; of an empty one the end is stepped over, too.
    @inline(always)
    mutating func open(_ first: UInt8, _ last: UInt8) throws(Irregular) -> Bool {
        try expect(first)
        return !take(last)
    }

    /// Steps over what follows a value in an object or array that ends with `last`.
    ///
    /// - Returns: Whether another value follows.
    @inline(always)
    mutating func isFollowed(orBy last: UInt8) throws(Irregular) -> Bool {
        if take(.comma) { return true }
        try expect(last)
        return false
    }

    /// Checks that nothing is left but white space.
    mutating func finish() throws(Irregular) {
        unsafe next = Self.afterSpace(next)
        guard unsafe next == end else { throw Irregular() }
    }

    @inline(never)
    private static func afterSpace(_ start: UnsafePointer<UInt8>) -> UnsafePointer<UInt8> {
        var next = unsafe start
        while true {
            switch unsafe next.pointee {
            case 0x20, 0x09, 0x0A, 0x0D: unsafe next += 1
            default: return unsafe next
            }
        }
    }

    // MARK: - Texts

    /// Reads a member's name, and its colon, and returns its number among `names`.
    ///
    /// - Parameter last: the name before it; becomes this one.
    @inline(always)
    mutating func name(
        _ names: MemberNames, _ order: NameOrder, after last: inout Int
    ) throws(Irregular) -> Int {
        let expected = order[last]
        let spelling = names[expected]
        if unsafe spelling.begins(next) {
            unsafe next += spelling.length
            last = expected
            return expected
        }
        let number = try word(names.table)
        try expect(.colon)
        order[last] = number
        last = number
        return number
    }

    /// Reads a string and returns its number in a domain of `table`.
    ///
    /// It is plain because it equals a text of the table.
    @inline(always)
    mutating func word(_ table: ByteTable, in domain: Int = 0) throws(Irregular) -> Int {
        try expect(.quote)
        let text = unsafe next
        let head = unsafe leadmarket_read_text_head(text)
        let length = Int(head.length)
        let found: Int?
        if length < ByteKey.wholeBytes {
            unsafe next += length + 1
            found = table.number(of: ByteKey(head, length: length), in: domain)
        } else {
            let text = try unsafe rest(of: text)
            found = unsafe table.number(of: text, ByteKey(head, length: text.count), in: domain)
        }
        guard let found else { throw Irregular() }
        return found
    }

    /// Reads a string without escapes and control characters; whether it is UTF-8 is not looked at.
    @unsafe
    @inline(always)
    mutating func text() throws(Irregular) -> PlainText {
        try expect(.quote)
        return try unsafe rest(of: next)
    }

    /// Reads such a string of `length` bytes.
    @unsafe
    mutating func text(length: ClosedRange<Int>) throws(Irregular) -> PlainText {
        let text = try unsafe text()
        guard length.contains(text.count) else { throw Irregular() }
        return unsafe text
    }

    /// Reads the string whose first character is at `start`, and the quote that ends it.
    @unsafe
    @inline(always)
    private mutating func rest(
        of start: UnsafePointer<UInt8>
    ) throws(Irregular) -> PlainText {
        let length = unsafe leadmarket_plain_text_length(start)
        guard length >= 0 else { throw Irregular() }
        unsafe next = start + length + 1
        return unsafe PlainText(start: start, count: length)
    }
}

extension String {
    /// The string that `text` is.
    ///
    /// - Throws: ``Irregular`` when it is not UTF-8.
    @unsafe init(plain text: PlainText) throws(Irregular) {
        guard let text = try? unsafe UTF8Span(validating: text.span) else { throw Irregular() }
        self.init(copying: text)
    }
}

/// The punctuation of JSON.
extension UInt8 {
    static let quote = UInt8(ascii: "\"")
    static let comma = UInt8(ascii: ",")
    static let colon = UInt8(ascii: ":")
    static let openingBrace = UInt8(ascii: "{")
    static let closingBrace = UInt8(ascii: "}")
    static let openingBracket = UInt8(ascii: "[")
    static let closingBracket = UInt8(ascii: "]")
}
