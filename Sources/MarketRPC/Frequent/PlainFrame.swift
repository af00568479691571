import CSimdJSON
import MarketCore

/// That a frame is not of the kind that is read fast; the general reader says what it is.
struct Irregular: Error {}

/// A frame of the plain kind as it is read from left to right: the grammar of JSON without escapes in strings,
/// fractions, exponents, integers of more than 18 digits and minus zero.
///
/// What keeps reading inside the bytes: zero bytes stand behind them (``padding``), zero is not part of any text or
/// punctuation of JSON, and nothing is stepped over before it was looked at. So `next` never lies beyond the first of
/// those zeros, and whatever is loaded at once from there or the byte behind it, fewer bytes than there are zeros, is
/// there. What is longer is compared with `end` first.
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

    // MARK: - Names

    /// Steps into an object and reads the name of its first member, with its colon.
    ///
    /// - Parameter name: the number among `names` of the name before it, or none; becomes this one's.
    /// - Returns: Whether there is one; of an empty object the end is stepped over, too.
    @inline(always)
    mutating func firstName(
        _ name: inout Int, _ names: MemberNames, _ order: NameOrder
    ) throws(Irregular) -> Bool {
        if takeExpected(&name, names, order, after: .openingBrace) { return true }
        guard try open(.openingBrace, .closingBrace) else { return false }
        try read(&name, names, order)
        return true
    }

    /// Steps over what follows a member's value and reads the next name, with its colon.
    ///
    /// - Parameter name: the number among `names` of the name before it; becomes this one's.
    /// - Returns: Whether there is one; at the end of the object that is stepped over, too.
    @inline(always)
    mutating func nextName(
        _ name: inout Int, _ names: MemberNames, _ order: NameOrder
    ) throws(Irregular) -> Bool {
        if takeExpected(&name, names, order, after: .comma) { return true }
        guard try isFollowed(orBy: .closingBrace) else { return false }
        try read(&name, names, order)
        return true
    }

    /// Steps over `mark` and the name that came after `name` the last time, if that is what comes next.
    @inline(always)
    private mutating func takeExpected(
        _ name: inout Int, _ names: MemberNames, _ order: NameOrder, after mark: UInt8
    ) -> Bool {
        let expected = order[name]
        let spelling = names[expected]
        guard unsafe spelling.begins(next, after: mark) else { return false }
        unsafe next += spelling.length
        name = expected
        return true
    }

    /// Reads any name, and notes that it came after `name`.
    @inline(always)
    private mutating func read(
        _ name: inout Int, _ names: MemberNames, _ order: NameOrder
    ) throws(Irregular) {
        let number: Int
        (number, self) = try reading(names)
        order[name] = number
        name = number
    }

    /// The number of the name that comes next, and the frame behind it; apart from what is usual.
    @inline(never)
    private func reading(_ names: MemberNames) throws(Irregular) -> (Int, PlainFrame) {
        var frame = self
        let number = try frame.word(names.table)
        try frame.expect(.colon)
        return (number, frame)
    }

    // MARK: - Texts

    /// Reads a string and returns its number in a domain of `table`.
    ///
    /// It is plain because it equals a text of the table.
    @inline(always)
    mutating func word(_ table: ByteTable, in domain: Int = 0) throws(Irregular) -> Int {
        try expect(.quote)
        let head = unsafe leadmarket_read_text_head(next)
        let length = Int(head.length)
        let found: Int?
        if length < ByteKey.wholeBytes {
            unsafe next += length + 1
            found = table.number(of: ByteKey(head, length: length), in: domain)
        } else {
            let text = try unsafe rest()
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
        return try unsafe rest()
    }

    /// Reads such a string of `length` bytes.
    @unsafe
    mutating func text(length: ClosedRange<Int>) throws(Irregular) -> PlainText {
        let text = try unsafe text()
        guard length.contains(text.count) else { throw Irregular() }
        return unsafe text
    }

    /// Reads the string whose first character comes next, and the quote that ends it.
    @unsafe
    @inline(always)
    private mutating func rest() throws(Irregular) -> PlainText {
        let length = unsafe leadmarket_plain_text_length(next)
        guard length >= 0 else { throw Irregular() }
        let text = unsafe PlainText(start: next, count: length)
        unsafe next += length + 1
        return unsafe text
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
