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
            guard !isFounded else { throw Obstacle("the market exists already") }
            return
        }
        guard isFounded else { throw Obstacle("no market has been created yet") }
        switch recorded.event {
        case .marketCreated, .rulesChanged, .timePassed, .offersDeferred, .personSuppressed,
            .personUnsuppressed, .personErased:
            break
        case .configurationApplied(let change):
            try admit(change)
        case .advisorRegistered(let name, _):
            guard advisor(named: name) == nil else { throw Obstacle("advisor \(name) exists") }
        case .advisorUpdated(let advisor, _), .availabilitySet(let advisor, _),
            .advisorSuspended(let advisor, _), .advisorReinstated(let advisor),
            .advisorGraded(let advisor, _):
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
        case .channelPaused(let channel), .channelResumed(let channel),
            .channelPausedItself(let channel, _, _):
            try admit(channel)
        case .orderPlaced, .orderAmended, .orderPaused, .orderResumed, .orderCancelled,
            .orderRenewed:
            try admitOrderEvent(recorded.event)
        case .leadAccepted, .leadRejected, .leadPinged, .leadPosted, .leadTested, .leadWithdrawn,
            .leadClosed:
            try admitLeadEvent(recorded.event)
        case .leadReserved, .leadVoided, .assignmentAccepted, .consentConfirmed, .leadReleased,
            .assignmentAcknowledged, .contactDisclosed, .contactReported, .stageReported,
            .returnRequested, .returnDecided:
            try admitSaleEvent(recorded.event)
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
        case .orderPaused(let id), .orderResumed(let id), .orderCancelled(let id),
            .orderRenewed(let id):
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

    func admittedOrder(
        _ id: OrderID
    ) throws(Obstacle) -> (advisor: AdvisorNumber, category: CategoryNumber) {
        guard let owner = owner(of: id) else {
            throw Obstacle("there is no order \(id.rawValue)")
        }
        return owner
    }

    // MARK: Numbers and amounts

    func admit(_ advisor: AdvisorNumber) throws(Obstacle) {
        guard advisor.index < advisors.count else {
            throw Obstacle("there is no advisor number \(advisor.rawValue)")
        }
    }

    func admit(_ channel: ChannelNumber) throws(Obstacle) {
        guard channel.index < channels.count else {
            throw Obstacle("there is no channel number \(channel.rawValue)")
        }
    }

    func admit(_ payee: PayeeNumber) throws(Obstacle) {
        guard payee.index < payees.count else {
            throw Obstacle("there is no payee number \(payee.rawValue)")
        }
    }

    /// An amount in its range that takes no balance near the end of Int64.
    func admit(_ amount: Money, to balance: Money) throws(Obstacle) {
        guard amount >= .zero, amount <= .maximum, balance.fen.magnitude < UInt64(Int64.max / 4)
        else {
            throw Obstacle("an amount is out of range: \(amount.fen) fen")
        }
    }
}
