internal import Glibc
internal import MarketCore

/// A point of the machine's monotonic clock, for waiting; it says nothing about the time of day.
struct Instant: Hashable, Comparable, Sendable {
    /// Since the machine started.
    let nanoseconds: Int64

    static var now: Instant {
        var time = Glibc.timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Instant(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    /// The point `microseconds` later.
    func advanced(byMicroseconds microseconds: Int64) -> Instant {
        // A wait of over a hundred years is a wait for ever.
        let (span, overflow) = max(0, microseconds).multipliedReportingOverflow(by: 1_000)
        let (sum, overflowed) = nanoseconds.addingReportingOverflow(span)
        return Instant(nanoseconds: overflow || overflowed ? .max : sum)
    }

    /// The point `seconds` later.
    func advanced(bySeconds seconds: Int) -> Instant {
        advanced(byMicroseconds: Int64(seconds) * 1_000_000)
    }

    var timespec: Glibc.timespec {
        Glibc.timespec(
            tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
    }

    static func < (left: Instant, right: Instant) -> Bool { left.nanoseconds < right.nanoseconds }
}

/// The time of day, as markets on the real clock stamp it.
enum WallClock {
    /// Microseconds since the epoch, UTC.
    static var now: Timestamp {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(
            microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
    }
}

/// Time that a processor worked for a thread.
enum ProcessorTime {
    /// Microseconds that the calling thread has had so far.
    static var ofThisThread: Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
    }
}
