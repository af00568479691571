// MARK: - Where entries stand

extension OrderIndex {
    /// Where an entry belongs: a block, and a leaf's place in it.
    private struct Place {
        var block: Int
        var leaf: Int
    }

    /// Gives an entry its place in a bucket, and its bit in rows.
    mutating func enter(_ number: UInt32, _ seat: IndexSeat, in bucket: Int, rows: [Int]) {
        if buckets[bucket].blocks.isEmpty { addBlock(to: bucket, first: seat.standing, at: 0) }
        let place = place(of: seat.standing, in: bucket)
        let room = makeRoom(at: place, of: bucket, for: seat.standing)
        let leaf = ownLeaf(blocks[room.block].word(room.leaf), of: room.block)
        let lane = leaf.freeLane
        // Before the search for its rank, so that the processor waits for all of that memory at once.
        for row in rows { leaf[row] |= 1 &<< UInt64(lane) }
        settle(number, seat, inLane: lane, of: leaf, at: room)
    }

    /// Takes an entry and its bits from its place.
    mutating func leave(_ number: UInt32) {
        let entry = entries[Int(number)]
        let leaf = ownLeaf(Int(entry.word), of: Int(entry.block))
        let bit: UInt64 = 1 &<< UInt64(entry.lane)
        forEachRow(of: entry) { row in leaf[row] &= ~bit }
        leaf.remove(Int(entry.lane))
        dropIfEmpty(Int(entry.word), of: Int(entry.block))
    }

    /// Brings the turn by which an entry stands up to date, and the entry to where that belongs.
    ///
    /// - Complexity: O(log orders), and O(rows of its attributes) where it changes its leaf.
    mutating func refreshTurn(_ number: UInt32) {
        var entry = entries[Int(number)]
        let bucket = blocks[Int(entry.block)].bucket
        let category = buckets[bucket].category
        var seat = leaf(Int(entry.word), of: Int(entry.block)).seat(lane: Int(entry.lane))
        seat.standing.merits[ranks[category.index].turnPlace] = turn(of: seat.advisor, in: category)
        var place = place(of: seat.standing, in: bucket)
        if !isIn(place, entry) {
            place = makeRoom(at: place, of: bucket, for: seat.standing)
            entry = entries[Int(number)]
        }
        let source = ownLeaf(Int(entry.word), of: Int(entry.block))
        if isIn(place, entry) {
            source.remove(Int(entry.lane))
            source.insert(
                number, seat, at: source.rank(of: seat.standing), lane: Int(entry.lane))
            return
        }
        let target = ownLeaf(blocks[place.block].word(place.leaf), of: place.block)
        let lane = target.freeLane
        let old: UInt64 = 1 &<< UInt64(entry.lane)
        forEachRow(of: entry) { row in
            let word = source[row]
            guard word & old != 0 else { return }
            source[row] = word & ~old
            target[row] |= 1 &<< UInt64(lane)
        }
        settle(number, seat, inLane: lane, of: target, at: place)
        source.remove(Int(entry.lane))
        dropIfEmpty(Int(entry.word), of: Int(entry.block))
    }

    /// Puts an entry into a free lane of a leaf, the one at `place`, in whose rows its bits are.
    private mutating func settle(
        _ number: UInt32, _ seat: IndexSeat, inLane lane: Int, of leaf: IndexLeaf, at place: Place
    ) {
        let standing = seat.standing
        let (bucket, ordinal) = (blocks[place.block].bucket, blocks[place.block].ordinal)
        if standing.goesBefore(buckets[bucket].firsts[ordinal]) {
            buckets[bucket].setFirst(standing, at: ordinal)
        }
        if standing.goesBefore(leaf.first) { leaf.first = standing }
        leaf.insert(number, seat, at: leaf.rank(of: standing), lane: lane)
        let word = blocks[place.block].word(place.leaf)
        entries[Int(number)].stand(inLane: lane, ofWord: word, of: place.block)
        if leaf[0] & (1 &<< UInt64(lane)) != 0 { buckets[bucket].setLive(ordinal, true) }
    }

    /// Drops a leaf that became empty, and follows what is live in its block.
    private mutating func dropIfEmpty(_ word: Int, of block: Int) {
        let leaf = leaf(word, of: block)
        guard leaf[0] == 0 else { return }
        if leaf.count == 0 { dropLeaf(word, of: block) }
        followLive(block)
    }

    /// Hands every row in which an entry may have its bit to `body`.
    @inline(__always)
    private func forEachRow(of entry: IndexEntry, _ body: (Int) -> Void) {
        for row in 0..<CellTables.reservedRows { body(row) }
        cells.forEachRow(of: entry.attributes, body)
    }

    private func isIn(_ place: Place, _ entry: IndexEntry) -> Bool {
        place.block == Int(entry.block) && blocks[place.block].word(place.leaf) == Int(entry.word)
    }

    private func place(of standing: IndexStanding, in bucket: Int) -> Place {
        let block = Int(buckets[bucket].blocks[buckets[bucket].ordinal(of: standing)])
        // The last leaf whose first it does not go before, or the first one. One after the other: their
        // heads lie side by side.
        var leaf = 0
        while leaf + 1 < blocks[block].leafCount,
            !standing.goesBefore(self.leaf(blocks[block].word(leaf + 1), of: block).first)
        {
            leaf += 1
        }
        return Place(block: block, leaf: leaf)
    }

    /// The leaf behind another one, if that is not the bucket's last.
    private func place(behind place: Place, of bucket: Int) -> Place? {
        if place.leaf + 1 < blocks[place.block].leafCount {
            return Place(block: place.block, leaf: place.leaf + 1)
        }
        let ordinal = blocks[place.block].ordinal + 1
        guard ordinal < buckets[bucket].blocks.count else { return nil }
        return Place(block: Int(buckets[bucket].blocks[ordinal]), leaf: 0)
    }

    private func leaf(at place: Place) -> IndexLeaf {
        leaf(blocks[place.block].word(place.leaf), of: place.block)
    }

    /// What ranks an entry.
    func seat(of number: UInt32) -> IndexSeat {
        let entry = entries[Int(number)]
        return leaf(Int(entry.word), of: Int(entry.block)).seat(lane: Int(entry.lane))
    }

    /// The leaf of a block's word, for reading.
    @inline(__always)
    func leaf(_ word: Int, of block: Int) -> IndexLeaf {
        slabs[blocks[block].slab].leaf(blocks[block].base + word)
    }

    /// The leaf of a block's word, for writing.
    @inline(__always)
    mutating func ownLeaf(_ word: Int, of block: Int) -> IndexLeaf {
        slabs[blocks[block].slab].ownLeaf(blocks[block].base + word)
    }
}

// MARK: - Bits

extension OrderIndex {
    /// Sets or clears the bit of an entry in a row other than that of what is live.
    mutating func setBit(of number: UInt32, row: Int, to isSet: Bool) {
        let entry = entries[Int(number)]
        let leaf = ownLeaf(Int(entry.word), of: Int(entry.block))
        let bit: UInt64 = 1 &<< UInt64(entry.lane)
        if isSet { leaf[row] |= bit } else { leaf[row] &= ~bit }
    }

    /// Sets or clears the live bit of an entry.
    mutating func setLive(_ number: UInt32, _ isLive: Bool) {
        setBit(of: number, row: 0, to: isLive)
        let block = Int(entries[Int(number)].block)
        if isLive {
            buckets[blocks[block].bucket].setLive(blocks[block].ordinal, true)
        } else {
            followLive(block)
        }
    }

    /// Whether any entry of a block is live.
    func hasLive(inBlock block: Int) -> Bool {
        var live: UInt64 = 0
        for place in 0..<blocks[block].leafCount {
            live |= leaf(blocks[block].word(place), of: block)[0]
        }
        return live != 0
    }

    /// Brings a block's bit in its bucket up to date.
    private mutating func followLive(_ block: Int) {
        guard blocks[block].leafCount > 0 else { return }
        buckets[blocks[block].bucket].setLive(
            blocks[block].ordinal, hasLive(inBlock: block))
    }
}

// MARK: - Growing and shrinking

extension OrderIndex {
    /// Where an entry with `standing`, which belongs to `place`, finds a free lane: there, at the front of
    /// the next leaf, or where one comes about.
    private mutating func makeRoom(
        at place: Place, of bucket: Int, for standing: IndexStanding
    ) -> Place {
        var place = place
        while leaf(at: place).count == IndexLeaf.capacity {
            let rank = leaf(at: place).rank(of: standing)
            if rank == IndexLeaf.capacity, let next = self.place(behind: place, of: bucket),
                leaf(at: next).count < IndexLeaf.capacity
            {
                return next
            }
            widen(at: place, of: bucket, for: standing, rank: rank)
            place = self.place(of: standing, in: bucket)
        }
        return place
    }

    /// Makes room where the leaf at `place` is full: a new leaf behind it takes half of its entries, or
    /// as many of these as go behind the one that comes, which may be none. For that the block may have
    /// to be widened or split first.
    ///
    /// New orders rank behind their equals. So where entries come one behind the other, the leaf
    /// stays full, as a rule no more come before them; to halve it would leave it half empty for good.
    private mutating func widen(
        at place: Place, of bucket: Int, for standing: IndexStanding, rank: Int
    ) {
        let block = place.block
        let slab = blocks[block].slab
        let leaf = leaf(at: place)
        let isInTurn = rank == IndexLeaf.capacity || leaf.latestRank == rank - 1
        // Half at the least, so that runs that stop short leave no leaves of a few entries.
        let cut = isInTurn ? max(rank, IndexLeaf.capacity / 2) : IndexLeaf.capacity / 2
        let isLast = place.leaf == blocks[block].leafCount - 1
        if blocks[block].leafCount == slabs[slab].blockWidth {
            if slabs[slab].words < IndexBlock.widest {
                slabs[slab].reserve(rows: rowCapacity, words: slabs[slab].words * 2)
            } else if isLast, cut == IndexLeaf.capacity {
                addLeaf(behind: block, first: standing)
            } else {
                let half = IndexBlock.widest / 2
                splitBlock(block, at: isInTurn ? min(place.leaf + 1, IndexBlock.widest - 1) : half)
            }
        } else if cut == IndexLeaf.capacity {
            addLeaf(to: block, first: standing, at: place.leaf + 1)
        } else {
            move(
                from: cut, ofLeafAt: place.leaf, of: block, to: block, at: place.leaf + 1,
                first: leaf.seat(lane: leaf.lane(rank: cut)).standing)
        }
    }

    /// Adds a leaf behind a block with as many as it can have: at the front of the next one, or in a
    /// block between the two.
    private mutating func addLeaf(behind block: Int, first: IndexStanding) {
        let bucket = blocks[block].bucket
        let ordinal = blocks[block].ordinal + 1
        if ordinal < buckets[bucket].blocks.count {
            let next = Int(buckets[bucket].blocks[ordinal])
            if blocks[next].leafCount < IndexBlock.widest {
                buckets[bucket].setFirst(first, at: ordinal)
                return addLeaf(to: next, first: first, at: 0)
            }
        }
        addBlock(to: bucket, first: first, at: ordinal)
    }

    private mutating func addLeaf(to block: Int, first: IndexStanding, at place: Int) {
        let word = blocks[block].insertLeaf(at: place)
        ownLeaf(word, of: block).clear(first: first)
    }

    private mutating func addBlock(to bucket: Int, first: IndexStanding, at ordinal: Int) {
        let number = takeBlock(in: bucket, first: first, at: ordinal)
        addLeaf(to: number, first: first, at: 0)
    }

    private mutating func takeBlock(
        in bucket: Int, first: IndexStanding, at ordinal: Int
    ) -> Int {
        let (slab, base) = takePlace(in: bucket)
        let block = IndexBlock(bucket: bucket, ordinal: ordinal, slab: slab, base: base)
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

    /// Takes a place for a block in a slab of a bucket: the last one grows, or there is one more.
    private mutating func takePlace(in bucket: Int) -> (slab: Int, base: Int) {
        for slab in buckets[bucket].slabs.reversed() {
            if let base = slabs[slab].takePlace() { return (slab, base) }
            if slabs[slab].words < IndexSlab.widest {
                slabs[slab].reserve(rows: rowCapacity, words: slabs[slab].words * 2)
                if let base = slabs[slab].takePlace() { return (slab, base) }
            }
        }
        let isFirst = buckets[bucket].slabs.isEmpty
        var slab = IndexSlab(rows: rowCapacity, words: isFirst ? 1 : IndexSlab.widest)
        let base = slab.takePlace() ?? 0
        let number = freeSlabs.popLast() ?? slabs.count
        if number == slabs.count {
            slabs.append(slab)
        } else {
            slabs[number] = slab
        }
        buckets[bucket].slabs.append(number)
        return (number, base)
    }

    private mutating func dropBlock(_ block: Int) {
        let bucket = blocks[block].bucket
        let ordinal = blocks[block].ordinal
        let slab = blocks[block].slab
        slabs[slab].freePlace(blocks[block].base)
        if slabs[slab].isEmpty {
            slabs[slab] = IndexSlab(rows: 0, words: 0)
            freeSlabs.append(slab)
            buckets[bucket].slabs.removeAll { $0 == slab }
        }
        freeBlocks.append(UInt32(block))
        buckets[bucket].remove(at: ordinal)
        renumber(from: ordinal, of: bucket)
    }

    private mutating func renumber(from ordinal: Int, of bucket: Int) {
        for place in ordinal..<max(ordinal, buckets[bucket].blocks.count) {
            blocks[Int(buckets[bucket].blocks[place])].ordinal = place
        }
    }

    /// Moves the leaves of a block from a place on to a new block behind it.
    private mutating func splitBlock(_ block: Int, at cut: Int) {
        let first = leaf(blocks[block].word(cut), of: block).first
        let other = takeBlock(
            in: blocks[block].bucket, first: first, at: blocks[block].ordinal + 1)
        while blocks[block].leafCount > cut { moveLeaf(at: cut, of: block, toEndOf: other) }
        followLive(block)
        followLive(other)
    }

    private mutating func moveLeaf(at place: Int, of block: Int, toEndOf other: Int) {
        let first = leaf(blocks[block].word(place), of: block).first
        move(
            from: 0, ofLeafAt: place, of: block, to: other, at: blocks[other].leafCount,
            first: first)
        blocks[block].removeLeaf(at: place)
    }

    /// Moves the entries of a leaf from a rank on to a new leaf of a block, which has room; lanes stay.
    private mutating func move(
        from rank: Int, ofLeafAt place: Int, of block: Int, to other: Int, at target: Int,
        first: IndexStanding
    ) {
        let source = blocks[block].word(place)
        addLeaf(to: other, first: first, at: target)
        let word = blocks[other].word(target)
        let moved = ownLeaf(word, of: other)
        ownLeaf(source, of: block).move(from: rank, to: moved, rows: cells.rowCount)
        for rank in 0..<moved.count {
            let number = Int(moved.entry(lane: moved.lane(rank: rank)))
            entries[number].block = UInt32(other)
            entries[number].word = UInt8(word)
        }
    }

    /// Drops a leaf that became empty, and a block that did; joins blocks that became small.
    private mutating func dropLeaf(_ word: Int, of block: Int) {
        blocks[block].removeLeaf(at: blocks[block].leaf(ofWord: word))
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
