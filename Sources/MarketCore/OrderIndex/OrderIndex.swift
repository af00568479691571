/// The orders that may take a lead, by category and region, in rank order, as planes of bits (R6.2).
///
/// A *bucket* holds the orders of a category that name one region code, or none. In it stand
/// *entries*, one for each order, in rank order: 64 make a *leaf*, up to eight leaves a *block*. The
/// *planes* are rows with one word for each leaf; the bit of an entry in a row says that its filter
/// rejects the values of one cell (``CellTables``). For each bucket a lead is encoded into the rows of
/// its cells (``LeadRows``). To match it is to take the live row of each block and clear what any
/// of the lead's rows has set, best rank first, until a bit is left. The planes of up to 32 blocks
/// share a *slab*, so that a row goes on from block to block.
///
/// What an order's filter does not say (balance, caps, consent) is the market's to ask about each
/// candidate. An order found not live loses its live bit and costs no further look, until the market
/// wakes it. The turn by which an entry stands may be out of date: a sale changes the turns of all
/// of an advisor's entries, and only those that come up too often as candidates are moved (ADR 0008).
///
/// Invariants:
/// 1. An order has one entry in each bucket that its filter gives it, or none in any. Codes under
///    another code of the filter give it no bucket.
/// 2. The blocks of a bucket, the leaves of a block and the entries of a leaf by rank are in
///    the order of their standings. An entry goes neither before the `first` of its leaf nor before
///    its block's, and before that of every later leaf and block. None is empty. Only a bucket's
///    first slab, while it has one block, has fewer than eight words.
/// 3. A bit is set in row 0 only for an entry that is live as far as the index knows; in rows 1...3
///    for the grade of its advisor; in the others where its filter rejects every value of the row's
///    cell. Lanes that are free have no bit in any row.
/// 4. An entry whose filter accepts a part of a cell is not exact, all others' candidates pass their
///    filters.
/// 5. A standing is that of the order's terms; its turn is never later than its advisor's. So an
///    entry met in rank order stands where it belongs or is to be moved to a place behind, and once a
///    candidate beats all that may still come by their standings, it is the best.
/// 6. A bucket's `attributes` have every bit of its entries' `attributes`; its live bits one for each
///    block with a bit in row 0, and none else.
/// 7. Every slab has a row for each row of the tables, and its places are those of its blocks.
/// 8. Each entry is once in the chain of its advisor and bucket.
struct OrderIndex: Sendable {
    /// What the lists of ranks come to, by category.
    private(set) var ranks: [IndexRank] = []
    private(set) var regions = RegionNumbers()
    private(set) var cells = CellTables()
    var entries: [IndexEntry] = []
    var buckets: [IndexBucket] = []
    var blocks: [IndexBlock] = []
    var slabs: [IndexSlab] = []
    /// The free numbers of entries, blocks and slabs.
    private var freeEntries: [UInt32] = []
    var freeBlocks: [UInt32] = []
    var freeSlabs: [Int] = []
    /// Room to note the rows of an entry that comes; empty in between.
    private var carriedRows: [Int] = []
    /// The rows that every slab has room for.
    private(set) var rowCapacity = 64
    /// The first entry of each order, by slot.
    private(set) var firstEntries: [UInt32] = []
    /// The numbers of buckets by region number and category.
    private var bucketNumbers: [UInt32] = []
    /// For each category the advisors' turns: less the position of the last reservation (R6.2).
    private var turns: [Int64] = []
    private var advisorCapacity = 0
    /// The advisors' entries, by bucket.
    var advisorChains = AdvisorChains()
    /// The advisors' grades, from 0 for the best.
    private(set) var grades: [UInt8] = []
    /// Never set. With it the index is handed on by its address, as a ``Market`` is.
    private var handedOnByAddress: (any Sendable)?

    init() {}
}

// MARK: - What ranks

extension OrderIndex {
    /// Takes over the declared attributes.
    mutating func follow(_ schema: AttributeSchema) { regions.follow(schema) }

    /// Makes `rank` the rank list of `category`, and puts its orders into that order.
    ///
    /// - Parameter orders: by slot.
    /// - Complexity: O(orders) and the placing of those of the category; O(1) when the list stays.
    mutating func setRank(
        of category: CategoryNumber, to rank: [RankKey], orders: ChunkedArray<Order>
    ) {
        while ranks.count <= category.index { addCategory() }
        guard ranks[category.index].list != rank else { return }
        let slots = orders.indices.filter { orders[$0].category == category && holds($0) }
        for slot in slots { remove(slot) }
        ranks[category.index] = IndexRank(rank)
        for slot in slots { place(orders[slot], slot: slot) }
    }

    private mutating func addCategory() {
        ranks.append(IndexRank([]))
        turns += Array(repeating: 0, count: advisorCapacity)
        var numbers = Array(repeating: IndexEntry.none, count: ranks.count * regions.count)
        for (bucket, number) in bucketNumbers.enumerated() {
            let old = ranks.count - 1
            numbers[bucket / old * ranks.count + bucket % old] = number
        }
        bucketNumbers = numbers
    }

    /// Takes over an advisor's grade.
    ///
    /// - Complexity: O(entries of the advisor) when it changes.
    mutating func setGrade(of advisor: AdvisorNumber, to grade: Grade, slots: [Int]) {
        if advisor.index >= advisorCapacity { reserveAdvisors(advisor.index + 1) }
        let level: UInt8 =
            switch grade {
            case .elite: 0
            case .standard: 1
            case .novice: 2
            }
        guard grades[advisor.index] != level else { return }
        grades[advisor.index] = level
        for slot in slots {
            forEachEntry(of: slot) { index, entry in
                for other in 0..<3 {
                    index.setBit(of: entry, row: 1 + other, to: other == Int(level))
                }
            }
        }
    }

    /// Notes an advisor's last reservation in a category; entries move when they come up.
    mutating func setTurn(
        of advisor: AdvisorNumber, in category: CategoryNumber, to position: LogPosition
    ) {
        turns[category.index * advisorCapacity + advisor.index] = -Int64(
            clamping: position.rawValue)
    }

    /// How long the advisor has had no reservation in `category`: the longer the higher.
    @inline(__always)
    func turn(of advisor: UInt32, in category: CategoryNumber) -> Int64 {
        turns[category.index * advisorCapacity + Int(advisor)]
    }

    private mutating func reserveAdvisors(_ count: Int) {
        let capacity = max(16, count * 2)
        var wider = Array(repeating: Int64(0), count: capacity * ranks.count)
        for category in ranks.indices {
            for advisor in 0..<advisorCapacity {
                wider[category * capacity + advisor] = turns[category * advisorCapacity + advisor]
            }
        }
        turns = wider
        grades += Array(repeating: 1, count: capacity - advisorCapacity)
        advisorCapacity = capacity
    }
}

// MARK: - Orders come and go

extension OrderIndex {
    /// Whether it holds the order in a slot.
    func holds(_ slot: Int) -> Bool {
        slot < firstEntries.count && firstEntries[slot] != IndexEntry.none
    }

    /// How many entries there are.
    var entryCount: Int { entries.count - freeEntries.count }

    /// Whether the order in a slot is live as far as the index knows.
    func isLive(_ slot: Int) -> Bool {
        guard holds(slot) else { return false }
        var next = firstEntries[slot]
        while next != IndexEntry.none {
            let entry = entries[Int(next)]
            let leaf = leaf(Int(entry.word), of: Int(entry.block))
            guard leaf[0] & (1 &<< UInt64(entry.lane)) != 0 else { return false }
            next = entry.next
        }
        return true
    }

    /// Puts an order that it does not hold into the index, as live.
    ///
    /// - Complexity: O(regions of the order × (log orders + rows of its attributes)); a threshold that is new
    ///   copies a row of every slab besides.
    mutating func place(_ order: Order, slot: Int) {
        precondition(!holds(slot), "an order is placed once")
        let filter = order.terms.filter
        let splits = cells.learn(filter, except: regions.attribute)
        if cells.rowCount > rowCapacity { reserveRows() }
        for split in splits { copyRow(split) }
        var rows: [Int] = []
        swap(&rows, &carriedRows)
        rows.append(0)
        let shape = cells.shape(of: filter, except: regions.attribute, rejected: &rows)
        if order.advisor.index >= advisorCapacity { reserveAdvisors(order.advisor.index + 1) }
        rows.append(1 + Int(grades[order.advisor.index]))
        let turn = turn(of: UInt32(order.advisor.index), in: order.category)
        let seat = IndexSeat(
            ranks[order.category.index].standing(of: order.terms, turn: turn, slot: slot),
            advisor: order.advisor, isExact: shape.isExact)
        while firstEntries.count <= slot { firstEntries.append(IndexEntry.none) }
        forEachRegion(of: filter) { index, region in
            let entry = IndexEntry(next: index.firstEntries[slot], attributes: shape.attributes)
            let bucket = index.takeBucket(of: order.category, region: region)
            index.firstEntries[slot] = index.add(entry, seat, to: bucket, rows: rows)
        }
        rows.removeAll(keepingCapacity: true)
        swap(&rows, &carriedRows)
    }

    /// Adds an entry to a bucket, with its bit in some rows.
    ///
    /// - Returns: Its number.
    private mutating func add(
        _ entry: IndexEntry, _ seat: IndexSeat, to bucket: Int, rows: [Int]
    ) -> UInt32 {
        let number = freeEntries.popLast() ?? UInt32(entries.count)
        if Int(number) == entries.count {
            entries.append(entry)
        } else {
            entries[Int(number)] = entry
        }
        buckets[bucket].attributes |= entry.attributes
        enter(number, seat, in: bucket, rows: rows)
        link(number, of: seat.advisor, in: bucket)
        return number
    }

    /// Takes the order in a slot out of the index, if that holds it.
    ///
    /// - Complexity: O(entries of the order × rows of its attributes + entries of its advisor
    ///   in the buckets).
    mutating func remove(_ slot: Int) {
        guard holds(slot) else { return }
        forEachEntry(of: slot) { index, entry in
            index.unlink(entry)
            index.leave(entry)
            index.freeEntries.append(entry)
        }
        firstEntries[slot] = IndexEntry.none
    }

    /// Notes that the order in a slot may be live, or that it is not; nothing where it holds none.
    ///
    /// - Complexity: O(entries of the order).
    mutating func setLive(_ slot: Int, to isLive: Bool) {
        guard holds(slot) else { return }
        forEachEntry(of: slot) { index, entry in index.setLive(entry, isLive) }
    }

    /// The bucket of a category and a region number; ``IndexEntry/none`` where there is none.
    @inline(__always)
    func bucket(of category: CategoryNumber, region: Int32) -> UInt32 {
        let place = Int(region) * ranks.count + category.index
        return place < bucketNumbers.count ? bucketNumbers[place] : IndexEntry.none
    }

    private mutating func takeBucket(of category: CategoryNumber, region: Int32) -> Int {
        let missing = regions.count * ranks.count - bucketNumbers.count
        if missing > 0 { bucketNumbers += Array(repeating: IndexEntry.none, count: missing) }
        let place = Int(region) * ranks.count + category.index
        if bucketNumbers[place] == IndexEntry.none {
            bucketNumbers[place] = UInt32(buckets.count)
            buckets.append(IndexBucket(category: category))
        }
        return Int(bucketNumbers[place])
    }

    /// Hands the numbers of the regions that a filter names to `body`, but those under others of them;
    /// that of no region where it names none.
    private mutating func forEachRegion(
        of filter: Filter, _ body: (inout OrderIndex, Int32) -> Void
    ) {
        let named = filter.predicates.first { $0.attribute == regions.attribute }
        guard case .regions(let prefixes) = named?.test else { return body(&self, 0) }
        var upper = Int64.min
        for region in prefixes where region.lower > upper {
            body(&self, regions.intern(region.lower))
            upper = region.upper
        }
    }

    private mutating func forEachEntry(
        of slot: Int, _ change: (inout OrderIndex, UInt32) -> Void
    ) {
        guard holds(slot) else { return }
        var next = firstEntries[slot]
        while next != IndexEntry.none {
            let entry = next
            next = entries[Int(entry)].next
            change(&self, entry)
        }
    }

    private mutating func reserveRows() {
        rowCapacity = (cells.rowCount + 31) / 32 * 32
        for slab in slabs.indices where !slabs[slab].isEmpty {
            slabs[slab].reserve(rows: rowCapacity, words: slabs[slab].words)
        }
    }

    /// Lets the new row of the upper part of a cell begin as a copy of the lower part's.
    private mutating func copyRow(_ split: CellTables.Split) {
        for slab in slabs.indices where !slabs[slab].isEmpty {
            slabs[slab].copyRow(split.source, to: split.target)
        }
    }
}
