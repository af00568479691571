public import MarketCore

extension JSONWriter {
    /// Writes the members of an order's verdict into an object, as `lead.explain` gives it (R6.5).
    ///
    /// - Parameter market: any state that knows the order.
    public mutating func verdict(_ verdict: OrderVerdict, in market: Market) {
        member("order", verdict.order)
        if let order = market.order(verdict.order) {
            member("advisor", market.advisors[order.advisor.index].name)
            member("category", market.categories[order.category.index].name)
        }
        member("verdict", VerdictWord(verdict.verdict))
        switch verdict.verdict {
        case .won, .laterCategory:
            return
        case .ineligible(let ineligibility):
            member("rule", IneligibilityWord(ineligibility))
            if case .notLive(let reasons) = ineligibility {
                member("reasons", reasons.reasonWords)
            }
        case .outranked(let order, let key):
            member("by", order)
            member("key", key?.word ?? Catalogue.orderKey)
        }
    }
}
