// MARK: - Categories (R2.1)

extension ConfigurationResolution {
    /// Checks, in this order, title, qualification, exclusivity, splits, rank, gates and returns.
    mutating func resolveCategory(
        _ category: MarketConfiguration.Category
    ) throws(ConfigurationFault) {
        let path = "categories.\(category.name)"
        try checkTitle(category.title, "\(path).title")
        let qualification = try filter(category.qualification, "\(path).qualification")
        try checkSpan(category.exclusivity, from: .microsecond, "\(path).exclusivity")
        let splits = try splits(category, path)
        guard Set(category.rank).count == category.rank.count else {
            throw ConfigurationFault(path: "\(path).rank", reason: .repeated)
        }
        try checkSpan(category.gates.namedConsent, from: .microsecond, "\(path).gates.namedConsent")
        try checkSpan(category.gates.acceptance, from: .microsecond, "\(path).gates.acceptance")
        try check(category.returns, "\(path).returns")
        let definition = CategoryDefinition(
            title: category.title, qualification: qualification, ladder: category.ladder,
            exclusivity: category.exclusivity, splits: splits, retired: category.retired,
            rank: category.rank, gates: category.gates, returns: category.returns)
        if let number = categories[category.name] {
            if market.categories[number.index].definition == definition { return }
        } else {
            categories[category.name] = CategoryNumber(index: categories.count)
        }
        change.categories.append(.init(name: category.name, definition: definition))
    }

    private func check(_ policy: ReturnPolicy, _ path: String) throws(ConfigurationFault) {
        try checkSpan(policy.window, from: Timespan(microseconds: 0), "\(path).window")
        try checkRange(policy.automaticShare, 0...10_000, "\(path).automaticShare")
        try checkRange(policy.automaticSpan, 1...AdvisorRecord.length, "\(path).automaticSpan")
    }

    private func splits(
        _ category: MarketConfiguration.Category, _ path: String
    ) throws(ConfigurationFault) -> [Split] {
        var splits: [Split] = []
        for (payee, basisPoints) in category.splits {
            guard let number = payees[payee] else {
                throw ConfigurationFault(path: "\(path).splits.\(payee)", reason: .unknownName)
            }
            guard (1...10_000).contains(basisPoints),
                !splits.contains(where: { $0.payee == number })
            else {
                throw ConfigurationFault(path: "\(path).splits.\(payee)", reason: .invalidSplit)
            }
            splits.append(Split(payee: number, basisPoints: basisPoints))
        }
        guard splits.reduce(0, { $0 + $1.basisPoints }) <= 10_000 else {
            throw ConfigurationFault(path: "\(path).splits", reason: .invalidSplit)
        }
        return splits
    }
}
