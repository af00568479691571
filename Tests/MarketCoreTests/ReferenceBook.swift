@testable import MarketCore

/// The orders that may take a lead, by category and region, in rank order (R6.2).
///
/// An order stands in the bucket of each region code its filter names, or in its category's
/// any-region bucket; a lead looks at one bucket for each declared prefix of its own region and at
/// the any-region bucket, so that orders for other regions cost it nothing. In a bucket, orders
/// whose own terms rank alike make a *tier*; what ranks by advisor or lead (dedicated, grade fit,
/// turn) is asked of each order of a tier.
///
/// Invariants:
/// 1. The tiers of a bucket are in descending order of the merits of terms, by the category's rank
///    list; none is empty.
/// 2. The entries of a tier ascend by order id.
/// 3. An order has one entry in each bucket that its filter gives it, or none in any.
struct ReferenceBook: Sendable {
    /// An order's place in a bucket.
    struct Entry: Sendable {
        let id: OrderID
        /// What the market finds the order by.
        let slot: Int
        let advisor: AdvisorNumber
        let filter: Filter
    }

    /// What a lead asks of the orders of one category.
    struct Query {
        let category: CategoryNumber
        /// The packed prefixes of the lead's region, of every declared length.
        let regions: [Int64]
        /// The advisor who is `dedicated`; `nil` where that tells no orders apart.
        var dedicated: AdvisorNumber?
        /// The lead's tier, 0...2; `nil` when it has none and `gradeFit` tells no orders apart.
        let tier: Int?
    }

    /// A category and a packed region code, or 0 for orders that name no region.
    private struct BucketKey: Hashable, Sendable {
        let category: CategoryNumber
        let region: Int64
    }

    fileprivate struct Tier: Sendable {
        let merits: Merits
        var entries: [Entry]
    }

    /// The attribute whose codes make the buckets, once the market has one of that kind.
    var regionAttribute: AttributeNumber?

    private var buckets: [BucketKey: [Tier]] = [:]
    /// The rank lists by category; past the end they are empty.
    private var ranks: [[RankKey]] = []

    /// The highest-ranking order that `accepts`, or `nil`.
    ///
    /// - Parameter advisors: by number; their grades and turns rank.
    /// - Complexity: O(orders of these buckets down to the tier of the answer; to the end where keys
    ///   that are asked of each order come first).
    func best(for query: Query, of advisors: [Advisor], accepts: (Entry) -> Bool) -> Entry? {
        let category = query.category
        let rank = rank(of: category)
        let dedicated = query.dedicated.flatMap { _ in rank.firstIndex(of: .dedicated) }
        let gradeFit = query.tier.flatMap { _ in rank.firstIndex(of: .gradeFit) }
        let turn = rank.firstIndex(of: .leastRecentlyServed)
        var best: Standing?
        var answer: Entry?
        forEachBucket(of: query) { tiers in
            for tier in tiers {
                if let best, tier.merits < best.merits { return true }
                for entry in tier.entries {
                    var standing = Standing(order: entry.id, merits: tier.merits)
                    let advisor = entry.advisor
                    if let dedicated {
                        standing.merits[dedicated] = Advisor.dedication(
                            of: advisor, to: query.dedicated)
                    }
                    if let gradeFit, let tier = query.tier {
                        standing.merits[gradeFit] = advisors[advisor.index].gradeFit(to: tier)
                    }
                    if let turn {
                        standing.merits[turn] = advisors[advisor.index].turn(in: category)
                    }
                    if let best, !standing.goesBefore(best) { continue }
                    guard accepts(entry) else { continue }
                    best = standing
                    answer = entry
                }
            }
            return true
        }
        return answer
    }

    /// Whether it holds no order.
    var isEmpty: Bool { buckets.isEmpty }

    /// Whether there is an order, of whatever rank, that `accepts`.
    ///
    /// - Complexity: O(orders of these buckets).
    func contains(
        in category: CategoryNumber, regions: [Int64], where accepts: (Entry) -> Bool
    ) -> Bool {
        let query = Query(category: category, regions: regions, tier: nil)
        var found = false
        forEachBucket(of: query) { tiers in
            found = tiers.contains { $0.entries.contains(where: accepts) }
            return !found
        }
        return found
    }

    /// Makes `rank` the rank list of `category`, and puts its orders into that order.
    ///
    /// - Parameter orders: by slot.
    /// - Complexity: O(n log n) in the orders of the category, O(1) when the list stays.
    mutating func setRank(
        of category: CategoryNumber, to rank: [RankKey], orders: ChunkedArray<Order>
    ) {
        while ranks.count <= category.index { ranks.append([]) }
        guard ranks[category.index] != rank else { return }
        ranks[category.index] = rank
        for key in buckets.keys where key.category == category {
            let entries = buckets[key, default: []].flatMap(\.entries)
            let ranked = entries.map { entry in
                let merits = Merits(of: orders[entry.slot].terms, by: rank)
                return (entry: entry, standing: Standing(order: entry.id, merits: merits))
            }.sorted { $0.standing.goesBefore($1.standing) }
            var tiers: [Tier] = []
            for (entry, standing) in ranked {
                if let last = tiers.last, last.merits == standing.merits {
                    tiers[tiers.count - 1].entries.append(entry)
                } else {
                    tiers.append(Tier(merits: standing.merits, entries: [entry]))
                }
            }
            buckets[key] = tiers
        }
    }

    /// Puts an order into the book.
    ///
    /// - Complexity: O(orders of its buckets).
    mutating func insert(_ order: Order, slot: Int) {
        let entry = Entry(
            id: order.id, slot: slot, advisor: order.advisor, filter: order.terms.filter)
        let merits = Merits(of: order.terms, by: rank(of: order.category))
        for key in keys(of: order) { buckets[key, default: []].insert(entry, merits) }
    }

    /// Takes an order out of the book, which holds it under these terms.
    ///
    /// - Complexity: O(orders of its buckets).
    mutating func remove(_ order: Order) {
        let merits = Merits(of: order.terms, by: rank(of: order.category))
        for key in keys(of: order) {
            buckets[key]?.remove(order.id, merits)
            if buckets[key]?.isEmpty == true { buckets[key] = nil }
        }
    }

    private func rank(of category: CategoryNumber) -> [RankKey] {
        category.index < ranks.count ? ranks[category.index] : []
    }

    /// Hands the buckets a lead looks into to `look`, until that says that it is enough.
    private func forEachBucket(of query: Query, _ look: ([Tier]) -> Bool) {
        let anyRegion = BucketKey(category: query.category, region: 0)
        if let tiers = buckets[anyRegion], !look(tiers) { return }
        for region in query.regions {
            let key = BucketKey(category: query.category, region: region)
            if let tiers = buckets[key], !look(tiers) { return }
        }
    }

    private func keys(of order: Order) -> [BucketKey] {
        for predicate in order.terms.filter.predicates where predicate.attribute == regionAttribute
        {
            guard case .regions(let regions) = predicate.test else { break }
            return regions.map { BucketKey(category: order.category, region: $0.lower) }
        }
        return [BucketKey(category: order.category, region: 0)]
    }
}

extension [ReferenceBook.Tier] {
    fileprivate mutating func insert(_ entry: ReferenceBook.Entry, _ merits: Merits) {
        let place = place(of: merits)
        if place < count, self[place].merits == merits {
            self[place].entries.insert(entry, at: self[place].entries.place(of: entry.id))
        } else {
            insert(ReferenceBook.Tier(merits: merits, entries: [entry]), at: place)
        }
    }

    fileprivate mutating func remove(_ id: OrderID, _ merits: Merits) {
        let tier = place(of: merits)
        let place = self[tier].entries.place(of: id)
        precondition(self[tier].entries[place].id == id, "the book holds the order")
        self[tier].entries.remove(at: place)
        if self[tier].entries.isEmpty { remove(at: tier) }
    }

    /// Where the tier with `merits` stands or would stand.
    private func place(of merits: Merits) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if merits < self[middle].merits {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }
}

extension [ReferenceBook.Entry] {
    /// Where the order with `id` stands or would stand.
    fileprivate func place(of id: OrderID) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if self[middle].id < id { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
