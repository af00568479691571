import MarketCore

/// Advisors and their money (R5.1, R12.1).
extension Model {
    func advisorIndex(_ name: Name) throws(Rejection) -> Int {
        for (index, advisor) in advisors.enumerated() where advisor.name == name { return index }
        throw .unknownAdvisor
    }

    mutating func registerAdvisor(_ name: Name, _ profile: AdvisorProfile) throws(Rejection) {
        for advisor in advisors where advisor.name == name { throw .advisorExists }
        advisors.append(Advisor(name: name, profile: profile, grade: profile.grade))
        emit(.advisorRegistered(name: name, profile: profile))
    }

    mutating func updateAdvisor(_ name: Name, _ profile: AdvisorProfile) throws(Rejection) {
        let index = try advisorIndex(name)
        let old = advisors[index].profile
        if old.institution != profile.institution,
            assignments.contains(where: { $0.advisor.index == index && $0.isReserved })
        {
            throw .advisorHasReservations
        }
        let staysDerived = old.derivesGrade && profile.derivesGrade && old.grade == profile.grade
        if !staysDerived { advisors[index].grade = profile.grade }
        advisors[index].profile = profile
        emit(.advisorUpdated(AdvisorNumber(index: index), profile: profile))
        wakeOrders(of: index)
    }

    mutating func setAvailability(_ name: Name, _ online: Bool) throws(Rejection) {
        let index = try advisorIndex(name)
        advisors[index].isOnline = online
        emit(.availabilitySet(AdvisorNumber(index: index), online: online))
        if online { wakeOrders(of: index) }
    }

    mutating func suspendAdvisor(_ name: Name, _ reason: String) throws(Rejection) {
        let index = try advisorIndex(name)
        if advisors[index].isSuspended { throw .advisorAlreadySuspended }
        advisors[index].isSuspended = true
        emit(.advisorSuspended(AdvisorNumber(index: index), reason: reason))
        if forgets(.suspensionVoids) { return }
        for place in assignments.indices
        where assignments[place].advisor.index == index && assignments[place].isReserved {
            let lead = leadIndex(of: place)
            void(place, .advisorSuspended)
            if leads[lead].isPing { close(lead, .pingExpired) }
        }
    }

    mutating func reinstateAdvisor(_ name: Name) throws(Rejection) {
        let index = try advisorIndex(name)
        if !advisors[index].isSuspended { throw .advisorNotSuspended }
        advisors[index].isSuspended = false
        emit(.advisorReinstated(AdvisorNumber(index: index)))
        wakeOrders(of: index)
    }

    mutating func deposit(
        _ name: Name, _ amount: Money, _ reference: String
    ) throws(Rejection) {
        let index = try advisorIndex(name)
        if advisors[index].available + amount > .maximum || cash + amount > .maximum {
            throw .balanceOutOfRange
        }
        advisors[index].available += amount
        cash += amount
        emit(.deposited(AdvisorNumber(index: index), amount: amount, reference: reference))
        wakeOrders(of: index)
    }

    mutating func withdraw(
        _ name: Name, _ amount: Money, _ reference: String
    ) throws(Rejection) {
        let index = try advisorIndex(name)
        if advisors[index].available < amount { throw .insufficientFunds }
        advisors[index].available -= amount
        cash -= amount
        emit(.withdrawn(AdvisorNumber(index: index), amount: amount, reference: reference))
    }

    /// Notes that the advisor's orders may take leads that they could not take before.
    mutating func wakeOrders(of advisor: Int) {
        for order in orders where order.advisor.index == advisor { wokenOrders.append(order.id) }
    }
}

/// Channels and payees (R3.1, R12.2).
extension Model {
    func channelIndex(_ name: Name) throws(Rejection) -> Int {
        for (index, channel) in channels.enumerated() where channel.name == name { return index }
        throw .unknownChannel
    }

    mutating func pauseChannel(_ name: Name) throws(Rejection) {
        let index = try channelIndex(name)
        if channels[index].isPaused { throw .channelAlreadyPaused }
        channels[index].isPaused = true
        emit(.channelPaused(ChannelNumber(index: index)))
    }

    mutating func resumeChannel(_ name: Name) throws(Rejection) {
        let index = try channelIndex(name)
        if !channels[index].isPaused { throw .channelNotPaused }
        channels[index].isPaused = false
        channels[index].decided = []
        emit(.channelResumed(ChannelNumber(index: index)))
    }

    mutating func payChannel(
        _ name: Name, _ amount: Money, _ reference: String
    ) throws(Rejection) {
        let index = try channelIndex(name)
        if channels[index].payable < amount { throw .insufficientPayable }
        channels[index].payable -= amount
        cash -= amount
        emit(.channelPaid(ChannelNumber(index: index), amount: amount, reference: reference))
    }

    mutating func payPayee(
        _ name: Name, _ amount: Money, _ reference: String
    ) throws(Rejection) {
        var found: Int?
        for (index, payee) in payees.enumerated() where payee.name == name { found = index }
        guard let index = found else { throw .unknownPayee }
        if payees[index].payable < amount { throw .insufficientPayable }
        payees[index].payable -= amount
        cash -= amount
        emit(.payeePaid(PayeeNumber(index: index), amount: amount, reference: reference))
    }
}
