/// Days and hours in market-local time: UTC and a fixed offset (R5.3).
public struct MarketCalendar: Hashable, Sendable {
    /// Market-local time less UTC.
    public let offset: Timespan

    /// A calendar `utcOffsetMinutes` ahead of UTC.
    public init(utcOffsetMinutes: Int) {
        offset = .minutes(Int64(utcOffsetMinutes))
    }

    /// The number of the market-local day of `time`; 0 is 1970-01-01.
    public func day(of time: Timestamp) -> Int { index(of: time, .days(1)) }

    /// The number of the market-local hour of `time`, from the start of day 0.
    public func hour(of time: Timestamp) -> Int { index(of: time, .hours(1)) }

    /// The weekday of `time`: 1 is Monday, 7 is Sunday.
    public func weekday(of time: Timestamp) -> Int {
        // Day 0 was a Thursday.
        let remainder = (day(of: time) + 3) % 7
        return (remainder < 0 ? remainder + 7 : remainder) + 1
    }

    /// When the market-local day of `time` began.
    public func startOfDay(of time: Timestamp) -> Timestamp { start(.days(1), day(of: time)) }

    /// When the market-local day after that of `time` begins.
    public func startOfNextDay(of time: Timestamp) -> Timestamp {
        start(.days(1), day(of: time) + 1)
    }

    /// When the market-local hour after that of `time` begins.
    public func startOfNextHour(of time: Timestamp) -> Timestamp {
        start(.hours(1), hour(of: time) + 1)
    }

    /// How far `time` is into its market-local day, in microseconds.
    public func microsecondOfDay(of time: Timestamp) -> Int64 {
        (time - startOfDay(of: time)).microseconds
    }

    private func index(of time: Timestamp, _ unit: Timespan) -> Int {
        let local = time.microseconds + offset.microseconds
        let quotient = local / unit.microseconds
        return Int(local % unit.microseconds < 0 ? quotient - 1 : quotient)
    }

    private func start(_ unit: Timespan, _ index: Int) -> Timestamp {
        Timestamp(microseconds: Int64(index) * unit.microseconds - offset.microseconds)
    }
}
