internal import EventLog
internal import Logging
internal import MarketCore
internal import Projections

/// Brings the follower's state up to the log's end, on a thread of its own: it reads the same events
/// as the writer's market, and depends on nothing that becomes of that.
struct FollowerOpening {
    let log: EventLog
    let vault: ContactVault
    let snapshots: SnapshotStore
    let logger: Logger

    /// Starts.
    ///
    /// - Parameters:
    ///   - views: what brings the look-ups with it.
    ///   - newest: the market of the newest snapshot, without a ranked book.
    ///   - head: the log's last position.
    func start(
        _ views: sending Views, newest: consuming Market, head: LogPosition
    ) -> WorkResult<Handover<FollowerState>, StartError> {
        let views = Handover(views)
        // Handed over, so that no copy is left anywhere: tables that are shared are copied as they change.
        let newest = Handover(newest)
        return WorkResult("follower start") { () throws(StartError) in
            try Handover(state(views.take(), newest: newest.take(), head: head))
        }
    }

    /// Brings the views and a market of their own up to the log's end, from the snapshot that the
    /// writer's market started from unless the views are behind it.
    private func state(
        _ views: sending Views, newest: consuming Market, head: LogPosition
    ) throws(StartError) -> sending FollowerState {
        if newest.head > views.position {
            newest = try StartError.check { () throws(SnapshotError) in
                try snapshots.loadNewest(
                    upTo: views.position, head: head, decides: false, onAllCores: true
                ).market
            }
        }
        let state = try FollowerState(market: newest, log: log, vault: vault, views: views) {
            assignment throws(StartError) in try release(of: assignment, views.reader)
        }
        try catchUp(state, to: head)
        return state
    }

    /// Applies what the log has after the state's last event, at least up to `head`, and writes the views.
    ///
    /// What rules noted that this program does not know is not written.
    func catchUp(_ state: FollowerState, to head: LogPosition) throws(StartError) {
        let first = state.market.head.next
        var progress = ReplayProgress("replaying the log for reads", from: first, of: head)
        var isFull = false
        while state.market.head < head {
            let next = state.market.head.next
            state.apply(
                try StartError.check { () throws(EventLogError) in
                    try log.events(from: next)
                })
            progress.note(state.market.head.next, logger)
            let limit = isFull ? FollowerLoop.maximumViewEvents : FollowerLoop.viewEvents
            if state.views.pendingEvents >= limit { try write(state, isFull: &isFull) }
        }
        try write(state, isFull: &isFull)
    }

    /// Where the disk is full, as much waits in memory as a market that runs lets wait.
    private func write(_ state: FollowerState, isFull: inout Bool) throws(StartError) {
        guard state.market.rulesInForce <= Market.rulesVersion else {
            throw .newerRules(log: state.market.rulesInForce, program: Market.rulesVersion)
        }
        do throws(ViewError) {
            try state.views.commit()
        } catch {
            guard case .diskFull(let problem) = error,
                state.views.pendingEvents < FollowerLoop.maximumViewEvents
            else { throw .views(error) }
            if !isFull {
                logger.error(
                    "the views wait for room on the disk", metadata: ["problem": "\(problem)"])
            }
            isFull = true
        }
    }

    /// Where an assignment was released that waited for a gate.
    private func release(
        of assignment: Assignment, _ views: ViewReader
    ) throws(StartError) -> LogPosition {
        let positions = try StartError.check { () throws(ViewError) in
            try views.stream(of: assignment.lead, limit: 1_024)
        }
        return try StartError.check { () throws(EventLogError) in
            for position in positions where position > assignment.id.position {
                if case .leadReleased(let release) = try log.event(at: position).event,
                    release.assignment == assignment.id
                {
                    return position
                }
            }
            return assignment.id.position.next
        }
    }
}
