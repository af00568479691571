extension ErrorCode {
    /// A row of the table of errors.
    public struct Definition: Sendable, Equatable {
        /// The stable word for programs, in `data.reason`.
        public let reason: String
        /// Whether the same request may succeed later without a change, in `data.retryable`.
        public let isRetryable: Bool
        /// What happened and what to do, in plain words.
        public let meaning: String
    }

    /// The rest of the code's row in the table.
    public var definition: Definition {
        switch self {
        case .malformedMessage:
            row(
                "malformedMessage",
                "The line is not one JSON text: fix its grammar, encoding, depth or numbers.")
        case .invalidRequest:
            row(
                "invalidRequest",
                "The JSON is no JSON-RPC 2.0 request: fix the members around the parameters.")
        case .unknownMethod:
            row("unknownMethod", "There is no such method: rpc.discover lists all.")
        case .invalidParameters:
            row(
                "invalidParameters",
                "A parameter is missing, unknown, repeated, of the wrong type or out of range: data.field names it."
            )
        case .internalError:
            row(
                "internalError",
                "The daemon failed in a way that is its own fault: report it with its log.")
        case .frameTooLarge:
            row(
                "frameTooLarge",
                "A line is longer than the frame limit; the connection closes: send less in one line."
            )
        case .batchTooLarge:
            row(
                "batchTooLarge",
                "A batch holds more requests than allowed; none was carried out: split it.")
        case .tooManyConnections:
            row(
                "tooManyConnections", retry: true,
                "The daemon serves as many connections as it may: try again later.")
        case .tooManyInFlight:
            row(
                "tooManyInFlight", retry: true,
                "The connection has too many unanswered requests: await some replies.")
        case .overloaded:
            row(
                "overloaded", retry: true,
                "The market has more work than it can queue: slow down and try again.")
        case .storageFull:
            row(
                "storageFull", retry: true,
                "The disk or map reserve is used up; reads still work: free or add space.")
        case .shuttingDown:
            row(
                "shuttingDown", retry: true,
                "The daemon is stopping and did not carry out the request: reconnect.")
        case .forbidden:
            row(
                "forbidden",
                "The connection's role may not do this: ask the operator or use another account.")
        case .idempotencyMismatch:
            row(
                "idempotencyMismatch",
                "The idempotency key was used with other parameters: use a new key.")
        case .positionNotReached:
            row(
                "positionNotReached", retry: true,
                "The read asked for a log position not yet applied: try again.")
        case .wrongClock:
            row(
                "wrongClock",
                "Every change needs the member at on a supplied clock, and may not have it on a real one: add or drop it."
            )
        case .tooManySubscriptions:
            row(
                "tooManySubscriptions",
                "The connection has as many subscriptions as it may: use another connection.")
        case .timeInPast:
            row(
                "timeInPast",
                "The time is earlier than the market's: send one that is not before the last.")
        case .unknownLead:
            row(
                "unknownLead",
                "No lead has that number, or it is another channel's: check it.")
        case .unknownSubscription:
            row(
                "unknownSubscription",
                "The connection has no subscription of that number: check it.")
        case .contactErased:
            row(
                "contactErased",
                "The contact data was erased at the person's wish, for good: do not call them.")
        case .marketExists:
            row(
                "marketExists",
                "The market exists already: do not create it again.")
        case .marketNotCreated:
            row(
                "marketNotCreated",
                "No market has been created yet: start the daemon, which creates it.")
        case .invalidConfiguration:
            row(
                "invalidConfiguration",
                "The configuration does not fit the market: data.field names the part, correct it and apply again."
            )
        case .unknownAdvisor:
            row(
                "unknownAdvisor",
                "No advisor has that name: check it, or register the advisor.")
        case .unknownCategory:
            row(
                "unknownCategory",
                "No category has that name: market.info lists all.")
        case .unknownChannel:
            row(
                "unknownChannel",
                "No channel has that name: market.info lists all.")
        case .unknownPayee:
            row(
                "unknownPayee",
                "No payee has that name: market.info lists all.")
        case .unknownOrder:
            row(
                "unknownOrder",
                "No order has that number: order.list lists all.")
        case .unknownAssignment:
            row(
                "unknownAssignment",
                "No assignment has that number: assignment.list lists all.")
        case .unknownPerson:
            row(
                "unknownPerson",
                "The person has never handed in a lead nor been suppressed: check the number.")
        case .advisorExists:
            row(
                "advisorExists",
                "An advisor of that name is registered already: use advisor.update, or another name."
            )
        case .advisorAlreadySuspended:
            row(
                "advisorAlreadySuspended",
                "The advisor is suspended already: there is nothing to do.")
        case .advisorNotSuspended:
            row(
                "advisorNotSuspended",
                "The advisor is not suspended: there is nothing to do.")
        case .insufficientFunds:
            row(
                "insufficientFunds",
                "The available balance does not cover the amount: take less, or deposit first.")
        case .insufficientPayable:
            row(
                "insufficientPayable",
                "The payable balance does not cover the amount: pay less.")
        case .balanceOutOfRange:
            row(
                "balanceOutOfRange",
                "A balance would pass 9,000,000,000,000,000 fen: use a smaller amount.")
        case .categoryRetired:
            row(
                "categoryRetired",
                "The category has ended: place the order in another one.")
        case .invalidPeriod:
            row(
                "invalidPeriod",
                "The order would expire before it starts, or at once: set a later expiresAt.")
        case .quantityBelowTaken:
            row(
                "quantityBelowTaken",
                "The quantity is below what the order has taken already: set a larger one.")
        case .orderCancelled:
            row(
                "orderCancelled",
                "The order is cancelled, for good: place a new one.")
        case .orderAlreadyPaused:
            row(
                "orderAlreadyPaused",
                "The order is paused already: there is nothing to do.")
        case .orderNotPaused:
            row(
                "orderNotPaused",
                "The order is not paused: there is nothing to do.")
        case .leadNotOpen:
            row(
                "leadNotOpen",
                "The lead is closed or never was one: lead.get tells its status.")
        case .leadAlreadyWithdrawn:
            row(
                "leadAlreadyWithdrawn",
                "The lead was withdrawn before: there is nothing to do.")
        case .alreadySuppressed:
            row(
                "alreadySuppressed",
                "The person is suppressed already: there is nothing to do.")
        case .notSuppressed:
            row(
                "notSuppressed",
                "The person is not suppressed: there is nothing to do.")
        case .personErased:
            row(
                "personErased",
                "The person was erased, for good: neither they nor their contact data come back.")
        case .alreadyAcknowledged:
            row(
                "alreadyAcknowledged",
                "The assignment was acknowledged before: there is nothing to do.")
        case .firstCallOutOfRange:
            row(
                "firstCallOutOfRange",
                "The first call lies before the release or in the future: correct firstCallAt.")
        case .channelAlreadyPaused:
            row(
                "channelAlreadyPaused",
                "The channel is paused already: there is nothing to do.")
        case .channelNotPaused:
            row(
                "channelNotPaused",
                "The channel is not paused: there is nothing to do.")
        case .leadNotPinged:
            row(
                "leadNotPinged",
                "The lead does not wait for a post of this channel: check the number, or ping anew."
            )
        case .identityMismatch:
            row(
                "identityMismatch",
                "The phone is not the one that was pinged; the reservation stands: post that one.")
        case .institutionNotConsented:
            row(
                "institutionNotConsented",
                "The consent names institutions, and not the one that the lead is reserved for: ask the person about that one."
            )
        case .deadlinePassed:
            row(
                "deadlinePassed",
                "The time in which this could be answered is over: lead.get tells where the lead stands."
            )
        case .notAwaitingAcceptance:
            row(
                "notAwaitingAcceptance",
                "The assignment does not wait for its advisor: assignment.get tells its state.")
        case .notAwaitingConsent:
            row(
                "notAwaitingConsent",
                "The assignment does not wait for the person's consent: assignment.get tells its state."
            )
        case .assignmentNotReleased:
            row(
                "assignmentNotReleased",
                "The assignment is reserved or was voided: only a released one can be worked on.")
        case .returnAlreadyRequested:
            row(
                "returnAlreadyRequested",
                "A return of the assignment was asked for before: assignment.get tells what became of it."
            )
        case .returnWindowPassed:
            row(
                "returnWindowPassed",
                "The category's time for returns is over: the sale stands.")
        case .noOpenReturn:
            row(
                "noOpenReturn",
                "No return of the assignment waits for a decision: assignment.list with returns=open lists those that do."
            )
        case .advisorHasReservations:
            row(
                "advisorHasReservations", retry: true,
                "Leads are reserved for the advisor under their institution: wait until these are released or voided, then change it."
            )
        }
    }

    /// The stable word for programs.
    public var reason: String { definition.reason }

    private func row(_ reason: String, retry: Bool = false, _ meaning: String) -> Definition {
        Definition(reason: reason, isRetryable: retry, meaning: meaning)
    }
}
