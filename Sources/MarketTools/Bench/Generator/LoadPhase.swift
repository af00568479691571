import Histogram

/// A stretch of a run with one kind of load.
struct LoadPhase: Sendable {
    /// What makes a lead leave.
    enum Pace: Sendable {
        /// An answer: so many requests are in flight on each connection.
        case closed(inFlight: Int)
        /// The clock.
        case open(ArrivalSchedule)
    }

    var pace: Pace
    var seconds: Double
    /// How long the stretches are of which a series tells, in seconds.
    var intervalSeconds = 1.0
    /// How many leads at most; any number if `nil`.
    var maximumCount: Int?
}

/// What was measured in a phase.
struct PhaseRecord: Sendable {
    /// One stretch of the phase, by the time of the answers. Latencies are in microseconds.
    struct Interval: Sendable {
        /// When it ended, in seconds since the phase began.
        var end: Double
        var answers: Int
        var median: UInt64
        var p99: UInt64
        var p999: UInt64
        var residentKiB: Int?
        var ownKiB: Int?
    }

    /// From when a lead was due until its decision was read, in nanoseconds.
    var latencies = Self.histogram()
    /// The same until its push was seen.
    var pushLatencies = Self.histogram()
    /// The same until an error such as `overloaded` was read.
    var refusalLatencies = Self.histogram()
    /// The same of changes of orders.
    var changeLatencies = Self.histogram()
    /// From when the push of a sold or reserved lead was seen until it was acknowledged or accepted.
    var errandLatencies = Self.histogram()
    var counts = AnswerCounts()
    /// Answers to a frontend's requests; those it sent again count each time.
    var errands = AnswerCounts()
    var changes = AnswerCounts()
    /// Leads that were due.
    var due = 0
    /// Leads that were sent.
    var sent = 0
    /// Changes that were sent.
    var sentChanges = 0
    /// Requests, of leads or changes, whose answer never came.
    var unanswered = 0
    /// When it began, and when its last answer came.
    var began: UInt64 = 0
    var lastAnswer: UInt64 = 0
    var intervals: [Interval] = []
    /// Processor time in seconds; of the daemon only where its process is known.
    var ownSeconds = 0.0
    var daemonSeconds: Double?

    /// Leads that were due and could not be sent, because the daemon took no more.
    var unsent: Int { due - sent }

    /// A histogram of nanoseconds up to ten minutes with three significant digits.
    static func histogram() -> Histogram<UInt64> {
        Histogram(highestTrackableValue: 600_000_000_000, numberOfSignificantValueDigits: .three)
    }
}
