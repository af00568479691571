/// A conjunction of predicates, at most one per attribute and at most 32 (R1.4).
///
/// An empty filter accepts everything; a predicate on an absent attribute is false (R1.3).
public struct Filter: Hashable, Sendable {
    /// The most predicates a filter can have.
    public static let maximumPredicates = 32
    /// The most choices or regions one predicate can name.
    public static let maximumAlternatives = 1_024

    /// The predicates by attribute number.
    public let predicates: [Predicate]

    /// The filter that accepts every lead.
    public static let everything = Filter(sorted: [])

    /// Makes a filter out of predicates that are valid and in order of attribute number, as
    /// ``AttributeSchema/filter(_:)`` and a log yield them.
    public init(sorted predicates: [Predicate]) {
        self.predicates = predicates
    }

    /// Whether a lead with `attributes` passes every predicate.
    ///
    /// - Complexity: O(predicates), each a few comparisons.
    public func accepts(_ attributes: Attributes) -> Bool {
        for predicate in predicates {
            guard let value = attributes[predicate.attribute], predicate.test.accepts(value) else {
                return false
            }
        }
        return true
    }
}

/// One condition of a filter on one attribute.
public struct Predicate: Hashable, Sendable {
    /// The attribute it reads.
    public let attribute: AttributeNumber
    /// What the value must satisfy.
    public let test: PredicateTest

    /// Makes the condition that `attribute` passes `test`.
    public init(attribute: AttributeNumber, test: PredicateTest) {
        self.attribute = attribute
        self.test = test
    }
}

/// What a predicate asks of a value (R1.4).
public enum PredicateTest: Hashable, Sendable {
    /// The flag has this value.
    case flag(Bool)
    /// The number lies in an inclusive range; `nil` leaves an end open.
    case range(minimum: Int64?, maximum: Int64?)
    /// The choice is one of these word indices, ascending and not empty.
    case choices([UInt16])
    /// The region lies under one of these codes, ascending and not empty.
    case regions([RegionPrefix])

    /// Whether a stored attribute value passes.
    public func accepts(_ value: Int64) -> Bool {
        switch self {
        case .flag(let flag):
            return (value != 0) == flag
        case .range(let minimum, let maximum):
            if let minimum, value < minimum { return false }
            if let maximum, value > maximum { return false }
            return true
        case .choices(let choices):
            for choice in choices where Int64(choice) == value { return true }
            return false
        case .regions(let regions):
            for region in regions where region.lower <= value && value <= region.upper {
                return true
            }
            return false
        }
    }
}

/// A region code in a filter: all regions at or under it.
public struct RegionPrefix: Hashable, Sendable {
    /// The packed code itself.
    public let lower: Int64
    /// The last packed code under it.
    public let upper: Int64

    /// All regions at or under `code`.
    public init(_ code: RegionCode) {
        let extent = code.extent
        lower = extent.lowerBound
        upper = extent.upperBound
    }

    /// The code as text.
    public var text: String { RegionCode(rawValue: lower)?.text ?? "" }
}
