/// The orders that may take a lead, by category in rank order (R6.2).
///
/// Rank is priority (higher first), premium (higher first), the position of the advisor's last
/// reservation in the category (lower first, 0 if none), order id. Priority and premium make
/// *tiers*; within a tier the orders of advisors never served stand first, by id; then come the
/// advisors who were served, least recently first, each with their orders by id. A reservation thus
/// moves one group to the end of each of the advisor's tiers, however many orders there are.
///
/// Invariants:
/// 1. The tiers of a category are in rank order, none is empty.
/// 2. `fresh` holds orders of advisors never served in the category, ascending by id.
/// 3. `served` holds one group an advisor, ascending by last reservation, which is never 0.
/// 4. The orders of a group are ascending by id and not empty.
struct OrderBook: Sendable {
    /// An order's place in the book.
    struct Entry: Sendable {
        let id: OrderID
        let slot: Int
        let advisor: AdvisorNumber
    }

    private struct Group: Sendable {
        let advisor: AdvisorNumber
        var lastServed: LogPosition
        var entries: [Entry]
    }

    private struct Tier: Sendable {
        let priority: Int
        let premium: Money
        var fresh: [Entry] = []
        var served: [Group] = []
    }

    private var categories: [[Tier]] = []

    /// The first order in rank order that `accepts`, by its slot.
    ///
    /// - Complexity: O(orders looked at).
    func first(in category: CategoryNumber, where accepts: (Entry) -> Bool) -> Entry? {
        guard category.index < categories.count else { return nil }
        for tier in categories[category.index] {
            for entry in tier.fresh where accepts(entry) { return entry }
            for group in tier.served {
                for entry in group.entries where accepts(entry) { return entry }
            }
        }
        return nil
    }

    /// Puts an order into the book.
    ///
    /// - Parameters:
    ///   - slot: what the caller finds the order by.
    ///   - lastServed: the advisor's last reservation in the order's category.
    /// - Complexity: O(tiers + advisors + orders of the advisor).
    mutating func insert(_ order: Order, slot: Int, lastServed: LogPosition) {
        while categories.count <= order.category.index { categories.append([]) }
        let category = order.category.index
        let tier = tierIndex(category, order.terms, insert: true)
        let entry = Entry(id: order.id, slot: slot, advisor: order.advisor)
        if lastServed == .start {
            categories[category][tier].fresh.insert(ascending: entry)
            return
        }
        let groups = categories[category][tier].served
        if let group = groups.firstIndex(where: { $0.advisor == order.advisor }) {
            categories[category][tier].served[group].entries.insert(ascending: entry)
        } else {
            let place = groups.firstIndex { $0.lastServed > lastServed } ?? groups.count
            categories[category][tier].served.insert(
                Group(advisor: order.advisor, lastServed: lastServed, entries: [entry]), at: place)
        }
    }

    /// Takes an order out of the book, which holds it under these terms.
    ///
    /// - Complexity: O(tiers + advisors + orders of the advisor).
    mutating func remove(_ order: Order, lastServed: LogPosition) {
        let category = order.category.index
        let tier = tierIndex(category, order.terms, insert: false)
        if lastServed == .start {
            categories[category][tier].fresh.remove(order.id)
        } else if let group = categories[category][tier].served.firstIndex(where: {
            $0.advisor == order.advisor
        }) {
            categories[category][tier].served[group].entries.remove(order.id)
            if categories[category][tier].served[group].entries.isEmpty {
                categories[category][tier].served.remove(at: group)
            }
        }
        if categories[category][tier].fresh.isEmpty, categories[category][tier].served.isEmpty {
            categories[category].remove(at: tier)
        }
    }

    /// Notes that `advisor` got a reservation in `category`, the newest there is.
    ///
    /// - Complexity: O(tiers × advisors), and O(orders) the first time.
    mutating func serve(
        _ advisor: AdvisorNumber, in category: CategoryNumber, first: Bool, at position: LogPosition
    ) {
        guard category.index < categories.count else { return }
        for tier in categories[category.index].indices {
            let entries: [Entry]
            if first {
                entries = categories[category.index][tier].fresh.filter { $0.advisor == advisor }
                guard !entries.isEmpty else { continue }
                categories[category.index][tier].fresh.removeAll { $0.advisor == advisor }
            } else {
                guard
                    let group = categories[category.index][tier].served.firstIndex(where: {
                        $0.advisor == advisor
                    })
                else { continue }
                entries = categories[category.index][tier].served.remove(at: group).entries
            }
            categories[category.index][tier].served.append(
                Group(advisor: advisor, lastServed: position, entries: entries))
        }
    }

    private mutating func tierIndex(_ category: Int, _ terms: OrderTerms, insert: Bool) -> Int {
        let key = (terms.priority, terms.premium)
        let tiers = categories[category]
        let index = tiers.firstIndex { ($0.priority, $0.premium) <= key } ?? tiers.count
        if index < tiers.count, (tiers[index].priority, tiers[index].premium) == key {
            return index
        }
        precondition(insert, "an order is taken out of the tier it was put into")
        categories[category].insert(
            Tier(priority: terms.priority, premium: terms.premium), at: index)
        return index
    }
}

extension [OrderBook.Entry] {
    fileprivate mutating func insert(ascending entry: OrderBook.Entry) {
        insert(entry, at: place(of: entry.id))
    }

    fileprivate mutating func remove(_ id: OrderID) {
        let place = place(of: id)
        precondition(place < count && self[place].id == id, "the book holds the order")
        remove(at: place)
    }

    private func place(of id: OrderID) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if self[middle].id < id { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
