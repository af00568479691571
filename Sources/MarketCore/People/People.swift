/// Everybody the market knows, by identity (R4).
///
/// A person becomes known by a lead, taken or turned away, or by a suppression, and is never
/// forgotten: being bound and being suppressed last. So a person has to be small: what is known of
/// one beyond the flags follows from their open lead and their last sale, which this table names.
///
/// Persons are dealt to 256 shards by the first byte of their identity, which is a keyed hash and
/// spreads evenly. Each shard is a dense store of persons and an open-addressing table of their
/// places, small enough to be rebuilt in a few microseconds per thousand when it grows.
///
/// Invariants of a shard:
/// 1. A taken place holds a person's number plus one in its low 24 bits, and in its high 8 bits
///    the last byte of their identity; a free place is 0.
/// 2. Between the place that an identity hashes to and the one where it stands no place is free.
/// 3. At most seven eighths of the places are taken.
public struct People: Sendable {
    private var shards = [PeopleShard](repeating: PeopleShard(), count: 256)

    /// How many are known.
    public private(set) var count = 0

    /// Where the person with `identity` stands, if known.
    ///
    /// - Complexity: O(1).
    func slot(of identity: Identity) -> PersonSlot? {
        let shard = Self.part(of: identity)
        return shards[shard].number(of: identity).map { PersonSlot(shard: shard, number: $0) }
    }

    /// Where the person with `identity` stands, who becomes known by it.
    ///
    /// - Complexity: O(1) amortised.
    mutating func slot(making identity: Identity) -> PersonSlot {
        let shard = Self.part(of: identity)
        if let number = shards[shard].number(of: identity) {
            return PersonSlot(shard: shard, number: number)
        }
        count += 1
        return PersonSlot(shard: shard, number: shards[shard].insert(identity))
    }

    /// What stands in a slot.
    subscript(slot: PersonSlot) -> PersonRecord {
        _read { yield shards[slot.shard].persons[slot.number] }
        _modify { yield &shards[slot.shard].persons[slot.number] }
    }

    /// How many parts the table is read in.
    static let partCount = 256

    /// The persons of one part in ascending order of identity; so are the parts among themselves.
    ///
    /// - Complexity: O(m) on average, with m persons in the part.
    func slotsInOrder(ofPart part: Int) -> [(identity: Identity, slot: PersonSlot)] {
        shards[part].inOrder.map { ($0.identity, PersonSlot(shard: part, number: $0.number)) }
    }

    /// The persons of one part as they stand, in no particular order.
    ///
    /// - Complexity: O(1).
    func records(ofPart part: Int) -> ChunkedArray<PersonRecord> { shards[part].persons }

    /// Puts persons into a part that is empty.
    ///
    /// - Precondition: they belong there.
    /// - Complexity: O(1).
    mutating func fill(part: Int, with persons: PeopleShard) {
        precondition(shards[part].persons.isEmpty, "a part is filled once")
        count += persons.persons.count
        shards[part] = persons
    }

    /// The identities of those who were erased, in no particular order.
    ///
    /// - Complexity: O(n).
    public var erased: [Identity] {
        shards.flatMap { $0.persons.lazy.filter(\.isErased).map(\.identity) }
    }

    /// All identities in ascending order.
    ///
    /// - Complexity: O(n) on average.
    public var identities: [Identity] { shards.flatMap { $0.inOrder.map(\.identity) } }

    /// The bytes that the persons take, room for more included.
    ///
    /// - Complexity: O(n / 1,024).
    var byteCount: Int { shards.reduce(0) { $0 + $1.byteCount } }

    /// The part that a person stands in.
    static func part(of identity: Identity) -> Int { Int(identity.high >> 56) }
}

/// Where a person stands in ``People``, for good.
struct PersonSlot: Hashable, Sendable {
    private let packed: UInt32

    init(shard: Int, number: Int) {
        precondition(number < 1 << 24, "a shard holds at most 16,777,216 persons")
        packed = UInt32(shard) << 24 | UInt32(number)
    }

    var shard: Int { Int(packed >> 24) }
    var number: Int { Int(packed & 0xFF_FFFF) }
}

/// What the table keeps of a person: 24 bytes.
struct PersonRecord: Sendable {
    let identity: Identity
    private var leadAndSuppressed: UInt32 = 0
    private var saleAndErased: UInt32 = 0

    /// Somebody of whom nothing more is known.
    init(_ identity: Identity) {
        self.identity = identity
    }

    /// Where their open lead stands in ``OpenLeads``.
    var openLead: Int? {
        get { Self.slot(in: leadAndSuppressed) }
        set { Self.put(newValue, in: &leadAndSuppressed) }
    }

    /// Where their latest released assignment stands in ``Assignments``.
    var lastSale: Int? {
        get { Self.slot(in: saleAndErased) }
        set { Self.put(newValue, in: &saleAndErased) }
    }

    /// Whether they are on the do-not-contact list.
    var isSuppressed: Bool {
        get { leadAndSuppressed & Self.flag != 0 }
        set { leadAndSuppressed = leadAndSuppressed & ~Self.flag | (newValue ? Self.flag : 0) }
    }

    /// Whether their contact data was erased.
    var isErased: Bool {
        get { saleAndErased & Self.flag != 0 }
        set { saleAndErased = saleAndErased & ~Self.flag | (newValue ? Self.flag : 0) }
    }

    private static let flag: UInt32 = 1 << 31

    private static func slot(in word: UInt32) -> Int? {
        let slot = word & ~flag
        return slot == 0 ? nil : Int(slot) - 1
    }

    private static func put(_ slot: Int?, in word: inout UInt32) {
        let number = slot.map { $0 + 1 } ?? 0
        precondition(number < Int(flag), "a store holds at most 2,147,483,646 entries")
        word = word & flag | UInt32(number)
    }
}

/// The persons whose identities begin with one byte.
struct PeopleShard: Sendable {
    var persons = ChunkedArray<PersonRecord>()
    private var places: [UInt32] = []

    var byteCount: Int { persons.byteCount + places.capacity * MemoryLayout<UInt32>.stride }

    init() {}

    /// Takes persons, whose numbers are their places in the array.
    ///
    /// - Precondition: their identities ascend, and begin with the same byte.
    /// - Complexity: O(persons); in their order the table is written from its beginning to its end.
    init(_ persons: [PersonRecord]) {
        for person in persons { self.persons.append(person, room: persons.count) }
        places = Array(repeating: 0, count: persons.count * 8 / 5 + 8)
        for number in persons.indices { put(number) }
    }

    func number(of identity: Identity) -> Int? {
        guard !places.isEmpty else { return nil }
        let tag = Self.tag(of: identity)
        var place = home(of: identity)
        while places[place] != 0 {
            if places[place] & 0xFF00_0000 == tag {
                let number = Int(places[place] & 0xFF_FFFF) - 1
                if persons[number].identity == identity { return number }
            }
            place += 1
            if place == places.count { place = 0 }
        }
        return nil
    }

    /// Adds a person who is not there yet.
    mutating func insert(_ identity: Identity) -> Int {
        persons.append(PersonRecord(identity), room: max(32, persons.count / 16))
        if persons.count * 8 > places.count * 7 {
            places = Array(repeating: 0, count: persons.count * 3 / 2 + 8)
            for number in persons.indices { put(number) }
        } else {
            put(persons.count - 1)
        }
        return persons.count - 1
    }

    /// The persons' identities in ascending order, each with their number.
    ///
    /// Homes in the table follow the order of identities, so persons stand there in order but for what
    /// collisions moved: each has few to go before. Who found no place at the end of the table stands at
    /// its beginning, before the place of his home, and comes last.
    ///
    /// - Complexity: O(persons) on average.
    var inOrder: [(identity: Identity, number: Int)] {
        guard let free = places.firstIndex(of: 0) else { return [] }
        var ordered: [(identity: Identity, number: Int)] = []
        ordered.reserveCapacity(persons.count)
        for (range, isPastEnd) in [(places.indices, false), (0..<free, true)] {
            for place in range where places[place] != 0 {
                let number = Int(places[place] & 0xFF_FFFF) - 1
                let identity = persons[number].identity
                guard (home(of: identity) > place) == isPastEnd else { continue }
                var index = ordered.count
                while index > 0, identity < ordered[index - 1].identity { index -= 1 }
                ordered.insert((identity, number), at: index)
            }
        }
        return ordered
    }

    private mutating func put(_ number: Int) {
        let identity = persons[number].identity
        var place = home(of: identity)
        while places[place] != 0 {
            place += 1
            if place == places.count { place = 0 }
        }
        places[place] = Self.tag(of: identity) | UInt32(number + 1)
    }

    private static func tag(of identity: Identity) -> UInt32 {
        UInt32(truncatingIfNeeded: identity.low) << 24
    }

    /// The bits past the shard's byte, scaled to the number of places (Lemire's fast reduction).
    private func home(of identity: Identity) -> Int {
        Int(
            bitPattern: UInt(
                ((identity.high << 8) | 0xFF).multipliedFullWidth(by: UInt64(places.count)).high))
    }
}
