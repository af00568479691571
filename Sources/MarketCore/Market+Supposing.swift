// MARK: - What would be

extension Market {
    /// The order that would get `lead` at `time`, or `nil` when none is eligible (R2.3, R6.1, R6.2).
    ///
    /// The very search that a submission makes; nothing is sold. For what-if questions, measurements
    /// and comparisons with other ways of matching.
    public mutating func buyer(of lead: Lead, at time: Timestamp) -> OrderID? {
        match(lead, at: time).map { orders[$0].id }
    }
}
