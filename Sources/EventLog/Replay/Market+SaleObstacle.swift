internal import MarketCore

// What evolving relies on in the events of leads and assignments.

extension Market {
    func admitLeadEvent(_ event: Event) throws(Obstacle) {
        switch event {
        case .leadAccepted(let lead):
            try admit(lead.channel, lead.attributes, lead.preferredAdvisor)
            try admit(lead.contact, in: lead.contactSlot)
        case .leadRejected(let lead):
            try admit(lead.channel, lead.attributes, lead.preferredAdvisor)
        case .leadPinged(let lead):
            try admit(lead.channel, lead.attributes, lead.preferredAdvisor)
        case .leadTested(let lead):
            try admit(lead.channel, lead.attributes, lead.preferredAdvisor)
        case .leadPosted(let post):
            let lead = try admittedOpen(post.lead)
            guard lead.isPing, lead.reservation != nil else {
                throw Obstacle("lead \(post.lead.rawValue) does not wait for its post")
            }
            try admit(post.contact, in: post.contactSlot)
        case .leadClosed(let id, _):
            try admitWaiting(id)
        default:
            break
        }
    }

    func admitSaleEvent(_ event: Event) throws(Obstacle) {
        switch event {
        case .leadReserved(let reservation):
            try admit(reservation)
        case .leadVoided(let id, _), .assignmentAccepted(let id), .consentConfirmed(let id, _):
            _ = try admitReserved(id)
        case .leadReleased(let release):
            try admit(release, from: try admitReserved(release.assignment))
        case .returnRequested(let id, _):
            try admitReleased(id)
            guard assignment(id)?.returned == nil else {
                throw Obstacle("a return of assignment \(id.rawValue) was asked for already")
            }
        case .returnDecided(let id, let decision):
            try admitReleased(id)
            guard let assignment = assignment(id), case .open? = assignment.returned else {
                throw Obstacle("no return of assignment \(id.rawValue) is open")
            }
            if decision.isApproved { try admitReversal(of: assignment) }
        case .assignmentAcknowledged(let id), .contactDisclosed(let id),
            .contactReported(let id, _), .stageReported(let id, _):
            try admitReleased(id)
        default:
            break
        }
    }

    // MARK: Leads

    private func admit(
        _ channel: ChannelNumber, _ attributes: Attributes, _ preferredAdvisor: AdvisorNumber?
    ) throws(Obstacle) {
        try admit(channel)
        let known = schema.attributes.count
        guard known == AttributeSchema.maximumCount || attributes.presence >> known == 0 else {
            throw Obstacle("the lead has an attribute that was never declared")
        }
        if let preferredAdvisor { try admit(preferredAdvisor) }
    }

    private func admit(_ contact: [UInt8], in slot: UInt64?) throws(Obstacle) {
        guard (slot == nil) == contact.isEmpty, slot == nil || slot == contactCount else {
            throw Obstacle("it does not name the next slot of the key file")
        }
    }

    private func admittedOpen(_ id: LeadID) throws(Obstacle) -> Lead {
        guard let lead = openLead(id) else { throw Obstacle("lead \(id.rawValue) is not open") }
        return lead
    }

    private func admitWaiting(_ id: LeadID) throws(Obstacle) {
        guard waitingLeads.contains(id) else {
            _ = try admittedOpen(id)
            throw Obstacle("lead \(id.rawValue) is reserved")
        }
    }

    // MARK: Assignments

    private func admit(_ reservation: Reservation) throws(Obstacle) {
        try admitWaiting(reservation.lead)
        let order = try admittedOrder(reservation.order)
        try admit(reservation.price, to: ledger.available[order.advisor.index])
        try admit(reservation.premium, to: ledger.held[order.advisor.index])
        try admit(reservation.channelPayout, to: .zero)
        let versions = categories[order.category.index].version
        guard (1...versions).contains(reservation.categoryVersion) else {
            throw Obstacle("the category has no version \(reservation.categoryVersion)")
        }
    }

    /// Returns where the lead of the reservation came from.
    private func admitReserved(_ id: AssignmentID) throws(Obstacle) -> ChannelNumber {
        guard let standing = standing(of: id) else { throw noAssignment(id) }
        guard standing.isReserved else {
            throw Obstacle("assignment \(id.rawValue) is released or voided already")
        }
        return standing.channel
    }

    private func admitReleased(_ id: AssignmentID) throws(Obstacle) {
        guard let standing = standing(of: id) else { throw noAssignment(id) }
        guard standing.isReleased else {
            throw Obstacle("assignment \(id.rawValue) is not released")
        }
    }

    private func noAssignment(_ id: AssignmentID) -> Obstacle {
        Obstacle("there is no assignment \(id.rawValue)")
    }

    private func admit(_ release: Release, from channel: ChannelNumber) throws(Obstacle) {
        try admit(release.channelPayout, to: ledger.channelPayable[channel.index])
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

    private func admitReversal(of assignment: Assignment) throws(Obstacle) {
        try admit(assignment.charge, to: ledger.available[assignment.advisor.index])
        try admit(.zero, to: ledger.channelPayable[assignment.channel.index])
        for balance in ledger.payeePayable { try admit(.zero, to: balance) }
        try admit(.zero, to: ledger.revenue)
    }
}
