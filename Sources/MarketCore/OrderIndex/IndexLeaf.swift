/// Up to 64 entries of a bucket: one bit each in one word of every row of a slab's planes.
///
/// Entries keep their lane, the number of their bit, while others come and go; their rank among the
/// leaf's entries stands apart, so that to insert one shifts no plane.
///
/// It is a view of the slab's memory, good until the slab changes its size or is shared; to change it
/// takes one from ``IndexSlab/ownLeaf(_:)``.
@safe struct IndexLeaf {
    /// How many entries a leaf has room for.
    static let capacity = 64

    /// Its word of the first row.
    private let bits: UnsafeMutablePointer<UInt64>
    /// How many words further the next row's is.
    private let stride: Int
    /// The entry in each lane.
    private let entries: UnsafeMutablePointer<UInt32>
    /// The rank of each taken lane: the place of the lane in `lanes`.
    private let ranks: UnsafeMutablePointer<UInt8>
    /// The taken lanes in order of rank.
    private let lanes: UnsafeMutablePointer<UInt8>
    private let head: UnsafeMutablePointer<LeafHead>

    init(_ memory: SlabMemory, word: Int) {
        unsafe bits = memory.planes + word
        stride = memory.words
        unsafe entries = memory.entries + word &* Self.capacity
        unsafe ranks = memory.ranks + word &* Self.capacity
        unsafe lanes = memory.lanes + word &* Self.capacity
        unsafe head = memory.heads + word
    }

    /// Its word in a row.
    subscript(row: Int) -> UInt64 {
        @inline(__always) get { unsafe bits[row &* stride] }
        @inline(__always) nonmutating set { unsafe bits[row &* stride] = newValue }
    }

    /// What no entry of the leaf goes before.
    var first: IndexStanding {
        get { unsafe head.pointee.first }
        nonmutating set { unsafe head.pointee.first = newValue }
    }

    /// The lanes that are taken, a bit each.
    var occupied: UInt64 { unsafe head.pointee.occupied }

    /// How many lanes are taken.
    var count: Int { unsafe head.pointee.count }

    /// The lane of a rank below ``count``.
    @inline(__always)
    func lane(rank: Int) -> Int { unsafe Int(lanes[rank]) }

    /// The rank of a lane that is taken.
    func rank(lane: Int) -> Int { unsafe Int(ranks[lane]) }

    /// The entry of a rank below ``count``.
    @inline(__always)
    func entry(rank: Int) -> Int { unsafe Int(entries[Int(lanes[rank])]) }

    /// The ranks of some taken lanes, a bit each.
    @inline(__always)
    func ranks(of hits: UInt64) -> UInt64 {
        var found: UInt64 = 0
        var rest = hits
        while rest != 0 {
            found |= unsafe 1 &<< UInt64(ranks[rest.trailingZeroBitCount])
            rest &= rest &- 1
        }
        return found
    }

    /// Puts an entry into a free lane, in which its bits are to stand.
    ///
    /// - Returns: The lane.
    func insert(_ entry: UInt32, at rank: Int) -> Int {
        let lane = (~occupied).trailingZeroBitCount
        insert(entry, at: rank, lane: lane)
        return lane
    }

    /// Puts an entry into a certain lane, which is free.
    func insert(_ entry: UInt32, at rank: Int, lane: Int) {
        unsafe head.pointee.occupied |= 1 &<< UInt64(lane)
        unsafe entries[lane] = entry
        var place = count
        while place > rank {
            setLane(unsafe lanes[place &- 1], at: place)
            place &-= 1
        }
        setLane(UInt8(lane), at: rank)
        unsafe head.pointee.count += 1
    }

    /// Frees a lane.
    func remove(_ lane: Int) {
        unsafe head.pointee.occupied &= ~(1 &<< UInt64(lane))
        unsafe head.pointee.count -= 1
        var place = unsafe Int(ranks[lane])
        while place < count {
            setLane(unsafe lanes[place &+ 1], at: place)
            place &+= 1
        }
    }

    /// Begins anew as a leaf without entries, before which none of its entries is to go.
    func clear(first: IndexStanding) {
        unsafe head.pointee = LeafHead(first: first)
    }

    /// Moves the entries from a rank on, and their bits in all rows, to an empty leaf, in which they
    /// keep their lanes.
    func move(from rank: Int, to other: IndexLeaf, rows: Int) {
        var moved: UInt64 = 0
        for place in rank..<count {
            let lane = lane(rank: place)
            moved |= 1 &<< UInt64(lane)
            unsafe other.entries[lane] = entries[lane]
            other.setLane(UInt8(lane), at: place - rank)
        }
        unsafe other.head.pointee.occupied = moved
        unsafe other.head.pointee.count = count - rank
        unsafe head.pointee.occupied &= ~moved
        unsafe head.pointee.count = rank
        for row in 0..<rows {
            other[row] = self[row] & moved
            self[row] &= ~moved
        }
    }

    private func setLane(_ lane: UInt8, at rank: Int) {
        unsafe lanes[rank] = lane
        unsafe ranks[Int(lane)] = UInt8(truncatingIfNeeded: rank)
    }
}

/// What stands beside a leaf's entries.
struct LeafHead {
    /// What no entry of the leaf goes before.
    var first: IndexStanding
    /// The lanes that are taken, a bit each.
    var occupied: UInt64 = 0
    /// How many lanes are taken.
    var count = 0
}
