/// What one lead declares: a value for some of the market's attributes (R1.3).
public struct Attributes: Hashable, Sendable {
    /// Bit n says whether the attribute with number n has a value.
    public private(set) var presence: UInt64
    /// The values in order of attribute number, one for each bit of ``presence``.
    public private(set) var values: [Int64]

    /// No values.
    public init() {
        presence = 0
        values = []
    }

    /// Takes `values`, in order of attribute number, one for each bit of `presence`; `nil` when
    /// there are more or fewer.
    ///
    /// - Complexity: O(1).
    public init?(presence: UInt64, values: [Int64]) {
        guard presence.nonzeroBitCount == values.count else { return nil }
        self.presence = presence
        self.values = values
    }

    /// The value of the attribute with number `number`, or `nil` when the lead leaves it out.
    ///
    /// - Complexity: O(1) to read, O(count) to write.
    public subscript(number: AttributeNumber) -> Int64? {
        @inline(__always) get {
            let bit: UInt64 = 1 << UInt64(number.rawValue)
            guard presence & bit != 0 else { return nil }
            return values[(presence & (bit - 1)).nonzeroBitCount]
        }
        set {
            let bit: UInt64 = 1 << UInt64(number.rawValue)
            let place = (presence & (bit - 1)).nonzeroBitCount
            switch (presence & bit != 0, newValue) {
            case (true, let value?):
                values[place] = value
            case (true, nil):
                values.remove(at: place)
                presence &= ~bit
            case (false, let value?):
                values.insert(value, at: place)
                presence |= bit
            case (false, nil):
                break
            }
        }
    }

    /// The pairs of attribute number and value, by number.
    public var pairs: [(number: AttributeNumber, value: Int64)] {
        var pairs: [(number: AttributeNumber, value: Int64)] = []
        pairs.reserveCapacity(values.count)
        var rest = presence
        for value in values {
            pairs.append((AttributeNumber(index: rest.trailingZeroBitCount), value))
            rest &= rest - 1
        }
        return pairs
    }
}

/// A value or test as people write it, before a schema gives it a number.
public enum AttributeWord: Hashable, Sendable {
    /// `true` or `false`.
    case flag(Bool)
    /// A whole number.
    case integer(Int64)
    /// A choice or a region code.
    case text(String)
}

extension AttributeSchema {
    /// Takes `word` as a value of the attribute with number `number`.
    ///
    /// - Returns: The stored value, or `nil` when the word is of another kind, out of bounds, no
    ///   known choice, or a region code of no declared length.
    public func value(_ word: AttributeWord, for number: AttributeNumber) -> Int64? {
        switch (self[number].kind, word) {
        case (.flag, .flag(let flag)):
            return flag ? 1 : 0
        case (.integer(_, let minimum, let maximum), .integer(let value)):
            return (minimum <= value && value <= maximum) ? value : nil
        case (.choice(let words), .text(let text)):
            return words.firstIndex(of: text).map(Int64.init)
        case (.region(let lengths), .text(let text)):
            guard lengths.contains(text.utf8.count) else { return nil }
            return RegionCode(text)?.rawValue
        case (.flag, _), (.integer, _), (.choice, _), (.region, _):
            return nil
        }
    }

    /// The word that stands for a stored value of the attribute with number `number`; the plain number
    /// where no choice has it, as only a forged log can say.
    public func word(_ value: Int64, for number: AttributeNumber) -> AttributeWord {
        switch self[number].kind {
        case .flag:
            return .flag(value != 0)
        case .integer:
            return .integer(value)
        case .choice(let words):
            guard let index = Int(exactly: value), words.indices.contains(index) else {
                return .integer(value)
            }
            return .text(words[index])
        case .region:
            return .text(RegionCode(rawValue: value)?.text ?? "")
        }
    }
}
