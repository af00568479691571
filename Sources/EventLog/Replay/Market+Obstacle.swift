public import MarketCore

/// Why an event cannot have happened to a market: it names what is not there, or lies out of range.
///
/// `Market.evolve` trusts its events and traps on such a one. Whoever replays a log that others may
/// have written asks first.
public struct Obstacle: Error, Hashable, Sendable, CustomStringConvertible {
    /// What stands in the way, in words.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}

extension Market {
    /// Why ``MarketCore/Market/evolve(_:)`` cannot follow `recorded`, or `nil` when it can.
    ///
    /// Asks only for what evolving relies on, not whether the rules would decide the same.
    /// - Complexity: O(1), and O(change) for a configuration.
    public func obstacle(to recorded: RecordedEvent) -> Obstacle? {
        do {
            try admit(recorded)
            return nil
        } catch {
            return error
        }
    }

    private func admit(_ recorded: RecordedEvent) throws(Obstacle) {
        guard recorded.position == head.next else {
            throw Obstacle("it does not follow position \(head.rawValue)")
        }
        guard recorded.time >= .epoch, recorded.time <= .latest else {
            throw Obstacle("its time is out of range")
        }
        if case .marketCreated = recorded.event {
            guard foundation == nil else { throw Obstacle("the market exists already") }
            return
        }
        guard foundation != nil else { throw Obstacle("no market has been created yet") }
        switch recorded.event {
        case .marketCreated, .rulesChanged, .timePassed, .offersDeferred, .personSuppressed,
            .personUnsuppressed, .personErased:
            break
        case .configurationApplied(let change):
            try admit(change)
        case .advisorRegistered(let name, _):
            guard advisor(named: name) == nil else { throw Obstacle("advisor \(name) exists") }
        case .advisorUpdated(let advisor, _), .availabilitySet(let advisor, _),
            .advisorSuspended(let advisor, _), .advisorReinstated(let advisor):
            try admit(advisor)
        case .deposited(let advisor, let amount, _):
            try admit(advisor)
            try admit(amount, to: ledger.available[advisor.index])
            try admit(amount, to: ledger.cash)
        case .withdrawn(let advisor, let amount, _):
            try admit(advisor)
            try admit(amount, to: .zero)
        case .channelPaid(let channel, let amount, _):
            try admit(channel)
            try admit(amount, to: .zero)
        case .payeePaid(let payee, let amount, _):
            try admit(payee)
            try admit(amount, to: .zero)
        case .channelPaused(let channel), .channelResumed(let channel):
            try admit(channel)
        case .orderPlaced, .orderAmended, .orderPaused, .orderResumed, .orderCancelled:
            try admitOrderEvent(recorded.event)
        case .leadAccepted, .leadRejected, .leadWithdrawn, .leadClosed, .leadReserved,
            .leadReleased, .assignmentAcknowledged, .contactDisclosed, .contactReported,
            .stageReported:
            try admitLeadEvent(recorded.event)
        }
    }

    // MARK: Orders

    private func admitOrderEvent(_ event: Event) throws(Obstacle) {
        switch event {
        case .orderPlaced(let advisor, let category, let terms):
            try admit(advisor)
            guard category.index < categories.count else {
                throw Obstacle("there is no category number \(category.rawValue)")
            }
            try admit(terms)
        case .orderAmended(let id, let terms):
            _ = try admittedOrder(id)
            try admit(terms)
        case .orderPaused(let id), .orderResumed(let id), .orderCancelled(let id):
            _ = try admittedOrder(id)
        default:
            break
        }
    }

    private func admit(_ terms: OrderTerms) throws(Obstacle) {
        guard (1...OrderTerms.maximumQuantity).contains(terms.quantity),
            terms.premium >= .zero, terms.premium <= .maximum, (0...9).contains(terms.priority)
        else { throw Obstacle("the order's terms are out of range") }
        try admit(terms.filter, schema.attributes.map(\.kind))
    }

    private func admittedOrder(_ id: OrderID) throws(Obstacle) -> Order {
        guard let order = order(id) else { throw Obstacle("there is no order \(id.rawValue)") }
        return order
    }

    // MARK: Leads and assignments

    private func admitLeadEvent(_ event: Event) throws(Obstacle) {
        switch event {
        case .leadAccepted(let lead):
            try admit(lead.channel)
            try admit(lead.attributes)
            if let advisor = lead.preferredAdvisor { try admit(advisor) }
            guard (lead.contactSlot == nil) == lead.contact.isEmpty,
                lead.contactSlot == nil || lead.contactSlot == contactCount
            else { throw Obstacle("it does not name the next slot of the key file") }
        case .leadRejected(let lead):
            try admit(lead.channel)
            try admit(lead.attributes)
            if let advisor = lead.preferredAdvisor { try admit(advisor) }
        case .leadClosed(let id, _):
            try admitOpen(id)
        case .leadReserved(let reservation):
            try admitOpen(reservation.lead)
            let order = try admittedOrder(reservation.order)
            try admit(reservation.price, to: ledger.available[order.advisor.index])
            try admit(reservation.premium, to: ledger.held[order.advisor.index])
            let versions = categories[order.category.index].version
            guard (1...versions).contains(reservation.categoryVersion) else {
                throw Obstacle("the category has no version \(reservation.categoryVersion)")
            }
        case .leadReleased(let release):
            guard let assignment = assignment(release.assignment) else {
                throw Obstacle("there is no assignment \(release.assignment.rawValue)")
            }
            guard assignment.releasedAt == nil else {
                throw Obstacle("assignment \(assignment.id.rawValue) is released already")
            }
            try admit(release, of: assignment)
        case .assignmentAcknowledged(let id), .contactDisclosed(let id),
            .contactReported(let id, _), .stageReported(let id, _):
            guard assignment(id) != nil else {
                throw Obstacle("there is no assignment \(id.rawValue)")
            }
        default:
            break
        }
    }

    private func admit(_ attributes: Attributes) throws(Obstacle) {
        let known = schema.attributes.count
        guard known == AttributeSchema.maximumCount || attributes.presence >> known == 0 else {
            throw Obstacle("the lead has an attribute that was never declared")
        }
    }

    private func admit(_ release: Release, of assignment: Assignment) throws(Obstacle) {
        try admit(release.channelPayout, to: ledger.channelPayable[assignment.channel.index])
        for share in release.payeeShares {
            try admit(share.payee)
            try admit(share.amount, to: ledger.payeePayable[share.payee.index])
        }
        let (sum, overflow) = release.payeeShares.reduce((Int64(0), false)) { sum, share in
            let (next, overflow) = sum.0.addingReportingOverflow(share.amount.fen)
            return (next, sum.1 || overflow)
        }
        guard !overflow, sum <= Money.maximum.fen else {
            throw Obstacle("the payees' shares are out of range")
        }
    }

    private func admitOpen(_ id: LeadID) throws(Obstacle) {
        guard openLead(id) != nil else { throw Obstacle("lead \(id.rawValue) is not open") }
    }

    // MARK: Numbers and amounts

    private func admit(_ advisor: AdvisorNumber) throws(Obstacle) {
        guard advisor.index < advisors.count else {
            throw Obstacle("there is no advisor number \(advisor.rawValue)")
        }
    }

    private func admit(_ channel: ChannelNumber) throws(Obstacle) {
        guard channel.index < channels.count else {
            throw Obstacle("there is no channel number \(channel.rawValue)")
        }
    }

    private func admit(_ payee: PayeeNumber) throws(Obstacle) {
        guard payee.index < payees.count else {
            throw Obstacle("there is no payee number \(payee.rawValue)")
        }
    }

    /// An amount in its range that takes no balance near the end of Int64.
    private func admit(_ amount: Money, to balance: Money) throws(Obstacle) {
        guard amount >= .zero, amount <= .maximum, balance.fen.magnitude < UInt64(Int64.max / 4)
        else {
            throw Obstacle("an amount is out of range: \(amount.fen) fen")
        }
    }
}
