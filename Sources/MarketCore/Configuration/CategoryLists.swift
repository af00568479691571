/// The lists of categories that leads qualify for, in the order the categories are tried. There are
/// few, and leads that qualify for the same share one, which is made once.
struct CategoryLists: Sendable {
    /// The most lists that are kept; others are made anew each time.
    private static let limit = 32

    private var places: [UInt64] = []
    private var lists: [[CategoryNumber]] = []

    init() {}

    /// The categories of `order` whose places have a bit in `chosen`.
    ///
    /// - Complexity: O(lists kept); allocates nothing for one that was asked for before.
    mutating func list(of chosen: UInt64, in order: [CategoryNumber]) -> [CategoryNumber] {
        if let known = places.firstIndex(of: chosen) { return lists[known] }
        let list = order.indices.filter { chosen & (1 << UInt64($0)) != 0 }.map { order[$0] }
        if lists.count < Self.limit {
            places.append(chosen)
            lists.append(list)
        }
        return list
    }
}
