import Foundation
import MarketClient
import MarketCore
import MarketRPC
import MarketTestSupport
import Synchronization
import Testing

@testable import EventLog
@testable import MarketServer

/// A disk that cannot tell whose all keys are.
private struct UnsureKeys: StorageAround {
    let disk: any DurableStorage
    let asked: Asked

    /// How often it was asked.
    final class Asked: Sendable {
        let count = Atomic(0)
    }

    func checkErasable() throws(EventLogError) {
        asked.count.add(1, ordering: .relaxed)
        throw .damagedKeys(path: "keys", slot: 7)
    }

    func eraseKeys(of identities: Set<Identity>) throws(EventLogError) {
        Issue.record("nobody is to be erased")
    }
}

@Suite(.hangGuard)
struct ErasureTests {
    private func path(_ fixture: ServerFixture) -> String {
        fixture.configuration.keysDirectory + "/contacts"
    }

    private func key(in slot: Int, _ fixture: ServerFixture) throws -> Data {
        let bytes = try Data(contentsOf: URL(filePath: path(fixture)))
        return bytes[slot * ContactSlot.byteCount + 24..<slot * ContactSlot.byteCount + 56]
    }

    /// Makes slots tell no longer whose they are; their keys stay.
    private func loseIdentities(of slots: [Int], _ fixture: ServerFixture) throws {
        let file = try FileHandle(forUpdating: URL(filePath: path(fixture)))
        for slot in slots {
            try file.seek(toOffset: UInt64(slot * ContactSlot.byteCount + 8))
            try file.write(contentsOf: Data(repeating: 0xff, count: 16))
        }
        try file.close()
    }

    @Test(.rules("R4.2"))
    func `a damaged slot of who is erased is overwritten, and others stay as they are`()
        async throws
    {
        let fixture = try ServerFixture(clock: .supplied)
        var market = try await GatedMarket(fixture)
        try await market.order("adv-1", "homeOwner")
        try await market.order("adv-2", "offered")
        let ping = try await market.ping()
        let pinged = market.lastPhone
        _ = try await market.post(try #require(ping["lead"]))
        _ = try await market.lead(ownsHouse: true)
        let sold = market.lastPhone
        _ = try await market.lead(ownsHouse: true)
        let keys = try (0..<3).map { try key(in: $0, fixture) }
        let erased = Data(repeating: 0, count: ContactKey.byteCount)
        #expect(Set(keys).count == 3 && !keys.contains(erased))
        try loseIdentities(of: [0, 1, 2], fixture)
        for (number, person) in [pinged, sold].enumerated() {
            _ = try await market.client.call(
                "lead.erase",
                ["phone": person, "at": .integer(market.now + Int64(number + 1) * 1_000_000)])
            #expect(try key(in: number, fixture) == erased)
            #expect(try key(in: number + 1, fixture) == keys[number + 1])
        }
        await market.client.close()
        #expect(fixture.stop() == .clean)
        // So it is after a start, too.
        try fixture.start()
        #expect(fixture.stop() == .clean)
        #expect(try key(in: 2, fixture) == keys[2])
    }

    @Test(.rules("R4.2"))
    func `who cannot be erased for certain is not erased at all`() async throws {
        var seams = Server.Seams()
        let asked = UnsureKeys.Asked()
        seams.storage = { UnsureKeys(disk: $0, asked: asked) }
        let fixture = try ServerFixture(seams: seams)
        let client = try await fixture.connect()
        try await SmallMarket.found(client)
        let sale = try await client.call("lead.submit", SmallMarket.lead(1))
        // Who is nobody's lead is that first.
        for (number, expected) in [(1, "internalError"), (2, "unknownPerson")] {
            let refused = await reason { () async throws(ClientError) in
                try await client.call(
                    "lead.erase", ["phone": .string(SmallMarket.phone(number))])
            }
            #expect(refused == expected)
        }
        #expect(asked.count.load(ordering: .relaxed) == 1)
        // Of those that are taken at once only the first one asks.
        let asker = try await LineClient(fixture)
        asker.send(
            (0..<20).map {
                """
                {"jsonrpc":"2.0","id":\($0),"method":"lead.erase","params":{"phone":"\(SmallMarket.phone(1))"}}

                """
            }.joined())
        for answer in await asker.receive(20) { #expect(answer["error"] != nil) }
        #expect(asked.count.load(ordering: .relaxed) < 10)
        let contact = try await client.call(
            "assignment.contact", ["assignment": sale["assignment"] ?? .null])
        #expect(contact["contact"]?["phone"] == .string(SmallMarket.phone(1)))
        let events = try await client.call("events.read", ["from": 1, "limit": 1_000])
        let types = try #require(events["events"]?.array).map { $0["type"] }
        #expect(types.contains("leadReleased") && !types.contains("personErased"))
        await client.close()
        #expect(fixture.stop() == .clean)
    }

    /// Changes a bit of each copy of a sealed contact in the log, and tells what the file was.
    private func damage(_ contact: [UInt8], inLogOf fixture: ServerFixture) throws -> Data {
        let file = URL(filePath: fixture.configuration.dataDirectory + "/log/data.mdb")
        let sound = try Data(contentsOf: file)
        var bytes = sound
        var start = bytes.startIndex
        while let range = bytes.range(of: Data(contact), in: start..<bytes.endIndex) {
            bytes[range.lowerBound] ^= 1
            start = range.upperBound
        }
        #expect(bytes != sound)
        try bytes.write(to: file)
        return sound
    }

    @Test(.rules("R4.2"))
    func `a start that has to erase and cannot tell whose a damaged slot is, is refused`()
        async throws
    {
        let fixture = try ServerFixture()
        let client = try await fixture.connect()
        try await SmallMarket.found(client)
        for number in 1...2 { _ = try await client.call("lead.submit", SmallMarket.lead(number)) }
        let before = try Data(contentsOf: URL(filePath: path(fixture)))
        let keys = try (0..<2).map { try key(in: $0, fixture) }
        _ = try await client.call("lead.erase", ["phone": .string(SmallMarket.phone(1))])
        await client.close()
        // Its snapshot spares the next start from reading the damage for another reason.
        #expect(fixture.stop() == .clean)
        let logPath = fixture.configuration.dataDirectory + "/log"
        let accepted = try EventLog(directory: logPath).events(from: LogPosition(1)).first {
            if case .leadAccepted = $0.event { true } else { false }
        }
        guard let accepted, case .leadAccepted(let lead) = accepted.event else {
            Issue.record("there is no lead")
            return
        }
        #expect(lead.contactSlot == 0)
        // The overwriting is lost, and the slot does not tell whose it is.
        try before.write(to: URL(filePath: path(fixture)))
        #expect(chmod(path(fixture), 0o600) == 0)
        try loseIdentities(of: [0], fixture)
        let damaged = try Data(contentsOf: URL(filePath: path(fixture)))
        let sound = try damage(lead.contact, inLogOf: fixture)
        #expect(
            throws: StartError.storage(
                .damaged(path: logPath, position: accepted.position, damage: .checksum))
        ) {
            try fixture.start()
        }
        #expect(!Files.exists(fixture.configuration.socketPath))
        let left = try Data(contentsOf: URL(filePath: path(fixture)))
        #expect(left.prefix(2 * ContactSlot.byteCount) == damaged.prefix(2 * ContactSlot.byteCount))
        // The log is restored: the start knows, and erases.
        try sound.write(to: URL(filePath: logPath + "/data.mdb"))
        try fixture.start()
        #expect(fixture.stop() == .clean)
        #expect(try key(in: 0, fixture) == Data(repeating: 0, count: ContactKey.byteCount))
        #expect(try key(in: 1, fixture) == keys[1] && keys[0] != keys[1])
    }

    @Test func `whose a slot is, is found anywhere in a long log`() async throws {
        let fixture = try ServerFixture()
        let client = try await fixture.connect()
        try await SmallMarket.found(client)
        for number in 1...200 {
            _ = try await client.call("lead.submit", SmallMarket.lead(number))
            // Stretches that name no slot, some longer than what is read at once.
            guard number % 50 == 0 else { continue }
            for _ in 0..<number {
                _ = try await client.call(
                    "account.deposit", ["advisor": "adv-1", "amountFen": 1])
            }
        }
        await client.close()
        #expect(fixture.stop() == .clean)
        let log = try EventLog(directory: fixture.configuration.dataDirectory + "/log")
        var expected: [Identity] = []
        for recorded in try log.events(from: LogPosition(1)) {
            guard case .leadAccepted(let lead) = recorded.event else { continue }
            #expect(lead.contactSlot == UInt64(expected.count))
            expected.append(lead.identity)
        }
        #expect(expected.count == 200)
        let slots = ContactSlots(log: log)
        for slot in 0..<200 {
            let end = min(200, slot + 1 + slot % 7)
            let owners = try slots.owners(of: UInt64(slot)..<UInt64(end), path: "contacts")
            #expect(owners == Array(expected[slot..<end]))
        }
        #expect(throws: EventLogError.damagedKeys(path: "contacts", slot: 200)) {
            try slots.owners(of: 199..<202, path: "contacts")
        }
    }
}
