/// Times as text (RFC 3339) to and from microseconds since the Unix epoch, in the proleptic Gregorian calendar.
///
/// Times are POSIX times: days have 86,400 seconds and a leap second (`:60`) cannot be told.
public enum RFC3339 {
    /// The times that have a text: 0000-01-01T00:00:00Z to 9999-12-31T23:59:59.999999Z.
    public static let range: ClosedRange<Int64> = -62_167_219_200_000_000...253_402_300_799_999_999

    private static let microsecondsPerSecond: Int64 = 1_000_000
    private static let secondsPerDay: Int64 = 86_400

    /// Reads `2026-01-31T09:30:00+08:00`; fractions beyond the sixth digit are cut off.
    ///
    /// - Returns: microseconds since the Unix epoch, or `nil` when the text is no such time.
    public static func parse(_ text: String) -> Int64? {
        parse(text.utf8.span)
    }

    /// Reads the bytes of a time, see ``parse(_:)-(String)``.
    ///
    /// - Returns: microseconds since the Unix epoch, or `nil` when the text is no such time.
    static func parse(_ text: Span<UInt8>) -> Int64? {
        guard text.count >= shortestText, let date = pairs(text, from: 0, as: "0000-00-"),
            let time = pairs(text, from: 8, as: "00T00:00"), text[16] == UInt8(ascii: ":"),
            let second = pair(text, at: 17)
        else { return nil }
        let year = date.number(at: 0) * 100 + date.number(at: 2)
        let month = date.number(at: 5)
        let day = time.number(at: 0)
        let hour = time.number(at: 3)
        let minute = time.number(at: 6)
        guard let (fraction, offsetMinutes) = tail(of: text), month >= 1, month <= 12, day >= 1,
            day <= daysIn(month: month, year: year),
            hour < 24, minute < 60, second < 60
        else { return nil }
        let seconds =
            daysSinceEpoch(year: year, month: month, day: day) * secondsPerDay + hour * 3_600
            + minute * 60 + second - offsetMinutes * 60
        let microseconds = seconds * microsecondsPerSecond + fraction
        return range.contains(microseconds) ? microseconds : nil
    }

    /// Bytes of the shortest text: seconds and `Z`.
    private static let shortestText = 20

    /// The text of a time in UTC, with six digits of microseconds only when they are not zero.
    public static func format(_ microseconds: Int64) -> String {
        var bytes: [UInt8] = []
        append(microseconds, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends what ``format(_:)`` returns.
    ///
    /// - Precondition: `microseconds` lies within ``range``.
    static func append(_ microseconds: Int64, to bytes: inout [UInt8]) {
        precondition(range.contains(microseconds), "a time outside the years 0 to 9999 has no text")
        let (seconds, fraction) = floorDivide(microseconds, by: microsecondsPerSecond)
        let (days, secondOfDay) = floorDivide(seconds, by: secondsPerDay)
        let (year, month, day) = date(daysSinceEpoch: days)
        bytes.append(addingCapacity: 27) { output in
            appendPair(year / 100, to: &output)
            appendPair(year % 100, to: &output)
            output.append(UInt8(ascii: "-"))
            appendPair(month, to: &output)
            output.append(UInt8(ascii: "-"))
            appendPair(day, to: &output)
            output.append(UInt8(ascii: "T"))
            appendPair(secondOfDay / 3_600, to: &output)
            output.append(UInt8(ascii: ":"))
            appendPair(secondOfDay / 60 % 60, to: &output)
            output.append(UInt8(ascii: ":"))
            appendPair(secondOfDay % 60, to: &output)
            if fraction != 0 {
                output.append(UInt8(ascii: "."))
                appendPair(fraction / 10_000, to: &output)
                appendPair(fraction / 100 % 100, to: &output)
                appendPair(fraction % 100, to: &output)
            }
            output.append(UInt8(ascii: "Z"))
        }
    }

    private static func isLeap(_ year: Int64) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    private static func daysIn(month: Int64, year: Int64) -> Int64 {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days from 1970-01-01; years of 400 repeat, and a year that starts in March ends with its leap day
    /// (Howard Hinnant, "chrono-compatible low-level date algorithms", `days_from_civil`).
    @inline(__always)
    private static func daysSinceEpoch(year: Int64, month: Int64, day: Int64) -> Int64 {
        // An era earlier than asked for, so that nothing is negative in the year 0.
        let marchYear = UInt64(year + 400 - (month <= 2 ? 1 : 0))
        let (era, yearOfEra) = marchYear.quotientAndRemainder(dividingBy: 400)
        let marchMonth = UInt64(month <= 2 ? month + 9 : month - 3)
        let dayOfYear = (153 * marchMonth + 2) / 5 + UInt64(day - 1)
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return Int64(era * 146_097 + dayOfEra) - 146_097 - 719_468
    }

    /// The inverse of ``daysSinceEpoch(year:month:day:)`` (`civil_from_days`).
    private static func date(daysSinceEpoch days: Int64) -> (year: Int64, month: Int64, day: Int64)
    {
        let (era, dayOfEra) = floorDivide(days + 719_468, by: 146_097)
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }

    private static func floorDivide(
        _ value: Int64, by divisor: Int64
    ) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    /// Writes a number below a hundred as two digits.
    @inline(__always)
    private static func appendPair(_ value: Int64, to output: inout OutputSpan<UInt8>) {
        let (tens, ones) = UInt8(value).quotientAndRemainder(dividingBy: 10)
        output.append(UInt8(ascii: "0") + tens)
        output.append(UInt8(ascii: "0") + ones)
    }
}

// The pieces of a time as text.
extension RFC3339 {
    private static func digit(_ byte: UInt8) -> Int64? {
        let digit = byte &- UInt8(ascii: "0")
        return digit < 10 ? Int64(digit) : nil
    }

    /// Two digits at each place of eight characters, read together.
    private struct Pairs {
        var numbers: UInt64

        /// The number that the digits at `place` and after it stand for.
        func number(at place: UInt64) -> Int64 { Int64(numbers &>> (place * 8) & 0xFF) }
    }

    /// Eight characters that are digits where `pattern` has a zero and like it everywhere else, but for the case of
    /// letters; the text is long enough.
    @inline(__always)
    private static func pairs(
        _ text: Span<UInt8>, from position: Int, as pattern: StaticString
    ) -> Pairs? {
        let loaded = unsafe text.bytes.unsafeLoadUnaligned(
            fromByteOffset: position, as: UInt64.self)
        var (expected, cases, limits): (UInt64, UInt64, UInt64) = (0, 0, 0)
        for place in (0..<8).reversed() {
            let byte = unsafe pattern.utf8Start[place]
            expected = expected << 8 | UInt64(byte)
            cases = cases << 8 | (byte >= UInt8(ascii: "A") ? 0x20 : 0)
            // What added to a digit's value, or to no difference, leaves the highest bit alone.
            limits = limits << 8 | (byte == UInt8(ascii: "0") ? 0x76 : 0x7F)
        }
        let values = (UInt64(littleEndian: loaded) & ~cases) ^ expected
        guard ((values &+ limits) | values) & 0x8080_8080_8080_8080 == 0 else { return nil }
        return Pairs(numbers: values &* 10 &+ values &>> 8)
    }

    /// The number that two digits from `position` on stand for; the text is long enough.
    @inline(__always)
    private static func pair(_ text: Span<UInt8>, at position: Int) -> Int64? {
        let tens = text[position] &- UInt8(ascii: "0")
        let ones = text[position &+ 1] &- UInt8(ascii: "0")
        return tens < 10 && ones < 10 ? Int64(tens &* 10 &+ ones) : nil
    }

    /// What follows the seconds: microseconds of a fraction, and minutes east of UTC.
    @inline(__always)
    private static func tail(of text: Span<UInt8>) -> (fraction: Int64, offsetMinutes: Int64)? {
        if text.count == shortestText, text[19] == UInt8(ascii: "Z") { return (0, 0) }
        var position = 19
        guard let fraction = fraction(of: text, at: &position),
            let offsetMinutes = offsetMinutes(of: text, at: position)
        else { return nil }
        return (fraction, offsetMinutes)
    }

    /// Microseconds of an optional fraction; `nil` when a point has no digits after it.
    private static func fraction(of text: Span<UInt8>, at position: inout Int) -> Int64? {
        guard text[position] == UInt8(ascii: ".") else { return 0 }
        var value: Int64 = 0
        var count = 0
        position += 1
        while position < text.count, let digit = digit(text[position]) {
            if count < 6 { value = value * 10 + digit }
            count += 1
            position += 1
        }
        guard count > 0 else { return nil }
        while count < 6 {
            value *= 10
            count += 1
        }
        return value
    }

    /// Minutes east of UTC, which end the text; `nil` when there is no offset or more than that.
    private static func offsetMinutes(of text: Span<UInt8>, at position: Int) -> Int64? {
        guard position < text.count else { return nil }
        let first = text[position]
        if first | 0x20 == UInt8(ascii: "z") { return position + 1 == text.count ? 0 : nil }
        guard first == UInt8(ascii: "+") || first == UInt8(ascii: "-"),
            position + 6 == text.count, text[position + 3] == UInt8(ascii: ":"),
            let hours = pair(text, at: position + 1),
            let minutes = pair(text, at: position + 4), hours < 24, minutes < 60
        else { return nil }
        let east = hours * 60 + minutes
        return first == UInt8(ascii: "-") ? -east : east
    }
}
