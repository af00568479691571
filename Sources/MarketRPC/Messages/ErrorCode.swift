/// The codes of errors, fixed for ever: a code is never reused and never changes its meaning.
///
/// This is the one table of them; ``definition`` holds the rest of each row and `docs/API.md` is made from it.
public enum ErrorCode: Int, Sendable, CaseIterable {
    // JSON-RPC 2.0.
    case malformedMessage = -32700
    case invalidRequest = -32600
    case unknownMethod = -32601
    case invalidParameters = -32602
    case internalError = -32603

    // The connection and the daemon: -32001 to -32019.
    case frameTooLarge = -32001
    case batchTooLarge = -32002
    case tooManyConnections = -32003
    case tooManyInFlight = -32004
    case overloaded = -32005
    case storageFull = -32006
    case shuttingDown = -32007
    case forbidden = -32008
    case idempotencyMismatch = -32009
    case positionNotReached = -32010
    case wrongClock = -32011
    case tooManySubscriptions = -32012
    case timeInPast = -32013
    case unknownLead = -32014
    case unknownSubscription = -32015
    case contactErased = -32016

    // The market's refusals, one for each MarketCore.Rejection: -32020 to -32099.
    case marketExists = -32020
    case marketNotCreated = -32021
    case invalidConfiguration = -32022
    case unknownAdvisor = -32023
    case unknownCategory = -32024
    case unknownChannel = -32025
    case unknownPayee = -32026
    case unknownOrder = -32027
    case unknownAssignment = -32028
    case unknownPerson = -32029
    case advisorExists = -32030
    case advisorAlreadySuspended = -32031
    case advisorNotSuspended = -32032
    case insufficientFunds = -32033
    case insufficientPayable = -32034
    case balanceOutOfRange = -32035
    case categoryRetired = -32036
    case invalidPeriod = -32037
    case quantityBelowTaken = -32038
    case orderCancelled = -32039
    case orderAlreadyPaused = -32040
    case orderNotPaused = -32041
    case leadNotOpen = -32042
    case leadAlreadyWithdrawn = -32043
    case alreadySuppressed = -32044
    case notSuppressed = -32045
    case personErased = -32046
    case alreadyAcknowledged = -32047
    case firstCallOutOfRange = -32048
    case channelAlreadyPaused = -32049
    case channelNotPaused = -32050
    case leadNotPinged = -32051
    case identityMismatch = -32052
    case institutionNotConsented = -32053
    case deadlinePassed = -32054
    case notAwaitingAcceptance = -32055
    case notAwaitingConsent = -32056
    case assignmentNotReleased = -32057
    case returnAlreadyRequested = -32058
    case returnWindowPassed = -32059
    case noOpenReturn = -32060
    case advisorHasReservations = -32061
}
