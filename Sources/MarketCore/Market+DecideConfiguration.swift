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

extension Market {
    /// What a lead declares, with the tier that the market gives it (R1.5): where the settings have
    /// tier rules, theirs, whatever the lead says itself.
    ///
    /// - Complexity: O(predicates of all rules).
    func tiered(_ declared: Attributes) -> Attributes {
        guard let rules = settings.tierRules, let attribute = settings.tierAttribute else {
            return declared
        }
        var attributes = declared
        attributes[attribute] = Int64(rules.tier(of: declared))
        return attributes
    }
}

/// Thrown where the fault is found.
extension ConfigurationFault: Error {}
