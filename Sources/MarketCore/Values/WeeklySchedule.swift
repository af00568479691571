/// The hours of the week in which something holds, in market-local time (R5.2).
public struct WeeklySchedule: Hashable, Sendable {
    /// A stretch of one weekday.
    public struct Window: Hashable, Sendable {
        /// 1 is Monday, 7 is Sunday.
        public let weekday: Int
        /// The first minute of the day, 0...1,439.
        public let startMinute: Int
        /// The minute of the day at which it is over, 1...1,440 and after the start.
        public let endMinute: Int

        /// Describes a stretch of `weekday`.
        public init(weekday: Int, startMinute: Int, endMinute: Int) {
            self.weekday = weekday
            self.startMinute = startMinute
            self.endMinute = endMinute
        }
    }

    /// The most windows of a schedule.
    public static let maximumWindows = 64

    /// The windows by weekday and start, without overlaps; empty for always.
    public let windows: [Window]

    /// Always.
    public static let always = WeeklySchedule(sorted: [])

    /// Makes a schedule, or returns `nil` when there are more than ``maximumWindows``, one is out of
    /// range or two overlap. Windows that touch are allowed.
    public init?(_ windows: [Window]) {
        let sorted = windows.sorted {
            ($0.weekday, $0.startMinute) < ($1.weekday, $1.startMinute)
        }
        guard sorted.count <= Self.maximumWindows,
            sorted.allSatisfy({
                (1...7).contains($0.weekday) && $0.startMinute >= 0
                    && $0.startMinute < $0.endMinute && $0.endMinute <= 1_440
            }),
            zip(sorted, sorted.dropFirst()).allSatisfy({
                $0.weekday < $1.weekday || $0.endMinute <= $1.startMinute
            })
        else { return nil }
        self.windows = sorted
    }

    private init(sorted: [Window]) {
        windows = sorted
    }

    /// Whether it holds at `time`.
    ///
    /// - Complexity: O(windows).
    public func holds(at time: Timestamp, in calendar: MarketCalendar) -> Bool {
        guard !windows.isEmpty else { return true }
        let weekday = calendar.weekday(of: time)
        let microsecond = calendar.microsecondOfDay(of: time)
        return windows.contains {
            $0.weekday == weekday
                && Timespan.minutes(Int64($0.startMinute)).microseconds <= microsecond
                && microsecond < Timespan.minutes(Int64($0.endMinute)).microseconds
        }
    }

    /// The first time after `time` at which a window begins; `nil` for a schedule that always holds.
    ///
    /// - Complexity: O(windows).
    public func nextStart(after time: Timestamp, in calendar: MarketCalendar) -> Timestamp? {
        guard !windows.isEmpty else { return nil }
        let today = calendar.startOfDay(of: time)
        let weekday = calendar.weekday(of: time)
        var next: Timestamp?
        for window in windows {
            let days = Int64((window.weekday - weekday + 7) % 7)
            let start = today + .days(days) + .minutes(Int64(window.startMinute))
            let coming = start > time ? start : start + .days(7)
            next = min(next ?? coming, coming)
        }
        return next
    }
}
