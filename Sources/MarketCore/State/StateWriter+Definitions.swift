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
        write(settings.pingTimeout)
        write(settings.qualitySpan)
        write(settings.qualityLimit)
        write(settings.tierAttribute) { $0.write($1) }
        write(settings.tierRules) { $0.write($1) }
        write(settings.gradeRules) { writer, rules in
            writer.write(rules.window)
            for thresholds in [rules.elite, rules.standard] {
                writer.write(thresholds.connection)
                writer.write(thresholds.discipline)
                writer.write(thresholds.approval)
            }
        }
    }

    private mutating func write(_ rules: TierRules) {
        write(rules.rules) { writer, rule in
            writer.write(rule.aspect)
            writer.write(rule.filter)
            writer.write(rule.points)
        }
        write(rules.firstTierFrom)
        write(rules.secondTierFrom)
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
        write(definition.rank) { $0.write($1) }
        write(definition.gates.namedConsent) { $0.write($1) }
        write(definition.gates.acceptance) { $0.write($1) }
        write(definition.returns.window)
        write(definition.returns.automaticShare)
        write(definition.returns.automaticSpan)
    }

    mutating func write(_ definition: ChannelDefinition) {
        write(definition.title)
        switch definition.payout {
        case .fixed(let amount):
            write(1)
            write(amount)
        case .share(let basisPoints):
            write(2)
            write(basisPoints)
        }
        write(definition.dailyCap) { $0.write($1) }
        write(definition.isTest)
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
        settings.pingTimeout = try timespan()
        settings.qualitySpan = try int()
        settings.qualityLimit = try int()
        settings.tierAttribute = try optional { reader throws(StateError) in
            try reader.attributeNumber()
        }
        settings.tierRules = try optional { reader throws(StateError) in try reader.tierRules() }
        settings.gradeRules = try optional { reader throws(StateError) in
            GradeRules(
                window: try reader.int(), elite: try reader.thresholds(),
                standard: try reader.thresholds())
        }
        return settings
    }

    private mutating func tierRules() throws(StateError) -> TierRules {
        let rules = try array { reader throws(StateError) in
            TierRules.Rule(
                aspect: try reader.choice(), filter: try reader.filter(),
                points: try reader.int())
        }
        return TierRules(rules: rules, firstTierFrom: try int(), secondTierFrom: try int())
    }

    private mutating func thresholds() throws(StateError) -> GradeRules.Thresholds {
        GradeRules.Thresholds(
            connection: try int(), discipline: try int(), approval: try int())
    }

    mutating func channelDefinition() throws(StateError) -> ChannelDefinition {
        let title = try string()
        let payout: ChannelPayout
        switch try int() {
        case 1: payout = .fixed(try money())
        case 2: payout = .share(basisPoints: try int())
        default: throw .invalidValue
        }
        return ChannelDefinition(
            title: title, payout: payout,
            dailyCap: try optional { reader throws(StateError) in try reader.int() },
            isTest: try bool())
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
            retired: try bool(),
            rank: try array { reader throws(StateError) in try reader.choice() },
            gates: Gates(
                namedConsent: try optional { reader throws(StateError) in
                    try reader.timespan()
                },
                acceptance: try optional { reader throws(StateError) in try reader.timespan() }),
            returns: ReturnPolicy(
                window: try timespan(), automaticShare: try int(), automaticSpan: try int()))
    }

    mutating func filter() throws(StateError) -> Filter {
        let predicates = try array { reader throws(StateError) in
            Predicate(attribute: try reader.attributeNumber(), test: try reader.test())
        }
        try check(predicates.map(\.attribute))
        return Filter(sorted: predicates)
    }

    /// The number of an attribute that a market can have.
    mutating func attributeNumber() throws(StateError) -> AttributeNumber {
        let number: AttributeNumber = try number()
        guard number.index < AttributeSchema.maximumCount else { throw .invalidValue }
        return number
    }

    /// Checks that values ascend.
    private func check(_ values: [some Comparable]) throws(StateError) {
        guard zip(values, values.dropFirst()).allSatisfy(<) else { throw .invalidValue }
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
            let choices = try array { reader throws(StateError) in
                guard let choice = UInt16(exactly: try reader.int64()) else {
                    throw .invalidValue
                }
                return choice
            }
            try check(choices)
            return .choices(choices)
        case 4:
            let codes = try array { reader throws(StateError) in
                guard let code = RegionCode(rawValue: try reader.int64()) else {
                    throw .invalidValue
                }
                return code
            }
            try check(codes)
            return .regions(codes.map { RegionPrefix($0) })
        default:
            throw .invalidValue
        }
    }
}
