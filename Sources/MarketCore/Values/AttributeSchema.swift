/// What a lead may declare about its person or application, such as `monthlyIncome` (R1.1).
public struct Attribute: Hashable, Sendable {
    /// The name used on the wire and in configurations.
    public var name: Name
    /// What values it takes.
    public var kind: AttributeKind

    /// Declares an attribute.
    public init(name: Name, kind: AttributeKind) {
        self.name = name
        self.kind = kind
    }
}

/// The kinds of values an attribute takes; each value is stored as one Int64.
public enum AttributeKind: Hashable, Sendable {
    /// True (1) or false (0).
    case flag
    /// A whole number of `unit` within inclusive bounds.
    case integer(unit: String, minimum: Int64, maximum: Int64)
    /// One of up to 65,535 words; stored as the word's index.
    case choice(words: [String])
    /// A region code of one of the declared lengths, ascending; stored packed (``RegionCode``).
    case region(lengths: [Int])
}

/// The attributes of a market in order of declaration; at most 64.
///
/// A schema only grows: attributes, choices and region lengths are added and integer bounds
/// widened, never the reverse, so a value or filter once valid stays valid (R1.1).
public struct AttributeSchema: Hashable, Sendable {
    /// The most attributes a market can declare: one bit each in ``Attributes/presence``.
    public static let maximumCount = 64
    /// The most words of a choice.
    public static let maximumWords = 65_535

    /// The attributes; an attribute's number is its index.
    public private(set) var attributes: [Attribute]
    private var numbers: [Name: AttributeNumber]

    /// A schema without attributes.
    public init() {
        attributes = []
        numbers = [:]
    }

    /// The number of the attribute called `name`, if there is one.
    public func number(of name: Name) -> AttributeNumber? { numbers[name] }

    /// The attribute with a number of this schema.
    public subscript(number: AttributeNumber) -> Attribute { attributes[number.index] }

    /// The first attribute of the region kind; once there is one, it stays the same.
    var firstRegionAttribute: AttributeNumber? {
        attributes.firstIndex { attribute in
            if case .region = attribute.kind { true } else { false }
        }.map(AttributeNumber.init(index:))
    }

    /// Adds `attribute`, or replaces the one of that name; ``AttributeSchema/check(_:)`` first.
    mutating func define(_ attribute: Attribute) {
        if let number = numbers[attribute.name] {
            attributes[number.index] = attribute
        } else {
            numbers[attribute.name] = AttributeNumber(index: attributes.count)
            attributes.append(attribute)
        }
    }

    /// Says why `attribute` may not be added to or replace a part of this schema, or `nil` if it may.
    func check(_ attribute: Attribute) -> ConfigurationFault.Reason? {
        if let fault = Self.checkAlone(attribute.kind) { return fault }
        guard let number = numbers[attribute.name] else {
            return attributes.count < Self.maximumCount ? nil : .tooManyAttributes
        }
        switch (self[number].kind, attribute.kind) {
        case (.flag, .flag):
            return nil
        case (
            .integer(let unit, let minimum, let maximum), .integer(let newUnit, let low, let high)
        ):
            if unit != newUnit { return .attributeKindChanged }
            return low <= minimum && high >= maximum ? nil : .attributeNarrowed
        case (.choice(let words), .choice(let newWords)):
            return newWords.starts(with: words) ? nil : .attributeNarrowed
        case (.region(let lengths), .region(let newLengths)):
            return lengths.allSatisfy(newLengths.contains) ? nil : .attributeNarrowed
        case (.flag, _), (.integer, _), (.choice, _), (.region, _):
            return .attributeKindChanged
        }
    }

    private static func checkAlone(_ kind: AttributeKind) -> ConfigurationFault.Reason? {
        switch kind {
        case .flag:
            return nil
        case .integer(let unit, let minimum, let maximum):
            return minimum <= maximum && unit.utf8.count <= 32 ? nil : .invalidAttribute
        case .choice(let words):
            let sound =
                words.count <= maximumWords && !words.isEmpty
                && words.allSatisfy { (1...64).contains($0.utf8.count) }
                && Set(words).count == words.count
            return sound ? nil : .invalidAttribute
        case .region(let lengths):
            let sound =
                !lengths.isEmpty && lengths.allSatisfy((1...RegionCode.maximumLength).contains)
                && zip(lengths, lengths.dropFirst()).allSatisfy(<)
            return sound ? nil : .invalidAttribute
        }
    }
}
