// MARK: - Where entries stand

extension OrderIndex {
    /// Where an entry belongs: a block's place in its bucket, and a leaf's in the block.
    private struct Place {
        var ordinal: Int
        var leaf: Int
    }

    /// Gives an entry its place in a bucket; it has no bits yet.
    mutating func enter(_ number: UInt32, in bucket: Int) {
        let standing = entries[Int(number)].standing
        if buckets[bucket].blocks.isEmpty { addBlock(to: bucket, first: standing, at: 0, width: 1) }
        var place = place(of: standing, in: bucket)
        while count(at: place, of: bucket) == 64 {
            makeRoom(at: place, of: bucket, for: standing)
            place = self.place(of: standing, in: bucket)
        }
        let block = Int(buckets[bucket].blocks[place.ordinal])
        if standing.goesBefore(buckets[bucket].firsts[place.ordinal]) {
            buckets[bucket].setFirst(standing, at: place.ordinal)
        }
        let word = Int(blocks[block].words[place.leaf])
        let rank = rank(of: standing, inLeafOf: word, of: block)
        let leaves = unsafe blocks[block].ownLeaves()
        if unsafe standing.goesBefore(leaves[word].first) {
            unsafe leaves[word].first = standing
        }
        let lane = unsafe leaves[word].insert(number, at: rank)
        entries[Int(number)].block = UInt32(block)
        entries[Int(number)].word = UInt8(word)
        entries[Int(number)].lane = UInt8(lane)
    }

    /// Takes an entry and its bits from its place.
    mutating func leave(_ number: UInt32) {
        let entry = entries[Int(number)]
        let block = Int(entry.block)
        let width = blocks[block].width
        let bit: UInt64 = 1 << UInt64(entry.lane)
        let mask = ~bit
        let planes = unsafe blocks[block].ownPlanes()
        for row in 0..<CellTables.reservedRows {
            unsafe planes[row * width + Int(entry.word)] &= mask
        }
        cells.forEachRow(of: entry.attributes) { row in
            unsafe planes[row * width + Int(entry.word)] &= mask
        }
        unsafe blocks[block].ownLeaves()[Int(entry.word)].remove(Int(entry.lane))
        tidy(block, word: entry.word)
        followLive(block)
    }

    /// Brings the turn by which an entry stands up to date, and the entry to where that belongs.
    ///
    /// - Complexity: O(log orders), and O(rows of its attributes) where it changes its leaf.
    mutating func refreshTurn(_ number: UInt32) {
        let entry = entries[Int(number)]
        let bucket = blocks[Int(entry.block)].bucket
        let category = buckets[bucket].category
        var standing = entry.standing
        standing.merits[ranks[category.index].turnPlace] = turn(of: entry.advisor, in: category)
        entries[Int(number)].standing = standing
        let place = place(of: standing, in: bucket)
        let block = Int(buckets[bucket].blocks[place.ordinal])
        if block == Int(entry.block), blocks[block].words[place.leaf] == entry.word {
            let leaves = unsafe blocks[block].ownLeaves()
            unsafe leaves[Int(entry.word)].remove(Int(entry.lane))
            let rank = rank(of: standing, inLeafOf: Int(entry.word), of: block)
            unsafe leaves[Int(entry.word)].insert(number, at: rank, lane: Int(entry.lane))
        } else {
            let rows = setRows(of: number)
            leave(number)
            enter(number, in: bucket)
            setBits(of: number, rows: rows)
            followLive(Int(entries[Int(number)].block))
        }
    }

    /// The rows in which an entry has its bit.
    private func setRows(of number: UInt32) -> [Int] {
        let entry = entries[Int(number)]
        let width = blocks[Int(entry.block)].width
        let planes = unsafe blocks[Int(entry.block)].planes
        var rows: [Int] = []
        func look(_ row: Int) {
            let word = unsafe planes[row * width + Int(entry.word)]
            if word & (1 << UInt64(entry.lane)) != 0 { rows.append(row) }
        }
        for row in 0..<CellTables.reservedRows { look(row) }
        cells.forEachRow(of: entry.attributes, look)
        return rows
    }

    private func place(of standing: IndexStanding, in bucket: Int) -> Place {
        let ordinal = buckets[bucket].ordinal(of: standing)
        let block = Int(buckets[bucket].blocks[ordinal])
        var leaf = blocks[block].leafCount - 1
        while leaf > 0 {
            let first = unsafe blocks[block].leaves[Int(blocks[block].words[leaf])].first
            guard standing.goesBefore(first) else { break }
            leaf -= 1
        }
        return Place(ordinal: ordinal, leaf: leaf)
    }

    /// How many entries the leaf at a place has.
    private func count(at place: Place, of bucket: Int) -> Int {
        let block = Int(buckets[bucket].blocks[place.ordinal])
        return unsafe blocks[block].leaves[Int(blocks[block].words[place.leaf])].count
    }

    /// The rank that an entry with `standing` would have in the leaf of a word.
    private func rank(of standing: IndexStanding, inLeafOf word: Int, of block: Int) -> Int {
        let leaf = unsafe blocks[block].leaves + word
        var low = 0
        var high = unsafe leaf.pointee.count
        while low < high {
            let middle = (low + high) / 2
            let other = unsafe entries[Int(leaf.pointee.entry(rank: middle))].standing
            if standing.goesBefore(other) {
                high = middle
            } else {
                low = middle + 1
            }
        }
        return low
    }
}

// MARK: - Bits

extension OrderIndex {
    /// Sets or clears the bit of an entry in a row other than that of what is live.
    mutating func setBit(of number: UInt32, row: Int, to isSet: Bool) {
        let entry = entries[Int(number)]
        let block = Int(entry.block)
        let place = row * blocks[block].width + Int(entry.word)
        let bit: UInt64 = 1 << UInt64(entry.lane)
        let planes = unsafe blocks[block].ownPlanes()
        if isSet { unsafe planes[place] |= bit } else { unsafe planes[place] &= ~bit }
    }

    /// Sets the bit of an entry in rows other than that of what is live.
    mutating func setBits(of number: UInt32, rows: [Int]) {
        let block = Int(entries[Int(number)].block)
        let word = Int(entries[Int(number)].word)
        let bit: UInt64 = 1 &<< UInt64(entries[Int(number)].lane)
        let width = blocks[block].width
        let planes = unsafe blocks[block].ownPlanes()
        for row in rows { unsafe planes[row &* width &+ word] |= bit }
    }

    /// Sets or clears the live bit of an entry.
    mutating func setLive(_ number: UInt32, _ isLive: Bool) {
        setBit(of: number, row: 0, to: isLive)
        followLive(Int(entries[Int(number)].block))
    }

    /// Brings a block's bit in its bucket up to date.
    private mutating func followLive(_ block: Int) {
        guard blocks[block].leafCount > 0 else { return }
        buckets[blocks[block].bucket].setLive(blocks[block].ordinal, blocks[block].isLive)
    }
}

// MARK: - Growing and shrinking

extension OrderIndex {
    /// Makes room where the leaf at `place` is full: a leaf behind the bucket's last for what goes
    /// behind all, else half of the leaf moves to a new one; for which the block may have to be
    /// widened or split first.
    private mutating func makeRoom(at place: Place, of bucket: Int, for standing: IndexStanding) {
        let block = Int(buckets[bucket].blocks[place.ordinal])
        let full = blocks[block].leaf(place.leaf)
        let last = entries[Int(full.entry(rank: 63))].standing
        let isBehindAll =
            place.ordinal == buckets[bucket].blocks.count - 1
            && place.leaf == blocks[block].leafCount - 1 && last.goesBefore(standing)
        if blocks[block].leafCount == blocks[block].width {
            if blocks[block].width < IndexBlock.widest {
                blocks[block].reserve(rows: rowCapacity, width: blocks[block].width * 2)
            } else if isBehindAll {
                addBlock(
                    to: bucket, first: standing, at: place.ordinal + 1, width: IndexBlock.widest)
            } else {
                splitBlock(at: place.ordinal, of: bucket)
            }
        } else if isBehindAll {
            _ = blocks[block].insertLeaf(IndexLeaf(first: standing), at: place.leaf + 1)
        } else {
            splitLeaf(at: place.leaf, of: block)
        }
    }

    private mutating func addBlock(
        to bucket: Int, first: IndexStanding, at ordinal: Int, width: Int
    ) {
        let number = takeBlock(in: bucket, first: first, at: ordinal, width: width)
        _ = blocks[number].insertLeaf(IndexLeaf(first: first), at: 0)
    }

    private mutating func takeBlock(
        in bucket: Int, first: IndexStanding, at ordinal: Int, width: Int
    ) -> Int {
        let memory = BlockMemory(rows: rowCapacity, width: width)
        let block = IndexBlock(bucket: bucket, ordinal: ordinal, memory: memory)
        let number = freeBlocks.popLast() ?? UInt32(blocks.count)
        if Int(number) == blocks.count {
            blocks.append(block)
        } else {
            blocks[Int(number)] = block
        }
        buckets[bucket].insert(number, first: first, at: ordinal)
        renumber(from: ordinal + 1, of: bucket)
        return Int(number)
    }

    private mutating func dropBlock(_ block: Int) {
        let bucket = blocks[block].bucket
        let ordinal = blocks[block].ordinal
        blocks[block] = IndexBlock(bucket: bucket, ordinal: 0, memory: Self.noMemory)
        freeBlocks.append(UInt32(block))
        buckets[bucket].remove(at: ordinal)
        renumber(from: ordinal, of: bucket)
    }

    private mutating func renumber(from ordinal: Int, of bucket: Int) {
        for place in ordinal..<max(ordinal, buckets[bucket].blocks.count) {
            blocks[Int(buckets[bucket].blocks[place])].ordinal = place
        }
    }

    /// What free blocks have for memory.
    private static let noMemory = BlockMemory(rows: 0, width: 0)

    /// Moves the upper half of a leaf to a new leaf of the block, which has room; lanes stay.
    private mutating func splitLeaf(at index: Int, of block: Int) {
        let word = Int(blocks[block].words[index])
        let middle = blocks[block].leaf(index).entry(rank: 32)
        let first = entries[Int(middle)].standing
        let upper = unsafe blocks[block].ownLeaves()[word].split(first: first)
        let other = blocks[block].insertLeaf(upper, at: index + 1)
        let width = blocks[block].width
        let planes = unsafe blocks[block].ownPlanes()
        for row in 0..<cells.rowCount {
            let bits = unsafe planes[row * width + word]
            unsafe planes[row * width + other] = bits & upper.occupied
            unsafe planes[row * width + word] = bits & ~upper.occupied
        }
        for rank in 0..<upper.count {
            entries[Int(upper.entry(rank: rank))].word = UInt8(other)
        }
    }

    /// Moves the upper half of a block's leaves to a new block behind it.
    private mutating func splitBlock(at ordinal: Int, of bucket: Int) {
        let block = Int(buckets[bucket].blocks[ordinal])
        let half = blocks[block].leafCount / 2
        let other = takeBlock(
            in: bucket, first: blocks[block].leaf(half).first, at: ordinal + 1,
            width: IndexBlock.widest)
        while blocks[block].leafCount > half {
            moveLeaf(at: half, of: block, toEndOf: other)
        }
        followLive(block)
        followLive(other)
    }

    /// Moves a leaf behind those of another block, which has room; lanes stay.
    private mutating func moveLeaf(at index: Int, of block: Int, toEndOf other: Int) {
        let leaf = blocks[block].leaf(index)
        let word = Int(blocks[block].words[index])
        blocks[block].removeLeaf(at: index)
        let target = blocks[other].insertLeaf(leaf, at: blocks[other].leafCount)
        let width = blocks[block].width
        let targetWidth = blocks[other].width
        let source = unsafe blocks[block].ownPlanes()
        let planes = unsafe blocks[other].ownPlanes()
        for row in 0..<cells.rowCount {
            unsafe planes[row * targetWidth + target] = source[row * width + word]
            unsafe source[row * width + word] = 0
        }
        for rank in 0..<leaf.count {
            let number = Int(leaf.entry(rank: rank))
            entries[number].block = UInt32(other)
            entries[number].word = UInt8(target)
        }
    }

    /// Drops a leaf that became empty, and a block that did; joins blocks that became small.
    private mutating func tidy(_ block: Int, word: UInt8) {
        var index = 0
        while blocks[block].words[index] != word { index += 1 }
        guard unsafe blocks[block].leaves[Int(word)].count == 0 else { return }
        blocks[block].removeLeaf(at: index)
        let ordinal = blocks[block].ordinal
        let bucket = blocks[block].bucket
        guard blocks[block].leafCount > 0 else { return dropBlock(block) }
        guard ordinal + 1 < buckets[bucket].blocks.count else { return }
        let next = Int(buckets[bucket].blocks[ordinal + 1])
        guard blocks[block].leafCount + blocks[next].leafCount <= IndexBlock.widest / 2 else {
            return
        }
        while blocks[next].leafCount > 0 { moveLeaf(at: 0, of: next, toEndOf: block) }
        dropBlock(next)
    }
}
