internal import MarketCore
internal import MarketRPC

extension Session {
    /// Has a decision about a lead explained, by the follower or by the explainer.
    func explain(
        _ lead: LeadID, _ page: Page, _ address: ReplyAddress, atLeast: LogPosition?
    ) {
        let explainer = service.explainer
        ask(address, atLeast: atLeast) { state throws(RPCError) in
            try state.explain(lead, page, for: address, by: explainer)
        }
    }
}
