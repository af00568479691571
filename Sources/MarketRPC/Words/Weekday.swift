/// The days of the week as windows of orders name them (R5.2).
public enum Weekday: Int, WireWord {
    /// Monday, 1.
    case monday = 1
    /// Tuesday.
    case tuesday
    /// Wednesday.
    case wednesday
    /// Thursday.
    case thursday
    /// Friday.
    case friday
    /// Saturday.
    case saturday
    /// Sunday, 7.
    case sunday

    /// The day's word.
    public var word: String {
        switch self {
        case .monday: "monday"
        case .tuesday: "tuesday"
        case .wednesday: "wednesday"
        case .thursday: "thursday"
        case .friday: "friday"
        case .saturday: "saturday"
        case .sunday: "sunday"
        }
    }
}

/// Times of day to the minute as text: `00:00` to `24:00`.
public enum ClockText {
    /// Reads the minute of the day, 0...1,440, or returns `nil` for text that is no time of day.
    public static func parse(_ text: String) -> Int? {
        let parts = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.count == 2 }),
            parts.allSatisfy({ $0.allSatisfy { (0x30...0x39).contains($0) } }),
            let hour = Int(Substring(parts[0])), let minute = Int(Substring(parts[1])),
            minute < 60, hour * 60 + minute <= 1_440
        else { return nil }
        return hour * 60 + minute
    }

    /// The text of a minute of the day, 0...1,440.
    public static func format(_ minute: Int) -> String {
        func digits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(digits(minute / 60)):\(digits(minute % 60))"
    }
}
