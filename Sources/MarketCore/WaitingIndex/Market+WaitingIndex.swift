// MARK: - Keeping the index of waiting leads

extension Market {
    /// Notes a lead that begins to wait.
    mutating func startWaiting(_ id: LeadID) {
        waiting.insert(id)
        guard waitingIndex != nil else { return }
        placeUnplacedLead()
        waitingIndex?.insert(id)
    }

    /// Forgets a lead that waits no more.
    mutating func leaveWaiting(_ id: LeadID) {
        let waited = waiting.remove(id)
        precondition(waited, "the lead waits")
        guard waitingIndex?.removeUnplaced(id) == false, let lead = openLeads[id] else { return }
        let advisor = person(of: lead)?.boundTo
        waitingIndex?.remove(lead, boundTo: advisor)
    }

    /// Writes the lead that came last into the lists, where all leads have to stand for a search.
    mutating func placeUnplacedLead() {
        guard let id = waitingIndex?.unplaced, let lead = openLeads[id] else { return }
        let person = person(of: lead)
        waitingIndex?.place(lead, of: person, at: time)
    }

    /// Puts leads whose persons' bindings are over by `time` where all orders find them, whether or
    /// not due work has offered them since (R4.4).
    mutating func unbindWaitingLeads(by time: Timestamp) {
        while let id = waitingIndex?.nextEnd(by: time) {
            guard waiting.contains(id), let lead = openLeads[id],
                let advisor = person(of: lead)?.boundTo
            else { continue }
            waitingIndex?.unbind(lead, from: advisor)
        }
    }

    /// Makes the index anew, where attributes or categories are not what they were; nothing where there
    /// is none.
    ///
    /// - Complexity: O(waiting).
    mutating func rebuildWaitingIndex() {
        guard waitingIndex != nil else { return }
        waitingIndex = WaitingIndex(PlaneLayout(schema, categoryCount: categories.count))
        for id in waiting {
            waitingIndex?.insert(id)
            placeUnplacedLead()
        }
    }
}
