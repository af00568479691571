import MarketCore
import MarketTestSupport
import Testing

/// Weekly windows in market-local time (R5.2, R5.3).
struct WeeklyScheduleTests {
    typealias Window = WeeklySchedule.Window

    /// Eight hours ahead of UTC.
    private static let china = MarketCalendar(utcOffsetMinutes: 480)
    private static let utc = MarketCalendar(utcOffsetMinutes: 0)

    /// A time of the week that begins on Monday, 2026-01-05, by the clock of `calendar`.
    private static func time(
        _ weekday: Int64, _ hour: Int64, _ minute: Int64 = 0, in calendar: MarketCalendar = utc
    ) -> Timestamp {
        let monday = Timestamp(microseconds: 1_767_571_200_000_000)
        let local = monday + .days(weekday - 1) + .hours(hour) + .minutes(minute)
        return local + Timespan(microseconds: -calendar.offset.microseconds)
    }

    private static let before = Timespan(microseconds: -1)

    @Test(.rules("R5.2"))
    func `a window holds from its first microsecond to before its end`() throws {
        let office = try #require(
            WeeklySchedule([Window(weekday: 1, startMinute: 540, endMinute: 1_080)]))
        for calendar in [Self.china, Self.utc, MarketCalendar(utcOffsetMinutes: -210)] {
            let start = Self.time(1, 9, in: calendar)
            let end = Self.time(1, 18, in: calendar)
            #expect(!office.holds(at: start + Self.before, in: calendar))
            #expect(office.holds(at: start, in: calendar))
            #expect(office.holds(at: end + Self.before, in: calendar))
            #expect(!office.holds(at: end, in: calendar))
            #expect(!office.holds(at: start + .days(1), in: calendar))
            #expect(office.holds(at: start + .days(7), in: calendar))
        }
    }

    @Test(.rules("R5.2", "R5.3"))
    func `days turn at the market's midnight, not at that of UTC`() throws {
        let monday = try #require(
            WeeklySchedule([Window(weekday: 1, startMinute: 0, endMinute: 1_440)]))
        // Sunday 16:00 UTC is Monday 00:00 in China and Sunday 11:00 in New York.
        let turn = Self.time(7, 16)
        let newYork = MarketCalendar(utcOffsetMinutes: -300)
        #expect(!monday.holds(at: turn + Self.before, in: Self.china))
        #expect(monday.holds(at: turn, in: Self.china))
        #expect(!monday.holds(at: turn, in: newYork))
        #expect(monday.holds(at: turn + .days(1), in: newYork))
        #expect(!monday.holds(at: turn + .days(1), in: Self.china))
    }

    @Test(.rules("R5.2"))
    func `two windows reach across midnight without a gap`() throws {
        let night = try #require(
            WeeklySchedule([
                Window(weekday: 1, startMinute: 0, endMinute: 120),
                Window(weekday: 7, startMinute: 1_320, endMinute: 1_440),
            ]))
        let midnight = Self.time(7, 24)
        #expect(night.holds(at: midnight + Self.before, in: Self.utc))
        #expect(night.holds(at: midnight, in: Self.utc))
        #expect(!night.holds(at: midnight + .hours(2), in: Self.utc))
        #expect(!night.holds(at: midnight + .hours(-2) + Self.before, in: Self.utc))
    }

    @Test(.rules("R5.2"))
    func `the next start is later than the time asked for and may be next week`() throws {
        let schedule = try #require(
            WeeklySchedule([
                Window(weekday: 3, startMinute: 600, endMinute: 660),
                Window(weekday: 3, startMinute: 660, endMinute: 720),
                Window(weekday: 5, startMinute: 0, endMinute: 1),
            ]))
        let starts = [Self.time(3, 10), Self.time(3, 11), Self.time(5, 0), Self.time(10, 10)]
        for (start, next) in zip(starts, starts.dropFirst()) {
            #expect(schedule.nextStart(after: start + Self.before, in: Self.utc) == start)
            #expect(schedule.nextStart(after: start, in: Self.utc) == next)
        }
        #expect(WeeklySchedule.always.nextStart(after: starts[0], in: Self.utc) == nil)
        let weekly = try #require(
            WeeklySchedule([Window(weekday: 3, startMinute: 600, endMinute: 601)]))
        #expect(weekly.nextStart(after: starts[0], in: Self.utc) == starts[3])
    }

    @Test(.rules("R5.2"))
    func `an empty schedule always holds`() {
        #expect(WeeklySchedule([]) == .always)
        #expect(WeeklySchedule.always.holds(at: .epoch, in: Self.china))
    }

    @Test
    func `a malformed schedule is refused`() {
        let malformed = [
            [Window(weekday: 0, startMinute: 0, endMinute: 1)],
            [Window(weekday: 8, startMinute: 0, endMinute: 1)],
            [Window(weekday: 1, startMinute: -1, endMinute: 1)],
            [Window(weekday: 1, startMinute: 1, endMinute: 1)],
            [Window(weekday: 1, startMinute: 1_440, endMinute: 1_441)],
            [
                Window(weekday: 1, startMinute: 10, endMinute: 20),
                Window(weekday: 1, startMinute: 0, endMinute: 11),
            ],
            (0...64).map { Window(weekday: 1, startMinute: $0, endMinute: $0 + 1) },
        ]
        for windows in malformed { #expect(WeeklySchedule(windows) == nil, "\(windows)") }
    }

    @Test
    func `windows that touch are taken and put in order`() throws {
        let windows = [
            Window(weekday: 2, startMinute: 0, endMinute: 1_440),
            Window(weekday: 1, startMinute: 10, endMinute: 20),
            Window(weekday: 1, startMinute: 0, endMinute: 10),
        ]
        let schedule = try #require(WeeklySchedule(windows))
        #expect(schedule.windows == windows.reversed())
        let most = (0..<64).map { Window(weekday: 1, startMinute: $0, endMinute: $0 + 1) }
        #expect(WeeklySchedule(most)?.windows.count == WeeklySchedule.maximumWindows)
    }

    @Test(.rules("R5.2"), arguments: [480, 0, -210, 840, -720])
    func `holding and starting agree with a walk over the minutes of the week`(
        offset: Int
    ) throws {
        var random = SeededRandom(seed: UInt64(1_000 + offset))
        let calendar = MarketCalendar(utcOffsetMinutes: offset)
        for _ in 0..<4 {
            let windows = (0..<random.within(1...6)).map { _ in
                let start = random.below(1_430)
                return Window(
                    weekday: random.within(1...7), startMinute: start,
                    endMinute: random.within(start + 1...1_440))
            }
            guard let schedule = WeeklySchedule(windows) else { continue }
            var lastStart: Timestamp?
            // Backwards, so that the start last met is the next one; the first week finds them.
            for minute in (0..<2 * 10_080).reversed() {
                let time = Self.time(1, 0, in: calendar) + .minutes(Int64(minute))
                let (weekday, minuteOfDay) = (minute / 1_440 % 7 + 1, minute % 1_440)
                let held = windows.contains {
                    $0.weekday == weekday && $0.startMinute <= minuteOfDay
                        && minuteOfDay < $0.endMinute
                }
                if minute % 7 == 0 { #expect(schedule.holds(at: time, in: calendar) == held) }
                if minute < 10_080, minute % 61 == 0 {
                    #expect(schedule.nextStart(after: time, in: calendar) == lastStart)
                }
                if windows.contains(where: {
                    $0.weekday == weekday && $0.startMinute == minuteOfDay
                }) {
                    lastStart = time
                }
            }
        }
    }
}
