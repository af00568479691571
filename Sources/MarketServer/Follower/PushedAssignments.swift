internal import EventLog
internal import MarketCore

/// What frontends are told about and have not settled: reservations that wait for a gate, and
/// releases that nobody has acknowledged, in log order (R8.2, R8.3, R8.6).
///
/// 1. Entries ascend by position, so releases ascend by the time they become overdue, too.
/// 2. Settled entries are left in place and swept out a few at a time, so keeping the list costs
///    O(1) an event, and no event costs much more than another.
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

    private var entries = PushedEntries()
    /// How many entries were settled since the last sweep.
    private var settled = 0
    /// The posts of pinged leads that are still open.
    private var posts: [LeadID: LogPosition] = [:]
    /// The posts of pinged leads whose release is among the entries.
    private var releasedPosts: [AssignmentID: LogPosition] = [:]
    /// How far releases were looked at for being overdue.
    private(set) var watched = LogPosition.start

    /// How many assignments are looked through as one piece of work.
    private static let pieceCount = 1 << 12

    /// Finds those of a market restored from a snapshot; `release` looks up where an assignment
    /// was released that was not released at once.
    ///
    /// - Complexity: O(assignments), on all cores.
    init<Failure: Error>(
        _ assignments: Assignments, release: (Assignment) throws(Failure) -> LogPosition
    ) throws(Failure) {
        let pieces = stride(from: 0, to: assignments.count, by: Self.pieceCount).map {
            $0..<min($0 + Self.pieceCount, assignments.count)
        }
        var releasedLater: [Entry] = []
        for found in AllCores.map(pieces.count, { Found(assignments, pieces[$0]) }) {
            entries.append(found.entries)
            for place in found.releasedLater {
                let assignment = assignments[place]
                releasedLater.append(
                    Entry(
                        position: try release(assignment), assignment: assignment.id,
                        kind: .release))
            }
        }
        releasedLater.sort { $0.position < $1.position }
        entries.merge(releasedLater)
    }

    /// What is found among some assignments.
    private struct Found: Sendable {
        /// What is told at the reservation or with it, which comes in order.
        var entries = PushedEntries()
        /// Where those stand that were released some time after their reservation.
        var releasedLater: [Int] = []

        init(_ assignments: Assignments, _ places: Range<Int>) {
            assignments.visit(places) { place, assignment in
                let id = assignment.id
                if assignment.isReserved {
                    let awaitsPost = assignment.gates.post != nil
                    entries.append(
                        Entry(
                            position: id.position, assignment: id,
                            kind: .reservation(awaitsPost: awaitsPost)))
                } else if assignment.isPushed {
                    // Transactions never share a stamp, so equal times mean that the release followed.
                    if assignment.releasedAt == assignment.reservedAt {
                        entries.append(
                            Entry(position: id.position.next, assignment: id, kind: .release))
                    } else {
                        releasedLater.append(place)
                    }
                }
            }
        }
    }

    /// How much is kept: entries, settled or not, and posts.
    var retainedCount: Int { entries.count + posts.count + releasedPosts.count }

    /// Takes in an event that `market` has evolved by.
    mutating func note(_ recorded: RecordedEvent, in market: Market) {
        let position = recorded.position
        switch recorded.event {
        case .leadReserved(let reservation):
            guard !reservation.gates.isEmpty else { return }
            entries.append(
                Entry(
                    position: position, assignment: AssignmentID(position),
                    kind: .reservation(awaitsPost: reservation.gates.post != nil)))
        case .leadPosted(let post):
            guard post.rejection == nil else { return }
            posts[post.lead] = position
            settled += 1
            guard !post.gates.isEmpty, let assignment = market.assignment(of: post.lead)
            else { return }
            entries.append(
                Entry(
                    position: position, assignment: assignment.id,
                    kind: .reservation(awaitsPost: false)))
        case .leadReleased(let release):
            note(release, at: position, in: market)
        case .leadClosed(let lead, _):
            if !posts.isEmpty { posts[lead] = nil }
        case .leadVoided, .assignmentAcknowledged, .contactReported, .stageReported,
            .leadWithdrawn, .personSuppressed, .personErased:
            settled += 1
        default:
            return
        }
        if settled > PushedEntries.chunkEntries / 2 { sweep(in: market) }
    }

    private mutating func note(
        _ release: Release, at position: LogPosition, in market: Market
    ) {
        entries.append(
            Entry(position: position, assignment: release.assignment, kind: .release))
        // One that had to wait for a gate has an entry that is settled now.
        if position != release.assignment.position.next { settled += 1 }
        if !posts.isEmpty, let lead = market.assignment(release.assignment)?.lead,
            let post = posts.removeValue(forKey: lead)
        {
            releasedPosts[release.assignment] = post
        }
    }

    /// Drops the settled ones of a part of the entries.
    private mutating func sweep(in market: Market) {
        settled = 0
        entries.sweep { entry in
            if Self.isOpen(entry, in: market) { return true }
            if entry.kind == .release, !releasedPosts.isEmpty {
                releasedPosts[entry.assignment] = nil
            }
            return false
        }
    }

    /// Whether there is still something to tell.
    private static func isOpen(_ entry: Entry, in market: Market) -> Bool {
        guard let place = market.assignments.place(of: entry.assignment) else { return false }
        switch entry.kind {
        case .reservation(let awaitsPost):
            let assignment = market.assignments[place]
            return assignment.isReserved && (assignment.gates.post != nil) == awaitsPost
        case .release:
            return market.assignments[place].isPushed
        }
    }

    /// The entries from `position` on and before `end`, at most `limit` that are not settled.
    func slice(
        from position: LogPosition, before end: LogPosition, limit: Int, reservations: Bool,
        in market: Market
    ) -> [Entry] {
        var found: [Entry] = []
        entries.visit(from: position) { entry in
            guard entry.position < end, found.count < limit else { return false }
            if !reservations, entry.kind != .release { return true }
            if Self.isOpen(entry, in: market) { found.append(withPost(entry)) }
            return true
        }
        return found
    }

    /// The entry of the release at `position`, if it is still here.
    func release(at position: LogPosition) -> Entry? {
        var found: Entry?
        entries.visit(from: position) { entry in
            if entry.position == position { found = withPost(entry) }
            return false
        }
        return found
    }

    private func withPost(_ entry: Entry) -> Entry {
        guard !releasedPosts.isEmpty, entry.kind == .release else { return entry }
        var entry = entry
        entry.post = releasedPosts[entry.assignment]
        return entry
    }

    // MARK: - Overdue ones

    /// Looks at releases not looked at before, in order: those made by `limit` or before and still
    /// open are overdue, each told once.
    ///
    /// - Parameter count: how many entries to look at; releases of one transaction are looked at
    ///   together, though.
    /// - Returns: the overdue ones, and what to wait for: the time of the first release after
    ///   `limit`; `isDone` says whether everything up to `limit` was looked at.
    /// - Complexity: O(log entries + count); every entry is passed once.
    mutating func watch(
        releasesUpTo limit: Timestamp, count: Int, in market: Market
    ) -> (overdue: [AssignmentID], next: Timestamp?, isDone: Bool) {
        var overdue: [AssignmentID] = []
        var (rest, last) = (count, Timestamp.epoch)
        var (next, isDone) = (Timestamp?.none, true)
        entries.visit(from: watched.next) { entry in
            var releasedAt: Timestamp?
            if entry.kind == .release, Self.isOpen(entry, in: market) {
                releasedAt = market.assignment(entry.assignment)?.releasedAt
            }
            if let releasedAt, releasedAt > limit {
                next = releasedAt
                return false
            }
            if rest <= 0, releasedAt != last {
                isDone = false
                return false
            }
            if let releasedAt {
                last = releasedAt
                overdue.append(entry.assignment)
            }
            rest -= 1
            watched = entry.position
            return true
        }
        return (overdue, next, isDone)
    }
}
