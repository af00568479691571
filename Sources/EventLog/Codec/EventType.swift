public import MarketCore

/// The numbers that stand for events on disk. They are the log's: a number is never changed, used
/// again or derived from a Swift name, whatever the case is called later.
public enum EventType: UInt16, Hashable, Sendable, CaseIterable {
    /// ``MarketCore/Event/marketCreated(_:)``.
    case marketCreated = 1
    /// ``MarketCore/Event/rulesChanged(version:)``.
    case rulesChanged = 2
    /// ``MarketCore/Event/configurationApplied(_:)``.
    case configurationApplied = 3
    /// ``MarketCore/Event/timePassed(through:)``.
    case timePassed = 4
    /// ``MarketCore/Event/offersDeferred(orders:leads:)``.
    case offersDeferred = 5

    /// ``MarketCore/Event/advisorRegistered(name:profile:)``.
    case advisorRegistered = 10
    /// ``MarketCore/Event/advisorUpdated(_:profile:)``.
    case advisorUpdated = 11
    /// ``MarketCore/Event/availabilitySet(_:online:)``.
    case availabilitySet = 12
    /// ``MarketCore/Event/advisorSuspended(_:reason:)``.
    case advisorSuspended = 13
    /// ``MarketCore/Event/advisorReinstated(_:)``.
    case advisorReinstated = 14
    /// ``MarketCore/Event/advisorGraded(_:_:)``.
    case advisorGraded = 15

    /// ``MarketCore/Event/deposited(_:amount:reference:)``.
    case deposited = 20
    /// ``MarketCore/Event/withdrawn(_:amount:reference:)``.
    case withdrawn = 21
    /// ``MarketCore/Event/channelPaid(_:amount:reference:)``.
    case channelPaid = 22
    /// ``MarketCore/Event/payeePaid(_:amount:reference:)``.
    case payeePaid = 23

    /// ``MarketCore/Event/orderPlaced(_:_:terms:)``.
    case orderPlaced = 30
    /// ``MarketCore/Event/orderAmended(_:terms:)``.
    case orderAmended = 31
    /// ``MarketCore/Event/orderPaused(_:)``.
    case orderPaused = 32
    /// ``MarketCore/Event/orderResumed(_:)``.
    case orderResumed = 33
    /// ``MarketCore/Event/orderCancelled(_:)``.
    case orderCancelled = 34
    /// ``MarketCore/Event/orderRenewed(_:)``.
    case orderRenewed = 35

    /// ``MarketCore/Event/leadAccepted(_:)``.
    case leadAccepted = 40
    /// ``MarketCore/Event/leadRejected(_:)``.
    case leadRejected = 41
    /// ``MarketCore/Event/leadWithdrawn(_:)``.
    case leadWithdrawn = 42
    /// ``MarketCore/Event/leadClosed(_:_:)``.
    case leadClosed = 43
    /// ``MarketCore/Event/leadPinged(_:)``.
    case leadPinged = 44
    /// ``MarketCore/Event/leadPosted(_:)``.
    case leadPosted = 45
    /// ``MarketCore/Event/leadTested(_:)``.
    case leadTested = 46

    /// ``MarketCore/Event/leadReserved(_:)``.
    case leadReserved = 50
    /// ``MarketCore/Event/leadReleased(_:)``.
    case leadReleased = 51
    /// ``MarketCore/Event/assignmentAcknowledged(_:)``.
    case assignmentAcknowledged = 52
    /// ``MarketCore/Event/contactDisclosed(_:)``.
    case contactDisclosed = 53
    /// ``MarketCore/Event/contactReported(_:_:)``.
    case contactReported = 54
    /// ``MarketCore/Event/stageReported(_:_:)``.
    case stageReported = 55
    /// ``MarketCore/Event/leadVoided(_:_:)``.
    case leadVoided = 56
    /// ``MarketCore/Event/assignmentAccepted(_:)``.
    case assignmentAccepted = 57
    /// ``MarketCore/Event/consentConfirmed(_:_:)``.
    case consentConfirmed = 58

    /// ``MarketCore/Event/personSuppressed(_:reason:)``.
    case personSuppressed = 60
    /// ``MarketCore/Event/personUnsuppressed(_:)``.
    case personUnsuppressed = 61
    /// ``MarketCore/Event/personErased(_:)``.
    case personErased = 62

    /// ``MarketCore/Event/channelPaused(_:)``.
    case channelPaused = 70
    /// ``MarketCore/Event/channelResumed(_:)``.
    case channelResumed = 71
    /// ``MarketCore/Event/channelPausedItself(_:bad:of:)``.
    case channelPausedItself = 72

    /// ``MarketCore/Event/returnRequested(_:_:)``.
    case returnRequested = 80
    /// ``MarketCore/Event/returnDecided(_:_:)``.
    case returnDecided = 81

    /// The version that is written; older ones are read for ever.
    public var currentVersion: UInt16 { 1 }

    /// The name of the event's message in `docs/events.proto`: the case's name, capitalised. It
    /// is part of that contract.
    public var messageName: String {
        let name = String(describing: self)
        return name.prefix(1).uppercased() + name.dropFirst()
    }

    /// The type of `event`.
    public init(_ event: Event) { self = event.type }
}

extension Event {
    /// The number that stands for the event on disk.
    var type: EventType {
        switch self {
        case .marketCreated: .marketCreated
        case .rulesChanged: .rulesChanged
        case .configurationApplied: .configurationApplied
        case .timePassed: .timePassed
        case .offersDeferred: .offersDeferred
        case .advisorRegistered: .advisorRegistered
        case .advisorUpdated: .advisorUpdated
        case .availabilitySet: .availabilitySet
        case .advisorSuspended: .advisorSuspended
        case .advisorReinstated: .advisorReinstated
        case .advisorGraded: .advisorGraded
        case .deposited: .deposited
        case .withdrawn: .withdrawn
        case .channelPaid: .channelPaid
        case .payeePaid: .payeePaid
        case .orderPlaced: .orderPlaced
        case .orderAmended: .orderAmended
        case .orderPaused: .orderPaused
        case .orderResumed: .orderResumed
        case .orderCancelled: .orderCancelled
        case .orderRenewed: .orderRenewed
        case .leadAccepted: .leadAccepted
        case .leadRejected: .leadRejected
        case .leadWithdrawn: .leadWithdrawn
        case .leadClosed: .leadClosed
        case .leadPinged: .leadPinged
        case .leadPosted: .leadPosted
        case .leadTested: .leadTested
        case .leadReserved: .leadReserved
        case .leadReleased: .leadReleased
        case .assignmentAcknowledged: .assignmentAcknowledged
        case .contactDisclosed: .contactDisclosed
        case .contactReported: .contactReported
        case .stageReported: .stageReported
        case .leadVoided: .leadVoided
        case .assignmentAccepted: .assignmentAccepted
        case .consentConfirmed: .consentConfirmed
        case .personSuppressed: .personSuppressed
        case .personUnsuppressed: .personUnsuppressed
        case .personErased: .personErased
        case .channelPaused: .channelPaused
        case .channelResumed: .channelResumed
        case .channelPausedItself: .channelPausedItself
        case .returnRequested: .returnRequested
        case .returnDecided: .returnDecided
        }
    }
}
