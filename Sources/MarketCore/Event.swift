/// What has happened, for good. Replaying the events of a log rebuilds the market.
///
/// The rare and large ones lie elsewhere, so that the frequent ones are moved cheaply.
///
/// An event carries what ``Market/evolve(_:)`` needs to follow without deciding anything again.
public enum Event: Hashable, Sendable {
    /// The market came into being; position 1.
    case marketCreated(MarketFoundation)
    /// Later inputs are decided by other rules.
    case rulesChanged(version: Int)
    /// The configuration changed.
    indirect case configurationApplied(ConfigurationChange)
    /// Time took effect: due work up to and including `through` ran; `nil` when none was due.
    case timePassed(through: DueItem?)
    /// A transaction's limit was reached: the rest of the waiting leads is offered to these orders,
    /// and these leads to all orders, by the next due work (R6.4).
    case offersDeferred(orders: [OrderID], leads: [LeadID])

    /// An advisor became known; their number is the count of advisors before.
    case advisorRegistered(name: Name, profile: AdvisorProfile)
    /// An advisor's profile was replaced.
    case advisorUpdated(AdvisorNumber, profile: AdvisorProfile)
    /// An advisor went online or offline.
    case availabilitySet(AdvisorNumber, online: Bool)
    /// An advisor was barred.
    case advisorSuspended(AdvisorNumber, reason: String)
    /// A barred advisor came back.
    case advisorReinstated(AdvisorNumber)

    /// An advisor was credited: cash +, available +.
    case deposited(AdvisorNumber, amount: Money, reference: String)
    /// An advisor was paid back: cash -, available -.
    case withdrawn(AdvisorNumber, amount: Money, reference: String)
    /// A channel was paid: payable -, cash -.
    case channelPaid(ChannelNumber, amount: Money, reference: String)
    /// A payee was paid: payable -, cash -.
    case payeePaid(PayeeNumber, amount: Money, reference: String)

    /// An order was placed; its id is this event's position.
    indirect case orderPlaced(AdvisorNumber, CategoryNumber, terms: OrderTerms)
    /// An order has these terms from now on.
    indirect case orderAmended(OrderID, terms: OrderTerms)
    /// An order stopped taking leads.
    case orderPaused(OrderID)
    /// A paused order takes leads again.
    case orderResumed(OrderID)
    /// An order ended.
    case orderCancelled(OrderID)

    /// A lead came in and is open; its id is this event's position.
    case leadAccepted(AcceptedLead)
    /// A lead came in, or was asked about, and was turned away; no contact data was kept.
    case leadRejected(RejectedLead)
    /// A supplier asked about a lead; its id is this event's position (R8.5). A reservation follows,
    /// or the lead is closed as `pingUnmatched`.
    case leadPinged(PingedLead)
    /// A supplier brought contact and consent of a pinged lead (R8.5).
    case leadPosted(PostedLead)
    /// A lead of a test channel was decided and changed nothing (R3.1).
    case leadTested(TestedLead)
    /// The person took a lead back; a waiting one is closed by the event that follows.
    case leadWithdrawn(LeadID)
    /// A lead was closed unsold.
    case leadClosed(LeadID, LeadClosure)

    /// A lead was set aside for an order: available -, held +. The assignment's id is this position.
    case leadReserved(Reservation)
    /// A reservation ended without a release: held -, available +; the lead waits again unless it is
    /// closed by the event that follows (R8.1).
    case leadVoided(AssignmentID, VoidReason)
    /// The advisor took the lead (R8.3).
    case assignmentAccepted(AssignmentID)
    /// The person agreed to the institution (R8.2).
    case consentConfirmed(AssignmentID, Consent)
    /// The contact was disclosed, the charge made, the person bound (R8.1).
    case leadReleased(Release)
    /// The release before this filled an order that begins its next round (R5.2).
    case orderRenewed(OrderID)
    /// A frontend has the lead; pushing ends.
    case assignmentAcknowledged(AssignmentID)
    /// The contact data was shown once more to the input's principal (R4.6).
    case contactDisclosed(AssignmentID)
    /// An advisor reported on calling.
    case contactReported(AssignmentID, ContactReport)
    /// An advisor reported a stage.
    case stageReported(AssignmentID, StageReport)

    /// An advisor asked for their money back (R10).
    case returnRequested(AssignmentID, ReturnRequest)
    /// A return was decided; if approved, the charge and every split are reversed (R10.3).
    case returnDecided(AssignmentID, ReturnDecision)
    /// An advisor's grade follows from their results now (R9.4).
    case advisorGraded(AdvisorNumber, Grade)

    /// A person was put on the do-not-contact list.
    case personSuppressed(Identity, reason: String)
    /// A person was taken off the do-not-contact list.
    case personUnsuppressed(Identity)
    /// A person's contact data is unreadable from here on; they stay suppressed.
    case personErased(Identity)

    /// A channel's leads are turned away.
    case channelPaused(ChannelNumber)
    /// A channel's leads are taken again; what it is judged by begins anew.
    case channelResumed(ChannelNumber)
    /// A channel paused itself: of its last `of` decided leads `bad` were rejected or returned (R3.2).
    case channelPausedItself(ChannelNumber, bad: Int, of: Int)
}
