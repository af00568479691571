/// The first entries of chains, one for each advisor and bucket; a chain goes on from entry to entry.
///
/// Pairs whose hashes agree share a chain, so what is found in one has to be compared.
struct AdvisorChains: Sendable {
    private var heads = Array(repeating: IndexEntry.none, count: 64)

    /// How many chains there is room for.
    var capacity: Int { heads.count }

    /// The place of the chain of a pair: the middle bits of a product (Knuth 6.4).
    @inline(__always)
    private func place(of advisor: UInt32, _ bucket: UInt32) -> Int {
        let product = (UInt64(bucket) << 32 | UInt64(advisor)) &* 0x9E37_79B9_7F4A_7C15
        return Int(truncatingIfNeeded: product >> 32) & (heads.count - 1)
    }

    /// The first entry of the chain of an advisor and a bucket.
    subscript(advisor: UInt32, bucket: UInt32) -> UInt32 {
        get { heads[place(of: advisor, bucket)] }
        set { heads[place(of: advisor, bucket)] = newValue }
    }

    /// Hands the number of each entry in a chain to `body`.
    func forEach(in entries: [IndexEntry], _ body: (UInt32) -> Void) {
        for head in heads {
            var next = head
            while next != IndexEntry.none {
                body(next)
                next = entries[Int(next)].nextInChain
            }
        }
    }

    /// No chains, with room for so many, a power of two.
    mutating func clear(capacity: Int) {
        heads = Array(repeating: IndexEntry.none, count: capacity)
    }
}

extension OrderIndex {
    /// The slot of the highest-ranking of one advisor's orders of `category` that the lead passes the
    /// filter of and that the market accepts, or `nil`. It looks only, as
    /// ``best(in:for:of:at:asking:notes:)`` does.
    ///
    /// - Complexity: O(entries of the advisor in the buckets of the lead's region).
    func best(
        of advisor: AdvisorNumber, in category: CategoryNumber,
        for outline: LeadOutline, of lead: Lead, at time: Timestamp,
        asking judge: some OrderJudge, notes: inout MatchNotes
    ) -> Int? {
        guard category.index < ranks.count else { return nil }
        let advisor = UInt32(advisor.index)
        let turnPlace = ranks[category.index].turnPlace
        var best: IndexStanding?
        var region = outline.region
        while true {
            let bucket = bucket(of: category, region: region)
            var next = advisorChains[advisor, bucket]
            while next != IndexEntry.none {
                let number = Int(next)
                next = entries[number].nextInChain
                guard blocks[Int(entries[number].block)].bucket == Int(bucket),
                    isHit(number, by: lead.attributes)
                else { continue }
                let seat = seat(of: UInt32(number))
                guard seat.advisor == advisor else { continue }
                var standing = seat.standing
                // The advisor being the same, only the orders' own terms tell them apart.
                if turnPlace < 3 { standing.merits[turnPlace] = 0 }
                if let best, best.goesBefore(standing) { continue }
                notes.candidates += 1
                let slot = Int(standing.slot)
                switch judge.look(
                    atOrderIn: slot, for: lead, at: time, asksFilter: !seat.isExact)
                {
                case .accepted: best = standing
                case .notLive: notes.notLive.append(slot)
                case .refused: break
                }
            }
            guard region != 0 else { break }
            region = regions.parents[Int(region)]
        }
        return best.map { Int($0.slot) }
    }

    /// Whether an entry is live and no row of the lead rejects it.
    private func isHit(_ number: Int, by attributes: Attributes) -> Bool {
        let leaf = leaf(Int(entries[number].word), of: Int(entries[number].block))
        var hit = leaf[0] & (1 &<< UInt64(entries[number].lane))
        var rest = entries[number].attributes
        while rest != 0, hit != 0 {
            hit &= ~leaf[Int(cells.row(of: attributes, for: rest.trailingZeroBitCount))]
            rest &= rest &- 1
        }
        return hit != 0
    }

    private func bucket(ofEntry number: UInt32) -> UInt32 {
        UInt32(blocks[Int(entries[Int(number)].block)].bucket)
    }

    /// Puts an entry of a bucket, which has its place, into its advisor's chain.
    mutating func link(_ number: UInt32, of advisor: UInt32, in bucket: Int) {
        if entries.count > advisorChains.capacity {
            linkAll()
        } else {
            putFirst(number, of: advisor, in: UInt32(bucket))
        }
    }

    /// Makes the chains anew, with more room: leaf by leaf, as the advisors stand there.
    private mutating func linkAll() {
        advisorChains.clear(capacity: advisorChains.capacity * 4)
        for bucket in buckets.indices {
            for block in buckets[bucket].blocks {
                for place in 0..<blocks[Int(block)].leafCount {
                    let leaf = leaf(blocks[Int(block)].word(place), of: Int(block))
                    for rank in 0..<leaf.count {
                        let lane = leaf.lane(rank: rank)
                        putFirst(
                            leaf.entry(lane: lane), of: leaf.seat(lane: lane).advisor,
                            in: UInt32(bucket))
                    }
                }
            }
        }
    }

    private mutating func putFirst(_ number: UInt32, of advisor: UInt32, in bucket: UInt32) {
        entries[Int(number)].nextInChain = advisorChains[advisor, bucket]
        advisorChains[advisor, bucket] = number
    }

    /// Takes an entry, which still has its place, from its advisor's chain.
    ///
    /// - Complexity: O(entries of the advisor in the bucket).
    mutating func unlink(_ number: UInt32) {
        let advisor = seat(of: number).advisor
        let bucket = bucket(ofEntry: number)
        let following = entries[Int(number)].nextInChain
        var place = advisorChains[advisor, bucket]
        guard place != number else { return advisorChains[advisor, bucket] = following }
        while entries[Int(place)].nextInChain != number {
            place = entries[Int(place)].nextInChain
        }
        entries[Int(place)].nextInChain = following
    }

    /// Whether an entry is in its advisor's chain.
    func isLinked(_ number: UInt32) -> Bool {
        var place = advisorChains[seat(of: number).advisor, bucket(ofEntry: number)]
        while place != number, place != IndexEntry.none {
            place = entries[Int(place)].nextInChain
        }
        return place == number
    }
}
