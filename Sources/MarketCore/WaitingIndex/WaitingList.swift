/// Waiting leads in blocks of 64, from the oldest block to the newest, with what they declare in
/// bit planes (``PlaneLayout``).
///
/// Invariants:
/// 1. Blocks ascend by ``Block/firstID`` and by ``Block/firstArrival``; every lead of a block is at
///    or after both and before those of the next block. Within a block leads stand in any order.
/// 2. No block is empty; its rows past ``Block/used`` have no bit in any plane, so a row is written
///    once in the life of its block.
/// 3. A lead that left keeps its bits, but for the one in the live plane.
/// 4. ``count`` is the number of live bits; no lead is newer than ``newest``.
struct WaitingList: Sendable {
    /// A block's place among the others and in the arrays.
    struct Block: Sendable {
        var firstID: UInt64
        /// Microseconds, as the timestamp's.
        var firstArrival: Int64
        let slot: Int32
        /// How many of its rows were ever written.
        var used: Int32
    }

    /// Who stands in a row.
    struct Row: Sendable {
        var id: UInt64 = 0
        var arrival: Int64 = 0
    }

    /// What part of a list is searched.
    struct Window: Sendable {
        /// Leads older than this one.
        var below: UInt64
        /// Leads newer than this one.
        var above: UInt64
        /// The earliest arrival.
        var earliest: Int64
        /// The latest arrival.
        var latest: Int64
    }

    /// A block that this many leads are left in or fewer is merged with a neighbour that has room.
    static let sparse = 16
    /// The most leads of a block that is made by merging, and of one that is tidied up, not split.
    static let roomy = 48

    /// The blocks, oldest first.
    private(set) var blocks: [Block] = []
    /// The planes, ``stride`` words for each slot.
    private(set) var words: [UInt64] = []
    /// The rows, 64 for each slot.
    private(set) var rows: [Row] = []
    private var freeSlots: [Int32] = []
    private let stride: Int

    /// How many leads stand in it.
    private(set) var count = 0
    /// No lead is newer; 0 for an empty list.
    private(set) var newest: UInt64 = 0

    /// A list without leads.
    init(_ layout: PlaneLayout) {
        stride = layout.planeCount
    }

    /// The newest lead within `window` that `probe` lets pass and `isEligible`.
    ///
    /// - Parameter touched: is raised by the number of blocks asked.
    /// - Complexity: O(blocks from the newest down to the answer's).
    func newest(
        _ probe: FilterProbe, in window: Window, touched: inout Int,
        isEligible: (_ id: UInt64) -> Bool
    ) -> UInt64? {
        guard newest > window.above else { return nil }
        let words = words.span
        var place = start(of: window)
        while place >= 0 {
            let block = blocks[place]
            touched += 1
            var passing = probe.passing(words, at: Int(block.slot) * stride)
            while passing != 0 {
                guard let candidate = newest(of: &passing, in: block, window) else { break }
                if isEligible(candidate) { return candidate }
            }
            if block.firstID <= window.above || block.firstArrival < window.earliest { break }
            place -= 1
        }
        return nil
    }

    /// Takes the newest lead within `window` out of `passing`; drops all that lie outside.
    private func newest(
        of passing: inout UInt64, in block: Block, _ window: Window
    ) -> UInt64? {
        let first = Int(block.slot) * 64
        var newest: (id: UInt64, bit: UInt64)?
        var rest = passing
        while rest != 0 {
            let row = rows[first + rest.trailingZeroBitCount]
            let bit = rest & (0 &- rest)
            rest &= rest - 1
            let isInside =
                row.id < window.below && row.id > window.above && row.arrival >= window.earliest
                && row.arrival <= window.latest
            if !isInside {
                passing &= ~bit
            } else if row.id > newest?.id ?? 0 {
                newest = (row.id, bit)
            }
        }
        guard let newest else { return nil }
        passing &= ~newest.bit
        return newest.id
    }

    /// The last block that begins before the end of `window`; -1 when none does.
    private func start(of window: Window) -> Int {
        lastBlock { $0.firstID < window.below && $0.firstArrival <= window.latest }
    }

    /// The last block that `isEarly`, which holds of the blocks up to some place; -1 for none.
    private func lastBlock(where isEarly: (Block) -> Bool) -> Int {
        if let last = blocks.last, isEarly(last) { return blocks.count - 1 }
        var low = 0
        var high = blocks.count
        while low < high {
            let middle = (low + high) / 2
            if isEarly(blocks[middle]) { low = middle + 1 } else { high = middle }
        }
        return low - 1
    }
}

// MARK: - Coming and going

extension WaitingList {
    /// Adds a lead that is not in the list.
    ///
    /// - Complexity: O(digits declared) for the newest; for another one O(log n), the moves of half
    ///   a block where it is full, and those of the blocks' places behind it.
    mutating func insert(_ lead: Lead, _ layout: PlaneLayout) {
        let row = Row(id: lead.id.rawValue, arrival: lead.arrivedAt.microseconds)
        let place = placeWithRoom(for: row)
        let slot = Int(blocks[place].slot)
        let index = Int(blocks[place].used)
        rows[slot * 64 + index] = row
        layout.write(lead, bit: 1 << UInt64(index), to: &words, at: slot * stride)
        blocks[place].used += 1
        count += 1
        newest = max(newest, row.id)
    }

    /// Takes out a lead.
    ///
    /// - Returns: Whether it was in the list.
    /// - Complexity: O(log n); at every block that empties, the moves of the blocks' places behind.
    mutating func remove(_ id: LeadID) -> Bool {
        let place = lastBlock { $0.firstID <= id.rawValue }
        guard place >= 0, let index = row(of: id.rawValue, in: blocks[place]) else { return false }
        let base = Int(blocks[place].slot) * stride
        words[base] &= ~(1 << UInt64(index))
        count -= 1
        let left = words[base].nonzeroBitCount
        if left == 0 {
            drop(place)
        } else if left <= Self.sparse {
            merge(place)
        }
        return true
    }

    /// The row of a live lead in a block.
    private func row(of id: UInt64, in block: Block) -> Int? {
        var rest = words[Int(block.slot) * stride + PlaneLayout.livePlane]
        while rest != 0 {
            let index = 63 - rest.leadingZeroBitCount
            if rows[Int(block.slot) * 64 + index].id == id { return index }
            rest &= ~(1 << UInt64(index))
        }
        return nil
    }

    /// The place of a block that `row` belongs into and that has a row to write.
    private mutating func placeWithRoom(for row: Row) -> Int {
        guard let last = blocks.last, row.id <= newest || last.used < 64 else {
            return open(at: blocks.count, first: row)
        }
        var place = lastBlock { $0.firstID <= row.id }
        if place < 0 {
            place = 0
            blocks[0].firstID = row.id
            blocks[0].firstArrival = min(row.arrival, blocks[0].firstArrival)
        }
        if blocks[place].used < 64 { return place }
        if live(place) <= Self.roomy {
            tidy(place)
            return place
        }
        split(place)
        return row.id < blocks[place + 1].firstID ? place : place + 1
    }

    /// Makes an empty block, which a row has to follow.
    private mutating func open(at place: Int, first: Row) -> Int {
        let slot: Int32
        if let free = freeSlots.popLast() {
            slot = free
            for index in Int(slot) * stride..<(Int(slot) + 1) * stride { words[index] = 0 }
        } else {
            slot = Int32(rows.count / 64)
            words.append(contentsOf: repeatElement(0, count: stride))
            rows.append(contentsOf: repeatElement(Row(), count: 64))
        }
        blocks.insert(
            Block(firstID: first.id, firstArrival: first.arrival, slot: slot, used: 0), at: place)
        return place
    }

    private mutating func drop(_ place: Int) {
        freeSlots.append(blocks[place].slot)
        blocks.remove(at: place)
        if blocks.isEmpty { newest = 0 }
    }

    private func live(_ place: Int) -> Int {
        words[Int(blocks[place].slot) * stride + PlaneLayout.livePlane].nonzeroBitCount
    }
}

// MARK: - Moving rows

extension WaitingList {
    /// Joins a sparse block with a neighbour that has room for it, if there is one.
    private mutating func merge(_ place: Int) {
        let lower: Int
        if place > 0, live(place - 1) + live(place) <= Self.roomy {
            lower = place - 1
        } else if place + 1 < blocks.count, live(place + 1) + live(place) <= Self.roomy {
            lower = place
        } else {
            return
        }
        tidy(lower)
        let base = Int(blocks[lower + 1].slot) * stride
        move(words[base + PlaneLayout.livePlane], of: lower + 1, to: lower)
        drop(lower + 1)
    }

    /// Moves the newer half of a full block into a block of its own.
    private mutating func split(_ place: Int) {
        let base = Int(blocks[place].slot) * stride
        let first = Int(blocks[place].slot) * 64
        let ordered = (0..<64).filter { words[base] >> UInt64($0) & 1 == 1 }.sorted {
            rows[first + $0].id < rows[first + $1].id
        }
        let upper = ordered[(ordered.count / 2)...]
        let bits = upper.reduce(UInt64(0)) { $0 | 1 << UInt64($1) }
        let new = open(at: place + 1, first: rows[first + upper[upper.startIndex]])
        move(bits, of: place, to: new)
        words[base + PlaneLayout.livePlane] &= ~bits
        tidy(place)
    }

    /// Copies rows of one block behind the rows of another.
    private mutating func move(_ bits: UInt64, of source: Int, to target: Int) {
        let sourceSlot = Int(blocks[source].slot)
        let targetSlot = Int(blocks[target].slot)
        let used = Int(blocks[target].used)
        for plane in 0..<stride {
            let moved = Self.gather(words[sourceSlot * stride + plane], bits) << UInt64(used)
            words[targetSlot * stride + plane] |= moved
        }
        var rest = bits
        var next = targetSlot * 64 + used
        while rest != 0 {
            rows[next] = rows[sourceSlot * 64 + rest.trailingZeroBitCount]
            rest &= rest - 1
            next += 1
        }
        blocks[target].used += Int32(bits.nonzeroBitCount)
    }

    /// Moves the leads of a block to its first rows.
    private mutating func tidy(_ place: Int) {
        let slot = Int(blocks[place].slot)
        let live = words[slot * stride + PlaneLayout.livePlane]
        guard live.nonzeroBitCount < Int(blocks[place].used) else { return }
        for plane in 0..<stride {
            words[slot * stride + plane] = Self.gather(words[slot * stride + plane], live)
        }
        var rest = live
        var next = slot * 64
        while rest != 0 {
            rows[next] = rows[slot * 64 + rest.trailingZeroBitCount]
            rest &= rest - 1
            next += 1
        }
        blocks[place].used = Int32(live.nonzeroBitCount)
    }

    /// The bits of `word` that `mask` names, moved together at the low end.
    private static func gather(_ word: UInt64, _ mask: UInt64) -> UInt64 {
        guard word & mask != 0 else { return 0 }
        var gathered: UInt64 = 0
        var rest = mask
        var place: UInt64 = 0
        while rest != 0 {
            gathered |= (word >> UInt64(rest.trailingZeroBitCount) & 1) << place
            rest &= rest - 1
            place += 1
        }
        return gathered
    }
}
