/// What values a parameter or a member of a result takes; documents, schemas and tests are made from it.
public indirect enum ValueType: Hashable, Sendable {
    /// `true` or `false`.
    case flag
    /// An integer within inclusive bounds.
    case integer(ClosedRange<Int64>)
    /// The number of a lead, order or assignment, or a log position: 1...2^53 - 1.
    case identifier
    /// A name given by people: 1 to 64 bytes of letters, digits, `.`, `_` and `-`.
    case name
    /// Text of so many bytes of UTF-8.
    case text(ClosedRange<Int>)
    /// A phone number as people write it, within the market's pattern.
    case phone
    /// One of fixed words.
    case word([String])
    /// A point in time.
    case time
    /// A length of time such as `5m`; with `forever` where that is allowed.
    case duration(forever: Bool)
    /// `true` for the usual time-out, `false` for none, or a length of time.
    case timeout
    /// A day of the week: its word, or in requests also 1 for Monday to 7.
    case weekday
    /// A time of day to the minute: `00:00` to `24:00`.
    case clockTime
    /// So many bytes as hexadecimal digits.
    case hexadecimal(bytes: Int)
    /// A list of so many values.
    case list(ValueType, count: ClosedRange<Int>)
    /// An object of these members.
    case object([Member])
    /// An object whose members are the attributes that a lead declares.
    case attributes
    /// An object whose members are conditions on attributes.
    case filter
    /// A value, or `null`.
    case orNull(ValueType)
    /// Any JSON value.
    case anything

    /// An amount in fen.
    static func money(from least: Int64) -> ValueType {
        .integer(least...9_000_000_000_000_000)
    }

    /// A count of things.
    static let count = ValueType.integer(0...maximumIdentifier)

    /// A balance, which may be a debt.
    static let balance = ValueType.integer(-maximumIdentifier...maximumIdentifier)
}

/// A parameter of a method, or a member of an object in its parameters or result.
public struct Member: Hashable, Sendable {
    /// The name on the wire.
    public let name: String
    /// What values it takes.
    public let type: ValueType
    /// Whether it must be, or always is, there.
    public let isRequired: Bool
    /// What it means, in a sentence without the full stop.
    public let meaning: String

    /// Describes a member that must be, or always is, there.
    public static func required(_ name: String, _ type: ValueType, _ meaning: String) -> Member {
        Member(name: name, type: type, isRequired: true, meaning: meaning)
    }

    /// Describes a member that may be left out.
    public static func optional(_ name: String, _ type: ValueType, _ meaning: String) -> Member {
        Member(name: name, type: type, isRequired: false, meaning: meaning)
    }
}
