import CSimdJSON
import MarketCore

extension PlainFrame {
    private static let mostDigits = 18

    /// Reads an integer.
    ///
    /// One of up to seven digits, all of which are looked at together, takes no loop.
    @inline(always)
    mutating func integer() throws(Irregular) -> Int64 {
        skipSpace()
        let (digits, count) = unsafe digits(at: next)
        guard count > 0, count < 8 else {
            let (value, end) = try unsafe Self.longInteger(next)
            unsafe next = end
            return value
        }
        guard digits & 0xFF != 0 || count == 1 else { throw Irregular() }
        unsafe next += count
        return Int64(Self.value(ofDigits: digits &<< UInt64(64 - 8 * count)))
    }

    /// Reads an integer that lies in `range`.
    @inline(always)
    mutating func integer(in range: ClosedRange<Int64>) throws(Irregular) -> Int64 {
        let value = try integer()
        guard range.contains(value) else { throw Irregular() }
        return value
    }

    /// The integer at `start`, with a sign or of more than seven digits, and where it ends.
    @unsafe
    @inline(never)
    private static func longInteger(
        _ start: UnsafePointer<UInt8>
    ) throws(Irregular) -> (value: Int64, end: UnsafePointer<UInt8>) {
        let isNegative = unsafe start.pointee == UInt8(ascii: "-")
        let first = unsafe start + (isNegative ? 1 : 0)
        var end = unsafe first
        var sum: Int64 = 0
        while true {
            let digit = unsafe end.pointee &- UInt8(ascii: "0")
            guard digit < 10 else { break }
            sum = sum &* 10 &+ Int64(digit)
            unsafe end += 1
        }
        let count = unsafe end - first
        guard (1...mostDigits).contains(count) else { throw Irregular() }
        if unsafe first.pointee == UInt8(ascii: "0") {
            guard count == 1, !isNegative else { throw Irregular() }
        }
        return unsafe (isNegative ? -sum : sum, end)
    }

    /// Reads `true` as 1, `false` as 0, without a branch that would depend on which it is.
    @inline(always)
    mutating func flag() throws(Irregular) -> Int64 {
        skipSpace()
        let word = unsafe word(next)
        let isTrue = word & 0xFFFF_FFFF == Self.word("true")
        let isFalse = word & 0xFF_FFFF_FFFF == Self.word("false")
        guard isTrue != isFalse else { throw Irregular() }
        let flag = isTrue ? 1 : 0
        unsafe next += 5 - flag
        return Int64(flag)
    }

    /// Reads the identifier of a request.
    @inline(always)
    mutating func identifier() throws(Irregular) -> FrequentParts.Identifier {
        skipSpace()
        if unsafe next.pointee == .quote {
            return unsafe .text(try text(length: 0...RequestIdentifier.maximumStringBytes))
        }
        guard unsafe word(next) & 0xFFFF_FFFF == Self.word("null") else {
            return .integer(try integer())
        }
        unsafe next += 4
        return .null
    }

    /// Reads the string `2.0`.
    @inline(always)
    mutating func version() throws(Irregular) {
        skipSpace()
        guard unsafe word(next) & 0xFF_FFFF_FFFF == Self.word("\"2.0\"") else {
            throw Irregular()
        }
        unsafe next += 5
    }

    /// Reads the number of a lead, an order or an assignment.
    mutating func entity<Entity>() throws(Irregular) -> ID<Entity> {
        ID(UInt64(try integer(in: 1...maximumIdentifier)))
    }

    /// Reads a time: text, or microseconds since the Unix epoch.
    mutating func time() throws(Irregular) -> Timestamp {
        let microseconds: Int64
        skipSpace()
        if unsafe next.pointee == .quote {
            let text = try unsafe text()
            guard let parsed = unsafe RFC3339.parse(text.span) else { throw Irregular() }
            microseconds = parsed
        } else {
            microseconds = try integer()
        }
        guard marketTimes.contains(microseconds) else { throw Irregular() }
        return Timestamp(microseconds: microseconds)
    }

    /// Reads 16 bytes in 32 hexadecimal digits, in either case.
    mutating func bytes16() throws(Irregular) -> Bytes16 {
        var words: InlineArray<2, UInt64> = [0, 0]
        var span = words.mutableSpan
        try hexadecimal(&span)
        return Bytes16(high: words[0], low: words[1])
    }

    /// Reads 32 bytes in 64 hexadecimal digits, in either case.
    mutating func digest() throws(Irregular) -> Digest32 {
        var words: InlineArray<4, UInt64> = [0, 0, 0, 0]
        var span = words.mutableSpan
        try hexadecimal(&span)
        return Digest32(
            high: Bytes16(high: words[0], low: words[1]),
            low: Bytes16(high: words[2], low: words[3]))
    }

    /// Reads a string of sixteen hexadecimal digits for each of `words`.
    @inline(always)
    private mutating func hexadecimal(_ words: inout MutableSpan<UInt64>) throws(Irregular) {
        try expect(.quote)
        let count = words.count * 16
        guard unsafe end - next > count else { throw Irregular() }
        let isRead = unsafe words.withUnsafeMutableBufferPointer { words in
            guard let first = words.baseAddress else { return false }
            return unsafe leadmarket_read_hexadecimal(next, words.count, first)
        }
        guard isRead, unsafe next[count] == .quote else { throw Irregular() }
        unsafe next += count + 1
    }

    /// Reads a region code whose length has a bit in `lengths`.
    ///
    /// One of up to eight digits takes no loop.
    @inline(always)
    mutating func region(lengths: UInt16) throws(Irregular) -> RegionCode {
        skipSpace()
        let (digits, count) = unsafe digits(at: next + 1)
        guard unsafe next.pointee == .quote, count > 0,
            unsafe next[count + 1] == .quote, lengths & 1 &<< UInt16(count) != 0
        else {
            let code: RegionCode
            (code, self) = try otherRegion(lengths: lengths)
            return code
        }
        unsafe next += count + 2
        return RegionCode(digits: digits, count: count)
    }

    /// Any such region code, and the frame behind it.
    @inline(never)
    private func otherRegion(lengths: UInt16) throws(Irregular) -> (RegionCode, PlainFrame) {
        var frame = self
        let text = try unsafe frame.text()
        guard text.count <= RegionCode.maximumLength, lengths & 1 &<< UInt16(text.count) != 0,
            let code = unsafe RegionCode(text.span)
        else { throw Irregular() }
        return (code, frame)
    }

    /// Reads a value of the attribute with `number`.
    @unsafe
    @inline(always)
    mutating func value(
        _ reading: UnsafePointer<CallTables.AttributeReading>, _ number: Int, _ words: ByteTable
    ) throws(Irregular) -> Int64 {
        switch unsafe reading.pointee.kind {
        case .flag:
            return try flag()
        case .integer:
            let value = try integer()
            guard unsafe reading.pointee.minimum <= value,
                unsafe value <= reading.pointee.maximum
            else { throw Irregular() }
            return value
        case .choice:
            return Int64(try word(words, in: number))
        case .region:
            return try region(lengths: unsafe reading.pointee.lengths).rawValue
        }
    }

    // MARK: - Eight bytes together

    /// How many of eight characters from `place` on are digits, up to the first that is none, and their values.
    @unsafe
    @inline(always)
    private func digits(at place: UnsafePointer<UInt8>) -> (values: UInt64, count: Int) {
        // Digits become their values, whatever ends them 10 or more.
        let values = unsafe word(place) ^ Self.each(UInt8(ascii: "0"))
        let others = ((values &+ Self.each(0x80 - 10)) | values) & Self.each(0x80)
        return (values, others.trailingZeroBitCount / 8)
    }

    /// The eight bytes from `place` on, the first one lowest.
    @unsafe
    @inline(always)
    private func word(_ place: UnsafePointer<UInt8>) -> UInt64 {
        UInt64(littleEndian: unsafe UnsafeRawPointer(place).loadUnaligned(as: UInt64.self))
    }

    /// Up to eight characters of ASCII, the first one lowest.
    @inline(always)
    private static func word(_ text: StaticString) -> UInt64 {
        var word: UInt64 = 0
        for index in (0..<text.utf8CodeUnitCount).reversed() {
            word = unsafe word << 8 | UInt64(text.utf8Start[index])
        }
        return word
    }

    /// The same byte eight times.
    @inline(always)
    private static func each(_ byte: UInt8) -> UInt64 { 0x0101_0101_0101_0101 &* UInt64(byte) }

    /// The number that eight values of decimal digits stand for, the first digit lowest.
    @inline(always)
    private static func value(ofDigits digits: UInt64) -> UInt64 {
        // Neighbours become numbers below 100, those below 10,000, and those the whole.
        let pairs = (digits &* (10 << 8 | 1)) &>> 8 & 0x00FF_00FF_00FF_00FF
        let fours = (pairs &* (100 << 16 | 1)) &>> 16 & 0x0000_FFFF_0000_FFFF
        return (fours &* (10_000 << 32 | 1)) &>> 32
    }
}
