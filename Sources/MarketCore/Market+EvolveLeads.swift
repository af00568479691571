// MARK: - Leads

extension Market {
    mutating func accept(_ accepted: AcceptedLead, as id: LeadID, at time: Timestamp) {
        if accepted.contactSlot != nil { contactCount += 1 }
        take(id, from: accepted.channel, at: time)
        open(
            Lead(
                id: id, arrivedAt: time, channel: accepted.channel, identity: accepted.identity,
                attributes: accepted.attributes,
                consentInstitutions: accepted.consent.institutions,
                preferredAdvisor: accepted.preferredAdvisor,
                categories: keptCategories(for: accepted.attributes)),
            at: time)
    }

    mutating func open(_ pinged: PingedLead, as id: LeadID, at time: Timestamp) {
        var lead = Lead(
            id: id, arrivedAt: time, channel: pinged.channel, identity: pinged.identity,
            attributes: pinged.attributes, consentInstitutions: [],
            preferredAdvisor: pinged.preferredAdvisor,
            categories: keptCategories(for: pinged.attributes))
        lead.isPing = true
        open(lead, at: time)
    }

    /// What a turned-away lead leaves: a person who is known, and what its channel is judged by
    /// (R3.2).
    mutating func reject(_ lead: RejectedLead, at position: LogPosition) {
        _ = people.slot(making: lead.identity)
        if !lead.isPing { noteRejection(lead.reason, of: position, from: lead.channel) }
    }

    /// What the post of a pinged lead brings; one that was turned away is followed by its void.
    mutating func complete(_ post: PostedLead, at time: Timestamp) {
        guard let slot = openLeads.slot(of: post.lead), let id = openLeads[slot].reservation else {
            preconditionFailure("a pinged lead is posted")
        }
        let lead = openLeads[slot]
        if let reason = post.rejection {
            noteRejection(reason, of: lead.id.position, from: lead.channel)
            return
        }
        if post.contactSlot != nil { contactCount += 1 }
        take(lead.id, from: lead.channel, at: time)
        openLeads[slot].isPing = false
        openLeads[slot].contents.consentInstitutions = post.consent?.institutions ?? []
        setGates(post.gates, of: id)
    }

    /// Ends an open lead that waits: it was not sold.
    mutating func closeLead(_ id: LeadID) {
        guard let slot = openLeads.slot(of: id) else {
            preconditionFailure("only an open lead is closed")
        }
        precondition(
            openLeads[slot].reservation == nil, "a reserved lead is voided before it is closed")
        stopWaiting(slot)
        dropLead(slot)
    }

    private mutating func open(_ lead: consuming Lead, at time: Timestamp) {
        let person = people.slot(making: lead.identity)
        lead.person = person
        let slot = openLeads.open(lead)
        people[person].openLead = slot
        wait(slot, at: time)
    }

    /// Takes a lead that is sold or closed from the open ones.
    ///
    /// - Returns: Where its person stands.
    @discardableResult
    mutating func dropLead(_ slot: Int) -> PersonSlot {
        guard let person = openLeads[slot].person else {
            preconditionFailure("an open lead has its person")
        }
        openLeads.close(slot)
        people[person].openLead = nil
        return person
    }

    /// Counts a lead that was taken, towards its channel's daily cap and quality (R3.1, R3.2).
    private mutating func take(_ id: LeadID, from channel: ChannelNumber, at time: Timestamp) {
        channels[channel.index].taken.add(on: calendar.day(of: time))
        channels[channel.index].quality.note(
            id.position, isBad: false, span: settings.qualitySpan)
    }

    private mutating func noteRejection(
        _ reason: LeadRejection, of decision: LogPosition, from channel: ChannelNumber
    ) {
        guard reason.countsAgainstChannel else { return }
        channels[channel.index].quality.note(decision, isBad: true, span: settings.qualitySpan)
    }
}

// MARK: - Waiting (R6.4)

extension Market {
    /// Lets an open lead wait: for a next rung, for the end of its person's binding.
    mutating func wait(_ slot: Int, at time: Timestamp) {
        let id = openLeads[slot].id
        startWaiting(id)
        if let sale = openLeads[slot].person.flatMap({ people[$0].lastSale }),
            let end = assignments[sale].boundUntil, end >= time
        {
            let freed = end + .microsecond
            openLeads[slot].pendingBindingEnd = freed
            due.insert(DueItem(time: freed, kind: .bindingEnd, subject: id.position))
        }
        setPendingAge(ofLeadIn: slot, to: nextAgeDue(of: openLeads[slot], after: time))
    }

    /// Takes an open lead from those that wait.
    mutating func stopWaiting(_ slot: Int) {
        let id = openLeads[slot].id
        leaveWaiting(id)
        let (age, bindingEnd, offer) = openLeads[slot].takePending()
        if let age { withdrawDue(.leadAge, of: id.position, at: age) }
        if let bindingEnd { withdrawDue(.bindingEnd, of: id.position, at: bindingEnd) }
        if let offer { withdrawDue(.offer, of: id.position, at: offer) }
    }
}

extension Lead {
    /// Forgets what becomes due of it while it waits.
    ///
    /// - Returns: What was due.
    fileprivate mutating func takePending() -> (
        age: Timestamp?, bindingEnd: Timestamp?, offer: Timestamp?
    ) {
        defer { (pendingAge, pendingBindingEnd, pendingOffer) = (nil, nil, nil) }
        return (pendingAge, pendingBindingEnd, pendingOffer)
    }
}

extension RandomAccessCollection where Element: Comparable, Index == Int {
    /// Where `id` stands or would stand among ascending ids.
    ///
    /// - Complexity: O(log n); O(1) for the newest.
    func place(of id: Element) -> Int {
        guard let last, last >= id else { return endIndex }
        var low = startIndex
        var high = endIndex
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < id { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
