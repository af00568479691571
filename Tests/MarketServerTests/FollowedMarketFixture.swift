import EventLog
import MarketCore
import MarketTestSupport
import Projections

@testable import MarketServer

/// A follower of a market of one advisor, without the daemon around it.
struct FollowedMarketFixture {
    let directory: TemporaryDirectory
    let state: FollowerState
    let log: EventLog
    var source: TestMarket
    private var applied = 0

    init() throws {
        directory = try TemporaryDirectory()
        log = try EventLog(
            directory: directory.path + "/log",
            options: EventLogOptions(mapSizeBytes: 1 << 30))
        let vault = try ContactVault.create(at: directory.path + "/contacts")
        let views = try Views(directory: directory.path + "/views", mapSizeBytes: 1 << 30)
        state = FollowerState(
            market: Market(decides: false), log: log, vault: vault, views: views
        ) { $0.id.position }
        source = try TestMarket()
        try source.register("chen", fen: 10_000_000_000)
        try source.order("chen", quantity: 1_000_000)
    }

    /// Has the follower apply what happened.
    mutating func follow() {
        state.apply(Array(source.log[applied...]))
        applied = source.log.count
    }

    /// Writes what happened to the log, and has the follower apply it.
    mutating func writeAndFollow() throws {
        var records = RecordBatch(firstPosition: source.log[applied].position)
        while records.count < source.log.count - applied {
            let rest = source.log[(applied + records.count)...]
            records.append(
                transaction: rest.prefix { $0.transaction == rest.first?.transaction })
        }
        try log.append(records)
        follow()
    }
}
