/// A time or none, in the eight bytes of a time: what large tables keep instead of `Timestamp?`.
struct OptionalTimestamp: Hashable, Sendable {
    private var microseconds: Int64

    /// Keeps `time`; a market's times are never the least number there is.
    init(_ time: Timestamp?) {
        microseconds = time?.microseconds ?? .min
    }

    /// No time.
    static let none = OptionalTimestamp(nil)

    /// The time, if there is one.
    var value: Timestamp? {
        microseconds == .min ? nil : Timestamp(microseconds: microseconds)
    }
}
