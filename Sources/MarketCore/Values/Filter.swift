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
    /// The same, flat: for each predicate the ranges in one of which the value has to lie, ascending
    /// and with values between them.
    let ranges: [Range]
    /// Bit n says whether a predicate reads the attribute with number n.
    private let presence: UInt64

    /// An inclusive range of values of an attribute; one whose `lower` is above its `upper` has none.
    struct Range {
        let lower: Int64
        let upper: Int64
        let attribute: UInt32
        /// How many ranges its predicate has from this one on.
        let count: UInt32
    }

    /// The filter that accepts every lead.
    public static let everything = Filter(sorted: [])

    /// Makes a filter out of predicates that are valid and in order of attribute number, as
    /// ``AttributeSchema/filter(_:)`` and a log yield them.
    ///
    /// - Precondition: the numbers are below ``AttributeSchema/maximumCount``; a filter on others must
    ///   not be asked.
    public init(sorted predicates: [Predicate]) {
        self.predicates = predicates
        ranges = predicates.flatMap { predicate in
            let ranges = predicate.test.joinedRanges
            let attribute = predicate.attribute.rawValue
            if ranges.isEmpty {
                return [Range(lower: .max, upper: .min, attribute: attribute, count: 1)]
            }
            return ranges.enumerated().map { index, range in
                Range(
                    lower: range.lowerBound, upper: range.upperBound, attribute: attribute,
                    count: UInt32(ranges.count - index))
            }
        }
        presence = predicates.reduce(0) { $0 | 1 << UInt64($1.attribute.rawValue) }
    }

    /// Whether a lead with `attributes` passes every predicate.
    ///
    /// - Complexity: O(predicates), each a few comparisons; allocates nothing.
    public func accepts(_ attributes: Attributes) -> Bool {
        guard attributes.presence & presence == presence else { return false }
        let ranges = ranges.span
        let values = attributes.values.span
        var place = 0
        while place < ranges.count {
            let value = values[Int(ranges[place].attribute)]
            while value < ranges[place].lower || ranges[place].upper < value {
                guard ranges[place].count > 1 else { return false }
                place += 1
            }
            place += Int(ranges[place].count)
        }
        return true
    }

    /// Compares the predicates.
    public static func == (left: Filter, right: Filter) -> Bool {
        left.predicates == right.predicates
    }

    /// Hashes the predicates.
    public func hash(into hasher: inout Hasher) { hasher.combine(predicates) }
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
    public func accepts(_ value: Int64) -> Bool { ranges.contains { $0.contains(value) } }

    /// The ranges of stored values that pass, as few as they can be.
    fileprivate var joinedRanges: [ClosedRange<Int64>] {
        var joined: [ClosedRange<Int64>] = []
        for range in ranges {
            if let last = joined.last,
                last.upperBound == .max
                    || range.lowerBound <= last.upperBound + 1
            {
                let upper = max(last.upperBound, range.upperBound)
                joined[joined.count - 1] = last.lowerBound...upper
            } else {
                joined.append(range)
            }
        }
        return joined
    }

    /// The inclusive ranges of stored values that pass, by ascending lower bound.
    private var ranges: [ClosedRange<Int64>] {
        switch self {
        case .flag(true): [.min ... -1, 1 ... .max]
        case .flag(false): [0...0]
        case .range(let minimum, let maximum):
            (minimum ?? .min) <= (maximum ?? .max) ? [(minimum ?? .min)...(maximum ?? .max)] : []
        case .choices(let choices): choices.map { Int64($0)...Int64($0) }
        case .regions(let regions): regions.map { $0.lower...$0.upper }
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
