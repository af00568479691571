extension Market {
    /// What `configuration` changes, resolved (R2.2).
    ///
    /// Checked in this order: attributes, payees, channels, categories, settings; each list in the
    /// order written, so that later parts may use what earlier ones define.
    func decideConfiguration(
        _ configuration: MarketConfiguration
    ) throws(Rejection) -> ConfigurationChange {
        var resolution = ConfigurationResolution(market: self)
        do {
            try resolution.resolve(configuration)
        } catch {
            throw .invalidConfiguration(error)
        }
        return resolution.change
    }
}

/// Why a configuration is refused; thrown where the fault is found.
extension ConfigurationFault: Error {}

/// A configuration on its way from names to numbers.
private struct ConfigurationResolution {
    let market: Market
    var change = ConfigurationChange()
    private var schema: AttributeSchema
    private var payees: [Name: PayeeNumber]
    private var categories: [Name: CategoryNumber]

    /// The most bytes of a title.
    private static let maximumTitleBytes = 128

    init(market: Market) {
        self.market = market
        schema = market.schema
        payees = market.payeeNumbers
        categories = market.categoryNumbers
    }

    mutating func resolve(_ configuration: MarketConfiguration) throws(ConfigurationFault) {
        try checkDistinct("attributes", configuration.attributes.map(\.name))
        for attribute in configuration.attributes { try resolve(attribute) }
        try checkDistinct("payees", configuration.payees.map(\.name))
        for payee in configuration.payees { try resolvePayee(payee.name, payee.title) }
        try checkDistinct("channels", configuration.channels.map(\.name))
        for channel in configuration.channels {
            try resolveChannel(channel.name, channel.definition)
        }
        try checkDistinct("categories", configuration.categories.map(\.name))
        for category in configuration.categories { try resolve(category) }
        try resolve(configuration.settings)
    }

    private mutating func resolve(_ attribute: Attribute) throws(ConfigurationFault) {
        if let reason = schema.check(attribute) {
            throw ConfigurationFault(path: "attributes.\(attribute.name)", reason: reason)
        }
        if let number = schema.number(of: attribute.name), schema[number] == attribute { return }
        schema.define(attribute)
        change.attributes.append(attribute)
    }

    private mutating func resolvePayee(
        _ name: Name, _ title: String
    ) throws(ConfigurationFault) {
        try checkTitle(title, "payees.\(name).title")
        if let number = market.payeeNumbers[name] {
            if market.payees[number.index].title == title { return }
        } else {
            payees[name] = PayeeNumber(index: payees.count)
        }
        change.payees.append(.init(name: name, definition: title))
    }

    private mutating func resolveChannel(
        _ name: Name, _ definition: ChannelDefinition
    ) throws(ConfigurationFault) {
        try checkTitle(definition.title, "channels.\(name).title")
        switch definition.payout {
        case .fixed(let payout):
            guard payout >= .zero, payout <= ChannelDefinition.maximumPayout else {
                throw ConfigurationFault(path: "channels.\(name).payoutFen", reason: .outOfRange)
            }
        case .share(let basisPoints):
            guard (0...10_000).contains(basisPoints) else {
                throw ConfigurationFault(
                    path: "channels.\(name).payoutBasisPoints", reason: .outOfRange)
            }
        }
        if let cap = definition.dailyCap, cap < 0 {
            throw ConfigurationFault(path: "channels.\(name).dailyCap", reason: .outOfRange)
        }
        if let number = market.channelNumbers[name],
            market.channels[number.index].definition == definition
        {
            return
        }
        change.channels.append(.init(name: name, definition: definition))
    }

    private mutating func resolve(
        _ category: MarketConfiguration.Category
    ) throws(ConfigurationFault) {
        let path = "categories.\(category.name)"
        try checkTitle(category.title, "\(path).title")
        let qualification: Filter
        do {
            qualification = try schema.filter(category.qualification)
        } catch {
            throw ConfigurationFault(path: "\(path).qualification", reason: .invalidFilter(error))
        }
        if let span = category.exclusivity,
            span.microseconds <= 0 || span > .maximum
        {
            throw ConfigurationFault(path: "\(path).exclusivity", reason: .outOfRange)
        }
        let definition = CategoryDefinition(
            title: category.title, qualification: qualification, ladder: category.ladder,
            exclusivity: category.exclusivity, splits: try splits(category, path),
            retired: category.retired, rank: category.rank, gates: category.gates,
            returns: category.returns)
        if let number = categories[category.name] {
            if market.categories[number.index].definition == definition { return }
        } else {
            categories[category.name] = CategoryNumber(index: categories.count)
        }
        change.categories.append(.init(name: category.name, definition: definition))
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

    private mutating func resolve(
        _ settings: MarketConfiguration.Settings
    ) throws(ConfigurationFault) {
        var new = market.settings
        if let window = settings.duplicateWindow {
            guard window.microseconds >= 0, window <= .maximum else {
                throw ConfigurationFault(path: "settings.duplicateWindow", reason: .outOfRange)
            }
            new.duplicateWindow = window
        }
        if let pattern = settings.phonePattern { new.phonePattern = pattern }
        if let order = settings.categoryOrder {
            try checkDistinct("settings.categoryOrder", order)
            var numbers: [CategoryNumber] = []
            for name in order {
                guard let number = categories[name] else {
                    throw ConfigurationFault(
                        path: "settings.categoryOrder.\(name)", reason: .unknownName)
                }
                numbers.append(number)
            }
            new.categoryOrder = numbers.isEmpty ? nil : numbers
        }
        if new != market.settings { change.settings = new }
    }

    private func checkDistinct(_ path: String, _ names: [Name]) throws(ConfigurationFault) {
        var seen: Set<Name> = []
        for name in names where !seen.insert(name).inserted {
            throw ConfigurationFault(path: "\(path).\(name)", reason: .repeated)
        }
    }

    private func checkTitle(_ title: String, _ path: String) throws(ConfigurationFault) {
        guard title.utf8.count <= Self.maximumTitleBytes else {
            throw ConfigurationFault(path: path, reason: .titleTooLong)
        }
    }
}
