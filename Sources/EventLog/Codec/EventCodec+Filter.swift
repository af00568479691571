internal import MarketCore

// Filters and attribute values.

extension EventCodec {
    /// Writes a filter; nothing when it accepts everything.
    static func encode(_ filter: Filter, field: UInt32, to writer: inout WireWriter) {
        if filter.predicates.isEmpty { return }
        writer.writeMessage(field: field) { writer in
            for predicate in filter.predicates {
                writer.writeMessage(field: 1) { encode(predicate, to: &$0) }
            }
        }
    }

    private static func encode(_ predicate: Predicate, to writer: inout WireWriter) {
        writer.write(predicate.attribute, field: 1)
        switch predicate.test {
        case .flag(let flag):
            writer.writeOptional(flag, field: 2)
        case .range(let minimum, let maximum):
            writer.writeMessage(field: 3) { writer in
                writer.writeOptional(minimum, field: 1)
                writer.writeOptional(maximum, field: 2)
            }
        case .choices(let choices):
            writer.writeMessage(field: 4) { writer in
                writer.writePacked(choices.lazy.map(UInt64.init), field: 1)
            }
        case .regions(let regions):
            writer.writeMessage(field: 5) { writer in
                for region in regions { writer.writeOptional(region.text, field: 1) }
            }
        }
    }

    static func decodeFilter(_ reader: inout WireReader) throws(WireError) -> Filter {
        var predicates: [Predicate] = []
        while let field = try reader.nextField() {
            guard field == 1 else { continue }
            var message = try reader.message()
            let predicate = try decodePredicate(&message)
            if let last = predicates.last, last.attribute >= predicate.attribute {
                throw reader.invalidValue
            }
            predicates.append(predicate)
        }
        guard predicates.count <= Filter.maximumPredicates else { throw reader.invalidValue }
        return Filter(sorted: predicates)
    }

    private static func decodePredicate(
        _ reader: inout WireReader
    ) throws(WireError) -> Predicate {
        var attribute = AttributeNumber(0)
        var test: PredicateTest?
        while let field = try reader.nextField() {
            switch field {
            case 1: attribute = try decodeAttributeNumber(&reader)
            case 2: test = .flag(try reader.flag())
            case 3:
                var message = try reader.message()
                test = try decodeRange(&message)
            case 4:
                var message = try reader.message()
                test = try decodeChoices(&message)
            case 5:
                var message = try reader.message()
                test = try decodeRegions(&message)
            default: break
            }
        }
        return Predicate(attribute: attribute, test: try present(test, field: 2))
    }

    static func decodeAttributeNumber(
        _ reader: inout WireReader
    ) throws(WireError) -> AttributeNumber {
        let number: AttributeNumber = try reader.dense()
        guard number.index < AttributeSchema.maximumCount else { throw reader.invalidValue }
        return number
    }

    private static func decodeRange(
        _ reader: inout WireReader
    ) throws(WireError) -> PredicateTest {
        var minimum: Int64?
        var maximum: Int64?
        while let field = try reader.nextField() {
            switch field {
            case 1: minimum = try reader.signedNumber()
            case 2: maximum = try reader.signedNumber()
            default: break
            }
        }
        return .range(minimum: minimum, maximum: maximum)
    }

    private static func decodeChoices(
        _ reader: inout WireReader
    ) throws(WireError) -> PredicateTest {
        var numbers: [UInt64] = []
        while let field = try reader.nextField() {
            if field == 1 { try reader.numbers(into: &numbers) }
        }
        let choices = numbers.compactMap { UInt16(exactly: $0) }
        guard choices.count == numbers.count, !choices.isEmpty,
            zip(choices, choices.dropFirst()).allSatisfy(<)
        else { throw reader.invalidValue }
        return .choices(choices)
    }

    private static func decodeRegions(
        _ reader: inout WireReader
    ) throws(WireError) -> PredicateTest {
        var codes: [RegionCode] = []
        while let field = try reader.nextField() {
            guard field == 1 else { continue }
            guard let code = RegionCode(try reader.text()) else { throw reader.invalidValue }
            codes.append(code)
        }
        guard !codes.isEmpty, zip(codes, codes.dropFirst()).allSatisfy(<) else {
            throw reader.invalidValue
        }
        return .regions(codes.map { RegionPrefix($0) })
    }

    /// Writes the values a lead declares; nothing when there is none.
    static func encode(_ attributes: Attributes, field: UInt32, to writer: inout WireWriter) {
        if attributes.presence == 0 { return }
        writer.writeMessage(field: field) { writer in
            writer.write(attributes.presence, field: 1)
            writer.writePacked(
                attributes.values.span, at: attributes.presence, field: 2)
        }
    }

    static func decodeAttributes(_ reader: inout WireReader) throws(WireError) -> Attributes {
        var presence: UInt64 = 0
        var values: [Int64] = []
        while let field = try reader.nextField() {
            switch field {
            case 1: presence = try reader.number()
            case 2:
                if values.isEmpty { values.reserveCapacity(Attributes.width(of: presence)) }
                try reader.signedNumbers(into: &values)
            default: break
            }
        }
        guard let attributes = Attributes(presence: presence, packed: values) else {
            throw reader.invalidValue
        }
        return attributes
    }
}
