/// What the market remembers of a person, for exclusivity and duplicates (R4).
public struct Person: Hashable, Sendable {
    /// The person's waiting or reserved lead; at most one (R4.5).
    public internal(set) var openLead: LeadID?
    /// When a lead of theirs was last released.
    public internal(set) var lastReleasedAt: Timestamp?
    /// Who bought that lead.
    public internal(set) var boundTo: AdvisorNumber?
    /// Until when only that advisor gets further leads; `nil` for good (R4.4).
    public internal(set) var boundUntil: Timestamp?
    /// The latest release to them.
    var lastSale: AssignmentID?
    /// Whether they are on the do-not-contact list.
    public internal(set) var isSuppressed = false
    /// Whether their contact data was erased.
    public internal(set) var isErased = false

    /// The advisor the person is bound to at `time`, inclusive of the last microsecond.
    public func binding(at time: Timestamp) -> AdvisorNumber? {
        guard let boundTo else { return nil }
        if let boundUntil, time > boundUntil { return nil }
        return boundTo
    }
}

extension Market {
    /// What is known of the person with `identity`, if anything.
    ///
    /// - Complexity: O(1).
    public func person(_ identity: Identity) -> Person? {
        guard let slot = people.slot(of: identity) else { return nil }
        return person(in: slot)
    }

    /// What is known of the person whose lead it is; the table is not searched for that of an open one.
    ///
    /// - Precondition: it is one of this market's open leads, or was never open in any.
    ///
    /// Not inlined: a function that changes the market would copy it to look here (Swift 6.3).
    @inline(never)
    func person(of lead: Lead) -> Person? {
        guard let slot = lead.person ?? people.slot(of: lead.identity) else { return nil }
        return person(in: slot)
    }

    /// What is known of the person in `slot`.
    func person(in slot: PersonSlot) -> Person {
        let record = people[slot]
        var person = Person(isSuppressed: record.isSuppressed, isErased: record.isErased)
        if let slot = record.openLead { person.openLead = openLeads[slot].id }
        if let sale = record.lastSale {
            person.lastSale = assignments[sale].id
            person.lastReleasedAt = assignments[sale].releasedAt
            person.boundTo = assignments[sale].advisor
            person.boundUntil = assignments[sale].boundUntil
        }
        return person
    }
}
