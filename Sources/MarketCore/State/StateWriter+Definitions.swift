// How the definitions of a market are written and read; each pair stands together.

extension StateWriter {
    mutating func write(_ foundation: MarketFoundation) {
        write(foundation.rulesVersion)
        write(foundation.clock == .supplied)
        write(foundation.currency)
        write(foundation.utcOffsetMinutes)
        write(foundation.secretFingerprint)
    }

    mutating func write(_ attribute: Attribute) {
        write(attribute.name)
        switch attribute.kind {
        case .flag:
            write(1)
        case .integer(let unit, let minimum, let maximum):
            write(2)
            write(unit)
            write(minimum)
            write(maximum)
        case .choice(let words):
            write(3)
            write(words) { $0.write($1) }
        case .region(let lengths):
            write(4)
            write(lengths) { $0.write($1) }
        }
    }

    mutating func write(_ settings: MarketSettings) {
        write(settings.duplicateWindow)
        write(settings.phonePattern.text)
        write(settings.categoryOrder) { $0.write($1) { $0.write($1) } }
    }

    mutating func write(_ definition: CategoryDefinition) {
        write(definition.title)
        write(definition.qualification)
        write(definition.ladder.rungs) { writer, rung in
            writer.write(rung.maximumAge)
            writer.write(rung.price)
        }
        write(definition.exclusivity) { $0.write($1) }
        write(definition.splits) { writer, split in
            writer.write(split.payee)
            writer.write(split.basisPoints)
        }
        write(definition.retired)
    }

    mutating func write(_ filter: Filter) {
        write(filter.predicates) { writer, predicate in
            writer.write(predicate.attribute)
            switch predicate.test {
            case .flag(let flag):
                writer.write(1)
                writer.write(flag)
            case .range(let minimum, let maximum):
                writer.write(2)
                writer.write(minimum) { $0.write($1) }
                writer.write(maximum) { $0.write($1) }
            case .choices(let choices):
                writer.write(3)
                writer.write(choices) { $0.write(Int($1)) }
            case .regions(let regions):
                writer.write(4)
                writer.write(regions) { $0.write($1.lower) }
            }
        }
    }
}

extension StateReader {
    mutating func foundation() throws(StateError) -> MarketFoundation {
        let rulesVersion = try int()
        let clock: ClockKind = try bool() ? .supplied : .real
        return MarketFoundation(
            rulesVersion: rulesVersion, clock: clock, currency: try string(),
            utcOffsetMinutes: try int(), secretFingerprint: try bytes16())
    }

    mutating func attribute() throws(StateError) -> Attribute {
        let name = try name()
        switch try int() {
        case 1:
            return Attribute(name: name, kind: .flag)
        case 2:
            return Attribute(
                name: name,
                kind: .integer(unit: try string(), minimum: try int64(), maximum: try int64()))
        case 3:
            let words = try array { reader throws(StateError) in try reader.string() }
            return Attribute(name: name, kind: .choice(words: words))
        case 4:
            let lengths = try array { reader throws(StateError) in try reader.int() }
            return Attribute(name: name, kind: .region(lengths: lengths))
        default:
            throw .invalidValue
        }
    }

    mutating func settings() throws(StateError) -> MarketSettings {
        var settings = MarketSettings()
        settings.duplicateWindow = try timespan()
        guard let pattern = PhonePattern(try string()) else { throw .invalidValue }
        settings.phonePattern = pattern
        settings.categoryOrder = try optional { reader throws(StateError) in
            try reader.array { reader throws(StateError) in try reader.number() }
        }
        return settings
    }

    mutating func categoryDefinition() throws(StateError) -> CategoryDefinition {
        let title = try string()
        let qualification = try filter()
        let rungs = try array { reader throws(StateError) in
            PriceLadder.Rung(maximumAge: try reader.timespan(), price: try reader.money())
        }
        guard let ladder = PriceLadder(rungs) else { throw .invalidValue }
        return CategoryDefinition(
            title: title, qualification: qualification, ladder: ladder,
            exclusivity: try optional { reader throws(StateError) in try reader.timespan() },
            splits: try array { reader throws(StateError) in
                Split(payee: try reader.number(), basisPoints: try reader.int())
            },
            retired: try bool())
    }

    mutating func filter() throws(StateError) -> Filter {
        Filter(
            sorted: try array { reader throws(StateError) in
                let attribute: AttributeNumber = try reader.number()
                return Predicate(attribute: attribute, test: try reader.test())
            })
    }

    private mutating func test() throws(StateError) -> PredicateTest {
        switch try int() {
        case 1:
            return .flag(try bool())
        case 2:
            return .range(
                minimum: try optional { reader throws(StateError) in try reader.int64() },
                maximum: try optional { reader throws(StateError) in try reader.int64() })
        case 3:
            return .choices(
                try array { reader throws(StateError) in
                    guard let choice = UInt16(exactly: try reader.int64()) else {
                        throw .invalidValue
                    }
                    return choice
                })
        case 4:
            return .regions(
                try array { reader throws(StateError) in
                    guard let code = RegionCode(rawValue: try reader.int64()) else {
                        throw .invalidValue
                    }
                    return RegionPrefix(code)
                })
        default:
            throw .invalidValue
        }
    }
}
