/// What of a lead is looked up once, whatever categories and buckets it is tried in.
struct LeadOutline {
    /// The number of its region, or of the longest prefix that has one; 0 for none.
    let region: Int32
    /// Its tier, 0...2; `nil` when it has none and `gradeFit` tells no orders apart.
    fileprivate let tier: Int?
}

/// What the market says of a candidate.
enum Look {
    /// It is eligible.
    case accepted
    /// It cannot take any lead now.
    case notLive
    /// It cannot take this lead.
    case refused
}

/// Who says whether an order takes a lead: the market.
protocol OrderJudge {
    /// What is to be said of the order in a slot and a lead at `time`.
    ///
    /// - Parameter asksFilter: whether to look at the order's filter, too.
    func look(atOrderIn slot: Int, for lead: Lead, at time: Timestamp, asksFilter: Bool) -> Look
}

/// What came to light while matching: how much was looked at, and what the index has to put right.
struct MatchNotes: Sendable {
    /// How many orders the market was asked about.
    var candidates = 0
    /// The slots of the orders found not live.
    var notLive: [Int] = []
    /// The entries that stand by an earlier turn.
    var overtaken: [UInt32] = []

    /// Whether nothing is to be put right.
    var isEmpty: Bool { notLive.isEmpty && overtaken.isEmpty }

    mutating func removeAll() {
        if !notLive.isEmpty { notLive.removeAll(keepingCapacity: true) }
        if !overtaken.isEmpty { overtaken.removeAll(keepingCapacity: true) }
    }
}

/// A match in the making: the best candidate so far, and which grades can still beat it.
///
/// Entries come up in the order of their standings, which may be too good by an earlier turn, never
/// too bad. So the first entry of a grade that would not beat the best, even as it stands, ends the
/// match for that grade and for those that fit less.
private struct Contest {
    /// How near each grade is to the lead's tier, 0 for a perfect fit and less for others (R6.2).
    let fits: InlineArray<3, Int64>
    /// Before which merit the fit counts.
    let fitPlace: Int
    /// Which merit is the turn; 3 where none is.
    let turnPlace: Int
    let category: CategoryNumber
    var best: IndexStanding?
    var bestFit: Int64 = 0
    /// The grades that can still beat the best in this bucket, a bit each.
    var grades: UInt8 = 0b111

    init(_ category: CategoryNumber, tier: Int?, rank: borrowing IndexRank) {
        self.category = category
        var fits = InlineArray<3, Int64>(repeating: 0)
        if rank.fits, let tier {
            for grade in 0..<3 { fits[grade] = -Int64(abs(grade - tier)) }
        }
        self.fits = fits
        fitPlace = rank.fitPlace
        turnPlace = rank.turnPlace
    }

    /// The slot of the best so far.
    var slot: Int? { best.map { Int($0.slot) } }

    /// Whether an entry that stands so, of an advisor of that fit, beats the best so far.
    @inline(__always)
    func isBeaten(by standing: IndexStanding, fit: Int64) -> Bool {
        guard let best else { return true }
        return standing.goesBefore(best, fit: fit, otherFit: bestFit, at: fitPlace)
    }

    /// Whether an entry that stands no better can beat the best so far, while any grade is open: of those
    /// the lead's own, which fits best, is the last to close.
    @inline(__always)
    func mayBeBeaten(behind first: IndexStanding) -> Bool { isBeaten(by: first, fit: 0) }

    /// Notes that no later entry of this fit, or a lesser one, beats the best.
    @inline(__always)
    mutating func close(_ fit: Int64) {
        for grade in 0..<3 where fits[grade] <= fit { grades &= ~(1 &<< UInt8(grade)) }
    }
}

extension OrderIndex {
    /// How many blocks of a bucket are read before their rows are put in order of selectivity.
    private static let blocksBeforeSorting = 4

    /// What of a lead is to be looked up before it is matched.
    ///
    /// - Complexity: O(1), O(declared lengths of codes) where no order names its region.
    func outline(of attributes: Attributes, tier: Int?) -> LeadOutline {
        var region: Int32 = 0
        if let attribute = regions.attribute, let code = attributes[attribute] {
            region = regions.nearest(to: code)
        }
        return LeadOutline(region: region, tier: tier)
    }

    /// The slot of the highest-ranking order of `category` that the lead passes the filter of and
    /// that the market accepts, or `nil`. It looks only: what is to be put right is in `notes`.
    ///
    /// - Parameter outline: the lead's, as ``outline(of:tier:)`` gave it.
    /// - Complexity: about a dozen rows read for each block down to the answer.
    func best(
        in category: CategoryNumber, for outline: LeadOutline, of lead: Lead,
        at time: Timestamp, asking judge: some OrderJudge, notes: inout MatchNotes
    ) -> Int? {
        guard category.index < ranks.count else { return nil }
        var contest = Contest(category, tier: outline.tier, rank: ranks[category.index])
        var rows = LeadRows()
        // The answer is most likely in the bucket whose front ranks best, and rules out the others.
        let fronts = fronts(in: category, region: outline.region)
        guard fronts.bucket != IndexEntry.none else { return nil }
        search(fronts.bucket, &rows, lead, time, judge, &contest, &notes)
        guard let next = fronts.next, contest.mayBeBeaten(behind: next) else { return contest.slot }
        var region = outline.region
        while true {
            let bucket = bucket(of: category, region: region)
            if bucket != IndexEntry.none, bucket != fronts.bucket,
                let front = buckets[Int(bucket)].front, contest.mayBeBeaten(behind: front)
            {
                search(bucket, &rows, lead, time, judge, &contest, &notes)
            }
            guard region != 0 else { return contest.slot }
            region = regions.parents[Int(region)]
        }
    }

    /// Which of the buckets of a region and of those that it lies in has the front that ranks best,
    /// ``IndexEntry/none`` where all are empty; and the best front of the others.
    @inline(__always)
    private func fronts(
        in category: CategoryNumber, region: Int32
    ) -> (bucket: UInt32, next: IndexStanding?) {
        var favourite = IndexEntry.none
        var best: IndexStanding?
        var next: IndexStanding?
        var region = region
        while true {
            let bucket = bucket(of: category, region: region)
            if bucket != IndexEntry.none, let front = buckets[Int(bucket)].front {
                if best.map({ front.goesBefore($0) }) ?? true {
                    next = best
                    best = front
                    favourite = bucket
                } else if next.map({ front.goesBefore($0) }) ?? true {
                    next = front
                }
            }
            guard region != 0 else { return (favourite, next) }
            region = regions.parents[Int(region)]
        }
    }

    /// Lets the entries of a bucket take part that the lead hits and that can beat the best.
    @inline(__always)
    private func search(
        _ bucket: UInt32, _ rows: inout LeadRows, _ lead: Lead, _ time: Timestamp,
        _ judge: some OrderJudge, _ contest: inout Contest, _ notes: inout MatchNotes
    ) {
        let bucket = Int(bucket)
        contest.grades = 0b111
        let first = buckets[bucket].nextLive(from: 0)
        guard first < buckets[bucket].blocks.count else { return }
        rows.encode(lead.attributes, askedFor: buckets[bucket].attributes, in: cells)
        search(bucket, from: first, &rows, lead, time, judge, &contest, &notes)
    }

    /// Lets the entries of a bucket that the lead hits take part, best rank first.
    ///
    /// - Parameter first: the place of its first block with a live entry.
    private func search(
        _ bucket: Int, from first: Int, _ rows: inout LeadRows, _ lead: Lead, _ time: Timestamp,
        _ judge: some OrderJudge, _ contest: inout Contest, _ notes: inout MatchNotes
    ) {
        var ordinal = first
        var read = 0
        while ordinal < buckets[bucket].blocks.count {
            guard contest.mayBeBeaten(behind: buckets[bucket].firsts[ordinal]) else { return }
            let block = Int(buckets[bucket].blocks[ordinal])
            let slab = blocks[block].slab
            let planes = unsafe slabs[slab].planes + blocks[block].base
            let stride = slabs[slab].words
            read += 1
            if read == Self.blocksBeforeSorting {
                unsafe rows.sort(by: planes, stride: stride)
            }
            let isWide = stride >= IndexBlock.widest
            let hits =
                isWide
                ? unsafe rows.hits(in: planes, stride: stride, grades: contest.grades) : .zero
            if !isWide || hits.isNotEmpty {
                for place in 0..<blocks[block].leafCount {
                    let word = blocks[block].word(place)
                    let hits =
                        isWide
                        ? hits[word]
                        : unsafe rows.hits(
                            inLeaf: planes + word, stride: stride, grades: contest.grades)
                    guard hits != 0 else { continue }
                    let leaf = slabs[slab].leaf(blocks[block].base &+ word)
                    meet(hits, of: leaf, lead, time, judge, &contest, &notes)
                    if contest.grades == 0 { return }
                }
            }
            ordinal = buckets[bucket].nextLive(from: ordinal + 1)
        }
    }

    /// Lets the entries in some lanes of a leaf take part, best rank first.
    @inline(__always)
    private func meet(
        _ hits: UInt64, of leaf: IndexLeaf, _ lead: Lead, _ time: Timestamp,
        _ judge: some OrderJudge, _ contest: inout Contest, _ notes: inout MatchNotes
    ) {
        var rest = hits
        var rank = 0
        while rest != 0, contest.grades != 0 {
            var lane = rest.trailingZeroBitCount
            if rest & (rest &- 1) != 0 {
                repeat {
                    lane = leaf.lane(rank: rank)
                    rank &+= 1
                } while rest & (1 &<< UInt64(lane)) == 0
            }
            rest &= ~(1 &<< UInt64(lane))
            meet(lane, of: leaf, lead, time, judge, &contest, &notes)
        }
    }

    /// Lets the entry in a lane of a leaf take part.
    @inline(__always)
    private func meet(
        _ lane: Int, of leaf: IndexLeaf, _ lead: Lead, _ time: Timestamp, _ judge: some OrderJudge,
        _ contest: inout Contest, _ notes: inout MatchNotes
    ) {
        let seat = leaf.seat(lane: lane)
        let advisor = seat.advisor
        let grade = grades[Int(advisor)]
        guard contest.grades & (1 &<< grade) != 0 else { return }
        let fit = contest.fits[Int(grade)]
        var standing = seat.standing
        guard contest.isBeaten(by: standing, fit: fit) else { return contest.close(fit) }
        var isOvertaken = false
        if contest.turnPlace < 3 {
            let turn = turn(of: advisor, in: contest.category)
            if turn != standing.merits[contest.turnPlace] {
                notes.overtaken.append(leaf.entry(lane: lane))
                standing.merits[contest.turnPlace] = turn
                isOvertaken = true
                guard contest.isBeaten(by: standing, fit: fit) else { return }
            }
        }
        notes.candidates += 1
        let slot = Int(standing.slot)
        switch judge.look(atOrderIn: slot, for: lead, at: time, asksFilter: !seat.isExact) {
        case .accepted:
            contest.best = standing
            contest.bestFit = fit
            if !isOvertaken { contest.close(fit) }
        case .notLive:
            notes.notLive.append(slot)
        case .refused:
            break
        }
    }

    /// How many overtaken entries a match may meet before some are moved: to meet one again costs some
    /// nanoseconds, to move it up to a microsecond.
    private static let overtakenAtEase = 8

    /// Moves entries that were found to stand by an earlier turn to where they belong, but for as many
    /// as are met at ease.
    mutating func moveOvertaken(_ notes: borrowing MatchNotes) {
        let excess = notes.overtaken.count - Self.overtakenAtEase
        for place in 0..<max(0, excess) { refreshTurn(notes.overtaken[place]) }
    }
}
