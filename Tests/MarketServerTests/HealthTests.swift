import MarketClient
import MarketCore
import MarketRPC
import MarketTestSupport
import Synchronization
import Testing

@testable import EventLog
@testable import MarketServer

/// A disk on which others write.
private struct SharedDisk: StorageAround {
    let disk: any DurableStorage
    let free: Free

    /// The bytes that are free.
    final class Free: Sendable {
        private let bytes = Mutex(1 << 40)

        var now: Int {
            get { bytes.withLock { $0 } }
            set { bytes.withLock { $0 = newValue } }
        }
    }

    func space() throws(EventLogError) -> LogSpace {
        var space = try disk.space()
        space.freeDiskBytes = free.now
        return space
    }
}

@Suite(.hangGuard)
struct HealthTests {
    @Test func `free space is told as it is now, though nothing is written`() async throws {
        let free = SharedDisk.Free()
        var seams = Server.Seams()
        seams.storage = { SharedDisk(disk: $0, free: free) }
        let fixture = try ServerFixture(seams: seams) { $0.storage.reserveMiB = 1 }
        let client = try await fixture.connect()
        try await SmallMarket.found(client)
        var health = try await client.call("market.health")
        #expect(health["freeDiskBytes"] == .integer(1 << 40))
        #expect(health["status"] == "ok")
        free.now = 1 << 30
        health = try await client.call("market.health")
        #expect(health["freeDiskBytes"] == .integer(1 << 30))
        free.now = 1
        health = try await client.call("market.health")
        #expect(health["freeDiskBytes"] == 1)
        #expect(health["status"] == "storageFull")
        // What is looked at is what the writer goes by, before it is time to look itself.
        let refused = await reason { () async throws(ClientError) in
            try await client.call("lead.submit", SmallMarket.lead(1))
        }
        #expect(refused == "storageFull")
        free.now = 1 << 40
        #expect(try await client.call("market.health")["status"] == "ok")
        _ = try await client.call("lead.submit", SmallMarket.lead(1))
        await client.close()
        #expect(fixture.stop() == .clean)
    }
}
