internal import MarketCore

/// The persons that leads are of, by identity.
///
/// Open addressing over the persons in order of their first leads: an identity is a keyed hash, so
/// its own bits spread evenly.
///
/// Invariants:
/// 1. `homes.count` is a power of two, and at most half of them are taken: each by a person's place
///    plus one; a free one is 0.
/// 2. Between the home that an identity's bits say and the one that names its person, none is free.
struct AuditPersons: Sendable {
    /// What is known of a person.
    struct Person {
        fileprivate let identity: Identity
        /// Their open lead.
        var openLead: LeadID?
        /// Whom their last sale binds them to.
        var binding: AuditTable.Binding?
    }

    private var homes = [UInt32](repeating: 0, count: 16)
    private var persons: [Person] = []

    /// Where a person stands, who becomes known by it.
    ///
    /// - Complexity: O(1) on average.
    mutating func place(making identity: Identity) -> Int {
        var home = home(of: identity)
        while homes[home] != 0 {
            let place = Int(homes[home]) - 1
            if persons[place].identity == identity { return place }
            home = (home + 1) & (homes.count - 1)
        }
        persons.append(Person(identity: identity))
        homes[home] = UInt32(persons.count)
        if persons.count * 2 > homes.count { grow() }
        return persons.count - 1
    }

    /// The person at a place.
    subscript(place: Int) -> Person {
        _read { yield persons[place] }
        _modify { yield &persons[place] }
    }

    private func home(of identity: Identity) -> Int {
        Int(truncatingIfNeeded: identity.low) & (homes.count - 1)
    }

    private mutating func grow() {
        homes = [UInt32](repeating: 0, count: homes.count * 2)
        for place in persons.indices {
            var home = home(of: persons[place].identity)
            while homes[home] != 0 { home = (home + 1) & (homes.count - 1) }
            homes[home] = UInt32(place + 1)
        }
    }
}
