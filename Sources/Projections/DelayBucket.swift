public import MarketCore

/// How long after a lead's arrival something came: the first call (R9.3), or the release.
public enum DelayBucket: UInt8, Hashable, Comparable, Sendable, CaseIterable {
    /// Up to 5 minutes.
    case within5Minutes = 1
    /// Up to 30 minutes.
    case within30Minutes
    /// Up to an hour.
    case withinHour
    /// Up to 24 hours.
    case within24Hours
    /// Up to 72 hours.
    case within72Hours
    /// Up to 7 days.
    case within7Days
    /// Later.
    case later

    /// The bucket of a delay; limits are inclusive.
    public init(delay: Timespan) {
        switch delay {
        case ...Timespan.minutes(5): self = .within5Minutes
        case ...Timespan.minutes(30): self = .within30Minutes
        case ...Timespan.hours(1): self = .withinHour
        case ...Timespan.hours(24): self = .within24Hours
        case ...Timespan.hours(72): self = .within72Hours
        case ...Timespan.days(7): self = .within7Days
        default: self = .later
        }
    }

    /// Orders buckets from sooner to later.
    public static func < (left: DelayBucket, right: DelayBucket) -> Bool {
        left.rawValue < right.rawValue
    }
}
