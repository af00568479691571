/// How much of a daily cap is taken.
public struct DailyCount: Hashable, Sendable {
    /// The market-local day that is counted.
    public internal(set) var day = Int.min
    /// How many on that day.
    public internal(set) var count = 0

    init() {}

    /// How many on `day`, which is not before the latest one counted.
    public func count(on day: Int) -> Int { day == self.day ? count : 0 }

    /// Counts one on `day`.
    mutating func add(on day: Int) {
        count = count(on: day) + 1
        self.day = day
    }

    /// Takes back one of `day`; of an earlier day there is nothing to give back any more.
    mutating func takeBack(on day: Int) {
        if day == self.day { count -= 1 }
    }
}

/// How much of an order's caps is taken in its latest hour and day (R5.2).
public struct OrderUsage: Hashable, Sendable {
    /// The market-local hour that is counted.
    public internal(set) var hour = Int.min
    /// The reservations of that hour.
    public internal(set) var hourCount = 0
    /// The reservations of the latest day.
    public internal(set) var daily = DailyCount()
    /// What the reservations of that day hold or charge.
    public internal(set) var spent: Money = .zero

    init() {}

    /// The reservations of the hour of `time`.
    public func hourCount(at time: Timestamp, in calendar: MarketCalendar) -> Int {
        calendar.hour(of: time) == hour ? hourCount : 0
    }

    /// The reservations of the day of `time`.
    public func dayCount(at time: Timestamp, in calendar: MarketCalendar) -> Int {
        daily.count(on: calendar.day(of: time))
    }

    /// What the reservations of the day of `time` hold or charge.
    public func spent(at time: Timestamp, in calendar: MarketCalendar) -> Money {
        calendar.day(of: time) == daily.day ? spent : .zero
    }

    /// Counts a reservation made at `time`.
    mutating func add(_ charge: Money, at time: Timestamp, in calendar: MarketCalendar) {
        let now = calendar.hour(of: time)
        let today = calendar.day(of: time)
        hourCount = (now == hour ? hourCount : 0) + 1
        hour = now
        spent = (today == daily.day ? spent : .zero) + charge
        daily.add(on: today)
    }

    /// Gives a reservation made at `time` back to its hour and day (R8.1).
    mutating func takeBack(_ charge: Money, at time: Timestamp, in calendar: MarketCalendar) {
        if calendar.hour(of: time) == hour { hourCount -= 1 }
        let day = calendar.day(of: time)
        if day == daily.day { spent -= charge }
        daily.takeBack(on: day)
    }
}
