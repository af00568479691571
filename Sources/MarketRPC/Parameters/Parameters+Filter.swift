public import MarketCore

extension Parameters {
    /// A filter by names and words, not yet held against a schema; `nil` when absent (R1.4).
    ///
    /// A condition is `true` or `false`, an object of `minimum` and `maximum`, one word, or a list of words.
    public mutating func optionalFilterSpecification(
        _ name: String
    ) throws(RPCError) -> FilterSpecification? {
        guard let object = try optionalObject(name) else { return nil }
        var conditions: [(attribute: String, test: FilterSpecification.Test)] = []
        conditions.reserveCapacity(object.members.count)
        for member in object.members {
            let place = object.path.member(member.name.shortened)
            conditions.append((member.name, try Self.test(member.value, at: place)))
        }
        return FilterSpecification(conditions)
    }

    /// A filter that fits `schema`; `nil` when absent (R1.4).
    public mutating func optionalFilter(
        _ name: String, schema: AttributeSchema
    ) throws(RPCError) -> Filter? {
        guard let specification = try optionalFilterSpecification(name) else { return nil }
        do throws(FilterFault) {
            return try schema.filter(specification)
        } catch {
            throw RPCError.invalidParameter(
                path.member(name).member(error.attribute.shortened),
                error.reason.problem + schema.hint(for: error))
        }
    }

    private static func test(
        _ value: JSONValue, at path: FieldPath
    ) throws(RPCError) -> FilterSpecification.Test {
        switch value {
        case .bool(let flag):
            return .flag(flag)
        case .string(let word):
            return .anyOf([word])
        case .array(let elements):
            guard (1...Filter.maximumAlternatives).contains(elements.count) else {
                throw RPCError.invalidParameter(
                    path, FilterFault.Reason.invalidSetSize.problem)
            }
            var words: [String] = []
            words.reserveCapacity(elements.count)
            for (index, element) in elements.enumerated() {
                words.append(try string(element, length: 1...64, at: path.element(index)))
            }
            return .anyOf(words)
        case .object(let object):
            var range = Parameters(object, path: path)
            let minimum = try range.optionalInteger("minimum", in: Int64.min...Int64.max)
            let maximum = try range.optionalInteger("maximum", in: Int64.min...Int64.max)
            try range.finish()
            return .range(minimum: minimum, maximum: maximum)
        case .null, .integer, .unsigned, .double:
            throw wrongType(
                path, "true, false, a word, a list of words or {\"minimum\": …, \"maximum\": …}",
                value)
        }
    }
}

extension AttributeSchema {
    /// What the attribute of a faulty condition takes, as a sentence of its own.
    func hint(for fault: FilterFault) -> String {
        guard let name = Name(fault.attribute), let number = number(of: name) else { return "" }
        return " It takes \(taken(by: number))."
    }

    /// What the attribute takes, in words.
    func taken(by number: AttributeNumber) -> String {
        switch self[number].kind {
        case .flag:
            return "true or false"
        case .integer(let unit, let minimum, let maximum):
            let bounds = "integers from \(minimum) to \(maximum)"
            return unit.isEmpty ? bounds : "\(bounds) (\(unit))"
        case .choice(let words):
            let shown = words.prefix(20).joined(separator: ", ")
            return words.count > 20 ? "one of \(shown) and others" : "one of \(shown)"
        case .region(let lengths):
            let shown = lengths.map { "\($0)" }.joined(separator: ", ")
            return "codes of these lengths, in digits and capital letters: \(shown)"
        }
    }
}
