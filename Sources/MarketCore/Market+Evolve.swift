extension Market {
    /// Lets an event take effect. Never fails and never decides: it follows what the event says.
    ///
    /// Events come in log order without gaps; anything else is a programmer's error and traps,
    /// because going on would serve a market that never was.
    ///
    /// - Complexity: O(log waiting) for a lead's events, O(orders of the advisor) for an advisor's,
    ///   O(waiting + orders) for a configuration, O(sales of the person) for a suppression or an
    ///   erasure.
    public mutating func evolve(_ recorded: RecordedEvent) {
        precondition(recorded.position == head.next, "events come in log order without gaps")
        head = recorded.position
        time = recorded.time
        if let input = recorded.input {
            suppliedTime = input.suppliedTime ?? recorded.time
            if let mark = input.idempotency {
                idempotency.note(mark, transaction: recorded.transaction, time: recorded.time)
            }
        }
        apply(recorded)
        dropLapsedWork()
    }

    private mutating func apply(_ recorded: RecordedEvent) {
        let time = recorded.time
        switch recorded.event {
        case .marketCreated(let foundation):
            self.foundation = foundation
            rulesInForce = foundation.rulesVersion
        case .rulesChanged(let version):
            rulesInForce = version
        case .configurationApplied(let change):
            applyConfiguration(change, at: time)
        case .timePassed(let through):
            if let through { runDueWork(through: through, at: time) }
        case .offersDeferred(let orders, let leads):
            deferOffers(orders, leads, to: time)

        case .advisorRegistered(let name, let profile):
            register(name, profile)
        case .advisorUpdated(let advisor, let profile):
            update(advisor, to: profile, at: time)
        case .availabilitySet(let advisor, let online):
            advisors[advisor.index].isOnline = online
            if online { wakeOrders(of: advisor) }
        case .advisorSuspended(let advisor, _):
            advisors[advisor.index].isSuspended = true
        case .advisorReinstated(let advisor):
            advisors[advisor.index].isSuspended = false
            wakeOrders(of: advisor)
        case .advisorGraded(let advisor, let grade):
            advisors[advisor.index].grade = grade
            followGrade(of: advisor)

        case .deposited(let advisor, let amount, _):
            ledger.post(amount, to: .cash)
            ledger.post(amount, to: .available(advisor))
            wakeOrders(of: advisor)
        case .withdrawn(let advisor, let amount, _):
            ledger.post(-amount, to: .cash)
            ledger.post(-amount, to: .available(advisor))
        case .channelPaid(let channel, let amount, _):
            ledger.post(-amount, to: .channelPayable(channel))
            ledger.post(-amount, to: .cash)
        case .payeePaid(let payee, let amount, _):
            ledger.post(-amount, to: .payeePayable(payee))
            ledger.post(-amount, to: .cash)

        case .orderPlaced(let advisor, let category, let terms):
            placeOrder(OrderID(recorded.position), advisor, category, terms, at: time)
        case .orderAmended(let id, let terms):
            amendOrder(id, to: terms, at: time)
        case .orderPaused(let id):
            changeOrder(id, at: time) { $0.isPaused = true }
        case .orderResumed(let id):
            changeOrder(id, at: time) { $0.isPaused = false }
        case .orderCancelled(let id):
            let offer = order(id)?.pendingOffer
            changeOrder(id, at: time) { order in
                order.isCancelled = true
                order.pendingOffer = nil
            }
            if let offer { withdrawDue(.offer, of: id.position, at: offer) }
        case .orderRenewed(let id):
            changeOrder(id, at: time) { order in
                order.round += 1
                order.releasedBefore += order.released
                order.released = 0
            }

        case .leadAccepted(let lead):
            accept(lead, as: LeadID(recorded.position), at: time)
        case .leadRejected(let lead):
            reject(lead, at: recorded.position)
        case .leadPinged(let lead):
            open(lead, as: LeadID(recorded.position), at: time)
        case .leadPosted(let post):
            complete(post, at: time)
        case .leadTested:
            break
        case .leadWithdrawn(let lead):
            if let sold = assignments[of: lead], sold.releasedAt != nil {
                changeAssignment(sold.id) { $0.isWithdrawn = true }
            }
        case .leadClosed(let lead, _):
            closeLead(lead)
        case .leadReserved(let reservation):
            reserve(reservation, as: AssignmentID(recorded.position), at: time)
        case .leadVoided(let id, let reason):
            void(id, reason, at: time)
        case .assignmentAccepted(let id):
            changeGates(of: id) { $0.acceptance = nil }
        case .consentConfirmed(let id, _):
            changeGates(of: id) { $0.consent = nil }
        case .leadReleased(let released):
            release(released, at: time)

        case .assignmentAcknowledged(let id):
            changeAssignment(id) { $0.isAcknowledged = true }
        case .contactDisclosed:
            break
        case .contactReported(let id, let report):
            changeAssignment(id) { $0.note(report, at: time) }
        case .stageReported(let id, let report):
            changeAssignment(id) { $0.note(report, at: time) }
        case .returnRequested(let id, let request):
            changeAssignment(id) { $0.returned = .open(request) }
        case .returnDecided(let id, let decision):
            decideReturn(of: id, decision)

        case .personSuppressed(let identity, _):
            people[people.slot(making: identity)].isSuppressed = true
            changeSales(of: identity) { $0.isSuppressed = true }
        case .personUnsuppressed(let identity):
            people[people.slot(making: identity)].isSuppressed = false
        case .personErased(let identity):
            let person = people.slot(making: identity)
            people[person].isSuppressed = true
            people[person].isErased = true
            changeSales(of: identity) { $0.isErased = true }

        case .channelPaused(let channel), .channelPausedItself(let channel, _, _):
            channels[channel.index].isPaused = true
        case .channelResumed(let channel):
            channels[channel.index].isPaused = false
            channels[channel.index].quality.clear()
        }
    }
}
