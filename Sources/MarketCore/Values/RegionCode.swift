/// An alphanumeric region code of 1 to 12 characters out of `0-9A-Z`, such as GB/T 2260 `330106`.
///
/// Codes are packed left-aligned in base 37 (0 for no character), so codes order as their text
/// does and all codes under a prefix are one range of integers (R1.1).
public struct RegionCode: Hashable, Comparable, Sendable {
    /// The packed code; positive.
    public let rawValue: Int64

    /// The longest code, in characters.
    public static let maximumLength = 12

    private static let base: Int64 = 37

    /// Takes a packed code as it is stored, or returns `nil` when it is none.
    public init?(rawValue: Int64) {
        guard Self.isPacked(rawValue) else { return nil }
        self.rawValue = rawValue
    }

    /// Takes `text` as a code, or returns `nil` when it is empty, too long or has other characters.
    public init?(_ text: String) {
        self.init(text.utf8.span)
    }

    /// Takes the bytes of a text as a code, or returns `nil` when it is empty, too long or has other characters.
    public init?(_ text: Span<UInt8>) {
        guard text.count >= 1, text.count <= Self.maximumLength else { return nil }
        var packed: Int64 = 0
        for index in text.indices {
            let byte = text[index]
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                packed = packed &* Self.base &+ Int64(byte &- UInt8(ascii: "0")) &+ 1
            case UInt8(ascii: "A")...UInt8(ascii: "Z"):
                packed = packed &* Self.base &+ Int64(byte &- UInt8(ascii: "A")) &+ 11
            default:
                return nil
            }
        }
        rawValue = packed * Self.widths[text.count]
    }

    /// Packs a code of digits alone, all of them together.
    ///
    /// - Parameters:
    ///   - digits: the value of each digit in a byte, the first one lowest; what stands behind the last does not matter.
    ///   - count: how many there are, 1...8.
    /// - Precondition: every value is below 10.
    public init(digits: UInt64, count: Int) {
        precondition((1...8).contains(count), "a code of digits has one to eight")
        let values = digits & UInt64.max &>> UInt64(64 &- 8 &* count)
        precondition(
            (values | (values &+ 0x7676_7676_7676_7676)) & 0x8080_8080_8080_8080 == 0,
            "a digit is below ten")
        let ranks = (digits &+ 0x0101_0101_0101_0101) & UInt64.max &>> UInt64(64 &- 8 &* count)
        // Neighbours become numbers of two places, those of four, and those the whole.
        let (two, four): (UInt64, UInt64) = (0x00FF_00FF_00FF_00FF, 0x0000_FFFF_0000_FFFF)
        let pairs = (ranks & two) &* 37 &+ (ranks &>> 8 & two)
        let fours = (pairs & four) &* (37 * 37) &+ (pairs &>> 16 & four)
        let eight = (fours & 0xFFFF_FFFF) &* (37 * 37 * 37 * 37) &+ fours &>> 32
        rawValue = Int64(eight) &* (37 * 37 * 37 * 37)
    }

    /// The code as text.
    public var text: String {
        let length = length
        var rest = rawValue / Self.widths[length]
        return unsafe String(unsafeUninitializedCapacity: Self.maximumLength) { text in
            for place in (0..<length).reversed() {
                let (upper, digit) = rest.quotientAndRemainder(dividingBy: Self.base)
                let zero = digit <= 10 ? UInt8(ascii: "0") - 1 : UInt8(ascii: "A") - 11
                unsafe text[place] = zero + UInt8(digit)
                rest = upper
            }
            return length
        }
    }

    /// The number of characters, 1...12.
    public var length: Int {
        var value = rawValue
        var length = Self.maximumLength
        while value % Self.base == 0 {
            value /= Self.base
            length -= 1
        }
        return length
    }

    /// The packed values of this code and of every longer code under it.
    public var extent: ClosedRange<Int64> {
        rawValue...(rawValue + Self.widths[length] - 1)
    }

    /// The packed prefixes of a packed code, one of each of the `lengths` up to its own.
    static func prefixes(of packed: Int64, lengths: [Int]) -> [Int64] {
        var prefixes: [Int64] = []
        for length in lengths {
            let prefix = prefix(of: packed, length: length)
            if prefix == packed, let last = prefixes.last, last == packed { break }
            prefixes.append(prefix)
        }
        return prefixes
    }

    /// The first `length` characters of a packed code, or all of a shorter one.
    static func prefix(of packed: Int64, length: Int) -> Int64 {
        packed / widths[length] * widths[length]
    }

    /// How many packed codes lie at or under a code of each length.
    private static let widths: [Int64] = {
        var widths = [Int64](repeating: 1, count: maximumLength + 1)
        for length in (0..<maximumLength).reversed() where length > 0 {
            widths[length] = widths[length + 1] * base
        }
        return widths
    }()

    /// Orders codes as text.
    public static func < (left: RegionCode, right: RegionCode) -> Bool {
        left.rawValue < right.rawValue
    }

    /// Whether a number is a packed code: characters from the first place on, none left out.
    private static func isPacked(_ number: Int64) -> Bool {
        var rest = number
        var hasCharacter = false
        for _ in 0..<maximumLength {
            let (upper, digit) = rest.quotientAndRemainder(dividingBy: base)
            rest = upper
            if digit < 0 || (hasCharacter && digit == 0) { return false }
            hasCharacter = hasCharacter || digit != 0
        }
        return hasCharacter && rest == 0
    }
}
