import MarketCore

/// The span of sums of a tier's points.
let tierSums = -64_000...Int64(64_000)

extension Parameters {
    /// The settings of a configuration; what is absent stays.
    mutating func settings() throws(RPCError) -> MarketConfiguration.Settings {
        var settings = MarketConfiguration.Settings()
        settings.duplicateWindow = try optionalTimespan(
            "duplicateWindow", from: Timespan(microseconds: 0))
        if let text = try optionalString("phonePattern", length: 1...128) {
            guard let pattern = PhonePattern(text) else {
                throw RPCError.invalidParameter(
                    path.member("phonePattern"),
                    "is no pattern; write digits, classes such as [3-9] and \\d, each with {n} for repetition."
                )
            }
            settings.phonePattern = pattern
        }
        settings.categoryOrder = try optionalNames("categoryOrder", count: configurationItems)
        settings.pingTimeout = try optionalTimespan("pingTimeout")
        settings.qualitySpan = try optionalInteger(
            "qualitySpan", in: 1...Int64(QualityWindow.maximumLength)
        ).map(Int.init)
        settings.qualityLimit = try optionalInteger("qualityLimitBasisPoints", in: 0...10_000)
            .map(Int.init)
        settings.tierAttribute = try optionalName("tierAttribute")
        settings.tierRules = try tierRules("tierRules")
        settings.gradeRules = try gradeRules("gradeRules")
        try finish()
        return settings
    }

    /// Rules for tiers (R1.5): absent keeps them, `null` ends them.
    private mutating func tierRules(
        _ name: String
    ) throws(RPCError) -> MarketCore.Change<MarketConfiguration.TierRules?> {
        if isNull(name) { return .set(nil) }
        guard var object = try optionalObject(name) else { return .keep }
        var rules: [MarketConfiguration.TierRules.Rule] = []
        for var item in try object.objects("rules", count: 1...TierRules.maximumRules) {
            rules.append(try item.tierRule())
        }
        let first = try object.integer("firstTierFrom", in: tierSums)
        let second = try object.integer("secondTierFrom", in: tierSums)
        guard first >= second else {
            throw RPCError.invalidParameter(
                object.path.member("secondTierFrom"), "is above firstTierFrom, \(first).")
        }
        try object.finish()
        return .set(
            MarketConfiguration.TierRules(
                rules: rules, firstTierFrom: Int(first), secondTierFrom: Int(second)))
    }

    private mutating func tierRule() throws(RPCError) -> MarketConfiguration.TierRules.Rule {
        let aspect = try wireWord("aspect", as: TierRules.Aspect.self)
        guard let filter = try optionalFilterSpecification("when") else {
            throw RPCError.invalidParameter(path.member("when"), "is missing; it is required.")
        }
        let bound = Int64(TierRules.maximumPoints)
        let points = try integer("points", in: -bound...bound)
        try finish()
        return MarketConfiguration.TierRules.Rule(
            aspect: aspect, filter: filter, points: Int(points))
    }

    /// Rules for grades (R9.4): absent keeps them, `null` ends them.
    private mutating func gradeRules(
        _ name: String
    ) throws(RPCError) -> MarketCore.Change<GradeRules?> {
        if isNull(name) { return .set(nil) }
        guard var object = try optionalObject(name) else { return .keep }
        let window = try object.integer("window", in: 1...Int64(AdvisorRecord.length))
        let rules = GradeRules(
            window: Int(window), elite: try object.thresholds("elite"),
            standard: try object.thresholds("standard"))
        try object.finish()
        return .set(rules)
    }

    private mutating func thresholds(
        _ name: String
    ) throws(RPCError) -> GradeRules.Thresholds {
        var object = try object(name)
        let thresholds = GradeRules.Thresholds(
            connection: Int(try object.integer("connectionBasisPoints", in: 0...10_000)),
            discipline: Int(try object.integer("disciplineBasisPoints", in: 0...10_000)),
            approval: Int(try object.integer("approvalBasisPoints", in: 0...10_000)))
        try object.finish()
        return thresholds
    }
}
