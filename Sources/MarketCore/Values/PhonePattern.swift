/// What a market accepts as a phone number: a sequence of digit classes (R4.1).
///
/// Written as digits, `[3-9]` or `[35]` classes and `\d`, each optionally repeated `{n}`; the
/// default is `1[3-9]\d{9}`, a Chinese mobile number.
public struct PhonePattern: Hashable, Sendable {
    /// The pattern as written.
    public let text: String
    /// For each place of the number a bit for every digit allowed there.
    let places: [UInt16]

    /// The longest number a pattern can ask for (E.164).
    public static let maximumDigits = 15

    /// A Chinese mobile number.
    public static let chineseMobile: PhonePattern = {
        guard let pattern = PhonePattern("1[3-9]\\d{9}") else {
            preconditionFailure("the default pattern is well-formed")
        }
        return pattern
    }()

    /// Takes `text` as a pattern, or returns `nil` when it is malformed, empty or too long.
    public init?(_ text: String) {
        var rest = Substring(text)
        var places: [UInt16] = []
        while let first = rest.popFirst() {
            let digits: UInt16
            switch first {
            case "\\":
                guard rest.popFirst() == "d" else { return nil }
                digits = 0x3FF
            case "[":
                guard let end = rest.firstIndex(of: "]"), let set = Self.digits(rest[..<end])
                else { return nil }
                digits = set
                rest = rest[rest.index(after: end)...]
            default:
                guard let digit = Self.digit(first) else { return nil }
                digits = 1 << digit
            }
            var count = 1
            if rest.first == "{" {
                guard let end = rest.firstIndex(of: "}"),
                    let times = Int(rest[rest.index(after: rest.startIndex)..<end]),
                    (1...Self.maximumDigits).contains(times)
                else { return nil }
                count = times
                rest = rest[rest.index(after: end)...]
            }
            places += Array(repeating: digits, count: count)
            guard places.count <= Self.maximumDigits else { return nil }
        }
        guard !places.isEmpty else { return nil }
        self.text = text
        self.places = places
    }

    /// Brings a phone number as people write it into the form that identifies a person (R4.1).
    ///
    /// Spaces, tabs, hyphens, dots, slashes, parentheses and U+00A0 are dropped, then a leading
    /// `+86`, `0086`, or `86` when 13 digits remain.
    ///
    /// - Returns: The digits, or `nil` when they do not match (`invalidPhone`).
    public func normalise(_ phone: String) -> String? {
        if isPlain(phone.utf8.span) { return phone }
        var digits = phone.unicodeScalars.filter { !Self.separators.contains($0) }[...]
        if digits.starts(with: "+86".unicodeScalars) {
            digits = digits.dropFirst(3)
        } else if digits.starts(with: "0086".unicodeScalars) {
            digits = digits.dropFirst(4)
        } else if digits.count == 13, digits.starts(with: "86".unicodeScalars) {
            digits = digits.dropFirst(2)
        }
        guard digits.count == places.count else { return nil }
        for (scalar, place) in zip(digits, places) {
            guard let digit = Self.digit(Character(scalar)), place & (1 << digit) != 0 else {
                return nil
            }
        }
        return String(String.UnicodeScalarView(digits))
    }

    /// Whether the bytes of a phone number are in that form already: the usual case, found without taking it apart.
    ///
    /// - Complexity: linear in the number of digits, without allocation.
    public func isPlain(_ phone: Span<UInt8>) -> Bool {
        guard phone.count == places.count, !Self.hasCountryCode(phone) else { return false }
        var (isAllowed, all): (UInt16, UInt8) = (1, 0)
        for index in phone.indices {
            let digit = phone[index] &- UInt8(ascii: "0")
            isAllowed &= places[index] &>> UInt16(digit)
            all |= digit
        }
        // No place allows 10 to 15, and beyond them a shift begins anew.
        return isAllowed == 1 && all < 16
    }

    /// Whether a number of the right length begins with a country code, which is dropped (R4.1).
    static func hasCountryCode(_ phone: Span<UInt8>) -> Bool {
        let zero = UInt8(ascii: "0")
        let eight = UInt8(ascii: "8")
        let six = UInt8(ascii: "6")
        if phone.count == 13, phone[0] == eight, phone[1] == six { return true }
        return phone.count >= 4 && phone[0] == zero && phone[1] == zero && phone[2] == eight
            && phone[3] == six
    }

    private static let separators: Set<Unicode.Scalar> = [
        " ", "\t", "-", ".", "/", "(", ")", "\u{A0}",
    ]

    private static func digit(_ character: Character) -> UInt16? {
        guard let value = character.asciiValue,
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(value)
        else { return nil }
        return UInt16(value - UInt8(ascii: "0"))
    }

    private static func digits(_ set: Substring) -> UInt16? {
        var bits: UInt16 = 0
        var rest = set
        while let first = rest.popFirst() {
            guard let low = digit(first) else { return nil }
            var high = low
            if rest.first == "-" {
                rest.removeFirst()
                guard let last = rest.popFirst(), let end = digit(last), end >= low else {
                    return nil
                }
                high = end
            }
            for value in low...high { bits |= 1 << value }
        }
        return bits == 0 ? nil : bits
    }
}
