/// The orders that may take a lead, by category and region, in rank order (R6.2).
///
/// An order stands in the bucket of each region code its filter names, or in its category's
/// any-region bucket; a lead looks at one bucket for each declared prefix of its own region and at
/// the any-region bucket, so that orders for other regions cost it nothing. In a bucket, orders of
/// equal priority and premium make a *tier*; the least recently served of a tier's orders that
/// accept the lead wins it.
///
/// Invariants:
/// 1. The tiers of a bucket are in descending order of (priority, premium); none is empty.
/// 2. The entries of a tier ascend by order id.
/// 3. An order has one entry in each bucket that its filter gives it, or none in any.
struct OrderBook: Sendable {
    /// An order's place in a bucket.
    struct Entry: Sendable {
        let id: OrderID
        /// What the market finds the order by.
        let slot: Int
        let advisor: AdvisorNumber
        let filter: Filter
    }

    /// A category and a packed region code, or 0 for orders that name no region.
    private struct BucketKey: Hashable, Sendable {
        let category: CategoryNumber
        let region: Int64
    }

    fileprivate struct Tier: Sendable {
        let priority: Int
        let premium: Money
        var entries: [Entry]
    }

    /// An entry with everything that ranks it.
    private struct Candidate {
        let entry: Entry
        let priority: Int
        let premium: Money
        let lastServed: LogPosition

        func goesBefore(_ other: Candidate) -> Bool {
            (other.priority, other.premium, lastServed, entry.id)
                < (priority, premium, other.lastServed, other.entry.id)
        }
    }

    /// The attribute whose codes make the buckets, once the market has one of that kind.
    var regionAttribute: AttributeNumber?

    private var buckets: [BucketKey: [Tier]] = [:]

    /// The highest-ranking order that `accepts`, or `nil`.
    ///
    /// - Parameters:
    ///   - regions: the packed prefixes of the lead's region, of every declared length.
    ///   - lastServed: the position of an advisor's last reservation in the category.
    /// - Complexity: O(orders of these buckets down to the tier of the answer).
    func best(
        in category: CategoryNumber, regions: [Int64],
        lastServed: (AdvisorNumber) -> LogPosition, accepts: (Entry) -> Bool
    ) -> Entry? {
        var best: Candidate?
        func look(in region: Int64) {
            guard let tiers = buckets[BucketKey(category: category, region: region)] else { return }
            for tier in tiers {
                if let best, (tier.priority, tier.premium) < (best.priority, best.premium) {
                    return
                }
                for entry in tier.entries {
                    let candidate = Candidate(
                        entry: entry, priority: tier.priority, premium: tier.premium,
                        lastServed: lastServed(entry.advisor))
                    guard best.map(candidate.goesBefore) ?? true, accepts(entry) else { continue }
                    best = candidate
                }
            }
        }
        look(in: 0)
        for region in regions { look(in: region) }
        return best?.entry
    }

    /// Puts an order into the book.
    ///
    /// - Complexity: O(orders of its buckets).
    mutating func insert(_ order: Order, slot: Int) {
        let entry = Entry(
            id: order.id, slot: slot, advisor: order.advisor, filter: order.terms.filter)
        for key in keys(of: order) {
            buckets[key, default: []].insert(entry, order.terms.priority, order.terms.premium)
        }
    }

    /// Takes an order out of the book, which holds it under these terms.
    ///
    /// - Complexity: O(orders of its buckets).
    mutating func remove(_ order: Order) {
        for key in keys(of: order) {
            buckets[key]?.remove(order.id, order.terms.priority, order.terms.premium)
            if buckets[key]?.isEmpty == true { buckets[key] = nil }
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

extension [OrderBook.Tier] {
    fileprivate mutating func insert(
        _ entry: OrderBook.Entry, _ priority: Int, _ premium: Money
    ) {
        let place = place(of: (priority, premium))
        if place < count, (self[place].priority, self[place].premium) == (priority, premium) {
            self[place].entries.insert(entry, at: self[place].entries.place(of: entry.id))
        } else {
            let tier = OrderBook.Tier(priority: priority, premium: premium, entries: [entry])
            insert(tier, at: place)
        }
    }

    fileprivate mutating func remove(_ id: OrderID, _ priority: Int, _ premium: Money) {
        let tier = place(of: (priority, premium))
        let place = self[tier].entries.place(of: id)
        precondition(self[tier].entries[place].id == id, "the book holds the order")
        self[tier].entries.remove(at: place)
        if self[tier].entries.isEmpty { remove(at: tier) }
    }

    private func place(of rank: (Int, Money)) -> Int {
        firstIndex { ($0.priority, $0.premium) <= rank } ?? count
    }
}

extension [OrderBook.Entry] {
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
