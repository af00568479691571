// MARK: - Settings

extension ConfigurationResolution {
    /// Checks the settings in the order in which ``MarketConfiguration/Settings`` lists them; tier
    /// rules against the tier attribute that then holds.
    mutating func resolveSettings(
        _ settings: MarketConfiguration.Settings
    ) throws(ConfigurationFault) {
        var new = market.settings
        let none = Timespan(microseconds: 0)
        try checkSpan(settings.duplicateWindow, from: none, "settings.duplicateWindow")
        new.duplicateWindow = settings.duplicateWindow ?? new.duplicateWindow
        new.phonePattern = settings.phonePattern ?? new.phonePattern
        if let order = settings.categoryOrder {
            let numbers = try categoryOrder(order)
            new.categoryOrder = numbers.isEmpty ? nil : numbers
        }
        try checkSpan(settings.pingTimeout, from: .microsecond, "settings.pingTimeout")
        new.pingTimeout = settings.pingTimeout ?? new.pingTimeout
        new.qualitySpan = settings.qualitySpan ?? new.qualitySpan
        try checkRange(
            new.qualitySpan, 1...QualityWindow.maximumLength, "settings.qualitySpan")
        new.qualityLimit = settings.qualityLimit ?? new.qualityLimit
        try checkRange(new.qualityLimit, 0...10_000, "settings.qualityLimit")
        if let name = settings.tierAttribute { new.tierAttribute = try tierAttribute(name) }
        if case .set(let rules) = settings.tierRules {
            new.tierRules = try rules.map { (written) throws(ConfigurationFault) in
                try tierRules(written)
            }
        }
        if let rules = new.tierRules { try check(rules, against: new.tierAttribute) }
        if case .set(let rules) = settings.gradeRules {
            if let rules { try check(rules) }
            new.gradeRules = rules
        }
        if new != market.settings { change.settings = new }
    }

    private func categoryOrder(_ names: [Name]) throws(ConfigurationFault) -> [CategoryNumber] {
        try checkDistinct("settings.categoryOrder", names)
        return try names.map { (name) throws(ConfigurationFault) in
            guard let number = categories[name] else {
                throw ConfigurationFault(
                    path: "settings.categoryOrder.\(name)", reason: .unknownName)
            }
            return number
        }
    }
}

// MARK: - Tiers and grades (R1.5, R6.2, R9.4)

extension ConfigurationResolution {
    private func tierAttribute(_ name: Name) throws(ConfigurationFault) -> AttributeNumber {
        let path = "settings.tierAttribute"
        guard let number = schema.number(of: name) else {
            throw ConfigurationFault(path: path, reason: .unknownName)
        }
        guard case .choice(let words) = schema[number].kind, words.count >= 3 else {
            throw ConfigurationFault(path: path, reason: .invalidTierAttribute)
        }
        return number
    }

    private func tierRules(
        _ written: MarketConfiguration.TierRules
    ) throws(ConfigurationFault) -> TierRules {
        let path = "settings.tierRules"
        guard (1...TierRules.maximumRules).contains(written.rules.count),
            written.firstTierFrom >= written.secondTierFrom,
            abs(written.firstTierFrom) <= TierRules.maximumSum,
            abs(written.secondTierFrom) <= TierRules.maximumSum
        else { throw ConfigurationFault(path: path, reason: .invalidTierRules) }
        var rules: [TierRules.Rule] = []
        for (index, rule) in written.rules.enumerated() {
            let limit = TierRules.maximumPoints
            try checkRange(rule.points, -limit...limit, "\(path).rules.\(index).points")
            let filter = try filter(rule.filter, "\(path).rules.\(index).filter")
            rules.append(TierRules.Rule(aspect: rule.aspect, filter: filter, points: rule.points))
        }
        return TierRules(
            rules: rules, firstTierFrom: written.firstTierFrom,
            secondTierFrom: written.secondTierFrom)
    }

    /// Checks that there is an attribute for the rules to set, and that none reads it: a rule on a
    /// value that the rules replace would judge what the lead says of itself.
    private func check(
        _ rules: TierRules, against attribute: AttributeNumber?
    ) throws(ConfigurationFault) {
        guard let attribute else {
            throw ConfigurationFault(path: "settings.tierRules", reason: .invalidTierAttribute)
        }
        for (index, rule) in rules.rules.enumerated()
        where rule.filter.predicates.contains(where: { $0.attribute == attribute }) {
            throw ConfigurationFault(
                path: "settings.tierRules.rules.\(index).filter", reason: .invalidTierAttribute)
        }
    }

    private func check(_ rules: GradeRules) throws(ConfigurationFault) {
        let path = "settings.gradeRules"
        try checkRange(rules.window, 1...AdvisorRecord.length, "\(path).window")
        for (grade, thresholds) in [("elite", rules.elite), ("standard", rules.standard)] {
            let shares = 0...10_000
            try checkRange(thresholds.connection, shares, "\(path).\(grade).connection")
            try checkRange(thresholds.discipline, shares, "\(path).\(grade).discipline")
            try checkRange(thresholds.approval, shares, "\(path).\(grade).approval")
        }
    }
}
