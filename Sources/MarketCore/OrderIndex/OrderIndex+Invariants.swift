extension OrderIndex {
    /// Checks the numbered invariants of the index.
    ///
    /// - Throws: ``InvariantViolation`` for the first that does not hold.
    /// - Complexity: O(entries + blocks × rows).
    func checkInvariants() throws(InvariantViolation) {
        var count = 0
        for bucket in buckets.indices {
            var last: IndexStanding?
            for (ordinal, number) in buckets[bucket].blocks.enumerated() {
                let block = blocks[Int(number)]
                try expect(2, block.bucket == bucket && block.ordinal == ordinal)
                try expect(2, block.leafCount > 0)
                let isOnly = buckets[bucket].blocks.count == 1
                try expect(2, isOnly || slabs[block.slab].words >= IndexBlock.widest)
                try expect(6, hasLive(inBlock: Int(number)) == buckets[bucket].isLive(ordinal))
                try expect(7, buckets[bucket].slabs.contains(block.slab))
                for place in 0..<block.leafCount {
                    count += leaf(block.word(place), of: Int(number)).count
                    try checkLeaf(block.word(place), of: Int(number), after: &last)
                }
            }
        }
        try expect(1, count == entryCount)
        var chained = 0
        advisorChains.forEach(in: entries) { _ in chained += 1 }
        try expect(8, chained == entryCount)
    }

    /// Checks that the order in a slot, if it is held, stands by its terms of now, once in a bucket.
    ///
    /// - Throws: ``InvariantViolation`` if it does not.
    /// - Complexity: O(entries of the order × (rows + entries of its advisor in the bucket)).
    func checkEntries(of order: Order, slot: Int) throws(InvariantViolation) {
        guard holds(slot) else { return }
        let rank = ranks[order.category.index]
        let terms = rank.standing(of: order.terms, turn: 0, slot: slot)
        var rejected: [Int] = []
        let shape = cells.shape(
            of: order.terms.filter, except: regions.attribute, rejected: &rejected)
        var known: Set<Int> = []
        var next = firstEntries[slot]
        while next != IndexEntry.none {
            let entry = entries[Int(next)]
            let bucket = blocks[Int(entry.block)].bucket
            try expect(1, known.insert(bucket).inserted)
            try expect(1, buckets[bucket].category == order.category)
            let seat = seat(of: next)
            try expect(5, Int(seat.advisor) == order.advisor.index)
            try expect(4, seat.isExact == shape.isExact)
            try expect(3, rows(of: entry) == rejected.sorted())
            var standing = seat.standing
            if rank.turnPlace < 3 { standing.merits[rank.turnPlace] = 0 }
            let isSame = !standing.goesBefore(terms) && !terms.goesBefore(standing)
            try expect(5, isSame && entry.attributes == shape.attributes)
            try expect(8, isLinked(next))
            next = entry.next
        }
    }

    /// The rows of cells in which an entry has its bit, in ascending order.
    private func rows(of entry: IndexEntry) -> [Int] {
        let leaf = leaf(Int(entry.word), of: Int(entry.block))
        var found: [Int] = []
        var row = CellTables.reservedRows
        while row < cells.rowCount {
            if leaf[row] & 1 << UInt64(entry.lane) != 0 { found.append(row) }
            row += 1
        }
        return found
    }

    private func checkLeaf(
        _ word: Int, of block: Int, after last: inout IndexStanding?
    ) throws(InvariantViolation) {
        let leaf = leaf(word, of: block)
        let bucket = buckets[blocks[block].bucket]
        try expect(2, leaf.count > 0 && leaf.occupied.nonzeroBitCount == leaf.count)
        let first = bucket.firsts[blocks[block].ordinal]
        try expect(2, !leaf.first.goesBefore(first))
        try expect(2, last?.goesBefore(leaf.first) != false)
        if word == blocks[block].word(0) { try expect(2, last?.goesBefore(first) != false) }
        for rank in 0..<leaf.count {
            let lane = leaf.lane(rank: rank)
            let entry = entries[Int(leaf.entry(lane: lane))]
            let seat = leaf.seat(lane: lane)
            let isThere =
                Int(entry.block) == block && Int(entry.word) == word && Int(entry.lane) == lane
                && leaf.rank(lane: lane) == rank
            try expect(1, isThere)
            try expect(2, last?.goesBefore(seat.standing) != false)
            try expect(2, !seat.standing.goesBefore(leaf.first))
            try expect(6, entry.attributes & ~bucket.attributes == 0)
            let turnPlace = ranks[bucket.category.index].turnPlace
            if turnPlace < 3 {
                let turn = turn(of: seat.advisor, in: bucket.category)
                try expect(5, seat.standing.merits[turnPlace] >= turn)
            }
            for grade in 0..<3 {
                let isSet = leaf[1 + grade] & (1 << UInt64(lane)) != 0
                try expect(3, isSet == (Int(grades[Int(seat.advisor)]) == grade))
            }
            last = seat.standing
        }
        for row in 0..<cells.rowCount { try expect(3, leaf[row] & ~leaf.occupied == 0) }
    }

    private func expect(_ invariant: Int, _ holds: Bool) throws(InvariantViolation) {
        guard !holds else { return }
        throw InvariantViolation(
            rule: "R6.2", description: "invariant \(invariant) of the order index does not hold")
    }
}
