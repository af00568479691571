internal import MarketCore

/// All assignments in order, for lists; 8 bytes each.
struct AssignmentList {
    private var ids: [AssignmentID]

    init(_ market: Market) {
        ids = market.assignments.map(\.id)
    }

    mutating func note(_ recorded: RecordedEvent) {
        if case .leadReserved = recorded.event { ids.append(AssignmentID(recorded.position)) }
    }

    /// Those before `id`, or all, newest first.
    func ids(before id: AssignmentID?) -> ReversedCollection<ArraySlice<AssignmentID>> {
        ids[..<(id.map(place) ?? ids.count)].reversed()
    }

    /// Whether there are older ones than `id`.
    func hasOlder(than id: AssignmentID) -> Bool { place(of: id) > 0 }

    /// How many are older than `id`.
    private func place(of id: AssignmentID) -> Int {
        var low = 0
        var high = ids.count
        while low < high {
            let middle = (low + high) / 2
            if ids[middle] < id { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
