import Foundation
import MarketClient
import MarketCore
import MarketRPC
import MarketTestSupport
import Projections
import Synchronization
import Testing

@testable import EventLog
@testable import MarketServer

/// A disk that fails from some write on.
private struct FailingStorage: StorageAround {
    let disk: any DurableStorage
    let budget: Budget
    var hasKeys = true

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

    func spareKeys() throws(EventLogError) -> [ContactKey] {
        guard hasKeys else { throw .file(call: "pwrite", path: "test", code: 28) }
        return try disk.spareKeys()
    }

    func assignKeys(_ keys: [(identity: Identity, key: ContactKey)]) throws(EventLogError) {
        try budget.spend()
        try disk.assignKeys(keys)
    }

    func append(_ batch: borrowing RecordBatch) throws(EventLogError) {
        try budget.spend()
        try disk.append(batch)
    }
}

@Suite(.hangGuard)
struct StorageTests {
    @Test func `below the reserve changes are refused and looks go on`() async throws {
        let fixture = try ServerFixture { $0.storage.reserveMiB = 16_777_216 }
        let client = try await fixture.connect()
        // Before anything is written, too.
        #expect(try await client.call("market.health")["status"] == "storageFull")
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
            let keys = try vault.prepare(surplus + 1)
            try vault.assign(keys.prefix(surplus).map { (Identity(high: 1, low: 2), $0) })
        }
        #expect(throws: StartError.keysBeyondLog(surplus: UInt64(surplus), path: path)) {
            try fixture.start()
        }
        #expect(try ContactVault(path: path).count == UInt64(surplus))
    }

    /// Writes slots of a key file as they were on disk before they were somebody's.
    private func loseOwners(of slots: [Int], in path: String) throws {
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        for slot in slots {
            try file.seek(toOffset: UInt64(slot * ContactSlot.byteCount))
            let bytes = [UInt8](try #require(try file.read(upToCount: ContactSlot.byteCount)))
            let key = ContactSlot.key(bytes.span.bytes)
            var writer = WireWriter()
            ContactSlot.encode(
                .spare, Identity(high: 0, low: 0), key.words.span.bytes, to: &writer)
            try file.seek(toOffset: UInt64(slot * ContactSlot.byteCount))
            try file.write(contentsOf: writer.copyBytes())
        }
        try file.close()
    }

    @Test(.rules("R4.2"))
    func `whose keys are, where a loss of power took that, is read from the log at start`()
        async throws
    {
        let fixture = try ServerFixture(clock: .supplied)
        var market = try await GatedMarket(fixture)
        try await market.order("adv-1", "homeOwner")
        try await market.order("adv-2", "offered")
        let ping = try await market.ping()
        let pinged = market.lastPhone
        _ = try await market.post(try #require(ping["lead"]))
        let sale = try await market.lead(ownsHouse: true)
        let sold = market.lastPhone
        _ = try await market.lead(ownsHouse: true)
        let kept = try await market.lead(ownsHouse: true)
        await market.client.close()
        #expect(fixture.stop() == .clean)

        let path = fixture.configuration.keysDirectory + "/contacts"
        let (before, count) = (
            try Data(contentsOf: URL(filePath: path)), try ContactVault(path: path).count
        )
        #expect(count == 4)
        try loseOwners(of: [0, 1, 3], in: path)
        try fixture.start()
        let client = try await fixture.connect()
        for (second, person) in [pinged, sold].enumerated() {
            _ = try await client.call(
                "lead.erase",
                ["phone": person, "at": .integer(market.now + Int64(second + 1) * 1_000_000)])
        }
        let at = JSONValue.integer(market.now + 3_000_000)
        let refused = await reason { () async throws(ClientError) in
            try await client.call(
                "assignment.contact", ["assignment": sale["assignment"] ?? .null, "at": at])
        }
        #expect(refused == "personErased")
        let contact = try await client.call(
            "assignment.contact",
            [
                "assignment": kept["assignment"] ?? .null,
                "at": .integer(market.now + 4_000_000),
            ])
        #expect(contact["contact"]?["phone"] == .string(SmallMarket.phone(4)))
        await client.close()
        #expect(fixture.stop() == .clean)
        let vault = try ContactVault(readingOnly: path)
        #expect(try vault.read(0) == .erased)
        #expect(try vault.read(1) == .erased)
        let slot = 3 * ContactSlot.byteCount..<4 * ContactSlot.byteCount
        #expect(try Data(contentsOf: URL(filePath: path))[slot] == before[slot])
    }

    @Test func `the log tells how many slots its events name, and whose they are`() async throws {
        let fixture = try ServerFixture()
        let client = try await fixture.connect()
        try await SmallMarket.found(client)
        let before = try await client.call("market.health")
        for number in 1...2 { _ = try await client.call("lead.submit", SmallMarket.lead(number)) }
        await client.close()
        #expect(fixture.stop() == .clean)
        let log = try EventLog(directory: fixture.configuration.dataDirectory + "/log")
        let slots = ContactSlots(log: log)
        let market = try Self.replayed(log)
        #expect(try slots.count(through: market.head) == 2)
        let position = try #require(before["position"]?.integer)
        #expect(try slots.count(through: LogPosition(UInt64(position))) == 0)
        let owners = try slots.owners(of: 0..<2, path: "contacts")
        #expect(Set(owners) == Set(market.people.identities))
        #expect(try slots.owners(of: 1..<2, path: "contacts") == [owners[1]])
        #expect(throws: EventLogError.damagedKeys(path: "contacts", slot: 2)) {
            try slots.owners(of: 0..<3, path: "contacts")
        }
    }

    @Test func `a backup has no keys of leads that came while the log was copied`() async throws {
        let fixture = try ServerFixture()
        let client = try await fixture.connect()
        try await SmallMarket.found(client)
        for number in 1...2 { _ = try await client.call("lead.submit", SmallMarket.lead(number)) }
        await client.close()
        #expect(fixture.stop() == .clean)
        let keys = fixture.configuration.keysDirectory
        let vault = try ContactVault(path: keys + "/contacts")
        try vault.keepSlots(2) { _ in [] }
        try vault.assign(try vault.prepare(3).map { (Identity(high: 1, low: 2), $0) })
        let backup = Backup(
            log: try EventLog(directory: fixture.configuration.dataDirectory + "/log"),
            vault: vault, secret: try MarketSecret(path: keys + "/secret"))
        let copy = fixture.directory.path("copy")
        _ = try backup.make(in: copy)
        #expect(try ContactVault(path: copy + "/keys/contacts").count == 2)
    }

    @Test func `keys come by the lot, in the order of their slots`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path("contacts")
        let vault = try ContactVault.create(at: path)
        let spare = SpareKeys(logger: RecordingLog().logger) { () throws(EventLogError) in
            try vault.prepare(ContactVault.preparedAtOnce)
        }
        var keys: [ContactKey] = []
        for _ in 0..<3 { keys += try spare.take() }
        spare.stop(until: Instant.now.advanced(bySeconds: 60))
        #expect(keys.count == 3 * ContactVault.preparedAtOnce)
        #expect(Set(keys).count == keys.count)
        try vault.assign(keys.map { (Identity(high: 1, low: 2), $0) })
        for slot in [0, 4_095, 4_096, 8_192, keys.count - 1] {
            #expect(try vault.read(UInt64(slot)) == .wrappingKey(keys[slot]))
        }
    }

    @Test func `keys that could not be prepared are asked for again, once`() throws {
        let log = RecordingLog()
        let calls = Mutex(0)
        let key = ContactKey([UInt8](repeating: 7, count: 32))
        let failure = EventLogError.file(call: "pwrite", path: "contacts", code: 28)
        let spare = SpareKeys(logger: log.logger) { () throws(EventLogError) in
            let number = calls.withLock { calls in
                calls += 1
                return calls
            }
            if [2, 5, 6].contains(number) { throw failure }
            return Array(repeating: key, count: number)
        }
        #expect(try spare.take().count == 1)
        #expect(try spare.take().count == 3)
        #expect(try spare.take().count == 4)
        #expect(throws: failure) { try spare.take() }
        #expect(log.lines("keys cannot be prepared").count == 2)
        spare.stop(until: Instant.now.advanced(bySeconds: 60))
    }

    @Test func `without keys no contact is taken, and nothing is answered`() async throws {
        let directory = try TemporaryDirectory()
        let failed = FailureLog()
        do {
            var seams = Server.Seams()
            seams.storage = {
                FailingStorage(disk: $0, budget: FailingStorage.Budget(1_000), hasKeys: false)
            }
            seams.onFailure = { failed.note($0) }
            let fixture = try ServerFixture(in: directory, seams: seams)
            let client = try await fixture.connect()
            try await SmallMarket.found(client)
            let answer = await failed.before({
                try? await client.call("lead.submit", SmallMarket.lead(1))
            })
            #expect(answer == nil)
            await client.close()
            #expect(fixture.stop(withinSeconds: 1) == .timedOut)
        }
        #expect(failed.problems.count == 1)
        let fixture = try ServerFixture(in: directory)
        let client = try await fixture.connect()
        let health = try await client.call("market.health")
        #expect(health["assignments"] == 0)
        await client.close()
        #expect(fixture.stop() == .clean)
    }

    private static func replayed(_ log: EventLog) throws -> Market {
        var market = Market(decides: false)
        for recorded in try log.events(from: LogPosition(1)) { market.evolve(recorded) }
        return market
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
