/// The blocks of one category and region, best rank first.
struct IndexBucket: Sendable {
    /// Whose orders these are.
    let category: CategoryNumber
    /// The attributes that some order of the bucket has had a predicate on, a bit each.
    var attributes: UInt64 = 0
    /// The numbers of its slabs.
    var slabs: [Int] = []
    /// The numbers of its blocks.
    private(set) var blocks: [UInt32] = []
    /// For each block what none of its entries goes before.
    private(set) var firsts: [IndexStanding] = [] {
        didSet { front = firsts.first }
    }
    /// That of the first block, which no entry of the bucket goes before; `nil` where there is none.
    private(set) var front: IndexStanding?
    /// A bit for each block that has a live entry.
    private var live: [UInt64] = []

    /// An empty bucket.
    init(category: CategoryNumber) {
        self.category = category
    }

    /// The place of the block that an entry with `standing` belongs to.
    ///
    /// - Complexity: O(log blocks).
    func ordinal(of standing: IndexStanding) -> Int {
        var low = 0
        var high = firsts.count
        while low < high {
            let middle = (low + high) / 2
            if standing.goesBefore(firsts[middle]) { high = middle } else { low = middle + 1 }
        }
        return max(0, low - 1)
    }

    /// The place of the first block with a live entry that is not before `ordinal`; the number of
    /// blocks where there is none.
    ///
    /// - Complexity: O(blocks / 64).
    @inline(__always)
    func nextLive(from ordinal: Int) -> Int {
        guard ordinal < blocks.count else { return blocks.count }
        var place = ordinal / 64
        var word = live[place] & (~0 << UInt64(ordinal % 64))
        while word == 0 {
            place += 1
            guard place < live.count else { return blocks.count }
            word = live[place]
        }
        return place * 64 + word.trailingZeroBitCount
    }

    /// Whether the block at a place is marked as having a live entry.
    func isLive(_ ordinal: Int) -> Bool {
        live[ordinal / 64] & (1 << UInt64(ordinal % 64)) != 0
    }

    mutating func setLive(_ ordinal: Int, _ isLive: Bool) {
        let bit: UInt64 = 1 << UInt64(ordinal % 64)
        if isLive { live[ordinal / 64] |= bit } else { live[ordinal / 64] &= ~bit }
    }

    mutating func setFirst(_ standing: IndexStanding, at ordinal: Int) {
        firsts[ordinal] = standing
    }

    /// Adds a block; those behind it move on by one place.
    ///
    /// - Complexity: O(blocks).
    mutating func insert(_ block: UInt32, first: IndexStanding, at ordinal: Int) {
        blocks.insert(block, at: ordinal)
        firsts.insert(first, at: ordinal)
        if blocks.count > live.count * 64 { live.append(0) }
        for place in (ordinal..<blocks.count - 1).reversed() { setLive(place + 1, isLive(place)) }
        setLive(ordinal, false)
    }

    /// Takes a block out; those behind it move up by one place.
    ///
    /// - Complexity: O(blocks).
    mutating func remove(at ordinal: Int) {
        for place in ordinal..<blocks.count - 1 { setLive(place, isLive(place + 1)) }
        setLive(blocks.count - 1, false)
        blocks.remove(at: ordinal)
        firsts.remove(at: ordinal)
    }
}

/// An order in one bucket: where it stands there, and how it is found. What ranks it is in its leaf, as
/// an ``IndexSeat``.
struct IndexEntry: Sendable {
    /// The number of its block; ``none`` until it has one.
    var block = none
    /// Its leaf's word, counted from the block's first.
    var word: UInt8 = 0
    /// Its bit in that word.
    var lane: UInt8 = 0
    /// The entry of the same order in another bucket, or ``none``.
    let next: UInt32
    /// The next entry in its chain, or ``none``: see ``AdvisorChains``.
    var nextInChain = none
    /// The attributes it has predicates on, a bit each.
    let attributes: UInt64

    /// In place of an entry's number.
    static let none = UInt32.max

    /// Notes where it stands now.
    mutating func stand(inLane lane: Int, ofWord word: Int, of block: Int) {
        self.block = UInt32(block)
        self.word = UInt8(word)
        self.lane = UInt8(lane)
    }
}
