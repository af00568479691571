internal import MarketCore
internal import MarketRPC

/// Reads values of a configuration by kind and range.
struct ConfigurationReader {
    let source: ConfigurationSource

    mutating func path(
        _ key: String, default value: String
    ) throws(ConfigurationError) -> String {
        guard let text = try source.text(key) else { return value }
        guard !text.isEmpty, !text.utf8.contains(0) else {
            throw .badValue(key: key, value: text, expected: "a path")
        }
        return text
    }

    mutating func integer(
        _ key: String, _ range: ClosedRange<Int>, _ value: inout Int
    ) throws(ConfigurationError) {
        guard let text = try source.text(key) else { return }
        guard let number = Int(text), range.contains(number) else {
            throw .badValue(
                key: key, value: text,
                expected: "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        value = number
    }

    /// A length of time such as `30s`.
    mutating func span(
        _ key: String, _ range: ClosedRange<Timespan>, _ value: inout Timespan
    ) throws(ConfigurationError) {
        guard let text = try source.text(key) else { return }
        guard let span = DurationText.parse(text), range.contains(span) else {
            let (least, most) = (range.lowerBound, range.upperBound)
            throw .badValue(
                key: key, value: text,
                expected: "a length of time from \(DurationText.format(least)) to "
                    + "\(DurationText.format(most)), such as 30s")
        }
        value = span
    }

    /// Permissions in octal digits, such as `0660`.
    mutating func mode(
        _ key: String, default value: UInt32
    ) throws(ConfigurationError) -> UInt32 {
        guard let text = try source.text(key) else { return value }
        guard let mode = UInt32(text, radix: 8), mode <= 0o777 else {
            throw .badValue(
                key: key, value: text, expected: "octal permissions from 0 to 0777, in quotes")
        }
        return mode
    }

    mutating func word<Value>(
        _ key: String, _ words: [String: Value], default value: Value
    ) throws(ConfigurationError) -> Value {
        guard let text = try source.text(key) else { return value }
        guard let value = words[text] else {
            let choices = words.keys.sorted().joined(separator: ", ")
            throw .badValue(key: key, value: text, expected: "one of \(choices)")
        }
        return value
    }

    mutating func currency(
        _ key: String, default value: String
    ) throws(ConfigurationError) -> String {
        guard let text = try source.text(key) else { return value }
        let letters = UInt8(ascii: "A")...UInt8(ascii: "Z")
        guard text.utf8.count == 3, text.utf8.allSatisfy(letters.contains) else {
            throw .badValue(key: key, value: text, expected: "an ISO 4217 code, such as CNY")
        }
        return text
    }

    /// Minutes of an offset such as `+08:00`, at most 18 hours either way.
    mutating func utcOffset(
        _ key: String, default value: Int
    ) throws(ConfigurationError) -> Int {
        guard let text = try source.text(key) else { return value }
        let parts = text.dropFirst().split(separator: ":", omittingEmptySubsequences: false)
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard let sign = text.first, sign == "+" || sign == "-", parts.count == 2,
            parts.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy(digits.contains) }),
            let hours = Int(parts[0]), let minutes = Int(parts[1]), minutes < 60,
            hours * 60 + minutes <= 18 * 60
        else {
            throw .badValue(
                key: key, value: text, expected: "an offset from -18:00 to +18:00, such as +08:00")
        }
        return (sign == "-" ? -1 : 1) * (hours * 60 + minutes)
    }
}
