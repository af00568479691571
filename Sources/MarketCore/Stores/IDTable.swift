/// Where the entity with an id stands in its store: a hash table of ids and slots.
///
/// Open addressing with linear probing; removal moves later entries back, so that nothing is left of
/// what is gone.
///
/// Invariants:
/// 1. `keys.count` is a power of two, and at most three quarters of the places are taken.
/// 2. Between the place that an id hashes to and the one where it stands, no place is free (0).
struct IDTable<Entity>: Sendable {
    private var keys: [UInt64] = []
    private var slots: [UInt32] = []
    /// How many ids it holds.
    private(set) var count = 0

    init() {}

    /// The slot of `id`, if it is there.
    ///
    /// - Complexity: O(1) on average.
    subscript(id: ID<Entity>) -> Int? {
        guard let place = place(of: id.rawValue) else { return nil }
        return Int(slots[place])
    }

    /// Adds an id that is not there yet.
    ///
    /// - Complexity: O(1) amortised.
    mutating func insert(_ id: ID<Entity>, slot: Int) {
        if (count + 1) * 4 > keys.count * 3 { grow() }
        put(id.rawValue, UInt32(slot))
        count += 1
    }

    /// Takes out an id, if it is there.
    ///
    /// - Returns: Its slot.
    /// - Complexity: O(1) on average.
    @discardableResult
    mutating func remove(_ id: ID<Entity>) -> Int? {
        guard var hole = place(of: id.rawValue) else { return nil }
        let slot = Int(slots[hole])
        var next = hole
        while true {
            next = (next + 1) & (keys.count - 1)
            guard keys[next] != 0 else { break }
            let home = home(of: keys[next])
            guard (next &- home) & (keys.count - 1) >= (next &- hole) & (keys.count - 1) else {
                continue
            }
            keys[hole] = keys[next]
            slots[hole] = slots[next]
            hole = next
        }
        keys[hole] = 0
        count -= 1
        return slot
    }

    private func place(of id: UInt64) -> Int? {
        guard count > 0, id != 0 else { return nil }
        var place = home(of: id)
        while keys[place] != id {
            guard keys[place] != 0 else { return nil }
            place = (place + 1) & (keys.count - 1)
        }
        return place
    }

    /// Neighbouring ids are spread apart (Knuth's multiplicative hashing).
    private func home(of id: UInt64) -> Int {
        Int(truncatingIfNeeded: (id &* 0x9E37_79B9_7F4A_7C15) >> 32) & (keys.count - 1)
    }

    private mutating func put(_ id: UInt64, _ slot: UInt32) {
        precondition(id != 0, "no event stands at position 0")
        var place = home(of: id)
        while keys[place] != 0 { place = (place + 1) & (keys.count - 1) }
        keys[place] = id
        slots[place] = slot
    }

    private mutating func grow() {
        let (oldKeys, oldSlots) = (keys, slots)
        let capacity = max(16, keys.count * 2)
        keys = Array(repeating: 0, count: capacity)
        slots = Array(repeating: 0, count: capacity)
        for place in oldKeys.indices where oldKeys[place] != 0 {
            put(oldKeys[place], oldSlots[place])
        }
    }
}
