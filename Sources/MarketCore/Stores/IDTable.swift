/// Where the entity with an id stands in its store: a hash table of ids and slots.
///
/// Open addressing with linear probing; removal moves later entries back, so that nothing is left of
/// what is gone.
///
/// Invariants:
/// 1. `entries.count` is a power of two, and at most three quarters of the places are taken.
/// 2. Between the place that an id hashes to and the one where it stands, no place is free (0).
struct IDTable<Entity>: Sendable {
    private struct Entry {
        var id: UInt64 = 0
        var slot: UInt32 = 0
    }

    private var entries: [Entry] = []
    /// What leaves of 64 bits as many as the number of a group of places has.
    private var groupShift: UInt64 = 64
    /// How many ids it holds.
    private(set) var count = 0

    init() {}

    /// The slot of `id`, if it is there.
    ///
    /// - Complexity: O(1) on average.
    subscript(id: ID<Entity>) -> Int? {
        guard let place = place(of: id.rawValue) else { return nil }
        return Int(entries[place].slot)
    }

    /// Adds an id that is not there yet.
    ///
    /// - Complexity: O(1) amortised.
    mutating func insert(_ id: ID<Entity>, slot: Int) {
        if (count + 1) * 4 > entries.count * 3 { grow() }
        put(Entry(id: id.rawValue, slot: UInt32(slot)))
        count += 1
    }

    /// Notes the slot of an id, which may be there with another.
    ///
    /// - Complexity: O(1) amortised.
    mutating func set(_ id: ID<Entity>, slot: Int) {
        guard let place = place(of: id.rawValue) else { return insert(id, slot: slot) }
        entries[place].slot = UInt32(slot)
    }

    /// Takes out an id, if it is there.
    ///
    /// - Returns: Its slot.
    /// - Complexity: O(1) on average.
    @discardableResult
    mutating func remove(_ id: ID<Entity>) -> Int? {
        guard var hole = place(of: id.rawValue) else { return nil }
        let slot = Int(entries[hole].slot)
        var next = hole
        while true {
            next = (next + 1) & mask
            guard entries[next].id != 0 else { break }
            let home = home(of: entries[next].id)
            guard (next &- home) & mask >= (next &- hole) & mask else { continue }
            entries[hole] = entries[next]
            hole = next
        }
        entries[hole] = Entry()
        count -= 1
        return slot
    }

    /// How many places a search for `id`, which is there, looks at; for the tests.
    func placesSearched(for id: ID<Entity>) -> Int? {
        place(of: id.rawValue).map { (($0 &- home(of: id.rawValue)) & mask) + 1 }
    }

    private var mask: Int { entries.count - 1 }

    private func place(of id: UInt64) -> Int? {
        guard count > 0, id != 0 else { return nil }
        var place = home(of: id)
        while entries[place].id != id {
            guard entries[place].id != 0 else { return nil }
            place = (place + 1) & mask
        }
        return place
    }

    /// Groups of four ids that follow each other stay together, in one line of memory or two: they came
    /// about together, and are asked for together. The groups are spread apart by the upper bits of a
    /// product (Knuth's multiplicative hashing): these alone keep groups in sequence apart.
    private func home(of id: UInt64) -> Int {
        let product = (id >> 2) &* 0x9E37_79B9_7F4A_7C15
        return Int(truncatingIfNeeded: (product &>> groupShift) &<< 2 | id & 3)
    }

    private mutating func put(_ entry: Entry) {
        precondition(entry.id != 0, "no event stands at position 0")
        var place = home(of: entry.id)
        while entries[place].id != 0 { place = (place + 1) & mask }
        entries[place] = entry
    }

    private mutating func grow() {
        let old = entries
        entries = Array(repeating: Entry(), count: max(16, old.count * 2))
        groupShift = UInt64(64 - (entries.count / 4).trailingZeroBitCount)
        for entry in old where entry.id != 0 { put(entry) }
    }
}
