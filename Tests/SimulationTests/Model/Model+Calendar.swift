import MarketCore

/// Days, hours and weekdays in market-local time (R5.3).
extension Model {
    /// Microseconds of market-local time since 1970.
    private func local(_ time: Timestamp) -> Int64 {
        time.microseconds + Int64(foundation?.utcOffsetMinutes ?? 0) * 60_000_000
    }

    /// The market-local day, counted from 1970; the simulations play long after that.
    func day(_ time: Timestamp) -> Int64 { local(time) / 86_400_000_000 }

    /// The market-local hour, counted from 1970.
    func hour(_ time: Timestamp) -> Int64 { local(time) / 3_600_000_000 }

    /// Whether one of the windows is open (R5.2); without windows it always is.
    func isOpen(_ schedule: WeeklySchedule, at time: Timestamp) -> Bool {
        if schedule.windows.isEmpty { return true }
        // The first day of 1970 was a Thursday, the fourth day of a week.
        let weekday = Int((day(time) + 3) % 7) + 1
        let intoDay = local(time) % 86_400_000_000
        for window in schedule.windows where window.weekday == weekday {
            let start = Int64(window.startMinute) * 60_000_000
            let end = Int64(window.endMinute) * 60_000_000
            if start <= intoDay, intoDay < end { return true }
        }
        return false
    }

    /// The first moments of the local hour and day after `time`, and of the windows of its day.
    func turningPoints(after time: Timestamp, of schedule: WeeklySchedule) -> [Timestamp] {
        let intoHour = local(time) % 3_600_000_000
        let intoDay = local(time) % 86_400_000_000
        let midnight = Timestamp(microseconds: time.microseconds - intoDay)
        var points = [
            Timestamp(microseconds: time.microseconds - intoHour) + .hours(1), midnight + .days(1),
        ]
        for window in schedule.windows {
            points.append(midnight + .minutes(Int64(window.startMinute)))
            points.append(midnight + .minutes(Int64(window.endMinute)))
        }
        return points
    }
}
