import MarketCore

extension PlainFrame {
    /// The number of a lead, an order or an assignment at `index`.
    func entity<Entity>(_ index: Int) throws(Irregular) -> ID<Entity> {
        let number = try integer(index)
        guard number >= 1, number <= maximumIdentifier else { throw Irregular() }
        return ID(UInt64(number))
    }

    /// The time at `index`: text, or microseconds since the Unix epoch.
    func time(_ index: Int) throws(Irregular) -> Timestamp {
        let microseconds: Int64
        if isKind(.integer, index) {
            microseconds = try integer(index)
        } else {
            let part = try string(index)
            guard let parsed = unsafe RFC3339.parse(bytes(of: part).span) else {
                throw Irregular()
            }
            microseconds = parsed
        }
        guard marketTimes.contains(microseconds) else { throw Irregular() }
        return Timestamp(microseconds: microseconds)
    }

    /// The digits of the phone number at `index`.
    func phoneDigits(_ index: Int, _ pattern: PhonePattern) throws(Irregular) -> String {
        let part = try string(index, length: 1...Parameters.maximumPhoneBytes)
        let text = text(part)
        if unsafe pattern.isPlain(bytes(of: part).span) { return text }
        guard let digits = pattern.normalise(text) else { throw Irregular() }
        return digits
    }

    /// The word that the sixteen hexadecimal digits from `offset` on stand for, in either case.
    func hexadecimalWord(_ offset: Int) throws(Irregular) -> UInt64 {
        let high = try Self.halfWord(word(offset))
        let low = try Self.halfWord(word(offset + 8))
        return high << 32 | low
    }

    /// The value of eight hexadecimal digits, the first in the lowest byte; all eight are looked at together.
    private static func halfWord(_ digits: UInt64) throws(Irregular) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let tops = ones << 7
        // Adding what is missing to 0x80 sets the top bit of each byte from a bound on; no byte carries over, as
        // all are below 0x80.
        func isFrom(_ bound: UInt64, _ bytes: UInt64) -> UInt64 {
            (bytes &+ (0x80 - bound) &* ones) & tops
        }
        let lower = digits | ones << 5
        let isDigit = isFrom(0x30, digits) & ~isFrom(0x3A, digits)
        let isLetter = isFrom(0x61, lower) & ~isFrom(0x67, lower)
        guard digits & tops == 0, isDigit | isLetter == tops else { throw Irregular() }
        // 0 to 9 end in their value; a to f end in 1 to 6.
        let nibbles = (digits & (ones &* 0x0F)) &+ (isLetter >> 7) &* 9
        // Neighbours into bytes, bytes into pairs, pairs into the word; the first digit is the highest.
        let bytes = (nibbles << 4 | nibbles >> 8) & 0x00FF_00FF_00FF_00FF
        let pairs = (bytes << 8 | bytes >> 16) & 0x0000_FFFF_0000_FFFF
        return (pairs << 16 | pairs >> 32) & 0xFFFF_FFFF
    }

    /// The value at `index` as one of the attribute with `number`.
    func value(
        _ index: Int, ofAttribute number: Int, _ tables: CallTables
    ) throws(Irregular) -> Int64 {
        switch tables.reading(ofAttribute: number) {
        case .flag:
            if isKind(.true, index) { return 1 }
            guard isKind(.false, index) else { throw Irregular() }
            return 0
        case .integer(let minimum, let maximum):
            let value = try integer(index)
            guard minimum <= value, value <= maximum else { throw Irregular() }
            return value
        case .choice:
            let word = try string(index)
            guard
                let value = tables.texts.number(
                    of: word, in: CallTables.Domain.words(ofAttribute: number), self)
            else { throw Irregular() }
            return Int64(value)
        case .region(let lengths):
            let part = try string(index, length: 1...RegionCode.maximumLength)
            guard lengths & 1 << UInt16(part.length) != 0,
                let code = unsafe RegionCode(bytes(of: part).span)
            else { throw Irregular() }
            return code.rawValue
        }
    }
}
