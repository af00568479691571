/// A decimal number as written, kept exactly: `digits` × 10 to the power of −`places`.
///
/// Amounts in files are rounded on their text, half away from zero, so that no binary fraction ever stands between
/// the file and the market: `2.5` becomes 3, `-2.5` becomes −3, `2.4999` becomes 2.
public struct DecimalText: Equatable, Sendable {
    /// All digits as one integer.
    let digits: Int128
    /// How many of them stand behind the point.
    let places: Int

    /// The most digits accepted; more are no amount of anything.
    static let maximumDigits = 18

    /// Reads an optional sign, digits, and optionally a point and more digits; no exponent, no grouping.
    public init?(_ text: String) {
        var digits: Int128 = 0
        var places = 0
        var count = 0
        var isFraction = false
        var isNegative = false
        for (index, byte) in text.utf8.enumerated() {
            switch byte {
            case UInt8(ascii: "-") where index == 0: isNegative = true
            case UInt8(ascii: "+") where index == 0: break
            case UInt8(ascii: ".") where !isFraction: isFraction = true
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                count += 1
                digits = digits * 10 + Int128(byte - UInt8(ascii: "0"))
                if isFraction { places += 1 }
            default: return nil
            }
            guard count <= Self.maximumDigits else { return nil }
        }
        guard count > 0 else { return nil }
        self.init(digits: isNegative ? -digits : digits, places: places)
    }

    private init(digits: Int128, places: Int) {
        self.digits = digits
        self.places = places
    }

    /// The product, exact.
    func multiplied(by factor: DecimalText) -> DecimalText {
        DecimalText(digits: digits * factor.digits, places: places + factor.places)
    }

    /// The nearest integer, halves away from zero; `nil` when 64 bits do not hold it.
    public var rounded: Int64? {
        var divisor: Int128 = 1
        for _ in 0..<places { divisor *= 10 }
        let (quotient, remainder) = digits.quotientAndRemainder(dividingBy: divisor)
        let roundsAway = remainder.magnitude * 2 >= divisor.magnitude
        return Int64(exactly: roundsAway ? quotient + digits.signum() : quotient)
    }
}
