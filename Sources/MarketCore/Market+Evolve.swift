extension Market {
    /// Lets an event take effect. Never fails and never decides: it follows what the event says.
    ///
    /// Events come in log order without gaps; anything else is a programmer's error and traps,
    /// because going on would serve a market that never was.
    ///
    /// - Complexity: O(log waiting) for a lead's events, O(orders of the advisor) for an advisor's,
    ///   O(waiting + orders) for a configuration, O(assignments) for a suppression or an erasure.
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
            advisorNumbers[name] = AdvisorNumber(index: advisors.count)
            advisors.append(Advisor(name: name, profile: profile))
            advisorOrders.append([])
            ledger.openAdvisorAccounts()
        case .advisorUpdated(let advisor, let profile):
            advisors[advisor.index].profile = profile
        case .availabilitySet(let advisor, let online):
            advisors[advisor.index].isOnline = online
        case .advisorSuspended(let advisor, _):
            advisors[advisor.index].isSuspended = true
        case .advisorReinstated(let advisor):
            advisors[advisor.index].isSuspended = false

        case .deposited(let advisor, let amount, _):
            ledger.post([Posting(.cash, amount), Posting(.available(advisor), amount)])
        case .withdrawn(let advisor, let amount, _):
            ledger.post([Posting(.cash, -amount), Posting(.available(advisor), -amount)])
        case .channelPaid(let channel, let amount, _):
            ledger.post([Posting(.channelPayable(channel), -amount), Posting(.cash, -amount)])
        case .payeePaid(let payee, let amount, _):
            ledger.post([Posting(.payeePayable(payee), -amount), Posting(.cash, -amount)])

        case .orderPlaced(let advisor, let category, let terms):
            placeOrder(OrderID(recorded.position), advisor, category, terms, at: time)
        case .orderAmended(let id, let terms):
            changeOrder(id) { $0.terms = terms }
            setPendingTurn(of: id, at: time)
        case .orderPaused(let id):
            changeOrder(id) { $0.isPaused = true }
        case .orderResumed(let id):
            changeOrder(id) { $0.isPaused = false }
        case .orderCancelled(let id):
            changeOrder(id) { order in
                order.isCancelled = true
                order.pendingTurn = nil
                order.pendingOffer = nil
            }

        case .leadAccepted(let lead):
            accept(lead, as: LeadID(recorded.position), at: time)
        case .leadRejected(let lead):
            people.update(lead.identity) { _ in }
        case .leadWithdrawn(let lead):
            if let id = assignmentOfLead[lead] { assignments[id]?.isWithdrawn = true }
        case .leadClosed(let lead, _):
            closeLead(lead)
        case .leadPinged, .leadPosted, .leadTested, .leadVoided, .assignmentAccepted,
            .consentConfirmed, .orderRenewed, .returnRequested, .returnDecided, .advisorGraded,
            .channelPausedItself:
            break
        case .leadReserved(let reservation):
            reserve(reservation, as: AssignmentID(recorded.position), at: time)
        case .leadReleased(let released):
            release(released, at: time)

        case .assignmentAcknowledged(let id):
            assignments[id]?.isAcknowledged = true
        case .contactDisclosed:
            break
        case .contactReported(let id, let report):
            note(report, on: id)
        case .stageReported(let id, let report):
            note(report, on: id)

        case .personSuppressed(let identity, _):
            people.update(identity) { $0.isSuppressed = true }
            changeAssignments(of: identity) { $0.isSuppressed = true }
        case .personUnsuppressed(let identity):
            people.update(identity) { $0.isSuppressed = false }
        case .personErased(let identity):
            people.update(identity) { person in
                person.isSuppressed = true
                person.isErased = true
            }
            changeAssignments(of: identity) { $0.isErased = true }

        case .channelPaused(let channel):
            channels[channel.index].isPaused = true
        case .channelResumed(let channel):
            channels[channel.index].isPaused = false
        }
    }
}
