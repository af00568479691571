import MarketCore
import MarketTestSupport
import Testing

@testable import EventLog

@Suite struct AuditStoreTests {
    @Test func `what began at a position is found by its kind alone, as long as it is there`() {
        var places = AuditPlaces()
        places.put(.openLead, at: LogPosition(3), place: 0)
        places.put(.order, at: LogPosition(9), place: 70)
        #expect(places.place(.openLead, at: LogPosition(3)) == 0)
        #expect(places.place(.order, at: LogPosition(9)) == 70)
        for kind in [AuditPlaces.Kind.reserved, .sale, .order] {
            #expect(places.place(kind, at: LogPosition(3)) == nil)
            #expect(places.remove(kind, at: LogPosition(3)) == nil)
        }
        #expect(places.remove(.openLead, at: LogPosition(3)) == 0)
        #expect(places.place(.openLead, at: LogPosition(3)) == nil)
        #expect(places.remove(.openLead, at: LogPosition(3)) == nil)
        places.put(.reserved, at: LogPosition(5), place: 1)
        places.put(.sale, at: LogPosition(5), place: 2)
        #expect(places.place(.reserved, at: LogPosition(5)) == nil)
        #expect(places.place(.sale, at: LogPosition(5)) == 2)
    }

    @Test func `a position that no event has is nobody's`() {
        var places = AuditPlaces()
        #expect(places.place(.openLead, at: .start) == nil)
        places.put(.openLead, at: LogPosition(1), place: 0)
        for position in [0, 2, UInt64(Int.max), .max] {
            #expect(places.place(.openLead, at: LogPosition(position)) == nil)
            #expect(places.remove(.openLead, at: LogPosition(position)) == nil)
        }
    }

    @Test func `a place that became free is given to the next value`() {
        var store = AuditStore<String>()
        let (first, second) = (store.add("first"), store.add("second"))
        #expect(store.remove(at: first) == "first")
        #expect(store.add("third") == first)
        #expect(store.add("fourth") != second)
        store[second] += " still"
        #expect(store[first] == "third")
        #expect(store[second] == "second still")
    }

    @Test func `a person keeps their place, however many there are`() {
        var random = SeededRandom(seed: 5)
        var persons = AuditPersons()
        // Every third one has the bits of the one before that the table looks at first.
        var identities: [Identity] = []
        for number in 0..<3_000 {
            let low = number % 3 == 2 ? identities[number - 1].low : random.next()
            identities.append(Identity(high: random.next(), low: low))
        }
        for (place, identity) in identities.enumerated() {
            #expect(persons.place(making: identity) == place)
            persons[place].openLead = LeadID(UInt64(place) + 1)
        }
        for (place, identity) in identities.enumerated() {
            #expect(persons.place(making: identity) == place)
            #expect(persons[place].openLead == LeadID(UInt64(place) + 1))
        }
    }
}
