@testable import MarketCore

/// Applying a configuration (R1.1, R2.2, R3.1, R12.2).
///
/// Attributes are checked and numbered by the market's own ``AttributeSchema``, a value type with
/// tests of its own.
extension Model {
    mutating func apply(_ configuration: MarketConfiguration) throws(Rejection) {
        var change = ConfigurationChange()
        var after = self
        do {
            try Self.checkDistinct("attributes", configuration.attributes.map(\.name))
            change.attributes = try after.take(attributes: configuration.attributes)
            try Self.checkDistinct("payees", configuration.payees.map(\.name))
            change.payees = try after.take(payees: configuration.payees)
            try Self.checkDistinct("channels", configuration.channels.map(\.name))
            change.channels = try after.take(channels: configuration.channels)
            try Self.checkDistinct("categories", configuration.categories.map(\.name))
            change.categories = try after.take(categories: configuration.categories)
            change.settings = try after.take(settings: configuration.settings)
        } catch {
            throw .invalidConfiguration(error)
        }
        if change.isEmpty { return }
        self = after
        emit(.configurationApplied(change))
        for index in leads.indices where leads[index].state == .waiting {
            let isOverdue = leads[index].ageDue.map { $0 <= now } ?? false
            leads[index].categories = categoriesTaking(leads[index].content.attributes)
            if isOverdue { continue }
            leads[index].ageDue = nextBoundary(of: leads[index]) ?? now
        }
        let redefined = change.categories.map(\.name)
        offer(orders.filter { redefined.contains(categories[$0.category.index].name) }.map(\.id))
    }

    private typealias Fault = ConfigurationFault
    private typealias Named = ConfigurationChange.Named

    private static func checkDistinct(_ path: String, _ names: [Name]) throws(Fault) {
        for (index, name) in names.enumerated() where names[..<index].contains(name) {
            throw Fault(path: "\(path).\(name)", reason: .repeated)
        }
    }

    private mutating func take(attributes: [Attribute]) throws(Fault) -> [Attribute] {
        var changed: [Attribute] = []
        for attribute in attributes {
            if let reason = schema.check(attribute) {
                throw Fault(path: "attributes.\(attribute.name)", reason: reason)
            }
            if !schema.attributes.contains(attribute) { changed.append(attribute) }
            schema.define(attribute)
        }
        return changed
    }

    private mutating func take(
        payees given: [(name: Name, title: String)]
    ) throws(Fault) -> [Named<String>] {
        var changed: [Named<String>] = []
        for payee in given {
            let path = "payees.\(payee.name)"
            if payee.title.utf8.count > 128 {
                throw Fault(path: "\(path).title", reason: .titleTooLong)
            }
            if let index = payees.firstIndex(where: { $0.name == payee.name }) {
                if payees[index].title == payee.title { continue }
                payees[index].title = payee.title
            } else {
                payees.append(Payee(name: payee.name, title: payee.title))
            }
            changed.append(Named(name: payee.name, definition: payee.title))
        }
        return changed
    }

    private mutating func take(
        channels given: [(name: Name, definition: ChannelDefinition)]
    ) throws(Fault) -> [Named<ChannelDefinition>] {
        var changed: [Named<ChannelDefinition>] = []
        for channel in given {
            let path = "channels.\(channel.name)"
            if channel.definition.title.utf8.count > 128 {
                throw Fault(path: "\(path).title", reason: .titleTooLong)
            }
            if channel.definition.payout < .zero || channel.definition.payout > .maximum {
                throw Fault(path: "\(path).payoutFen", reason: .outOfRange)
            }
            if let index = channels.firstIndex(where: { $0.name == channel.name }) {
                if channels[index].definition == channel.definition { continue }
                channels[index].definition = channel.definition
            } else {
                channels.append(Channel(name: channel.name, definition: channel.definition))
            }
            changed.append(Named(name: channel.name, definition: channel.definition))
        }
        return changed
    }

    private mutating func take(
        categories given: [MarketConfiguration.Category]
    ) throws(Fault) -> [Named<CategoryDefinition>] {
        var changed: [Named<CategoryDefinition>] = []
        for category in given {
            let definition = try resolve(category)
            if let index = categories.firstIndex(where: { $0.name == category.name }) {
                if categories[index].definition == definition { continue }
                categories[index].versions.append(definition)
            } else {
                categories.append(Category(name: category.name, versions: [definition]))
            }
            changed.append(Named(name: category.name, definition: definition))
        }
        return changed
    }

    private func resolve(
        _ category: MarketConfiguration.Category
    ) throws(Fault) -> CategoryDefinition {
        let path = "categories.\(category.name)"
        if category.title.utf8.count > 128 {
            throw Fault(path: "\(path).title", reason: .titleTooLong)
        }
        let qualification: Filter
        do throws(FilterFault) {
            qualification = try schema.filter(category.qualification)
        } catch {
            throw Fault(path: "\(path).qualification", reason: .invalidFilter(error))
        }
        if let span = category.exclusivity,
            span <= Timespan(microseconds: 0) || span > .maximum
        {
            throw Fault(path: "\(path).exclusivity", reason: .outOfRange)
        }
        var splits: [Split] = []
        var total = 0
        for split in category.splits {
            let splitPath = "\(path).splits.\(split.payee)"
            guard let payee = payees.firstIndex(where: { $0.name == split.payee }) else {
                throw Fault(path: splitPath, reason: .unknownName)
            }
            if splits.contains(where: { $0.payee.index == payee })
                || split.basisPoints < 1 || split.basisPoints > 10_000
            {
                throw Fault(path: splitPath, reason: .invalidSplit)
            }
            total += split.basisPoints
            splits.append(Split(payee: PayeeNumber(index: payee), basisPoints: split.basisPoints))
        }
        if total > 10_000 { throw Fault(path: "\(path).splits", reason: .invalidSplit) }
        return CategoryDefinition(
            title: category.title, qualification: qualification, ladder: category.ladder,
            exclusivity: category.exclusivity, splits: splits, retired: category.retired)
    }

    private mutating func take(
        settings given: MarketConfiguration.Settings
    ) throws(Fault) -> MarketSettings? {
        let before = settings
        if let window = given.duplicateWindow {
            if window < Timespan(microseconds: 0) || window > .maximum {
                throw Fault(path: "settings.duplicateWindow", reason: .outOfRange)
            }
            settings.duplicateWindow = window
        }
        if let pattern = given.phonePattern { settings.phonePattern = pattern }
        if let names = given.categoryOrder {
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
        return settings == before ? nil : settings
    }
}
