import MarketCore

/// Turns of events that the rules are about and that no single event shows.
enum Situation: String, CaseIterable {
    /// An order with a cap an hour takes its first lead of another hour.
    case hourTurned
    /// An order with a cap or a spend a day takes its first lead of another day.
    case midnightPassed
    /// An order with windows takes a lead at the microsecond at which one opens.
    case windowOpened
    /// A reservation is voided on another day than it was made.
    case voidedNextDay
    /// A lead is sold after it was given back.
    case soldAfterVoid
    /// A reservation is released on terms that were redefined since.
    case releasedOnOldTerms
    /// A return is decided on terms that were redefined since.
    case returnedOnOldTerms
    /// A reservation is released although its category has ended since.
    case releasedAfterRetirement
    /// A gate is answered at the last microsecond.
    case answeredInTime
    /// A reservation lapses in the microsecond after its deadline.
    case lapsedAtOnce
    /// An answer comes too late to a reservation that has not lapsed yet.
    case answeredTooLate
    /// An order is renewed by the acceptance of a lead.
    case renewedByAcceptance
}

extension Simulation {
    /// Counts what a command's events amounted to; the model has followed them.
    mutating func countSituations(
        _ answer: Result<[Event], Rejection>, gates: [PendingGates],
        at stamp: Timestamp
    ) {
        switch answer {
        case .failure(.deadlinePassed):
            tally.count(.answeredTooLate)
        case .failure:
            break
        case .success(let events):
            for event in events { count(event, gates: gates, at: stamp) }
            if events.count > 1, case .assignmentAccepted = events[0],
                case .orderRenewed = events[events.count - 1]
            {
                tally.count(.renewedByAcceptance)
            }
        }
    }

    private mutating func count(_ event: Event, gates: [PendingGates], at stamp: Timestamp) {
        switch event {
        case .leadReserved(let reservation):
            countReservation(of: reservation.order, at: stamp)
        case .leadVoided(let id, let reason):
            guard let place = place(id) else { return }
            if model.day(model.assignments[place].reservedAt) != model.day(stamp) {
                tally.count(.voidedNextDay)
            }
            let former = place < gates.count ? gates[place] : .none
            let first = [former.post, former.consent, former.acceptance].compactMap { $0 }.min()
            let isLapse =
                reason == .acceptanceTimedOut || reason == .consentTimedOut
                || reason == .pingExpired
            if let first, isLapse, stamp == first + .microsecond { tally.count(.lapsedAtOnce) }
        case .leadReleased(let release):
            guard let place = place(release.assignment) else { return }
            let sold = model.assignments[place]
            let category = model.categories[sold.category.index]
            if model.assignments[..<place].contains(where: { $0.lead == sold.lead }) {
                tally.count(.soldAfterVoid)
            }
            if sold.version < category.versions.count { tally.count(.releasedOnOldTerms) }
            if category.definition.retired { tally.count(.releasedAfterRetirement) }
        case .returnDecided(let id, _):
            guard let place = place(id) else { return }
            let sold = model.assignments[place]
            if sold.version < model.categories[sold.category.index].versions.count {
                tally.count(.returnedOnOldTerms)
            }
        case .assignmentAccepted(let id):
            guard let place = place(id), place < gates.count else { return }
            if gates[place].acceptance == stamp { tally.count(.answeredInTime) }
        case .consentConfirmed(let id, _):
            guard let place = place(id), place < gates.count else { return }
            if gates[place].consent == stamp { tally.count(.answeredInTime) }
        default:
            break
        }
    }

    private mutating func countReservation(of id: OrderID, at stamp: Timestamp) {
        guard let order = model.orders.first(where: { $0.id == id }) else { return }
        let taken = model.assignments.filter { $0.order == id }
        if taken.count > 1 {
            let before = taken[taken.count - 2].reservedAt
            let isNewHour = model.hour(before) != model.hour(stamp)
            let isNewDay = model.day(before) != model.day(stamp)
            if order.terms.hourCap != nil, isNewHour { tally.count(.hourTurned) }
            let hasDaily = order.terms.dayCap != nil || order.terms.daySpend != nil
            if hasDaily, isNewDay { tally.count(.midnightPassed) }
        }
        let justBefore = Timestamp(microseconds: stamp.microseconds - 1)
        if !model.isOpen(order.terms.schedule, at: justBefore) { tally.count(.windowOpened) }
    }

    private func place(_ id: AssignmentID) -> Int? {
        model.assignments.firstIndex { $0.id == id }
    }
}
