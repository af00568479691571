/// A configuration on its way from names to numbers.
struct ConfigurationResolution {
    let market: Market
    /// What has been found to change so far.
    var change = ConfigurationChange()
    /// The attributes, payees and categories that later parts may use: the market's own and those
    /// that earlier parts define.
    var schema: AttributeSchema
    var payees: [Name: PayeeNumber]
    var categories: [Name: CategoryNumber]

    /// The most bytes of a title.
    private static let maximumTitleBytes = 128

    init(market: Market) {
        self.market = market
        schema = market.schema
        payees = market.payeeNumbers
        categories = market.categoryNumbers
    }

    /// Resolves all parts in order.
    mutating func resolve(_ configuration: MarketConfiguration) throws(ConfigurationFault) {
        try checkDistinct("attributes", configuration.attributes.map(\.name))
        for attribute in configuration.attributes { try resolveAttribute(attribute) }
        try checkDistinct("payees", configuration.payees.map(\.name))
        for payee in configuration.payees { try resolvePayee(payee.name, payee.title) }
        try checkDistinct("channels", configuration.channels.map(\.name))
        for channel in configuration.channels {
            try resolveChannel(channel.name, channel.definition)
        }
        try checkDistinct("categories", configuration.categories.map(\.name))
        for category in configuration.categories { try resolveCategory(category) }
        try resolveSettings(configuration.settings)
    }

    private mutating func resolveAttribute(_ attribute: Attribute) throws(ConfigurationFault) {
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
            try checkRange(basisPoints, 0...10_000, "channels.\(name).payoutBasisPoints")
        }
        if let cap = definition.dailyCap {
            try checkRange(cap, 0...1_000_000, "channels.\(name).dailyCap")
        }
        if let number = market.channelNumbers[name],
            market.channels[number.index].definition == definition
        {
            return
        }
        change.channels.append(.init(name: name, definition: definition))
    }

    func checkDistinct(_ path: String, _ names: [Name]) throws(ConfigurationFault) {
        var seen: Set<Name> = []
        for name in names where !seen.insert(name).inserted {
            throw ConfigurationFault(path: "\(path).\(name)", reason: .repeated)
        }
    }

    func checkTitle(_ title: String, _ path: String) throws(ConfigurationFault) {
        guard title.utf8.count <= Self.maximumTitleBytes else {
            throw ConfigurationFault(path: path, reason: .titleTooLong)
        }
    }

    /// Checks that `span` is `shortest` or longer and at most ``Timespan/maximum``.
    func checkSpan(
        _ span: Timespan?, from shortest: Timespan, _ path: String
    ) throws(ConfigurationFault) {
        guard let span else { return }
        guard shortest <= span, span <= .maximum else {
            throw ConfigurationFault(path: path, reason: .outOfRange)
        }
    }

    func checkRange(
        _ value: Int, _ range: ClosedRange<Int>, _ path: String
    ) throws(ConfigurationFault) {
        guard range.contains(value) else {
            throw ConfigurationFault(path: path, reason: .outOfRange)
        }
    }

    func filter(
        _ specification: FilterSpecification, _ path: String
    ) throws(ConfigurationFault) -> Filter {
        do {
            return try schema.filter(specification)
        } catch {
            throw ConfigurationFault(path: path, reason: .invalidFilter(error))
        }
    }
}
