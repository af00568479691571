import Glibc
import MarketCore
import MarketTestSupport
import Testing

@testable import MarketServer
@testable import Projections

/// Writes views and snapshots in name only, and holds snapshots up while a gate is closed.
private struct Disk: Sendable {
    struct Written {
        var views: [LogPosition] = []
        var snapshots: [LogPosition] = []
        var isClosed = false
        var snapshotsBegun = 0
    }

    let written = Monitor(Written())
    let log = RecordingLog()

    /// - Parameter failures: what the first writes of views fail with.
    func keeper(failures: [ViewError] = [], makesSnapshots: Bool = true) -> Keeper {
        let written = written
        let failures = Monitor(failures[...])
        return Keeper(
            lastSnapshot: .start, logger: log.logger,
            writing: { changes throws(ViewError) in
                if let failure = failures.withLock({ $0.popFirst() }) { throw failure }
                written.withLock { $0.views.append(changes.start) }
            },
            makingSnapshots: { market in
                written.change {
                    $0.snapshotsBegun += 1
                    return true
                }
                _ = written.wait(until: nil) { $0.isClosed ? nil : true }
                written.withLock { $0.snapshots.append(market.head) }
                return makesSnapshots
            })
    }

    func setClosed(_ isClosed: Bool) {
        written.change {
            $0.isClosed = isClosed
            return true
        }
    }

    func waitForSnapshot(_ number: Int) {
        _ = written.wait(until: nil) { $0.snapshotsBegun >= number ? true : nil }
    }
}

@Suite(.hangGuard)
struct KeeperTests {
    private func changes(_ position: UInt64) -> ViewChanges {
        ViewChanges(after: LogPosition(position))
    }

    @Test
    func `views are written while a snapshot is, and none is begun beside it`() throws {
        let disk = Disk()
        let keeper = disk.keeper()
        let market = try TestMarket().market
        #expect(keeper.mayMakeSnapshot)
        disk.setClosed(true)
        keeper.start(Keeper.Work(changes: changes(1), market: market))
        try keeper.wait()
        disk.waitForSnapshot(1)
        #expect(disk.written.withLock { $0.views } == [LogPosition(1)])
        for position in 2...3 as ClosedRange<UInt64> {
            #expect(!keeper.mayMakeSnapshot)
            keeper.start(Keeper.Work(changes: changes(position)))
            try keeper.wait()
        }
        #expect(disk.written.withLock { $0.views } == [1, 2, 3].map { LogPosition($0) })
        #expect(keeper.lastSnapshot == .start)
        disk.setClosed(false)
        keeper.stop()
        #expect(keeper.lastSnapshot == market.head && keeper.failure == nil)
        keeper.stop()
    }

    @Test
    func `what was handed over is written before the threads end`() throws {
        let disk = Disk()
        let keeper = disk.keeper()
        let market = try TestMarket().market
        keeper.start(Keeper.Work(changes: changes(1), market: market))
        keeper.stop()
        #expect(disk.written.withLock { $0.views } == [LogPosition(1)])
        #expect(disk.written.withLock { $0.snapshots } == [market.head])
        #expect(keeper.lastSnapshot == market.head)
    }

    @Test
    func `no snapshot is made of what the views have not reached`() throws {
        let disk = Disk()
        let failure = ViewError.damagedRow
        let keeper = disk.keeper(failures: [failure])
        keeper.start(Keeper.Work(changes: changes(1), market: try TestMarket().market))
        keeper.stop()
        #expect(keeper.failure == failure)
        #expect(disk.written.withLock { $0.snapshotsBegun } == 0)
    }

    @Test
    func `views that find the disk full are written once there is room`() throws {
        let disk = Disk()
        let full = ViewError.diskFull("no space")
        let keeper = disk.keeper(failures: [full, full])
        keeper.start(Keeper.Work(changes: changes(1), market: try TestMarket().market))
        while keeper.isBusy { usleep(10_000) }
        keeper.stop()
        #expect(disk.written.withLock { $0.views } == [LogPosition(1)])
        // The snapshot that was to follow is left for another time.
        #expect(keeper.failure == nil && disk.written.withLock { $0.snapshotsBegun } == 0)
        #expect(disk.log.lines("the views wait for room on the disk").count == 1)
        #expect(disk.log.lines("the views are written again").count == 1)
    }

    @Test
    func `a stop does not wait for room, and another failure ends it`() throws {
        let disk = Disk()
        let full = ViewError.diskFull("no space")
        var keeper = disk.keeper(failures: [full, full, full, full])
        keeper.start(Keeper.Work(changes: changes(1)))
        #expect(throws: full) { try keeper.wait() }
        keeper.stop()
        #expect(keeper.failure == full)
        let broken = ViewError.storage("broken")
        keeper = disk.keeper(failures: [broken])
        keeper.start(Keeper.Work(changes: changes(1)))
        keeper.stop()
        #expect(keeper.failure == broken)
        #expect(disk.written.withLock { $0.views } == [])
    }

    @Test
    func `a snapshot that failed does not count, and is tried again in a while`() throws {
        let disk = Disk()
        let keeper = disk.keeper(makesSnapshots: false)
        keeper.start(Keeper.Work(market: try TestMarket().market))
        keeper.stop()
        #expect(disk.written.withLock { $0.snapshotsBegun } == 1)
        #expect(keeper.lastSnapshot == .start)
        #expect(!keeper.mayMakeSnapshot)
    }
}
