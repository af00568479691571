/// Why the market refuses a command; nothing has changed and nothing is logged.
///
/// A rejected *lead* is no rejection of a command: it is a decision the log keeps
/// (``LeadRejection``).
public enum Rejection: Error, Hashable, Sendable {
    /// The market exists already.
    case marketExists
    /// No market has been created yet.
    case marketNotCreated
    /// The configuration does not fit, and where.
    case invalidConfiguration(ConfigurationFault)
    /// No advisor has that name.
    case unknownAdvisor
    /// No category has that name.
    case unknownCategory
    /// No channel has that name.
    case unknownChannel
    /// No payee has that name.
    case unknownPayee
    /// No order has that id.
    case unknownOrder
    /// No assignment has that id.
    case unknownAssignment
    /// The identity has never handed in a lead nor been suppressed.
    case unknownPerson
    /// An advisor of that name exists already.
    case advisorExists
    /// The advisor is suspended already.
    case advisorAlreadySuspended
    /// The advisor is not suspended.
    case advisorNotSuspended
    /// Leads are reserved for the advisor, and consent to them may name the institution that would
    /// change (R8.2).
    case advisorHasReservations
    /// The available balance does not cover the amount.
    case insufficientFunds
    /// The payable balance does not cover the payout.
    case insufficientPayable
    /// A balance would pass ``Money/maximum``.
    case balanceOutOfRange
    /// The category has ended.
    case categoryRetired
    /// The order would expire before it starts, or at once.
    case invalidPeriod
    /// The quantity would fall below what the order has reserved and released.
    case quantityBelowTaken
    /// The order is cancelled.
    case orderCancelled
    /// The order is paused already.
    case orderAlreadyPaused
    /// The order is not paused.
    case orderNotPaused
    /// The lead is closed already or never existed.
    case leadNotOpen
    /// The lead was withdrawn before.
    case leadAlreadyWithdrawn
    /// The person is suppressed already.
    case alreadySuppressed
    /// The person is not suppressed.
    case notSuppressed
    /// The person was erased: neither they nor their contact come back.
    case personErased
    /// The lead is not pinged and waiting for its post, or another channel pinged it (R8.5).
    case leadNotPinged
    /// The phone that was posted is not the one that was pinged (R8.5).
    case identityMismatch
    /// The consent names institutions, and not the one that the lead is reserved for (R8.2).
    case institutionNotConsented
    /// The time in which this could be answered is over (R8.2, R8.3, R8.5).
    case deadlinePassed
    /// The assignment does not wait for its advisor's acceptance (R8.3).
    case notAwaitingAcceptance
    /// The assignment does not wait for the person's consent (R8.2).
    case notAwaitingConsent
    /// The assignment is not released: it is reserved, or it was voided.
    case assignmentNotReleased
    /// A return was asked for before; there is one for an assignment (R10).
    case returnAlreadyRequested
    /// The time in which a return can be asked for is over (R10.2).
    case returnWindowPassed
    /// No return of the assignment waits for a decision (R10.2).
    case noOpenReturn
    /// The assignment was acknowledged before.
    case alreadyAcknowledged
    /// The first call lies before the release or in the future.
    case firstCallOutOfRange
    /// The channel is paused already.
    case channelAlreadyPaused
    /// The channel is not paused.
    case channelNotPaused
}

/// Why a lead is not taken, first that applies in this order (R4.3).
public enum LeadRejection: Hashable, Sendable, CaseIterable {
    /// The channel is paused.
    case channelPaused
    /// The channel has handed in as many leads as it may in a market-local day.
    case channelCapped
    /// The person is on the do-not-contact list.
    case suppressed
    /// The person is a registered advisor.
    case industryPeer
    /// There is no consent record.
    case noConsent
    /// The person has an open lead, or one released within the duplicate window.
    case duplicate
    /// No category takes such a lead.
    case unqualified

    /// Whether it tells something of its channel's leads (R3.2).
    var countsAgainstChannel: Bool {
        switch self {
        case .channelPaused, .channelCapped: false
        case .suppressed, .industryPeer, .noConsent, .duplicate, .unqualified: true
        }
    }
}

/// Why a lead is closed without being sold (R6.4, R8.2, R8.5, R8.7).
public enum LeadClosure: Hashable, Sendable, CaseIterable {
    /// Its categories' last rungs ended, or its categories did.
    case expired
    /// The person took it back.
    case withdrawn
    /// The person was suppressed.
    case suppressed
    /// The person was erased.
    case erased
    /// The person did not answer in time whether they agree to the institution (R8.2).
    case consentTimedOut
    /// No order was eligible for a pinged lead (R8.5).
    case pingUnmatched
    /// The reservation of a pinged lead ended before its post came (R8.5).
    case pingExpired
    /// The post was turned away (R8.5).
    case postRejected
}
