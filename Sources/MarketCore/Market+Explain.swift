/// What became of one order in the decision about a lead (R6.5).
public enum Verdict: Hashable, Sendable {
    /// It gets the lead.
    case won
    /// A rule keeps it from the lead; the first that fails.
    case ineligible(Ineligibility)
    /// It lost to another order on this key; `nil` where only the order id was left.
    case outranked(by: OrderID, on: RankKey?)
    /// It is eligible, and an order of a category that is tried earlier gets the lead (R2.3).
    case laterCategory
}

/// A verdict with its order.
public struct OrderVerdict: Hashable, Sendable {
    /// The order.
    public let order: OrderID
    /// What became of it.
    public let verdict: Verdict
}

extension Market {
    /// What becomes of each order of the lead's categories when `lead` is decided at `time`, by
    /// ascending order id (R6.5).
    ///
    /// - Complexity: O(orders of the lead's categories).
    public func verdicts(on lead: Lead, at time: Timestamp) -> [OrderVerdict] {
        []
    }

    /// The open lead that a handed-in or tested one with these contents is at `time`, for
    /// ``verdicts(on:at:)``.
    public func hypotheticalLead(
        _ id: LeadID, channel: ChannelNumber, identity: Identity, attributes: Attributes,
        consentInstitutions: [String], preferredAdvisor: AdvisorNumber?, at time: Timestamp
    ) -> Lead {
        Lead(
            id: id, arrivedAt: time, channel: channel, identity: identity, attributes: attributes,
            consentInstitutions: consentInstitutions, preferredAdvisor: preferredAdvisor,
            categories: qualifyingCategories(for: attributes))
    }
}
