/// Which errors a workload may meet without something being wrong.
///
/// A workload is written before anybody knows who buys what: an order may be cancelled when its pause comes, an advisor may have spent
/// what they want back. Errors of form, of rights or of the machine are never expected.
public struct ExpectedErrors: Sendable {
    private let reasons: Set<String>
    private let refusedLeads: Set<String>

    /// Refusals that follow from the order of events.
    public static let ofWorkloads = ExpectedErrors(reasons: byTiming, refusedLeads: [])
    /// Those, and leads whose values the market does not take: rows of a file are as they are.
    public static let ofImports = ExpectedErrors(
        reasons: byTiming, refusedLeads: ["invalidParams", "invalidParameters", "invalidPhone"])

    private static let byTiming: Set<String> = [
        "insufficientFunds", "insufficientPayable", "balanceOutOfRange", "categoryRetired",
        "invalidPeriod", "quantityBelowTaken", "orderCancelled", "orderAlreadyPaused",
        "orderNotPaused", "leadNotOpen", "leadAlreadyWithdrawn", "alreadySuppressed",
        "notSuppressed", "personErased", "contactErased", "alreadyAcknowledged",
        "firstCallOutOfRange", "channelAlreadyPaused", "channelNotPaused",
        "advisorAlreadySuspended", "advisorNotSuspended",
    ]

    func contains(method: String, reason: String) -> Bool {
        reasons.contains(reason) || method == "lead.submit" && refusedLeads.contains(reason)
    }
}
