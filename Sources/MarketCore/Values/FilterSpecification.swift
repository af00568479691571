/// A filter as people write it: by names and words, before a schema resolves it.
public struct FilterSpecification: Hashable, Sendable {
    /// A test by words.
    public enum Test: Hashable, Sendable {
        /// The flag has this value.
        case flag(Bool)
        /// The number lies in an inclusive range; `nil` leaves an end open.
        case range(minimum: Int64?, maximum: Int64?)
        /// The choice or region is one of these words or lies under one of these codes.
        case anyOf([String])
    }

    /// The conditions in the order they were written.
    public var conditions: [(attribute: String, test: Test)]

    /// Makes a specification out of its conditions.
    public init(_ conditions: [(attribute: String, test: Test)] = []) {
        self.conditions = conditions
    }

    /// Whether two specifications are written alike.
    public static func == (left: FilterSpecification, right: FilterSpecification) -> Bool {
        left.conditions.elementsEqual(right.conditions) { $0 == $1 }
    }

    /// Hashes what ``==(_:_:)`` compares.
    public func hash(into hasher: inout Hasher) {
        for condition in conditions {
            hasher.combine(condition.attribute)
            hasher.combine(condition.test)
        }
    }
}

/// Why a filter specification does not fit a schema.
public struct FilterFault: Error, Hashable, Sendable {
    /// What is wrong.
    public enum Reason: Hashable, Sendable {
        /// No attribute has that name.
        case unknownAttribute
        /// Two conditions name the attribute.
        case repeatedAttribute
        /// The test is of another kind than the attribute.
        case wrongKind
        /// A range ends before it starts or lies outside of the attribute's bounds.
        case rangeOutOfBounds
        /// A word is no choice of the attribute.
        case unknownChoice
        /// A code has a length that the attribute does not declare, or other characters.
        case invalidRegion
        /// A set is empty or has more than ``Filter/maximumAlternatives`` members.
        case invalidSetSize
        /// There are more than ``Filter/maximumPredicates`` conditions.
        case tooManyPredicates
    }

    /// The attribute as it was written.
    public let attribute: String
    /// What is wrong with it.
    public let reason: Reason

    /// Names a fault.
    public init(attribute: String, reason: Reason) {
        self.attribute = attribute
        self.reason = reason
    }
}

extension AttributeSchema {
    /// Resolves a filter against this schema (R1.4).
    ///
    /// - Throws: ``FilterFault`` for the first condition, in the order written, that does not fit.
    public func filter(_ specification: FilterSpecification) throws(FilterFault) -> Filter {
        var predicates: [Predicate] = []
        for (attribute, test) in specification.conditions {
            guard predicates.count < Filter.maximumPredicates else {
                throw FilterFault(attribute: attribute, reason: .tooManyPredicates)
            }
            guard let name = Name(attribute), let number = number(of: name) else {
                throw FilterFault(attribute: attribute, reason: .unknownAttribute)
            }
            guard !predicates.contains(where: { $0.attribute == number }) else {
                throw FilterFault(attribute: attribute, reason: .repeatedAttribute)
            }
            switch resolve(test, self[number].kind) {
            case .success(let resolved):
                predicates.append(Predicate(attribute: number, test: resolved))
            case .failure(let fault):
                throw FilterFault(attribute: attribute, reason: fault.reason)
            }
        }
        return Filter(sorted: predicates.sorted { $0.attribute < $1.attribute })
    }

    /// Writes a resolved filter in words again, by attribute number.
    public func specification(of filter: Filter) -> FilterSpecification {
        FilterSpecification(
            filter.predicates.map { predicate in
                let attribute = self[predicate.attribute]
                let test: FilterSpecification.Test
                switch predicate.test {
                case .flag(let flag):
                    test = .flag(flag)
                case .range(let minimum, let maximum):
                    test = .range(minimum: minimum, maximum: maximum)
                case .choices(let choices):
                    guard case .choice(let words) = attribute.kind else {
                        preconditionFailure("a choice predicate is on a choice attribute")
                    }
                    test = .anyOf(choices.map { words[Int($0)] })
                case .regions(let regions):
                    test = .anyOf(regions.map(\.text))
                }
                return (attribute.name.description, test)
            })
    }

    private struct TestFault: Error {
        let reason: FilterFault.Reason
    }

    private func resolve(
        _ test: FilterSpecification.Test, _ kind: AttributeKind
    ) -> Result<PredicateTest, TestFault> {
        switch (kind, test) {
        case (.flag, .flag(let flag)):
            return .success(.flag(flag))
        case (.integer(_, let least, let most), .range(let minimum, let maximum)):
            let low = minimum ?? least
            let high = maximum ?? most
            guard low <= high, low >= least, high <= most, minimum != nil || maximum != nil else {
                return .failure(TestFault(reason: .rangeOutOfBounds))
            }
            return .success(.range(minimum: minimum, maximum: maximum))
        case (.choice(let words), .anyOf(let named)):
            guard (1...Filter.maximumAlternatives).contains(named.count) else {
                return .failure(TestFault(reason: .invalidSetSize))
            }
            let indices = named.map { words.firstIndex(of: $0).map(UInt16.init) }
            guard indices.allSatisfy({ $0 != nil }) else {
                return .failure(TestFault(reason: .unknownChoice))
            }
            return .success(.choices(Set(indices.compactMap(\.self)).sorted()))
        case (.region(let lengths), .anyOf(let named)):
            guard (1...Filter.maximumAlternatives).contains(named.count) else {
                return .failure(TestFault(reason: .invalidSetSize))
            }
            let codes = named.map { lengths.contains($0.utf8.count) ? RegionCode($0) : nil }
            guard codes.allSatisfy({ $0 != nil }) else {
                return .failure(TestFault(reason: .invalidRegion))
            }
            return .success(.regions(Set(codes.compactMap(\.self)).sorted().map(RegionPrefix.init)))
        case (.flag, _), (.integer, _), (.choice, _), (.region, _):
            return .failure(TestFault(reason: .wrongKind))
        }
    }
}
