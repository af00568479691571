/// A number or none, in the eight bytes of a number: what large tables keep instead of `Int64?`.
///
/// It keeps times, ages, caps and amounts, none of which is below zero: a log or a state that says the
/// least number there is of one is refused.
struct OptionalNumber: Hashable, Sendable {
    private var number: Int64

    /// Keeps `number`; the least number there is stands for none.
    init(_ number: Int64?) {
        self.number = number ?? .min
    }

    /// No number.
    static let none = OptionalNumber(nil)

    /// The number, if there is one.
    var value: Int64? { number == .min ? nil : number }
}

/// A time or none, kept in the same way.
struct OptionalTimestamp: Hashable, Sendable {
    private var microseconds: OptionalNumber

    /// Keeps `time`.
    init(_ time: Timestamp?) {
        microseconds = OptionalNumber(time?.microseconds)
    }

    /// No time.
    static let none = OptionalTimestamp(nil)

    /// The time, if there is one.
    var value: Timestamp? { microseconds.value.map { Timestamp(microseconds: $0) } }
}
