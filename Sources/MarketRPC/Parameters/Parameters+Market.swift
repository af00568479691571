public import MarketCore

/// The times a market accepts, in microseconds since the Unix epoch.
let marketTimes = Timestamp.epoch.microseconds...Timestamp.latest.microseconds

extension Parameters {
    /// A name that must be there.
    public mutating func name(_ name: String) throws(RPCError) -> Name {
        try present(name, try optionalName(name))
    }

    /// The name of an advisor, category, channel or payee; may be absent.
    public mutating func optionalName(_ name: String) throws(RPCError) -> Name? {
        guard let value = optionalValue(name) else { return nil }
        return try Self.name(value, at: path.member(name))
    }

    /// An array of names; `nil` when absent.
    public mutating func optionalNames(
        _ name: String, count: ClosedRange<Int>
    ) throws(RPCError) -> [Name]? {
        guard let elements = try optionalArray(name, count: count) else { return nil }
        var names: [Name] = []
        for (index, element) in elements.enumerated() {
            names.append(try Self.name(element, at: path.member(name).element(index)))
        }
        return names
    }

    /// The id of a lead, order or assignment; must be there.
    public mutating func entity<Entity>(_ name: String) throws(RPCError) -> ID<Entity> {
        ID(UInt64(try identifier(name)))
    }

    /// A log position that may be absent.
    public mutating func optionalPosition(_ name: String) throws(RPCError) -> LogPosition? {
        try optionalIdentifier(name).map { LogPosition(UInt64($0)) }
    }

    /// An amount in fen that must be there.
    public mutating func money(_ name: String, from least: Int64) throws(RPCError) -> Money {
        Money(fen: try integer(name, in: least...Money.maximum.fen))
    }

    /// An amount in fen that may be absent.
    public mutating func optionalMoney(
        _ name: String, from least: Int64
    ) throws(RPCError) -> Money? {
        try optionalInteger(name, in: least...Money.maximum.fen).map(Money.init(fen:))
    }

    /// A time that a market accepts; must be there.
    public mutating func time(_ name: String) throws(RPCError) -> Timestamp {
        try present(name, try optionalTime(name))
    }

    /// A time that a market accepts; may be absent.
    public mutating func optionalTime(_ name: String) throws(RPCError) -> Timestamp? {
        guard let microseconds = try optionalTimestamp(name) else { return nil }
        return try Self.marketTime(microseconds, at: path.member(name))
    }

    /// A time of an amendment: absent keeps it, `null` clears it.
    public mutating func timeAmendment(
        _ name: String
    ) throws(RPCError) -> MarketCore.Change<Timestamp?> {
        switch try timestampChange(name) {
        case .unchanged: .keep
        case .cleared: .set(nil)
        case .set(let microseconds):
            .set(try Self.marketTime(microseconds, at: path.member(name)))
        }
    }

    /// A length of time such as `"5m"`; must be there.
    public mutating func timespan(
        _ name: String, from least: Timespan = .microsecond
    ) throws(RPCError) -> Timespan {
        try present(name, try optionalTimespan(name, from: least))
    }

    /// A length of time such as `"5m"`; may be absent.
    public mutating func optionalTimespan(
        _ name: String, from least: Timespan = .microsecond
    ) throws(RPCError) -> Timespan? {
        guard let value = optionalValue(name) else { return nil }
        return try Self.timespan(value, from: least, at: path.member(name))
    }

    /// A length of time, or `"forever"` or nothing for `nil`.
    public mutating func timespanOrForever(_ name: String) throws(RPCError) -> Timespan? {
        guard let value = optionalValue(name), value != .string(DurationText.forever) else {
            return nil
        }
        return try Self.timespan(value, from: .microsecond, at: path.member(name))
    }

    /// A length of time of an amendment: absent keeps it, `null` clears it.
    public mutating func timespanAmendment(
        _ name: String
    ) throws(RPCError) -> MarketCore.Change<Timespan?> {
        guard let value = optionalValue(name) else { return .keep }
        if value == .null { return .set(nil) }
        return .set(try Self.timespan(value, from: .microsecond, at: path.member(name)))
    }

    /// One of the fixed words of a vocabulary; must be there.
    public mutating func wireWord<Word: WireWord>(
        _ name: String, as type: Word.Type = Word.self
    ) throws(RPCError) -> Word {
        try present(name, try optionalWireWord(name, as: type))
    }

    /// One of the fixed words of a vocabulary; may be absent.
    public mutating func optionalWireWord<Word: WireWord>(
        _ name: String, as type: Word.Type = Word.self
    ) throws(RPCError) -> Word? {
        guard let value = optionalValue(name) else { return nil }
        guard case .string(let text) = value else {
            throw Self.wrongType(path.member(name), "a word", value)
        }
        guard let word = Word(word: text) else {
            let words = Word.words.joined(separator: ", ")
            throw RPCError.invalidParameter(
                path.member(name), "\"\(text.shortened)\" is not one of \(words).")
        }
        return word
    }

    /// The digits of a phone number that must be there (R4.1).
    public mutating func phoneDigits(
        _ name: String, pattern: PhonePattern
    ) throws(RPCError) -> String {
        try present(name, try optionalPhoneDigits(name, pattern: pattern))
    }

    /// The digits of a phone number that may be absent (R4.1).
    public mutating func optionalPhoneDigits(
        _ name: String, pattern: PhonePattern
    ) throws(RPCError) -> String? {
        guard let text = try optionalString(name, length: 1...Self.maximumPhoneBytes) else {
            return nil
        }
        guard let digits = pattern.normalise(text) else {
            throw RPCError.invalidParameter(
                path.member(name),
                "is no phone number of this market, which takes \(pattern.text) after separators and +86 are dropped."
            )
        }
        return digits
    }

    /// The longest phone number as people write it, in bytes.
    static let maximumPhoneBytes = 32

    /// Bytes as hexadecimal digits in either case; may be absent.
    mutating func optionalHexadecimal(
        _ name: String, bytes: Int
    ) throws(RPCError) -> [UInt64]? {
        guard let value = optionalValue(name) else { return nil }
        guard case .string(let text) = value else {
            throw Self.wrongType(path.member(name), "a string", value)
        }
        guard let words = Hexadecimal.words(text, count: bytes / 8) else {
            throw RPCError.invalidParameter(
                path.member(name), "must be \(bytes * 2) hexadecimal digits.")
        }
        return words
    }

    static func name(_ value: JSONValue, at path: @autoclosure () -> FieldPath) throws(RPCError)
        -> Name
    {
        guard case .string(let text) = value else { throw wrongType(path(), "a name", value) }
        guard let name = Name(text) else {
            throw RPCError.invalidParameter(
                path(),
                "\"\(text.shortened)\" is no name; a name has 1 to 64 letters, digits, dots, underscores or hyphens."
            )
        }
        return name
    }

    static func marketTime(
        _ microseconds: Int64, at path: @autoclosure () -> FieldPath
    ) throws(RPCError) -> Timestamp {
        guard marketTimes.contains(microseconds) else {
            throw RPCError.invalidParameter(path(), "is before 1970; a market's time begins there.")
        }
        return Timestamp(microseconds: microseconds)
    }

    static func timespan(
        _ value: JSONValue, from least: Timespan, at path: @autoclosure () -> FieldPath
    ) throws(RPCError) -> Timespan {
        guard case .string(let text) = value else {
            throw wrongType(path(), "a duration such as \"5m\"", value)
        }
        guard let span = DurationText.parse(text) else {
            throw RPCError.invalidParameter(
                path(),
                "\"\(text.shortened)\" is no duration; write a whole number and us, ms, s, m, h or d, such as 5m."
            )
        }
        guard span >= least, span <= .maximum else {
            throw RPCError.invalidParameter(
                path(),
                "\"\(text.shortened)\" must be from \(DurationText.format(least)) to \(DurationText.format(.maximum))."
            )
        }
        return span
    }
}
