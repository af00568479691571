/// What one lead declares: a value for some of the market's attributes (R1.3).
///
/// Filters read a value by its number alone, so there is room for all up to the last that is declared:
/// 512 bytes for the last of 64, however few come with it.
public struct Attributes: Hashable, Sendable {
    /// Bit n says whether the attribute with number n has a value.
    public private(set) var presence: UInt64
    /// The values by attribute number, up to the last that has one; 0 for those that have none.
    public private(set) var values: [Int64]

    /// No values.
    public init() {
        presence = 0
        values = []
    }

    /// Takes `packed`, values in order of attribute number, one for each bit of `presence`; `nil`
    /// when there are more or fewer.
    ///
    /// - Complexity: O(attributes); allocates nothing where the array has room for all up to the last.
    public init?(presence: UInt64, packed: consuming [Int64]) {
        guard presence.nonzeroBitCount == packed.count else { return nil }
        self.presence = presence
        values = packed
        let width = Self.width(of: presence)
        guard values.count < width else { return }
        // From the last on, each to its place or further.
        var source = values.count
        while values.count < width { values.append(0) }
        for place in (0..<width).reversed() {
            let isPresent = presence & (1 << UInt64(place)) != 0
            if isPresent { source -= 1 }
            values[place] = isPresent ? values[source] : 0
        }
    }

    /// Takes the values of the attributes with a bit in `presence`, each from the place in `values`
    /// that its number says; what else stands there is dropped.
    ///
    /// - Precondition: `values` ends with the last of them.
    /// - Complexity: O(attributes that are left out); allocates nothing.
    public init(presence: UInt64, byNumber values: consuming [Int64]) {
        let width = Self.width(of: presence)
        precondition(values.count == width, "the last value is that of the last attribute")
        var absent = ~presence & ~(UInt64.max << UInt64(width))
        while absent != 0 {
            values[absent.trailingZeroBitCount] = 0
            absent &= absent &- 1
        }
        self.presence = presence
        self.values = values
    }

    /// The value of the attribute with number `number`, or `nil` when the lead leaves it out.
    ///
    /// - Precondition: a number to write is below ``AttributeSchema/maximumCount``.
    /// - Complexity: O(1), amortised over numbers to write.
    public subscript(number: AttributeNumber) -> Int64? {
        @inline(__always) get {
            guard presence & Self.bit(of: number) != 0 else { return nil }
            return values[number.index]
        }
        set {
            precondition(
                number.index < AttributeSchema.maximumCount, "an attribute has a bit of its own")
            if let newValue {
                presence |= Self.bit(of: number)
                while values.count <= number.index { values.append(0) }
                values[number.index] = newValue
            } else if presence & Self.bit(of: number) != 0 {
                presence &= ~Self.bit(of: number)
                values[number.index] = 0
                values.removeLast(values.count - Self.width(of: presence))
            }
        }
    }

    /// How many have a value.
    public var count: Int { presence.nonzeroBitCount }

    /// Hands number and value of each to `body`, by number.
    @inline(__always)
    public func forEach(_ body: (AttributeNumber, Int64) -> Void) {
        let values = values.span
        var rest = presence
        while rest != 0 {
            let place = rest.trailingZeroBitCount
            rest &= rest &- 1
            body(AttributeNumber(index: place), values[place])
        }
    }

    /// The pairs of attribute number and value, by number.
    public var pairs: [(number: AttributeNumber, value: Int64)] {
        var pairs: [(number: AttributeNumber, value: Int64)] = []
        pairs.reserveCapacity(count)
        forEach { pairs.append(($0, $1)) }
        return pairs
    }

    private static func bit(of number: AttributeNumber) -> UInt64 { 1 << UInt64(number.rawValue) }

    /// How many numbers there are up to the last with a bit in `presence`: how long ``values`` is.
    public static func width(of presence: UInt64) -> Int {
        UInt64.bitWidth - presence.leadingZeroBitCount
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

    /// Hands each of a lead's values to `body` as people write it, with the attribute's name, by number.
    public func forEachWord(of values: Attributes, _ body: (Name, AttributeWord) -> Void) {
        values.forEach { body(attributes[$0.index].name, word($1, for: $0)) }
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
