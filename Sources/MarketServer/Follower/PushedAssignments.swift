internal import MarketCore

/// What frontends are told about and have not settled: reservations that wait for a gate, and
/// releases that nobody has acknowledged, in log order (R8.2, R8.3, R8.6).
///
/// 1. Entries ascend by position, so releases ascend by the time they become overdue, too.
/// 2. Settled entries are left in place and dropped in bulk, so keeping the list costs O(1) an event.
/// 3. Every entry up to ``watched`` was settled or overdue when it was looked at, each once.
struct PushedAssignments {
    /// What an entry tells.
    enum Kind: Hashable {
        /// That the lead is set aside, and whether a pinged lead's post is awaited.
        case reservation(awaitsPost: Bool)
        /// That the lead is sold.
        case release
    }

    /// One thing to tell.
    struct Entry {
        /// The position of the reservation, the post or the release.
        let position: LogPosition
        let assignment: AssignmentID
        let kind: Kind
        /// Where the contact of a pinged lead is, as far as that is known here.
        var post: LogPosition?
    }

    private var entries: [Entry]
    private var settled = 0
    /// The posts of pinged leads that are still open.
    private var posts: [LeadID: LogPosition] = [:]
    /// How far releases were looked at for being overdue.
    private(set) var watched = LogPosition.start

    /// Finds those of a market restored from a snapshot; `release` looks up where an assignment
    /// was released that was not released at once.
    init<Failure: Error>(
        _ market: Market, release: (Assignment) throws(Failure) -> LogPosition
    ) throws(Failure) {
        entries = []
        for assignment in market.assignments {
            if assignment.isReserved {
                let awaitsPost = assignment.gates.post != nil
                entries.append(
                    Entry(
                        position: assignment.id.position, assignment: assignment.id,
                        kind: .reservation(awaitsPost: awaitsPost)))
            } else if assignment.isPushed {
                // Transactions never share a stamp, so equal times mean that the release followed.
                let isAtOnce = assignment.releasedAt == assignment.reservedAt
                let position = isAtOnce ? assignment.id.position.next : try release(assignment)
                entries.append(
                    Entry(position: position, assignment: assignment.id, kind: .release))
            }
        }
        entries.sort { $0.position < $1.position }
    }

    /// Takes in an event that `market` has evolved by.
    mutating func note(_ recorded: RecordedEvent, in market: Market) {
        switch recorded.event {
        case .leadReserved(let reservation):
            guard !reservation.gates.isEmpty else { return }
            entries.append(
                Entry(
                    position: recorded.position, assignment: AssignmentID(recorded.position),
                    kind: .reservation(awaitsPost: reservation.gates.post != nil)))
        case .leadPosted(let post):
            guard post.rejection == nil else { return }
            posts[post.lead] = recorded.position
            settled += 1
            guard !post.gates.isEmpty, let assignment = market.assignment(of: post.lead)
            else { return }
            entries.append(
                Entry(
                    position: recorded.position, assignment: assignment.id,
                    kind: .reservation(awaitsPost: false)))
        case .leadReleased(let release):
            guard let assignment = market.assignment(release.assignment) else { return }
            let post = posts.removeValue(forKey: assignment.lead)
            entries.append(
                Entry(
                    position: recorded.position, assignment: release.assignment, kind: .release,
                    post: post))
            if assignment.releasedAt != assignment.reservedAt { settled += 1 }
        case .leadClosed(let lead, _):
            posts[lead] = nil
        case .leadVoided, .assignmentAcknowledged, .contactReported, .stageReported,
            .leadWithdrawn, .personSuppressed, .personErased:
            settled += 1
        default:
            return
        }
        guard settled > 1_024, settled > entries.count / 2 else { return }
        entries.removeAll { !Self.isOpen($0, in: market) }
        settled = 0
    }

    /// Whether there is still something to tell.
    private static func isOpen(_ entry: Entry, in market: Market) -> Bool {
        guard let assignment = market.assignment(entry.assignment) else { return false }
        switch entry.kind {
        case .reservation(let awaitsPost):
            return assignment.isReserved && (assignment.gates.post != nil) == awaitsPost
        case .release:
            return assignment.isPushed
        }
    }

    /// The entries from `position` on and before `end`, at most `limit` that are not settled.
    func slice(
        from position: LogPosition, before end: LogPosition, limit: Int, reservations: Bool,
        in market: Market
    ) -> [Entry] {
        var found: [Entry] = []
        for entry in entries[place(of: position)...] {
            guard entry.position < end, found.count < limit else { break }
            if !reservations, entry.kind != .release { continue }
            if Self.isOpen(entry, in: market) { found.append(entry) }
        }
        return found
    }

    /// The entry of the release at `position`, if it is still here.
    func release(at position: LogPosition) -> Entry? {
        let place = place(of: position)
        guard place < entries.count, entries[place].position == position else { return nil }
        return entries[place]
    }

    /// How many entries are before `position`.
    private func place(of position: LogPosition) -> Int {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].position < position { low = middle + 1 } else { high = middle }
        }
        return low
    }

    // MARK: - Overdue ones

    /// Looks at releases not looked at before, in order: those made by `limit` or before and still
    /// open are overdue, each told once.
    ///
    /// - Parameter count: how many entries to look at.
    /// - Returns: the overdue ones, and what to wait for: the time of the first release after
    ///   `limit`; `isDone` says whether everything up to `limit` was looked at.
    /// - Complexity: O(log entries + count); every entry is passed once.
    mutating func watch(
        releasesUpTo limit: Timestamp, count: Int, in market: Market
    ) -> (overdue: [AssignmentID], next: Timestamp?, isDone: Bool) {
        var overdue: [AssignmentID] = []
        for entry in entries[place(of: watched.next)...].prefix(count) {
            if entry.kind == .release, Self.isOpen(entry, in: market),
                let releasedAt = market.assignment(entry.assignment)?.releasedAt
            {
                if releasedAt > limit { return (overdue, releasedAt, true) }
                overdue.append(entry.assignment)
            }
            watched = entry.position
        }
        let isDone = entries.last.map { $0.position <= watched } ?? true
        return (overdue, nil, isDone)
    }
}
