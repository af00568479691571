/// Due work by time: a binary min-heap that may hold work that has lapsed since.
///
/// Whether an item still stands is the caller's to say; the queue is an index over the market's
/// state and no part of it.
///
/// Invariant: no item is less than its parent, the one at `(index - 1) / 2`.
struct DueQueue: Sendable {
    private(set) var items: [DueItem] = []
    /// How many have lapsed since it was last cleared of them, by what ``withdraw(_:)`` was told.
    private var lapsed = 0
    /// Whether the first one, if any, is known to stand.
    private(set) var isFirstKnown = false

    /// The earliest item, lapsed or not.
    var first: DueItem? { items.first }

    /// Adds an item.
    ///
    /// - Complexity: O(log n).
    mutating func insert(_ item: DueItem) {
        items.append(item)
        var index = items.count - 1
        while index > 0 {
            let parent = (index - 1) / 2
            guard items[index] < items[parent] else { return }
            items.swapAt(index, parent)
            index = parent
        }
        isFirstKnown = false
    }

    /// Says that an item has lapsed. The one that was added last is mostly gone at once: a lead that is
    /// sold as it comes leaves nothing behind.
    ///
    /// - Complexity: O(1).
    mutating func withdraw(_ item: DueItem) {
        if items.first == item { isFirstKnown = false }
        if items.last == item { items.removeLast() } else { lapsed += 1 }
    }

    /// Notes that the first item stands, or that there is none.
    mutating func noteFirstStands() { isFirstKnown = true }

    /// Whether more than half of it has lapsed.
    var isStale: Bool { lapsed > 64 && lapsed * 2 > items.count }

    /// Removes what does not stand.
    ///
    /// - Complexity: O(n).
    mutating func removeLapsed(where stands: (DueItem) -> Bool) {
        items.removeAll { !stands($0) }
        (lapsed, isFirstKnown) = (0, false)
        for index in (0..<(items.count / 2)).reversed() { sink(from: index) }
    }

    /// Removes the earliest item; there must be one.
    ///
    /// - Complexity: O(log n).
    mutating func removeFirst() {
        items.swapAt(0, items.count - 1)
        items.removeLast()
        sink(from: 0)
        isFirstKnown = false
    }

    private mutating func sink(from start: Int) {
        var index = start
        while true {
            var least = index
            for child in (2 * index + 1)...(2 * index + 2)
            where child < items.count && items[child] < items[least] {
                least = child
            }
            guard least != index else { return }
            items.swapAt(index, least)
            index = least
        }
    }

    /// Hands the items due by `time`, lapsed or not, to `body`, in no order.
    ///
    /// - Complexity: O(k) for k such items.
    func forEach(by time: Timestamp, _ body: (DueItem) -> Void) {
        var open = [0]
        while let index = open.popLast() {
            guard index < items.count, items[index].time <= time else { continue }
            body(items[index])
            open.append(2 * index + 1)
            open.append(2 * index + 2)
        }
    }

    /// The earliest items due by `time` that `stand`, in order, at most `limit`.
    ///
    /// - Complexity: as ``earliest(limit:while:where:)``.
    func earliest(by time: Timestamp, limit: Int, where stands: (DueItem) -> Bool) -> [DueItem] {
        earliest(limit: limit, while: { $0.time <= time }, where: stands)
    }

    /// The items up to and including `last` that `stand`, in order.
    ///
    /// - Complexity: as ``earliest(limit:while:where:)``; what is due at the same time behind `last` is
    ///   not looked at.
    func earliest(through last: DueItem, where stands: (DueItem) -> Bool) -> [DueItem] {
        earliest(limit: .max, while: { $0 <= last }, where: stands)
    }

    /// Looks only: it walks the heap from the root, smallest first, by a second small heap of the
    /// places to go on from.
    ///
    /// - Complexity: O(k²) moves of a few bytes for k items looked at, those that have lapsed included:
    ///   mostly some hundreds.
    private func earliest(
        limit: Int, while isDue: (DueItem) -> Bool, where stands: (DueItem) -> Bool
    ) -> [DueItem] {
        var found: [DueItem] = []
        var frontier: [(item: DueItem, index: Int)] = []
        func consider(_ index: Int) {
            guard index < items.count, isDue(items[index]) else { return }
            let place = frontier.firstIndex { items[index] > $0.item } ?? frontier.count
            frontier.insert((items[index], index), at: place)
        }
        consider(0)
        while found.count < limit, let next = frontier.popLast() {
            if stands(next.item), found.last != next.item { found.append(next.item) }
            consider(2 * next.index + 1)
            consider(2 * next.index + 2)
        }
        return found
    }
}
