import Foundation
import LMDB
import MarketCore
import MarketTestSupport
import Testing

@testable import EventLog

@Suite struct LogDamageTests {
    /// Reads the whole log and returns the error, if any.
    func firstError(of fixture: LogFixture) -> EventLogError? {
        do throws(any Error) {
            let log = try fixture.open()
            _ = try log.read(from: LogPosition(1))
            return nil
        } catch {
            return error as? EventLogError
        }
    }

    func damage(_ error: EventLogError?) -> (position: UInt64, damage: RecordDamage)? {
        guard case .damaged(_, let position, let damage)? = error else { return nil }
        return (position.rawValue, damage)
    }

    @Test func `every single flipped bit of a record is found at its position`() throws {
        let fixture = try LogFixture(transactions: [2, 3])
        let environment = try Environment(
            path: fixture.path,
            options: EnvironmentOptions(mapSizeBytes: 64 << 20, durability: .none))
        _ = environment
        for position: UInt64 in [2, 3] {
            let stored = try storedRecord(environment, position)
            for bit in 0..<stored.count * 8 {
                var flipped = stored
                flipped[bit / 8] ^= 1 << UInt8(bit % 8)
                #expect(throws: RecordDamage.self) {
                    try RecordHeader.validated(
                        flipped.span.bytes, at: LogPosition(position))
                }
            }
        }
    }

    func storedRecord(_ environment: Environment, _ position: UInt64) throws -> [UInt8] {
        let table = try environment.openTable("events", keys: .integers, create: false)
        let transaction = try environment.beginRead()
        guard let span = try transaction.value(for: position, in: table) else { return [] }
        return span.withUnsafeBytes { [UInt8]($0) }
    }

    @Test func `a flipped bit in the file is found by reading`() throws {
        let fixture = try LogFixture(transactions: [1, 1, 2, 1])
        let file = fixture.path + "/data.mdb"
        var data = try Data(contentsOf: URL(fileURLWithPath: file))
        let needle = Data("event 3".utf8)
        var from = data.startIndex
        while let range = data.range(of: needle, in: from..<data.endIndex) {
            data[range.lowerBound + 2] ^= 0x10
            from = range.upperBound
        }
        try data.write(to: URL(fileURLWithPath: file))
        let found = try #require(damage(firstError(of: fixture)))
        #expect(found.position == 3)
        #expect(found.damage == .checksum)
    }

    @Test func `a truncated record is found`() throws {
        for count in [0, 1, 31, 32, 40] {
            let fixture = try LogFixture(transactions: [1, 1, 1])
            let stored = try fixture.storedRecord(at: 2)
            try fixture.replaceRecord(at: 2, with: Array(stored[..<count]))
            let found = try #require(damage(firstError(of: fixture)))
            #expect(found.position == 2)
            if count < 32 {
                #expect(found.damage == .tooShort(byteCount: count))
            } else {
                #expect(
                    found.damage == .length(stated: stored.count - 32, actual: count - 32))
            }
        }
    }

    @Test func `a missing record is found and located when the log is opened`() throws {
        let fixture = try LogFixture(transactions: [1, 1, 1, 1])
        try fixture.tamper { try $0.delete(2, in: $1) }
        let found = try #require(damage(firstError(of: fixture)))
        #expect(found.position == 2)
        #expect(found.damage == .missing(found: LogPosition(3)))
    }

    @Test func `a missing record is located by reading even when the count agrees`() throws {
        let fixture = try LogFixture(transactions: [1, 1, 1, 1])
        let log = try fixture.open()
        _ = log
        var sequence = RecordSequence(from: LogPosition(2))
        let page = try log.read(from: LogPosition(1))
        try sequence.check(position: page[1].position, header: page[1].header)
        let error = #expect(throws: RecordDamage.self) {
            try sequence.check(position: page[3].position, header: page[3].header)
        }
        #expect(error == .missing(found: LogPosition(4)))
    }

    @Test func `a log that ends in mid-transaction is refused`() throws {
        let fixture = try LogFixture(transactions: [1, 3])
        try fixture.tamper { try $0.delete(4, in: $1) }
        let found = try #require(damage(firstError(of: fixture)))
        #expect(found.position == 3)
        #expect(found.damage == .brokenTransaction)
    }

    @Test func `a record in another's place is found`() throws {
        let fixture = try LogFixture(transactions: [1, 1, 2, 1])
        try fixture.replaceRecord(at: 2, with: try fixture.storedRecord(at: 5))
        let found = try #require(damage(firstError(of: fixture)))
        #expect(found.position == 2)
        #expect(found.damage == .transaction(LogPosition(5)))
        try fixture.replaceRecord(at: 2, with: try fixture.storedRecord(at: 1))
        let second = try #require(damage(firstError(of: fixture)))
        #expect(second.position == 2)
        #expect(second.damage == .flags)
    }

    @Test func `a transaction that loses its last record to another's is found`() throws {
        let fixture = try LogFixture(transactions: [2, 2])
        try fixture.replaceRecord(at: 4, with: try fixture.storedRecord(at: 2))
        let found = try #require(damage(firstError(of: fixture)))
        #expect(found.position == 4)
        #expect(found.damage == .brokenTransaction)
    }

    @Test func `a whole record of a newer format is told from damage`() throws {
        let fixture = try LogFixture(transactions: [1, 1, 1])
        var stored = try fixture.storedRecord(at: 2)
        stored[0] = 2
        try fixture.replaceRecord(at: 2, with: stored)
        #expect(damage(firstError(of: fixture))?.damage == .checksum)
        let checksum = RecordHeader.checksum(of: stored.span.bytes)
        stored.replaceSubrange(28..<32, with: checksum.littleEndianBytes)
        try fixture.replaceRecord(at: 2, with: stored)
        #expect(
            firstError(of: fixture) == .newerFormat(path: fixture.path, found: 2, known: 1))
    }

    @Test func `unknown flags are refused`() throws {
        let fixture = try LogFixture(transactions: [1])
        var stored = try fixture.storedRecord(at: 1)
        stored[6] |= 0x10
        let checksum = RecordHeader.checksum(of: stored.span.bytes)
        stored.replaceSubrange(28..<32, with: checksum.littleEndianBytes)
        try fixture.replaceRecord(at: 1, with: stored)
        #expect(damage(firstError(of: fixture))?.damage == .flags)
    }

    @Test func `a log of a newer format is refused with what to do`() throws {
        let fixture = try LogFixture(transactions: [1])
        try fixture.tamper("meta", keys: .bytes) { transaction, table in
            let format: [UInt8] = [2, 0, 0, 0, 0, 0, 0, 0]
            try transaction.put(format.span.bytes, for: Array("format".utf8), in: table)
        }
        let error = #expect(throws: EventLogError.self) { try fixture.open() }
        #expect(error == .newerFormat(path: fixture.path, found: 2, known: 1))
        #expect(error?.description.contains("Use the newer leadmarket") == true)
    }

    @Test func `a log without its format is refused`() throws {
        let fixture = try LogFixture(transactions: [1])
        try fixture.tamper("meta", keys: .bytes) { try $0.deleteAll(in: $1) }
        #expect(damage(firstError(of: fixture)) != nil)
    }

    @Test func `a truncated file is refused`() throws {
        let fixture = try LogFixture(transactions: Array(repeating: 3, count: 500))
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: fixture.path + "/data.mdb"))
        try file.truncate(atOffset: 12_288)
        try file.close()
        guard case .fileTooShort(byteCount: 12_288, _)? = damage(firstError(of: fixture))?.damage
        else {
            Issue.record("the truncation was not found")
            return
        }
    }
}
