internal import EventLog
internal import MarketCore
internal import Projections

/// Brings the follower's state up to the log's end, on a thread of its own: it reads the same events
/// as the writer's market, and depends on nothing that becomes of that.
struct FollowerOpening {
    let log: EventLog
    let vault: ContactVault
    let snapshots: SnapshotStore

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
            do throws(SnapshotError) {
                newest = try snapshots.loadNewest(
                    upTo: views.position, head: head, decides: false, onAllCores: true
                ).market
            } catch {
                throw .snapshots(error)
            }
        }
        let state = try FollowerState(market: newest, log: log, vault: vault, views: views) {
            assignment throws(StartError) in try release(of: assignment, views.reader)
        }
        try catchUp(state, to: head)
        return state
    }

    /// Applies what the log has after the state's last event, up to `head`.
    func catchUp(_ state: FollowerState, to head: LogPosition) throws(StartError) {
        while state.market.head < head {
            let next = state.market.head.next
            do throws(EventLogError) {
                state.apply(try log.events(from: next))
            } catch {
                throw .storage(error)
            }
            if state.views.pendingEvents >= FollowerLoop.viewEvents { try commit(state.views) }
        }
        try commit(state.views)
    }

    private func commit(_ views: Views) throws(StartError) {
        do throws(ViewError) {
            try views.commit()
        } catch {
            throw .views(error)
        }
    }

    /// Where an assignment was released that waited for a gate.
    private func release(
        of assignment: Assignment, _ views: ViewReader
    ) throws(StartError) -> LogPosition {
        let positions: [LogPosition]
        do throws(ViewError) {
            positions = try views.stream(of: assignment.lead, limit: 1_024)
        } catch {
            throw .views(error)
        }
        do throws(EventLogError) {
            for position in positions where position > assignment.id.position {
                let recorded = try log.event(at: position)
                if case .leadReleased(let release) = recorded.event,
                    release.assignment == assignment.id
                {
                    return position
                }
            }
        } catch {
            throw .storage(error)
        }
        return assignment.id.position.next
    }
}
