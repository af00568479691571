internal import MarketCore

extension Market {
    /// What the `configurationApplied` among `events` changes.
    func configurationSummary(of events: [RecordedEvent]) -> ConfigurationSummary {
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

    /// Where a lead of a changed channel or category may cost more than it brings (R12.2).
    private func warnings(about change: ConfigurationChange) -> [String] {
        var definitions = categories.map { ($0.name, $0.definition) }
        for named in change.categories {
            definitions.removeAll { $0.0 == named.name }
            definitions.append((named.name, named.definition))
        }
        var payouts = channels.map { ($0.name, $0.definition.payout) }
        for named in change.channels {
            payouts.removeAll { $0.0 == named.name }
            payouts.append((named.name, named.definition.payout))
        }
        guard let dearest = payouts.max(by: { $0.1 < $1.1 }) else { return [] }
        var warnings: [String] = []
        for (name, definition) in definitions where !definition.retired {
            let price = definition.ladder.cheapestPrice(upToAge: definition.ladder.lastAge)
            var left = price - dearest.1
            for split in definition.splits { left -= price.share(basisPoints: split.basisPoints) }
            guard left < .zero else { continue }
            warnings.append(
                """
                category \(name) sells a lead of channel \(dearest.0) for \(price.fen) fen at its \
                cheapest and pays out \((price - left).fen): raise the price or lower the payout
                """)
        }
        return warnings
    }
}
