internal import MarketCore

extension Market {
    /// What the `configurationApplied` among `events` changes.
    func configurationSummary(of events: ArraySlice<RecordedEvent>) -> ConfigurationSummary {
        for recorded in events {
            if case .configurationApplied(let change) = recorded.event {
                return configurationSummary(of: change)
            }
        }
        return ConfigurationSummary()
    }

    /// What `change` changes, with warnings about prices that do not cover what they pay.
    func configurationSummary(of change: ConfigurationChange) -> ConfigurationSummary {
        ConfigurationSummary(
            attributes: change.attributes.map(\.name), categories: change.categories.map(\.name),
            channels: change.channels.map(\.name), payees: change.payees.map(\.name),
            changesSettings: change.settings != nil, warnings: warnings(about: change))
    }

    /// Where a lead of a channel may cost more than it brings (R12.2): for each category and kind of
    /// payout the channel that is worst.
    private func warnings(about change: ConfigurationChange) -> [String] {
        var definitions = categories.map { ($0.name, $0.definition) }
        for named in change.categories {
            definitions.removeAll { $0.0 == named.name }
            definitions.append((named.name, named.definition))
        }
        var payouts = channels.map { ($0.name, $0.definition) }
        for named in change.channels {
            payouts.removeAll { $0.0 == named.name }
            payouts.append((named.name, named.definition))
        }
        payouts.removeAll { $0.1.isTest }
        var warnings: [String] = []
        for (name, definition) in definitions where !definition.retired {
            let shares = definition.splits.reduce(0) { $0 + $1.basisPoints }
            if let warning = fixedWarning(name, definition, payouts) {
                warnings.append(warning)
            }
            if let warning = shareWarning(name, shares, payouts) { warnings.append(warning) }
        }
        return warnings
    }

    private func fixedWarning(
        _ name: Name, _ definition: CategoryDefinition,
        _ payouts: [(Name, ChannelDefinition)]
    ) -> String? {
        let fixed = payouts.compactMap { channel, definition -> (Name, Money)? in
            if case .fixed(let payout) = definition.payout { (channel, payout) } else { nil }
        }
        guard let dearest = fixed.max(by: { $0.1 < $1.1 }) else { return nil }
        let price = definition.ladder.cheapestPrice(upToAge: definition.ladder.lastAge)
        var left = price - dearest.1
        for split in definition.splits { left -= price.share(basisPoints: split.basisPoints) }
        guard left < .zero else { return nil }
        return """
            category \(name) sells a lead of channel \(dearest.0) for \(price.fen) fen at its \
            cheapest and pays out \((price - left).fen): raise the price or lower the payout
            """
    }

    private func shareWarning(
        _ name: Name, _ shares: Int, _ payouts: [(Name, ChannelDefinition)]
    ) -> String? {
        let parts = payouts.compactMap { channel, definition -> (Name, Int)? in
            if case .share(let points) = definition.payout { (channel, points) } else { nil }
        }
        guard let largest = parts.max(by: { $0.1 < $1.1 }), largest.1 + shares > 10_000 else {
            return nil
        }
        return """
            category \(name) pays out \(largest.1 + shares) basis points of the charge of a lead \
            of channel \(largest.0): lower its share or the splits
            """
    }
}
