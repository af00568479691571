/// A lead as the index looks for orders: the row of its value of each attribute, or of its absence,
/// and the number of its region. Made once for a lead, whatever categories it is tried in.
struct EncodedLead {
    let rows: InlineArray<64, UInt16>
    fileprivate let region: Int32
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

/// What came to light while matching: how much was looked at, and what the index has to put right.
struct MatchNotes: Sendable {
    /// How many blocks' planes were read.
    var blocks = 0
    /// How many orders the market was asked about.
    var candidates = 0
    /// The slots of the orders found not live.
    var notLive: [Int] = []
    /// The entries that stand by an earlier turn.
    var overtaken: [UInt32] = []

    mutating func removeAll() {
        notLive.removeAll(keepingCapacity: true)
        overtaken.removeAll(keepingCapacity: true)
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

    /// Whether an entry that stands so, of an advisor of that fit, beats the best so far.
    @inline(__always)
    func isBeaten(by standing: IndexStanding, fit: Int64) -> Bool {
        guard let best else { return true }
        return standing.goesBefore(best, fit: fit, otherFit: bestFit, at: fitPlace)
    }

    /// Whether an entry that stands no better can beat the best so far.
    @inline(__always)
    func mayBeBeaten(behind first: IndexStanding) -> Bool {
        guard best != nil else { return true }
        var fit = Int64.min
        for grade in 0..<3 where grades & (1 &<< UInt8(grade)) != 0 { fit = max(fit, fits[grade]) }
        return isBeaten(by: first, fit: fit)
    }

    /// Notes that no later entry of this fit, or a lesser one, beats the best.
    @inline(__always)
    mutating func close(_ fit: Int64) {
        for grade in 0..<3 where fits[grade] <= fit { grades &= ~(1 &<< UInt8(grade)) }
    }
}

extension OrderIndex {
    /// How many blocks of a bucket are read before their rows are put in order of selectivity.
    private static let blocksBeforeSorting = 4

    /// Encodes a lead.
    ///
    /// - Complexity: O(attributes).
    func encode(_ attributes: Attributes, tier: Int?) -> EncodedLead {
        var rows = cells.absentRows
        var region: Int32 = 0
        var presence = attributes.presence
        let inUse = cells.attributesInUse
        let regionAttribute = regions.attribute?.index ?? -1
        var place = 0
        while presence != 0 {
            let attribute = presence.trailingZeroBitCount
            presence &= presence &- 1
            let value = attributes.values[place]
            place += 1
            if attribute == regionAttribute { region = regions.nearest(to: value) }
            if inUse & (1 &<< UInt64(attribute)) != 0 {
                rows[attribute] = cells.row(of: value, of: attribute)
            }
        }
        return EncodedLead(rows: rows, region: region, tier: tier)
    }

    /// The slot of the highest-ranking order of `category` that the lead passes the filter of and
    /// that the market accepts, or `nil`. It looks only: what is to be put right is in `notes`.
    ///
    /// - Parameters:
    ///   - market: who is asked. It is handed through, because a closure that captured it would copy it.
    ///   - look: what the market says of the order in a slot, and whether to ask its filter, too.
    /// - Complexity: about a dozen rows read for each block down to the answer.
    func best<Asked>(
        in category: CategoryNumber, for lead: borrowing EncodedLead, notes: inout MatchNotes,
        asking market: borrowing Asked,
        look: (_ market: borrowing Asked, _ slot: Int, _ asksFilter: Bool) -> Look
    ) -> Int? {
        guard category.index < ranks.count else { return nil }
        var contest = Contest(category, tier: lead.tier, rank: ranks[category.index])
        var region = lead.region
        while true {
            let bucket = bucket(of: category, region: region)
            if bucket != IndexEntry.none {
                contest.grades = 0b111
                search(Int(bucket), for: lead, &contest, &notes, market, look)
            }
            guard region != 0 else { break }
            region = regions.parents[Int(region)]
        }
        return contest.best.map { Int($0.slot) }
    }

    private func search<Asked>(
        _ bucket: Int, for lead: borrowing EncodedLead, _ contest: inout Contest,
        _ notes: inout MatchNotes, _ market: borrowing Asked,
        _ look: (borrowing Asked, Int, Bool) -> Look
    ) {
        var rows = LeadRows(lead, attributes: buckets[bucket].attributes)
        var ordinal = buckets[bucket].nextLive(from: 0)
        var read = 0
        while ordinal < buckets[bucket].blocks.count {
            guard contest.mayBeBeaten(behind: buckets[bucket].firsts[ordinal]) else { return }
            let block = Int(buckets[bucket].blocks[ordinal])
            let planes = unsafe blocks[block].planes
            let width = blocks[block].width
            read += 1
            if read == Self.blocksBeforeSorting {
                unsafe rows.sort(by: planes, width: width)
            }
            let hits =
                width == IndexBlock.widest
                ? unsafe rows.hits(in: planes, grades: contest.grades)
                : unsafe rows.hits(in: planes, width: width, grades: contest.grades)
            if hits.isNotEmpty, !consider(hits, of: block, &contest, &notes, market, look) {
                notes.blocks += read
                return
            }
            ordinal = buckets[bucket].nextLive(from: ordinal + 1)
        }
        notes.blocks += read
    }

    /// Lets the entries that the lead hit take part, best rank first.
    ///
    /// - Returns: Whether a later block may have a better one.
    private func consider<Asked>(
        _ hits: SIMD8<UInt64>, of block: Int, _ contest: inout Contest,
        _ notes: inout MatchNotes, _ market: borrowing Asked,
        _ look: (borrowing Asked, Int, Bool) -> Look
    ) -> Bool {
        for index in 0..<blocks[block].leafCount {
            let word = Int(blocks[block].words[index])
            var rest = hits[word]
            while rest != 0 {
                let lane = unsafe blocks[block].leaves[word].best(of: rest)
                rest &= ~(1 &<< UInt64(lane))
                let number = unsafe blocks[block].leaves[word].entries[lane]
                meet(number, &contest, &notes, market, look)
                if contest.grades == 0 { return false }
            }
        }
        return true
    }

    /// Lets one entry take part.
    @inline(__always)
    private func meet<Asked>(
        _ number: UInt32, _ contest: inout Contest, _ notes: inout MatchNotes,
        _ market: borrowing Asked, _ look: (borrowing Asked, Int, Bool) -> Look
    ) {
        let entry = entries[Int(number)]
        let grade = grades[Int(entry.advisor)]
        guard contest.grades & (1 &<< grade) != 0 else { return }
        let fit = contest.fits[Int(grade)]
        guard contest.isBeaten(by: entry.standing, fit: fit) else { return contest.close(fit) }
        var standing = entry.standing
        var isOvertaken = false
        if contest.turnPlace < 3 {
            let turn = turn(of: entry.advisor, in: contest.category)
            if turn != standing.merits[contest.turnPlace] {
                notes.overtaken.append(number)
                standing.merits[contest.turnPlace] = turn
                isOvertaken = true
                guard contest.isBeaten(by: standing, fit: fit) else { return }
            }
        }
        notes.candidates += 1
        switch look(market, Int(standing.slot), !entry.isExact) {
        case .accepted:
            contest.best = standing
            contest.bestFit = fit
            if !isOvertaken { contest.close(fit) }
        case .notLive:
            notes.notLive.append(Int(standing.slot))
        case .refused:
            break
        }
    }

    /// Moves the entries that were found to stand by an earlier turn to where they belong.
    mutating func moveOvertaken(_ notes: borrowing MatchNotes) {
        for number in notes.overtaken { refreshTurn(number) }
    }
}
