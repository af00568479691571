import MarketCore
import MarketTestSupport
import Testing

/// Days and hours by the market's clock (R5.3).
struct MarketCalendarTests {
    /// Days of which the weekday is known; 1 is Monday.
    static let weekdays: [(days: Int64, weekday: Int)] = [
        (0, 4),  // 1970-01-01
        (10_957, 6),  // 2000-01-01
        (19_782, 4),  // 2024-02-29
        (20_458, 1),  // 2026-01-05
        (20_464, 7),  // 2026-01-11
    ]

    @Test(.rules("R5.3"), arguments: weekdays)
    func `a day has its weekday from midnight to midnight`(row: (days: Int64, weekday: Int)) {
        for offset in [0, 480, -210] {
            let calendar = MarketCalendar(utcOffsetMinutes: offset)
            let midnight = Timestamp(
                microseconds: Timespan.days(row.days).microseconds
                    - Timespan.minutes(Int64(offset)).microseconds)
            let last = midnight + .days(1) + Timespan(microseconds: -1)
            #expect(calendar.weekday(of: midnight) == row.weekday)
            #expect(calendar.weekday(of: last) == row.weekday)
            #expect(calendar.weekday(of: last + .microsecond) == row.weekday % 7 + 1)
            #expect(calendar.day(of: midnight) == Int(row.days))
            #expect(calendar.day(of: last) == Int(row.days))
            #expect(calendar.startOfDay(of: last) == midnight)
            #expect(calendar.startOfNextDay(of: midnight) == last + .microsecond)
            #expect(calendar.microsecondOfDay(of: midnight) == 0)
            #expect(calendar.microsecondOfDay(of: last) == Timespan.days(1).microseconds - 1)
        }
    }

    @Test(.rules("R5.3"))
    func `hours turn by the market's clock too`() {
        // Half past the hour in UTC is the full hour where clocks are three and a half hours behind.
        let calendar = MarketCalendar(utcOffsetMinutes: -210)
        let turn = Timestamp(microseconds: Timespan.minutes(630).microseconds)
        #expect(calendar.hour(of: turn) == 7)
        #expect(calendar.hour(of: turn + Timespan(microseconds: -1)) == 6)
        #expect(calendar.startOfNextHour(of: turn) == turn + .hours(1))
        #expect(calendar.startOfNextHour(of: turn + Timespan(microseconds: -1)) == turn)
    }

    @Test(.rules("R5.3"))
    func `the epoch is still the day before where clocks are behind`() {
        let calendar = MarketCalendar(utcOffsetMinutes: -60)
        #expect(calendar.day(of: .epoch) == -1)
        #expect(calendar.hour(of: .epoch) == -1)
        #expect(calendar.weekday(of: .epoch) == 3)
        #expect(calendar.microsecondOfDay(of: .epoch) == Timespan.hours(23).microseconds)
        #expect(calendar.startOfNextDay(of: .epoch) == .epoch + .hours(1))
    }
}
