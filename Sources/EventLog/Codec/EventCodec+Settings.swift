internal import MarketCore

// The market's own settings. One that is as in ``MarketSettings/init()`` is left out, as in records
// of before there was such a setting: those defaults are the log's, and never change.

extension EventCodec {
    static func encode(_ settings: MarketSettings, to writer: inout WireWriter) {
        let usual = MarketSettings()
        writer.writeOptional(settings.duplicateWindow, field: 1)
        writer.write(settings.phonePattern.text, field: 2)
        if let order = settings.categoryOrder {
            writer.writeMessage(field: 3) { writer in
                writer.writePacked(order.lazy.map { UInt64($0.rawValue) }, field: 1)
            }
        }
        if settings.pingTimeout != usual.pingTimeout {
            writer.writeOptional(settings.pingTimeout, field: 4)
        }
        if settings.qualitySpan != usual.qualitySpan {
            writer.writeOptional(settings.qualitySpan, field: 5)
        }
        if settings.qualityLimit != usual.qualityLimit {
            writer.writeOptional(settings.qualityLimit, field: 6)
        }
        writer.writeOptional(settings.tierAttribute, field: 7)
        if let rules = settings.tierRules {
            writer.writeMessage(field: 8) { encode(rules, to: &$0) }
        }
        if let rules = settings.gradeRules {
            writer.writeMessage(field: 9) { encode(rules, to: &$0) }
        }
    }

    static func decodeSettings(_ reader: inout WireReader) throws(WireError) -> MarketSettings {
        var settings = MarketSettings()
        while let field = try reader.nextField() {
            switch field {
            case 1: settings.duplicateWindow = try reader.span()
            case 2:
                guard let pattern = PhonePattern(try reader.text()) else {
                    throw reader.invalidValue
                }
                settings.phonePattern = pattern
            case 3:
                var message = try reader.message()
                settings.categoryOrder = try decodeCategoryOrder(&message)
            case 4: settings.pingTimeout = try reader.span()
            case 5: settings.qualitySpan = try reader.count()
            case 6: settings.qualityLimit = try reader.share()
            case 7: settings.tierAttribute = try decodeAttributeNumber(&reader)
            case 8:
                var message = try reader.message()
                settings.tierRules = try decodeTierRules(&message)
            case 9:
                var message = try reader.message()
                settings.gradeRules = try decodeGradeRules(&message)
            default: break
            }
        }
        return settings
    }

    private static func decodeCategoryOrder(
        _ reader: inout WireReader
    ) throws(WireError) -> [CategoryNumber] {
        var numbers: [UInt64] = []
        while let field = try reader.nextField() {
            if field == 1 { try reader.numbers(into: &numbers) }
        }
        let order = numbers.compactMap { UInt32(exactly: $0) }
        guard order.count == numbers.count else { throw reader.invalidValue }
        return order.map { CategoryNumber($0) }
    }
}

// MARK: - Tiers (R1.5)

extension EventCodec {
    private static func encode(_ rules: TierRules, to writer: inout WireWriter) {
        for rule in rules.rules {
            writer.writeMessage(field: 1) { writer in
                writer.write(rule.aspect, field: 1)
                encode(rule.filter, field: 2, to: &writer)
                writer.write(Int64(rule.points), field: 3)
            }
        }
        writer.write(Int64(rules.firstTierFrom), field: 2)
        writer.write(Int64(rules.secondTierFrom), field: 3)
    }

    private static func decodeTierRules(
        _ reader: inout WireReader
    ) throws(WireError) -> TierRules {
        var rules = TierRules(rules: [], firstTierFrom: 0, secondTierFrom: 0)
        while let field = try reader.nextField() {
            switch field {
            case 1:
                var message = try reader.message()
                rules.rules.append(try decodeTierRule(&message))
            case 2: rules.firstTierFrom = try reader.signedCount()
            case 3: rules.secondTierFrom = try reader.signedCount()
            default: break
            }
        }
        guard rules.rules.count <= TierRules.maximumRules else { throw .invalidValue(field: 1) }
        return rules
    }

    private static func decodeTierRule(
        _ reader: inout WireReader
    ) throws(WireError) -> TierRules.Rule {
        var aspect: TierRules.Aspect?
        var filter = Filter.everything
        var points = 0
        while let field = try reader.nextField() {
            switch field {
            case 1: aspect = try reader.enumeration()
            case 2:
                var message = try reader.message()
                filter = try decodeFilter(&message)
            case 3:
                points = try reader.signedCount()
                guard points.magnitude <= TierRules.maximumPoints else {
                    throw reader.invalidValue
                }
            default: break
            }
        }
        return TierRules.Rule(
            aspect: try present(aspect, field: 1), filter: filter, points: points)
    }
}

// MARK: - Grades (R9.4)

extension EventCodec {
    private static func encode(_ rules: GradeRules, to writer: inout WireWriter) {
        writer.write(UInt64(rules.window), field: 1)
        writer.writeMessage(field: 2) { encode(rules.elite, to: &$0) }
        writer.writeMessage(field: 3) { encode(rules.standard, to: &$0) }
    }

    private static func encode(_ thresholds: GradeRules.Thresholds, to writer: inout WireWriter) {
        writer.write(UInt64(thresholds.connection), field: 1)
        writer.write(UInt64(thresholds.discipline), field: 2)
        writer.write(UInt64(thresholds.approval), field: 3)
    }

    private static func decodeGradeRules(
        _ reader: inout WireReader
    ) throws(WireError) -> GradeRules {
        let none = GradeRules.Thresholds(connection: 0, discipline: 0, approval: 0)
        var rules = GradeRules(window: 0, elite: none, standard: none)
        while let field = try reader.nextField() {
            switch field {
            case 1: rules.window = try reader.count()
            case 2:
                var message = try reader.message()
                rules.elite = try decodeThresholds(&message)
            case 3:
                var message = try reader.message()
                rules.standard = try decodeThresholds(&message)
            default: break
            }
        }
        return rules
    }

    private static func decodeThresholds(
        _ reader: inout WireReader
    ) throws(WireError) -> GradeRules.Thresholds {
        var thresholds = GradeRules.Thresholds(connection: 0, discipline: 0, approval: 0)
        while let field = try reader.nextField() {
            switch field {
            case 1: thresholds.connection = try reader.share()
            case 2: thresholds.discipline = try reader.share()
            case 3: thresholds.approval = try reader.share()
            default: break
            }
        }
        return thresholds
    }
}
