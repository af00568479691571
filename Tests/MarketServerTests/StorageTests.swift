import EventLog
import Foundation
import MarketClient
import MarketCore
import MarketRPC
import MarketTestSupport
import Projections
import Synchronization
import Testing

@testable import MarketServer

/// A disk that fails from some write on.
private struct FailingStorage: DurableStorage {
    let disk: any DurableStorage
    let budget: Budget

    /// How many writes still succeed.
    final class Budget: Sendable {
        private let left: Mutex<Int>

        init(_ writes: Int) { left = Mutex(writes) }

        func spend() throws(EventLogError) {
            let isLeft = left.withLock { left in
                left -= 1
                return left >= 0
            }
            guard isLeft else { throw .file(call: "fdatasync", path: "test", code: 5) }
        }
    }

    func appendKeys(_ keys: [(identity: Identity, key: ContactKey)]) throws(EventLogError) {
        try budget.spend()
        try disk.appendKeys(keys)
    }

    func append(_ batch: borrowing RecordBatch) throws(EventLogError) {
        try budget.spend()
        try disk.append(batch)
    }

    func eraseKeys(of identities: Set<Identity>) throws(EventLogError) {
        try disk.eraseKeys(of: identities)
    }

    func space() throws(EventLogError) -> LogSpace { try disk.space() }

    func transaction(at position: LogPosition) throws(EventLogError) -> [RecordedEvent] {
        try disk.transaction(at: position)
    }
}

@Suite(.hangGuard)
struct StorageTests {
    @Test func `below the reserve changes are refused and looks go on`() async throws {
        let fixture = try ServerFixture { $0.storage.reserveMiB = 16_777_216 }
        let client = try await fixture.connect()
        let refused = await reason { () async throws(ClientError) in
            try await client.call(
                "market.apply", ["configuration": SmallMarket.configuration])
        }
        #expect(refused == "storageFull")
        let health = try await client.call("market.health")
        #expect(health["status"] == "storageFull")
        let digest = try await client.call("market.digest")
        #expect(digest["writerDigest"] == digest["followerDigest"])
        await client.close()
        #expect(fixture.stop() == .clean)
    }

    @Test(arguments: 0..<6)
    func `after a failed write nothing more is answered, and nothing answered is lost`(
        extraWrites: Int
    ) async throws {
        let directory = try TemporaryDirectory()
        let failed = FailureLog()
        let setup = 4 * 2
        var acknowledged: [JSONValue] = []
        do {
            var seams = Server.Seams()
            let budget = FailingStorage.Budget(setup + extraWrites)
            seams.storage = { FailingStorage(disk: $0, budget: budget) }
            seams.onFailure = { failed.note($0) }
            let fixture = try ServerFixture(in: directory, seams: seams)
            let client = try await fixture.connect()
            try await SmallMarket.found(client)
            for number in 1...10 {
                guard
                    let answer = await failed.before({
                        try? await client.call("lead.submit", SmallMarket.lead(number))
                    })
                else { break }
                acknowledged.append(answer)
            }
            await client.close()
            // A writer that has failed never ends, however long one waits.
            #expect(fixture.stop(withinSeconds: 1) == .timedOut)
        }
        #expect(failed.problems.count == 1)
        #expect(acknowledged.count == extraWrites / 2)
        let fixture = try ServerFixture(in: directory)
        let client = try await fixture.connect()
        for decision in acknowledged {
            let lead = try await client.call("lead.get", ["lead": try #require(decision["lead"])])
            #expect(lead["status"] == "released")
            #expect(lead["assignment"] == decision["assignment"])
        }
        await client.close()
        #expect(fixture.stop() == .clean)
    }

    @Test func `a second daemon cannot have the directory`() throws {
        let fixture = try ServerFixture()
        #expect(throws: StartError.inUse(directory: fixture.configuration.dataDirectory)) {
            _ = try ServerFixture(in: fixture.directory) { configuration in
                configuration.socketPath = fixture.directory.path("other")
            }
        }
    }

    @Test(.rules("R4.1"))
    func `without its secret, with a wrong one, or another clock it does not start`() throws {
        let fixture = try ServerFixture()
        #expect(fixture.stop() == .clean)
        let secret = fixture.configuration.keysDirectory + "/secret"
        // Nothing is derived from a log that is not this market's: it would stay when that is mended.
        let views = fixture.configuration.dataDirectory + "/views"
        try Files.remove(views)
        #expect(throws: StartError.self) {
            _ = try ServerFixture(in: fixture.directory, clock: .supplied)
        }
        #expect(try Views(directory: views).position == .start)
        try Files.move(secret, to: secret + ".away")
        #expect(throws: StartError.storage(.noFile(path: secret))) { try fixture.start() }
        let other = try ServerFixture()
        #expect(other.stop() == .clean)
        try Files.move(other.configuration.keysDirectory + "/secret", to: secret)
        #expect(throws: StartError.storage(.wrongSecret(path: secret))) { try fixture.start() }
        #expect(try Views(directory: views).position == .start)
        try Files.remove(secret)
        try Files.move(secret + ".away", to: secret)
        try fixture.start()
        #expect(fixture.stop() == .clean)
    }

    @Test func `keys without a log are no place for a new market`() async throws {
        let fixture = try ServerFixture()
        let client = try await fixture.connect()
        try await SmallMarket.found(client)
        _ = try await client.call("lead.submit", SmallMarket.lead(1))
        await client.close()
        #expect(fixture.stop() == .clean)
        try Files.remove(fixture.configuration.dataDirectory + "/log")
        #expect(throws: StartError.self) { try fixture.start() }
    }

    @Test func `a log that ends before what was derived from it is refused`() async throws {
        let fixture = try ServerFixture()
        let directory = fixture.configuration.dataDirectory
        let client = try await fixture.connect()
        try await SmallMarket.found(client)
        let old = fixture.directory.path("old")
        _ = try await client.call("market.backup", ["directory": .string(old)])
        _ = try await client.call("lead.submit", SmallMarket.lead(1))
        await client.close()
        #expect(fixture.stop() == .clean)
        let keys = try Data(contentsOf: URL(filePath: directory + "/keys/contacts"))
        try Files.remove(directory + "/log")
        try Files.move(old + "/log", to: directory + "/log")
        let error = #expect(throws: StartError.self) { try fixture.start() }
        guard case .logTooShort = error else {
            Issue.record("it says \(String(describing: error))")
            return
        }
        #expect(try Data(contentsOf: URL(filePath: directory + "/keys/contacts")) == keys)
        for derived in ["views", "snapshots"] { try Files.remove(directory + "/" + derived) }
        try fixture.start()
        #expect(fixture.stop() == .clean)
    }

    @Test func `keys far ahead of the log are not cut off`() async throws {
        let fixture = try ServerFixture()
        #expect(fixture.stop() == .clean)
        let path = fixture.configuration.keysDirectory + "/contacts"
        let surplus = WriterLoop.maximumBatchRequests + 1
        do {
            let vault = try ContactVault(path: path)
            var sealer = ContactSealer()
            let key = try sealer.seal([1, 2, 3]).key
            try vault.append(
                Array(repeating: (identity: Identity(high: 1, low: 2), key: key), count: surplus))
        }
        #expect(throws: StartError.keysBeyondLog(surplus: UInt64(surplus), path: path)) {
            try fixture.start()
        }
        #expect(try ContactVault(path: path).count == UInt64(surplus))
    }
}

/// The problems a server ended with.
private final class FailureLog: Sendable {
    private let noted = Mutex<[String]>([])

    func note(_ problem: String) { noted.withLock { $0.append(problem) } }

    var problems: [String] { noted.withLock { $0 } }

    /// What `body` gives, or `nil` once a problem was noted before that.
    func before<Value: Sendable>(
        _ body: @escaping @Sendable () async -> Value?
    ) async -> Value? {
        await withTaskGroup(of: Value?.self) { group in
            group.addTask { await body() }
            group.addTask { [self] in
                while problems.isEmpty, !Task.isCancelled {
                    try? await Task.sleep(for: .milliseconds(2))
                }
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }
}
