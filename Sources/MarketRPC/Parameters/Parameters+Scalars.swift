/// The largest identifier: JSON readers that keep numbers as doubles hold integers exactly up to here (2^53 - 1).
public let maximumIdentifier: Int64 = 9_007_199_254_740_991

extension Parameters {
    /// A string that must be there.
    ///
    /// - Parameter length: bytes of UTF-8.
    public mutating func string(_ name: String, length: ClosedRange<Int>) throws(RPCError) -> String
    {
        try present(name, try optionalString(name, length: length))
    }

    /// A string that may be absent.
    ///
    /// - Parameter length: bytes of UTF-8.
    public mutating func optionalString(
        _ name: String, length: ClosedRange<Int>
    ) throws(RPCError) -> String? {
        guard let value = optionalValue(name) else { return nil }
        return try Self.string(value, length: length, at: path.member(name))
    }

    /// An integer that must be there.
    public mutating func integer(_ name: String, in range: ClosedRange<Int64>) throws(RPCError)
        -> Int64
    {
        try present(name, try optionalInteger(name, in: range))
    }

    /// An integer that may be absent.
    public mutating func optionalInteger(
        _ name: String, in range: ClosedRange<Int64>
    ) throws(RPCError) -> Int64? {
        guard let value = optionalValue(name) else { return nil }
        return try Self.integer(value, in: range, at: path.member(name))
    }

    /// The identifier of a lead, an order or an assignment, or a log position: 1 to 2^53 - 1.
    public mutating func identifier(_ name: String) throws(RPCError) -> Int64 {
        try integer(name, in: 1...maximumIdentifier)
    }

    /// An identifier or a log position that may be absent.
    public mutating func optionalIdentifier(_ name: String) throws(RPCError) -> Int64? {
        try optionalInteger(name, in: 1...maximumIdentifier)
    }

    /// A truth value that must be there.
    public mutating func bool(_ name: String) throws(RPCError) -> Bool {
        try present(name, try optionalBool(name))
    }

    /// A truth value that may be absent.
    public mutating func optionalBool(_ name: String) throws(RPCError) -> Bool? {
        guard let value = optionalValue(name) else { return nil }
        guard case .bool(let flag) = value else {
            throw Self.wrongType(path.member(name), "true or false", value)
        }
        return flag
    }

    /// One of the words of an enumeration; must be there.
    public mutating func word<Word: CaseIterable & RawRepresentable>(
        _ name: String, as type: Word.Type = Word.self
    ) throws(RPCError) -> Word where Word.RawValue == String {
        try present(name, try optionalWord(name, as: type))
    }

    /// One of the words of an enumeration; may be absent.
    public mutating func optionalWord<Word: CaseIterable & RawRepresentable>(
        _ name: String, as type: Word.Type = Word.self
    ) throws(RPCError) -> Word? where Word.RawValue == String {
        guard let value = optionalValue(name) else { return nil }
        guard case .string(let text) = value else {
            throw Self.wrongType(path.member(name), "a word", value)
        }
        guard let word = Word(rawValue: text) else {
            let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
            throw RPCError.invalidParameter(
                path.member(name), "\"\(text.shortened)\" is not one of \(words).")
        }
        return word
    }

    /// A time that must be there, in microseconds since the Unix epoch.
    public mutating func timestamp(_ name: String) throws(RPCError) -> Int64 {
        try present(name, try optionalTimestamp(name))
    }

    /// A time that may be absent: RFC 3339 text with an offset, or integer microseconds since the Unix epoch.
    public mutating func optionalTimestamp(_ name: String) throws(RPCError) -> Int64? {
        guard let value = optionalValue(name) else { return nil }
        return try Self.timestamp(value, at: path.member(name))
    }

    /// A value that a change sets, clears or leaves alone.
    public enum Change<Value: Sendable>: Sendable {
        /// The member is absent.
        case unchanged
        /// The member is `null`.
        case cleared
        /// The member has a value.
        case set(Value)
    }

    /// An integer of a change: absent leaves it alone, `null` clears it.
    public mutating func integerChange(
        _ name: String, in range: ClosedRange<Int64>
    ) throws(RPCError) -> Change<Int64> {
        guard let value = optionalValue(name) else { return .unchanged }
        if value == .null { return .cleared }
        return .set(try Self.integer(value, in: range, at: path.member(name)))
    }

    /// A time of a change: absent leaves it alone, `null` clears it.
    public mutating func timestampChange(_ name: String) throws(RPCError) -> Change<Int64> {
        guard let value = optionalValue(name) else { return .unchanged }
        if value == .null { return .cleared }
        return .set(try Self.timestamp(value, at: path.member(name)))
    }

    static func string(
        _ value: JSONValue, length: ClosedRange<Int>, at path: @autoclosure () -> FieldPath
    ) throws(RPCError) -> String {
        guard case .string(let text) = value else { throw wrongType(path(), "a string", value) }
        guard length.contains(text.utf8.count) else {
            throw RPCError.invalidParameter(
                path(),
                "has \(text.utf8.count) bytes and must have \(length.lowerBound) to \(length.upperBound)."
            )
        }
        return text
    }

    static func integer(
        _ value: JSONValue, in range: ClosedRange<Int64>, at path: @autoclosure () -> FieldPath
    ) throws(RPCError) -> Int64 {
        let problem: String
        switch value {
        case .integer(let number) where range.contains(number): return number
        case .integer(let number): problem = "is \(number)"
        case .unsigned(let number): problem = "is \(number)"
        default: throw wrongType(path(), "an integer", value)
        }
        throw RPCError.invalidParameter(
            path(), "\(problem) and must be from \(range.lowerBound) to \(range.upperBound).")
    }

    static func timestamp(_ value: JSONValue, at path: @autoclosure () -> FieldPath)
        throws(RPCError) -> Int64
    {
        switch value {
        case .integer(let microseconds) where RFC3339.range.contains(microseconds):
            return microseconds
        case .string(let text):
            if let microseconds = RFC3339.parse(text) { return microseconds }
            throw RPCError.invalidParameter(
                path(),
                "\"\(text.shortened)\" is no time; write one such as 2026-01-31T09:30:00+08:00, with an offset or Z."
            )
        case .integer, .unsigned:
            throw RPCError.invalidParameter(
                path(), "is outside the years 0 to 9999; give microseconds since 1970.")
        default:
            throw wrongType(path(), "a time (RFC 3339 text or integer microseconds)", value)
        }
    }
}
