extension Market {
    /// What a lead that declares `declared` is taken to declare: its tier follows from the market's
    /// rules, if there are any, whatever it says itself (R1.5).
    func tiered(_ declared: Attributes) -> Attributes {
        guard let attribute = settings.tierAttribute, let rules = settings.tierRules else {
            return declared
        }
        var attributes = declared
        attributes[attribute] = Int64(rules.tier(of: declared))
        return attributes
    }
}
