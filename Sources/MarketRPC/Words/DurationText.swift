public import MarketCore

/// Lengths of time as text: a whole number and a unit, such as `90s`, `5m` or `30d`.
public enum DurationText {
    /// What stands for no end where that is allowed.
    public static let forever = "forever"

    /// The units with their microseconds, from long to short.
    private static let units: [(text: String, microseconds: Int64)] = [
        ("d", 86_400_000_000), ("h", 3_600_000_000), ("m", 60_000_000), ("s", 1_000_000),
        ("ms", 1_000), ("us", 1),
    ]

    /// Reads a length, or returns `nil` for text that is none or passes 64 bits.
    public static func parse(_ text: String) -> Timespan? {
        let digits = text.utf8.prefix { (0x30...0x39).contains($0) }
        let suffix = text.utf8.dropFirst(digits.count)
        guard !digits.isEmpty, let count = Int64(Substring(digits)),
            let unit = units.first(where: { suffix.elementsEqual($0.text.utf8) })
        else { return nil }
        let (microseconds, overflow) = count.multipliedReportingOverflow(by: unit.microseconds)
        return overflow ? nil : Timespan(microseconds: microseconds)
    }

    /// The text of a length that is not negative, in the longest unit that fits exactly.
    public static func format(_ span: Timespan) -> String {
        guard span.microseconds != 0 else { return "0s" }
        for unit in units where span.microseconds % unit.microseconds == 0 {
            return "\(span.microseconds / unit.microseconds)\(unit.text)"
        }
        return "\(span.microseconds)us"
    }
}
