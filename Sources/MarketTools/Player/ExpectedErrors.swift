/// Which errors a workload may meet without something being wrong.
///
/// A workload is written before anybody knows who buys what: an order may be cancelled when its pause comes, an advisor may have spent
/// what they want back, a reservation may have lapsed. Errors of form, of rights or of the machine are never expected of what a
/// generator wrote; lines of a file that people keep are as they are.
public struct ExpectedErrors: Sendable {
    /// What an error says about its request.
    enum Kind: Sendable {
        /// It came at the wrong moment, which nobody could know.
        case timing
        /// Its values are not what the market takes.
        case form
        /// Something is wrong.
        case unexpected
    }

    private let timing: Set<String>
    /// The method of which errors of form are expected.
    private let formOf: String?

    /// Refusals that follow from the order of events.
    public static let ofWorkloads = ExpectedErrors(timing: byTiming, formOf: nil)
    /// Those, and leads whose values the market does not take: rows of a file are as they are.
    public static let ofImports = ExpectedErrors(timing: byTiming, formOf: "lead.submit")
    /// People who are on the do-not-contact list already, and phones that are none.
    public static let ofSuppressions = ExpectedErrors(
        timing: ["alreadySuppressed"], formOf: "contact.suppress")

    private static let form: Set<String> = ["invalidParams", "invalidParameters", "invalidPhone"]

    private static let byTiming: Set<String> = [
        "insufficientFunds", "insufficientPayable", "balanceOutOfRange", "categoryRetired",
        "invalidPeriod", "quantityBelowTaken", "orderCancelled", "orderAlreadyPaused",
        "orderNotPaused", "leadNotOpen", "leadAlreadyWithdrawn", "alreadySuppressed",
        "notSuppressed", "personErased", "contactErased", "alreadyAcknowledged",
        "firstCallOutOfRange", "channelAlreadyPaused", "channelNotPaused",
        "advisorAlreadySuspended", "advisorNotSuspended", "leadNotPinged", "deadlinePassed",
        "institutionNotConsented", "notAwaitingAcceptance", "notAwaitingConsent",
        "assignmentNotReleased", "returnAlreadyRequested", "returnWindowPassed", "noOpenReturn",
    ]

    func kind(method: String, reason: String) -> Kind {
        if timing.contains(reason) { return .timing }
        return method == formOf && Self.form.contains(reason) ? .form : .unexpected
    }
}
