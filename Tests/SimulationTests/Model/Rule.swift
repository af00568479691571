import MarketCore

/// A rule that the model can be told to forget, to prove that the market keeps it.
///
/// A market that forgot it would answer as the forgetful model does; as the simulation tells the
/// two apart, it would tell such a market from the right one.
enum Rule: String, CaseIterable {
    /// The market derives the tier from what a lead declares (R1.5).
    case tierRules
    /// A test channel's lead changes nothing (R3.1).
    case testChannel
    /// A channel hands in so many leads a day (R3.1).
    case channelCap
    /// A channel gets its share of the charge (R3.1).
    case sharePayout
    /// A channel with too many bad leads pauses itself (R3.2).
    case selfPause
    /// A returned lead counts against its channel (R3.2).
    case returnsCount
    /// A bound person goes to their advisor alone (R4.4).
    case exclusivity
    /// A person with an open or freshly sold lead hands in no other (R4.3).
    case duplicate
    /// The do-not-contact list (R4.3).
    case suppression
    /// Nobody sells an advisor as a lead (R4.3).
    case industryPeer
    /// A binding never shrinks (R4.4).
    case bindingNeverShrinks
    /// A return for a wrong number takes the person off the market (R4.5).
    case returnSuppresses
    /// Nobody buys what they cannot pay (R5.4).
    case funds
    /// No order takes more than its quantity (R5.4).
    case quantity
    /// An order takes leads in its weekly windows alone (R5.2).
    case window
    /// No order takes more leads in an hour than it may (R5.4).
    case hourCap
    /// No order takes more leads in a day than it may (R5.4).
    case dayCap
    /// No order spends more in a day than it may (R5.4).
    case spendCap
    /// The price of this very lead counts against the day's spend (R5.4).
    case exactSpend
    /// No advisor gets more leads in a day than they may (R5.3).
    case advisorCap
    /// No advisor gets leads while too many are open (R5.3).
    case openWorkLimit
    /// A filled order begins its next round if it renews (R5.2).
    case renewal
    /// No order takes a lead older than it asked for (R6.1).
    case orderAge
    /// A category's rank list decides (R6.2).
    case rankList
    /// The preferred or bound advisor goes first (R6.2).
    case dedicated
    /// The higher priority goes before (R6.2).
    case priority
    /// The higher premium goes before (R6.2).
    case premium
    /// Good leads for good advisors (R6.2).
    case gradeFit
    /// Whoever waited longest goes before (R6.2).
    case leastRecentlyServed
    /// Waiting leads are matched again when something could make them eligible (R6.4).
    case offers
    /// The newest waiting lead is offered first (R6.4).
    case newestFirst
    /// An assignment keeps the terms it was reserved under (R2.2).
    case reservedTerms
    /// A voided reservation gives its caps back (R8.1).
    case voidGivesBack
    /// Only the institutions that the consent names (R8.2).
    case consentNames
    /// A lead without a named consent waits for one where the category asks for it (R8.2).
    case consentGate
    /// A consent that does not come in time closes the lead (R8.2).
    case consentTimeoutCloses
    /// A lead waits for its advisor's acceptance where the category asks for it (R8.3).
    case acceptanceGate
    /// An answer that comes too late is none (R8.2, R8.3, R8.5).
    case deadline
    /// A lead never comes back to an advisor who declined it or let it lapse (R8.4).
    case excludedAdvisor
    /// A lead never comes back to an institution that the person refused (R8.4).
    case excludedInstitution
    /// The phone that is posted is the one that was pinged (R8.5).
    case identityMatch
    /// The posted consent allows the advisor's institution (R8.5).
    case postedConsent
    /// A pinged lead that is not posted is closed (R8.5).
    case pingCloses
    /// Suspending an advisor voids their reservations (R8.7).
    case suspensionVoids
    /// A grade follows from results (R9.4).
    case derivedGrade
    /// A return is asked for in time or not at all (R10.2).
    case returnWindow
    /// Without evidence an operator decides (R10.2).
    case returnEvidence
    /// So many returns are automatic and no more (R10.2).
    case automaticShare
    /// A return takes back every split (R10.3).
    case exactReversal

    /// The rule of one rank key.
    init(of key: RankKey) {
        switch key {
        case .dedicated: self = .dedicated
        case .priority: self = .priority
        case .premium: self = .premium
        case .gradeFit: self = .gradeFit
        case .leastRecentlyServed: self = .leastRecentlyServed
        }
    }
}
