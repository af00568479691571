public import MarketCore

/// Bytes as hexadecimal text, high byte first; lowercase when written.
public enum Hexadecimal {
    /// Reads exactly `count` words of 16 digits each, or returns `nil`.
    static func words(_ text: String, count: Int) -> [UInt64]? {
        guard text.utf8.count == count * 16 else { return nil }
        var words: [UInt64] = []
        words.reserveCapacity(count)
        var word: UInt64 = 0
        var digits = 0
        for byte in text.utf8 {
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
            default: return nil
            }
            word = word << 4 | UInt64(digit)
            digits += 1
            if digits % 16 == 0 {
                words.append(word)
                word = 0
            }
        }
        return words
    }

    /// The 32 digits of sixteen bytes.
    public static func text(_ bytes: Bytes16) -> String {
        text([bytes.high, bytes.low])
    }

    /// The 64 digits of a digest.
    public static func text(_ digest: Digest32) -> String {
        text([digest.high.high, digest.high.low, digest.low.high, digest.low.low])
    }

    /// The digit for a number below 16.
    static func digit(_ number: UInt8) -> UInt8 {
        number < 10 ? UInt8(ascii: "0") + number : UInt8(ascii: "a") + number - 10
    }

    private static func text(_ words: [UInt64]) -> String {
        var digits: [UInt8] = []
        digits.reserveCapacity(words.count * 16)
        for word in words {
            for shift in stride(from: UInt64(60), through: 0, by: -4) {
                digits.append(digit(UInt8(truncatingIfNeeded: word >> shift) & 15))
            }
        }
        return String(decoding: digits, as: UTF8.self)
    }
}
