/// A rule that the model can be told to forget, to prove that the market keeps it.
///
/// A market that forgot it would answer as the forgetful model does; as the simulation tells the
/// two apart, it would tell such a market from the right one.
enum Rule: String, CaseIterable {
    /// A bound person goes to their advisor alone (R4.4).
    case exclusivity
    /// Nobody buys what they cannot pay (R5.4).
    case funds
    /// A person with an open or freshly sold lead hands in no other (R4.3).
    case duplicate
    /// The do-not-contact list (R4.3).
    case suppression
    /// Only the institutions that the consent names (R8.2).
    case namedConsent
    /// No order takes more than its quantity (R5.4).
    case quantity
    /// No order takes a lead older than it asked for (R6.1).
    case orderAge
    /// The preferred or bound advisor goes first (R6.2).
    case dedicated
    /// The higher priority goes before (R6.2).
    case priority
    /// The higher premium goes before (R6.2).
    case premium
    /// Whoever waited longest goes before (R6.2).
    case leastRecentlyServed
    /// Waiting leads are matched again when something could make them eligible (R6.4).
    case offers
    /// The newest waiting lead is offered first (R6.4).
    case newestFirst
    /// A binding never shrinks (R4.4).
    case bindingNeverShrinks
}
