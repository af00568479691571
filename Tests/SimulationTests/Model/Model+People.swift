import MarketCore

/// People: the do-not-contact list and erasure (R4.2, R4.3, R8.7).
extension Model {
    mutating func suppress(_ identity: Identity, _ reason: String) throws(Rejection) {
        for person in people where person.identity == identity && person.isSuppressed {
            throw .alreadySuppressed
        }
        takeOffTheMarket(identity, reason)
    }

    /// Suppresses a person who is not suppressed yet and ends their open lead.
    mutating func takeOffTheMarket(_ identity: Identity, _ reason: String) {
        meet(identity)
        for index in people.indices where people[index].identity == identity {
            people[index].isSuppressed = true
        }
        emit(.personSuppressed(identity, reason: reason))
        for place in assignments.indices
        where assignments[place].identity == identity && assignments[place].releasedAt != nil {
            change(place) { $0.isSuppressed = true }
        }
        if let index = openLead(of: identity) { end(index, .suppressed, .suppressed) }
    }

    mutating func unsuppress(_ identity: Identity) throws(Rejection) {
        guard let index = people.firstIndex(where: { $0.identity == identity }),
            people[index].isSuppressed
        else { throw .notSuppressed }
        if people[index].isErased { throw .personErased }
        people[index].isSuppressed = false
        emit(.personUnsuppressed(identity))
    }

    mutating func erase(_ identity: Identity) throws(Rejection) {
        guard let index = people.firstIndex(where: { $0.identity == identity }) else {
            throw .unknownPerson
        }
        if people[index].isErased { throw .personErased }
        people[index].isErased = true
        people[index].isSuppressed = true
        emit(.personErased(identity))
        for place in assignments.indices
        where assignments[place].identity == identity && assignments[place].releasedAt != nil {
            change(place) { $0.isErased = true }
        }
        if let index = openLead(of: identity) { end(index, .erased, .erased) }
    }
}
