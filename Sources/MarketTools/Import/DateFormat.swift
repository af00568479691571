/// A day and, where it is known, a time of day; of the proleptic Gregorian calendar.
public struct CivilTime: Equatable, Sendable {
    /// The year, such as 2016.
    public var year: Int
    /// The month, 1...12.
    public var month: Int
    /// The day of the month, 1...31.
    public var day: Int
    /// Seconds since midnight; `nil` when only the date is known.
    public var secondOfDay: Int?

    /// Days since 1970-01-01 (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil).
    public var daysSinceEpoch: Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
            - 719_468
    }

    /// Whole years from `birth` to this day; a birthday on 29 February is kept on 1 March.
    public func yearsSince(_ birth: CivilTime) -> Int {
        let before = (month, day) < (birth.month, birth.day)
        return year - birth.year - (before ? 1 : 0)
    }
}

/// How dates are written in a column: `dd`, `MM`, `yy` or `yyyy`, `HH`, `mm`, `ss`, and anything else as it stands.
public struct DateFormat: Equatable, Sendable {
    private enum Part: Equatable, Sendable {
        case day, month, shortYear, longYear, hour, minute, second
        case literal(UInt8)
    }

    private let parts: [Part]
    /// Two-digit years up to this one are of this century (2000 and later), those above of the last; `nil` when the format has
    /// four digits.
    private let pivot: Int?

    /// Why a format cannot be used.
    public struct Fault: Error, Equatable, Sendable {
        /// What is wrong with it.
        public let problem: String
    }

    /// Reads a format.
    ///
    /// - Parameter pivot: 0...99, needed exactly when the format has `yy`: with 16, `16` is 2016 and `17` is 1917.
    /// - Throws: ``Fault``.
    public init(_ pattern: String, pivot: Int?) throws(Fault) {
        var parts: [Part] = []
        var rest = Array(pattern.utf8)[...]
        let fields: [(String, Part)] = [
            ("yyyy", .longYear), ("yy", .shortYear), ("dd", .day), ("MM", .month), ("HH", .hour),
            ("mm", .minute), ("ss", .second),
        ]
        while let byte = rest.first {
            if let field = fields.first(where: { rest.starts(with: $0.0.utf8) }) {
                guard !parts.contains(field.1) else {
                    throw Fault(problem: "'\(field.0)' stands twice in '\(pattern)'")
                }
                parts.append(field.1)
                rest = rest.dropFirst(field.0.utf8.count)
            } else {
                let isLetter = UnicodeScalar(byte).properties.isAlphabetic && byte < 0x80
                guard !isLetter || byte == UInt8(ascii: "T") else {
                    throw Fault(problem: "'\(pattern)' has letters that are no date field")
                }
                parts.append(.literal(byte))
                rest = rest.dropFirst()
            }
        }
        let years = parts.count { $0 == .shortYear || $0 == .longYear }
        guard years == 1, parts.contains(.month), parts.contains(.day) else {
            throw Fault(problem: "'\(pattern)' needs dd, MM and one of yy and yyyy")
        }
        guard parts.contains(.hour) || !parts.contains(.minute) && !parts.contains(.second) else {
            throw Fault(problem: "'\(pattern)' has minutes or seconds and no hour")
        }
        let isShort = parts.contains(.shortYear)
        guard isShort == (pivot != nil), (0...99).contains(pivot ?? 0) else {
            throw Fault(problem: "a pivot from 0 to 99 goes with yy, and with yy alone")
        }
        self.parts = parts
        self.pivot = pivot
    }

    /// Reads a date; `nil` when the text does not follow the format or names no day there is.
    ///
    /// A day or month may be written with one digit where a literal follows it.
    public func parse(_ text: String) -> CivilTime? {
        var rest = Array(text.utf8)[...]
        var time = CivilTime(year: 0, month: 0, day: 0)
        var (hour, minute, second) = (0, 0, 0)
        for part in parts {
            if case .literal(let byte) = part {
                guard rest.popFirst() == byte else { return nil }
                continue
            }
            guard let value = Self.number(from: &rest, of: part) else { return nil }
            switch part {
            case .day: time.day = value
            case .month: time.month = value
            case .longYear: time.year = value
            case .shortYear: time.year = value <= (pivot ?? 0) ? 2000 + value : 1900 + value
            case .hour: hour = value
            case .minute: minute = value
            case .second: second = value
            case .literal: break
            }
        }
        guard rest.isEmpty, (1...12).contains(time.month), time.day >= 1,
            time.day <= Self.days(inMonth: time.month, of: time.year),
            hour < 24, minute < 60, second < 60
        else { return nil }
        if parts.contains(.hour) { time.secondOfDay = hour * 3_600 + minute * 60 + second }
        return time
    }

    private static func number(from rest: inout ArraySlice<UInt8>, of part: Part) -> Int? {
        let digits = part == .longYear ? 4 : 2
        let taken = rest.prefix(digits).prefix { (0x30...0x39).contains($0) }
        let mayBeShort = part == .day || part == .month
        guard taken.count == digits || mayBeShort && taken.count == 1 else { return nil }
        rest = rest.dropFirst(taken.count)
        return taken.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    private static func days(inMonth month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
