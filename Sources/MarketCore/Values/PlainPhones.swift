/// The phone numbers that a pattern takes as they are, told by their bytes eight at a time.
///
/// Apart from ``PhonePattern``, which every market's settings have, for those who ask often.
public struct PlainPhones: Sendable {
    private let count: Int
    private let first: EightPlaces
    private let last: EightPlaces

    /// Takes the numbers of `pattern`; `nil` where they have not eight to sixteen digits, which the first eight and the
    /// last eight cover, or a place leaves out a digit between others.
    public init?(_ pattern: PhonePattern) {
        guard (8...16).contains(pattern.places.count),
            let first = EightPlaces(pattern.places.prefix(8)),
            let last = EightPlaces(pattern.places.suffix(8))
        else { return nil }
        (self.count, self.first, self.last) = (pattern.places.count, first, last)
    }

    /// What ``PhonePattern/isPlain(_:)`` says of the number.
    ///
    /// - Complexity: constant, without allocation.
    public func contains(_ phone: Span<UInt8>) -> Bool {
        guard phone.count == count, !PhonePattern.hasCountryCode(phone) else { return false }
        let bytes = unsafe phone.bytes
        precondition(bytes.byteCount >= 8, "a pattern of eight places takes no shorter number")
        let head = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: 0, as: UInt64.self)
        let tail = unsafe bytes.unsafeLoadUnaligned(
            fromByteOffset: bytes.byteCount - 8, as: UInt64.self)
        return first.allow(head) && last.allow(tail)
    }
}

/// What eight characters are compared with, all of them together.
private struct EightPlaces {
    /// Added to a character of ASCII, sets its highest bit where that is over the greatest digit of its place.
    private var over: UInt64 = 0
    /// Added to one, sets its highest bit where that is not under the least digit.
    private var notUnder: UInt64 = 0

    /// Takes the digits allowed at each place, a bit each; `nil` when there are not eight places or one leaves out a
    /// digit between others.
    init?(_ places: ArraySlice<UInt16>) {
        guard places.count == 8 else { return nil }
        for digits in places.reversed() {
            let least = UInt64(digits.trailingZeroBitCount)
            let greatest = UInt64(UInt16.bitWidth - 1 - digits.leadingZeroBitCount)
            guard digits.nonzeroBitCount == Int(greatest - least) + 1 else { return nil }
            let zero = UInt64(UInt8(ascii: "0"))
            over = over << 8 | (0x7F - zero - greatest)
            notUnder = notUnder << 8 | (0x80 - zero - least)
        }
    }

    /// Whether each of eight characters, the first one in the first byte, is a digit of its place.
    func allow(_ loaded: UInt64) -> Bool {
        let characters = UInt64(littleEndian: loaded)
        // With a character of ASCII neither sum reaches the next byte; any other character is refused itself.
        let isOver = characters | (characters &+ over)
        return (isOver | ~(characters &+ notUnder)) & 0x8080_8080_8080_8080 == 0
    }
}
