/// A point in time: microseconds since the Unix epoch, UTC.
public struct Timestamp: Hashable, Comparable, Sendable {
    /// Microseconds since 1970-01-01T00:00:00Z.
    public var microseconds: Int64

    /// Makes the point `microseconds` after the epoch.
    public init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// The Unix epoch, the earliest time a market accepts.
    public static let epoch = Timestamp(microseconds: 0)

    /// The last microsecond of the year 9999, the latest time a market accepts.
    public static let latest = Timestamp(microseconds: 253_402_300_799_999_999)

    /// The latest time that may be supplied with a request: a year before ``latest``, so that strictly
    /// increasing stamps never reach the end.
    public static let latestSupplied = Timestamp(
        microseconds: latest.microseconds - Timespan.days(365).microseconds)

    /// The point `span` later, at most ``latest``.
    public static func + (time: Timestamp, span: Timespan) -> Timestamp {
        let (sum, overflow) = time.microseconds.addingReportingOverflow(span.microseconds)
        return overflow ? latest : Timestamp(microseconds: min(sum, latest.microseconds))
    }

    /// The span from `right` to `left`.
    public static func - (left: Timestamp, right: Timestamp) -> Timespan {
        Timespan(microseconds: left.microseconds - right.microseconds)
    }

    /// Orders points from earlier to later.
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.microseconds < right.microseconds
    }
}

/// A length of time in microseconds.
public struct Timespan: Hashable, Comparable, Sendable {
    /// The length in microseconds.
    public var microseconds: Int64

    /// Makes a length of `microseconds`.
    public init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// The shortest step of a market's time.
    public static let microsecond = Timespan(microseconds: 1)

    /// A length of whole seconds.
    public static func seconds(_ count: Int64) -> Timespan {
        Timespan(microseconds: count * 1_000_000)
    }

    /// A length of whole minutes.
    public static func minutes(_ count: Int64) -> Timespan { seconds(count * 60) }

    /// A length of whole hours.
    public static func hours(_ count: Int64) -> Timespan { minutes(count * 60) }

    /// A length of whole days of 24 hours.
    public static func days(_ count: Int64) -> Timespan { hours(count * 24) }

    /// The longest length a configuration or an order may name: 100 years of 365 days.
    public static let maximum = days(36_500)

    /// Orders lengths from shorter to longer.
    public static func < (left: Timespan, right: Timespan) -> Bool {
        left.microseconds < right.microseconds
    }
}
