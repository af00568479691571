internal import MarketCore

/// The released assignments that nobody has acknowledged, in order of release (R8.6).
///
/// Ended ones are left in place and dropped in bulk, so keeping the list costs O(1) an event.
struct PushedAssignments {
    /// One release.
    struct Entry {
        let release: LogPosition
        let assignment: AssignmentID
    }

    private var entries: [Entry] = []
    private var ended = 0

    /// Finds those of a market restored from a snapshot. The release follows the reservation at
    /// once while there are no gates.
    init(_ market: Market) {
        for id in market.assignments.keys.sorted() where market.assignment(id)?.isPushed == true {
            entries.append(Entry(release: id.position.next, assignment: id))
        }
    }

    mutating func note(_ recorded: RecordedEvent, in market: Market) {
        switch recorded.event {
        case .leadReleased(let release):
            entries.append(Entry(release: recorded.position, assignment: release.assignment))
        case .assignmentAcknowledged, .contactReported, .stageReported, .leadWithdrawn:
            ended += 1
        case .personErased:
            ended += 1
        default:
            return
        }
        guard ended > 1_024, ended > entries.count / 2 else { return }
        entries.removeAll { market.assignment($0.assignment)?.isPushed != true }
        ended = 0
    }

    /// Releases from `position` on and before `end`, at most `limit` that are still pushed.
    func slice(
        from position: LogPosition, before end: LogPosition, limit: Int, in market: Market
    ) -> [Entry] {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].release < position { low = middle + 1 } else { high = middle }
        }
        var found: [Entry] = []
        for entry in entries[low...] {
            guard entry.release < end, found.count < limit else { break }
            if market.assignment(entry.assignment)?.isPushed == true { found.append(entry) }
        }
        return found
    }

    /// How many are still pushed.
    func count(in market: Market) -> Int {
        entries.count { market.assignment($0.assignment)?.isPushed == true }
    }
}
