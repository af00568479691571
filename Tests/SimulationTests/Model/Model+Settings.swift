import MarketCore

/// The market's own settings (R1.5, R2.3, R3.2, R4.3, R8.5, R9.4).
extension Model {
    /// Takes settings over one by one and says what they are then, or `nil` when nothing changes.
    mutating func take(
        settings given: MarketConfiguration.Settings
    ) throws(Fault) -> MarketSettings? {
        let before = settings
        if let window = given.duplicateWindow {
            if !isSpan(window, from: 0) { throw outOfRange("duplicateWindow") }
            settings.duplicateWindow = window
        }
        if let pattern = given.phonePattern { settings.phonePattern = pattern }
        if let names = given.categoryOrder { try take(categoryOrder: names) }
        if let timeout = given.pingTimeout {
            if !isSpan(timeout, from: 1) { throw outOfRange("pingTimeout") }
            settings.pingTimeout = timeout
        }
        if let span = given.qualitySpan {
            if span < 1 || span > 1_000 { throw outOfRange("qualitySpan") }
            settings.qualitySpan = span
        }
        if let limit = given.qualityLimit {
            if limit < 0 || limit > 10_000 { throw outOfRange("qualityLimit") }
            settings.qualityLimit = limit
        }
        if let name = given.tierAttribute { try take(tierAttribute: name) }
        if case .set(let rules) = given.tierRules {
            settings.tierRules = nil
            if let rules { settings.tierRules = try resolve(rules) }
        }
        try checkTierRules()
        if case .set(let rules) = given.gradeRules {
            if let rules { try check(rules) }
            settings.gradeRules = rules
        }
        return settings == before ? nil : settings
    }

    private func outOfRange(_ setting: String) -> Fault {
        Fault(path: "settings.\(setting)", reason: .outOfRange)
    }

    private mutating func take(categoryOrder names: [Name]) throws(Fault) {
        try Self.checkDistinct("settings.categoryOrder", names)
        var order: [CategoryNumber] = []
        for name in names {
            guard let index = categories.firstIndex(where: { $0.name == name }) else {
                throw Fault(path: "settings.categoryOrder.\(name)", reason: .unknownName)
            }
            order.append(CategoryNumber(index: index))
        }
        settings.categoryOrder = order.isEmpty ? nil : order
    }

    private mutating func take(tierAttribute name: Name) throws(Fault) {
        let path = "settings.tierAttribute"
        guard let index = schema.attributes.firstIndex(where: { $0.name == name }) else {
            throw Fault(path: path, reason: .unknownName)
        }
        guard case .choice(let words) = schema.attributes[index].kind, words.count > 2 else {
            throw Fault(path: path, reason: .invalidTierAttribute)
        }
        settings.tierAttribute = AttributeNumber(index: index)
    }

    private func resolve(_ given: MarketConfiguration.TierRules) throws(Fault) -> TierRules {
        if given.rules.isEmpty || given.rules.count > 64
            || given.firstTierFrom < given.secondTierFrom
        {
            throw Fault(path: "settings.tierRules", reason: .invalidTierRules)
        }
        var rules: [TierRules.Rule] = []
        for (index, rule) in given.rules.enumerated() {
            let path = "settings.tierRules.rules.\(index)"
            if rule.points < -1_000 || rule.points > 1_000 {
                throw Fault(path: "\(path).points", reason: .outOfRange)
            }
            do throws(FilterFault) {
                let filter = try schema.filter(rule.filter)
                rules.append(
                    TierRules.Rule(aspect: rule.aspect, filter: filter, points: rule.points))
            } catch {
                throw Fault(path: "\(path).filter", reason: .invalidFilter(error))
            }
        }
        return TierRules(
            rules: rules, firstTierFrom: given.firstTierFrom,
            secondTierFrom: given.secondTierFrom)
    }

    /// Tier rules need an attribute to set and may not read it.
    private func checkTierRules() throws(Fault) {
        guard let rules = settings.tierRules else { return }
        guard let attribute = settings.tierAttribute else {
            throw Fault(path: "settings.tierRules", reason: .invalidTierAttribute)
        }
        for (index, rule) in rules.rules.enumerated() {
            for predicate in rule.filter.predicates where predicate.attribute == attribute {
                throw Fault(
                    path: "settings.tierRules.rules.\(index).filter",
                    reason: .invalidTierAttribute)
            }
        }
    }

    private func check(_ rules: GradeRules) throws(Fault) {
        if rules.window < 1 || rules.window > 200 { throw outOfRange("gradeRules.window") }
        for (name, thresholds) in [("elite", rules.elite), ("standard", rules.standard)] {
            let shares = [
                ("connection", thresholds.connection), ("discipline", thresholds.discipline),
                ("approval", thresholds.approval),
            ]
            for (word, share) in shares where share < 0 || share > 10_000 {
                throw outOfRange("gradeRules.\(name).\(word)")
            }
        }
    }
}
