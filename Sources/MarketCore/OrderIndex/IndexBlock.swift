/// Up to 64 entries of a bucket: one bit each in the words of the block's planes.
///
/// Entries keep their lane, the number of their bit, while others come and go; their rank among the
/// leaf's entries stands apart, so that to insert one shifts no plane.
struct IndexLeaf: Sendable {
    /// What no entry of the leaf goes before.
    var first: IndexStanding
    /// The lanes that are taken, a bit each.
    private(set) var occupied: UInt64 = 0
    /// How many lanes are taken.
    private(set) var count = 0
    /// The entry in each lane.
    private(set) var entries = InlineArray<64, UInt32>(repeating: 0)
    /// The taken lanes in order of rank.
    private(set) var lanes = InlineArray<64, UInt8>(repeating: 0)
    /// The rank of each taken lane: the place of the lane in ``lanes``.
    private(set) var ranks = InlineArray<64, UInt8>(repeating: 0)

    /// A leaf without entries.
    init(first: IndexStanding) {
        self.first = first
    }

    /// The entry of a rank below ``count``.
    func entry(rank: Int) -> UInt32 { entries[Int(lanes[rank])] }

    /// The best-ranked lane out of `hits`, which is not empty.
    @inline(__always)
    func best(of hits: UInt64) -> Int {
        var best = hits.trailingZeroBitCount
        var rest = hits & (hits - 1)
        while rest != 0 {
            let lane = rest.trailingZeroBitCount
            rest &= rest - 1
            if ranks[lane] < ranks[best] { best = lane }
        }
        return best
    }

    /// Puts an entry into a free lane, in which its bits are to stand.
    mutating func insert(_ entry: UInt32, at rank: Int) -> Int {
        let lane = (~occupied).trailingZeroBitCount
        insert(entry, at: rank, lane: lane)
        return lane
    }

    /// Puts an entry into a certain lane, which is free.
    mutating func insert(_ entry: UInt32, at rank: Int, lane: Int) {
        occupied |= 1 << UInt64(lane)
        entries[lane] = entry
        for place in (rank..<count).reversed() { setLane(lanes[place], at: place + 1) }
        setLane(UInt8(lane), at: rank)
        count += 1
    }

    /// Frees a lane.
    mutating func remove(_ lane: Int) {
        occupied &= ~(1 << UInt64(lane))
        count -= 1
        for place in Int(ranks[lane])..<count { setLane(lanes[place + 1], at: place) }
    }

    /// Moves the upper half, by rank, to a leaf in which they keep their lanes.
    mutating func split(first: IndexStanding) -> IndexLeaf {
        var upper = IndexLeaf(first: first)
        let half = count / 2
        for rank in half..<count {
            let lane = lanes[rank]
            upper.occupied |= 1 << UInt64(lane)
            upper.entries[Int(lane)] = entries[Int(lane)]
            upper.setLane(lane, at: rank - half)
        }
        upper.count = count - half
        occupied &= ~upper.occupied
        count = half
        return upper
    }

    private mutating func setLane(_ lane: UInt8, at rank: Int) {
        lanes[rank] = lane
        ranks[Int(lane)] = UInt8(rank)
    }
}

/// The memory of a block: its planes, row by row, and what stands beside them.
///
/// It changes only while one block alone refers to it, which ``IndexBlock`` sees to; so a copy of a
/// market shares it until one of them changes the block.
@safe final class BlockMemory: @unchecked Sendable {
    let rows: Int
    let width: Int
    fileprivate let planes: UnsafeMutablePointer<UInt64>
    fileprivate let leaves: UnsafeMutablePointer<IndexLeaf>

    /// Planes without a bit.
    init(rows: Int, width: Int) {
        self.rows = rows
        self.width = width
        unsafe planes = .allocate(capacity: rows * width)
        unsafe planes.initialize(repeating: 0, count: rows * width)
        unsafe leaves = .allocate(capacity: width)
        let none = IndexLeaf(first: IndexStanding(merits: .init(repeating: 0), slot: 0))
        unsafe leaves.initialize(repeating: none, count: width)
    }

    /// A copy with room for more.
    fileprivate convenience init(_ other: BlockMemory, rows: Int, width: Int) {
        self.init(rows: rows, width: width)
        for word in 0..<other.width {
            unsafe leaves[word] = other.leaves[word]
            for row in 0..<other.rows {
                unsafe planes[row * width + word] = other.planes[row * other.width + word]
            }
        }
    }

    deinit {
        unsafe planes.deallocate()
        unsafe leaves.deallocate()
    }
}

/// Up to eight leaves of a bucket and the planes of their entries: rows of one word for each leaf.
///
/// What reads goes straight to the memory; whatever writes asks for ``ownPlanes()`` or
/// ``ownLeaves()``, which copy memory that another block refers to.
///
/// Sendable because its memory is shared only while nobody changes it.
@safe struct IndexBlock: @unchecked Sendable {
    /// The most leaves of a block: the words of the widest row.
    static let widest = 8

    /// The bucket it is in.
    let bucket: Int
    /// Its place among the blocks of its bucket.
    var ordinal: Int
    /// How many leaves it has.
    private(set) var leafCount = 0
    /// The words of its leaves, best rank first.
    private(set) var words = InlineArray<8, UInt8>(repeating: 0)
    private var memory: BlockMemory
    /// The planes, for reading.
    private(set) var planes: UnsafePointer<UInt64>
    /// The leaves by word, for reading.
    private(set) var leaves: UnsafePointer<IndexLeaf>

    /// A block without leaves.
    init(bucket: Int, ordinal: Int, memory: BlockMemory) {
        self.bucket = bucket
        self.ordinal = ordinal
        self.memory = memory
        unsafe planes = UnsafePointer(memory.planes)
        unsafe leaves = UnsafePointer(memory.leaves)
    }

    /// How many leaves there is room for.
    var width: Int { memory.width }

    /// The leaf at a place in order of rank.
    func leaf(_ index: Int) -> IndexLeaf { unsafe leaves[Int(words[index])] }

    /// The planes, for writing.
    mutating func ownPlanes() -> UnsafeMutablePointer<UInt64> {
        own()
        return unsafe memory.planes
    }

    /// The leaves by word, for writing.
    mutating func ownLeaves() -> UnsafeMutablePointer<IndexLeaf> {
        own()
        return unsafe memory.leaves
    }

    /// Makes room for more rows or leaves.
    ///
    /// - Complexity: O(rows).
    mutating func reserve(rows: Int, width: Int) {
        adopt(BlockMemory(memory, rows: rows, width: width))
    }

    /// Takes a free word for a leaf at a place in order of rank.
    mutating func insertLeaf(_ leaf: IndexLeaf, at index: Int) -> Int {
        var taken = 0
        for place in 0..<leafCount { taken |= 1 << Int(words[place]) }
        let word = (~taken).trailingZeroBitCount
        for place in (index..<leafCount).reversed() { words[place + 1] = words[place] }
        words[index] = UInt8(word)
        leafCount += 1
        unsafe ownLeaves()[word] = leaf
        return word
    }

    /// Frees the word of the leaf at a place in order of rank; its planes have no bits any more.
    mutating func removeLeaf(at index: Int) {
        leafCount -= 1
        for place in index..<leafCount { words[place] = words[place + 1] }
    }

    /// Whether any of its entries is live.
    var isLive: Bool {
        var live: UInt64 = 0
        for word in 0..<width { unsafe live |= planes[word] }
        return live != 0
    }

    private mutating func own() {
        guard !isKnownUniquelyReferenced(&memory) else { return }
        adopt(BlockMemory(memory, rows: memory.rows, width: memory.width))
    }

    private mutating func adopt(_ other: BlockMemory) {
        memory = other
        unsafe planes = UnsafePointer(memory.planes)
        unsafe leaves = UnsafePointer(memory.leaves)
    }
}
