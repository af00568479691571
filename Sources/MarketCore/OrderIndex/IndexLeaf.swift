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
    private let head: UnsafeMutablePointer<LeafHead>
    private let body: UnsafeMutablePointer<LeafBody>

    init(_ memory: SlabMemory, word: Int) {
        unsafe bits = memory.planes + word
        stride = memory.words
        unsafe head = memory.heads + word
        unsafe body = memory.bodies + word
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
    var count: Int { unsafe Int(head.pointee.count) }

    /// The lane of a rank below ``count``.
    @inline(__always)
    func lane(rank: Int) -> Int { unsafe Int(body.pointee.lanes[rank]) }

    /// The rank of a lane that is taken.
    func rank(lane: Int) -> Int { unsafe Int(body.pointee.ranks[lane]) }

    /// The number of the entry in a lane that is taken.
    @inline(__always)
    func entry(lane: Int) -> UInt32 { unsafe body.pointee.entries[lane] }

    /// What ranks the entry in a lane that is taken.
    @inline(__always)
    func seat(lane: Int) -> IndexSeat { unsafe body.pointee.seats[lane] }

    /// The rank of the entry that came last into the leaf; `nil` where that has left or moved.
    var latestRank: Int? {
        let lane = unsafe UInt64(head.pointee.latest)
        return occupied & (1 << lane) == 0 ? nil : rank(lane: Int(lane))
    }

    /// The rank that an entry with `standing` would have.
    ///
    /// - Complexity: O(log ``count``); a few steps where it goes behind the one that came last.
    func rank(of standing: IndexStanding) -> Int {
        @inline(__always) func goesBefore(_ rank: Int) -> Bool {
            standing.goesBefore(seat(lane: lane(rank: rank)).standing)
        }
        var low = 0
        var high = count
        if let latest = latestRank {
            if goesBefore(latest) {
                high = latest
            } else {
                low = latest + 1
                if low == high || goesBefore(low) { return low }
            }
        }
        while low < high {
            let middle = (low + high) / 2
            if goesBefore(middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// A lane that is not taken, in a leaf that is not full.
    var freeLane: Int { (~occupied).trailingZeroBitCount }

    /// Puts an entry into a lane that is free.
    func insert(_ entry: UInt32, _ seat: IndexSeat, at rank: Int, lane: Int) {
        unsafe head.pointee.occupied |= 1 &<< UInt64(lane)
        unsafe body.pointee.entries[lane] = entry
        unsafe body.pointee.seats[lane] = seat
        var place = count
        while place > rank {
            setLane(unsafe body.pointee.lanes[place &- 1], at: place)
            place &-= 1
        }
        setLane(UInt8(lane), at: rank)
        unsafe head.pointee.count += 1
        unsafe head.pointee.latest = UInt8(truncatingIfNeeded: lane)
    }

    /// Frees a lane.
    func remove(_ lane: Int) {
        unsafe head.pointee.occupied &= ~(1 &<< UInt64(lane))
        unsafe head.pointee.count -= 1
        var place = rank(lane: lane)
        while place < count {
            setLane(unsafe body.pointee.lanes[place &+ 1], at: place)
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
            unsafe other.body.pointee.entries[lane] = body.pointee.entries[lane]
            unsafe other.body.pointee.seats[lane] = body.pointee.seats[lane]
            other.setLane(UInt8(lane), at: place - rank)
        }
        let latest = unsafe head.pointee.latest
        if moved & 1 << UInt64(latest) != 0 { unsafe other.head.pointee.latest = latest }
        unsafe other.head.pointee.occupied = moved
        unsafe other.head.pointee.count = UInt8(count - rank)
        unsafe head.pointee.occupied &= ~moved
        unsafe head.pointee.count = UInt8(rank)
        for row in 0..<rows {
            other[row] = self[row] & moved
            self[row] &= ~moved
        }
    }

    private func setLane(_ lane: UInt8, at rank: Int) {
        unsafe body.pointee.lanes[rank] = lane
        unsafe body.pointee.ranks[Int(lane)] = UInt8(truncatingIfNeeded: rank)
    }
}

/// What tells of a leaf as a whole.
struct LeafHead {
    /// What no entry of the leaf goes before.
    var first: IndexStanding
    /// The lanes that are taken, a bit each.
    var occupied: UInt64 = 0
    /// How many lanes are taken.
    var count: UInt8 = 0
    /// The lane that was taken last; 64 in a leaf without entries.
    var latest: UInt8 = 64
}

/// What stands beside a leaf's bits, lane by lane: all of it in one piece, as a match goes from one to
/// the other.
struct LeafBody {
    /// What ranks the entry in each lane.
    var seats: InlineArray<64, IndexSeat>
    /// The rank of each taken lane: the place of the lane in ``lanes``.
    var ranks: InlineArray<64, UInt8>
    /// The taken lanes in order of rank.
    var lanes: InlineArray<64, UInt8>
    /// The number of the entry in each lane.
    var entries: InlineArray<64, UInt32>
}
