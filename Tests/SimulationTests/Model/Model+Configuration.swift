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
            leads[index].categories = categoriesTaking(leads[index].attributes)
            if isOverdue { continue }
            leads[index].ageDue = nextBoundary(of: leads[index]) ?? now
        }
        let redefined = change.categories.map(\.name)
        for order in orders where redefined.contains(categories[order.category.index].name) {
            wokenOrders.append(order.id)
        }
    }

    typealias Fault = ConfigurationFault
    private typealias Named = ConfigurationChange.Named

    static func checkDistinct(_ path: String, _ names: [Name]) throws(Fault) {
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
            switch channel.definition.payout {
            case .fixed(let amount) where amount < .zero || amount.fen > 10_000_000_000:
                throw Fault(path: "\(path).payoutFen", reason: .outOfRange)
            case .share(let basisPoints) where basisPoints < 0 || basisPoints > 10_000:
                throw Fault(path: "\(path).payoutBasisPoints", reason: .outOfRange)
            case .fixed, .share:
                break
            }
            if let cap = channel.definition.dailyCap, cap < 0 {
                throw Fault(path: "\(path).dailyCap", reason: .outOfRange)
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
        if let span = category.exclusivity, !isSpan(span, from: 1) {
            throw Fault(path: "\(path).exclusivity", reason: .outOfRange)
        }
        let splits = try resolve(splits: category.splits, path)
        for (index, key) in category.rank.enumerated()
        where category.rank[..<index].contains(key) {
            throw Fault(path: "\(path).rank", reason: .repeated)
        }
        try checkSpans(of: category, path)
        return CategoryDefinition(
            title: category.title, qualification: qualification, ladder: category.ladder,
            exclusivity: category.exclusivity, splits: splits, retired: category.retired,
            rank: category.rank, gates: category.gates, returns: category.returns)
    }

    private func resolve(
        splits given: [(payee: Name, basisPoints: Int)], _ path: String
    ) throws(Fault) -> [Split] {
        var splits: [Split] = []
        var total = 0
        for split in given {
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
        return splits
    }

    private func checkSpans(
        of category: MarketConfiguration.Category, _ path: String
    ) throws(Fault) {
        if let span = category.gates.namedConsent, !isSpan(span, from: 1) {
            throw Fault(path: "\(path).gates.namedConsent", reason: .outOfRange)
        }
        if let span = category.gates.acceptance, !isSpan(span, from: 1) {
            throw Fault(path: "\(path).gates.acceptance", reason: .outOfRange)
        }
        if !isSpan(category.returns.window, from: 0) {
            throw Fault(path: "\(path).returns.window", reason: .outOfRange)
        }
        if category.returns.automaticShare < 0 || category.returns.automaticShare > 10_000 {
            throw Fault(path: "\(path).returns.automaticShare", reason: .outOfRange)
        }
        if category.returns.automaticSpan < 1 || category.returns.automaticSpan > 200 {
            throw Fault(path: "\(path).returns.automaticSpan", reason: .outOfRange)
        }
    }

    /// Whether a span is of so many microseconds at least and not too long.
    func isSpan(_ span: Timespan, from least: Int64) -> Bool {
        span.microseconds >= least && span <= .maximum
    }
}
