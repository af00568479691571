import Foundation
import LMDB
import MarketCore
import MarketTestSupport
import Testing

@testable import EventLog

@Suite struct EventLogTests {
    @Test func `a new log is empty`() throws {
        let log = try LogFixture().open()
        #expect(try log.head() == .start)
        let page = try log.read(from: LogPosition(1))
        #expect(page.isEmpty)
        #expect(page.reachesHead)
        let error = #expect(throws: EventLogError.self) { try log.record(at: LogPosition(1)) }
        #expect(error == .noRecord(position: LogPosition(1), head: .start))
    }

    @Test func `what was appended is read back after opening again`() throws {
        let fixture = try LogFixture(transactions: [1, 3, 2])
        let log = try fixture.open()
        #expect(try log.head() == LogPosition(6))
        let page = try log.read(from: LogPosition(1))
        #expect(page.map(\.position.rawValue) == [1, 2, 3, 4, 5, 6])
        #expect(page.map(\.header.transaction.rawValue) == [1, 2, 2, 2, 5, 5])
        #expect(
            page.map(\.header.flags) == [
                [.first, .input, .last], [.first, .input], [], .last, [.first, .input], .last,
            ])
        #expect(page.map(\.header.time.microseconds) == [1000, 2000, 2000, 2000, 5000, 5000])
        #expect(page.map(\.header.eventType) == [7, 7, 8, 9, 7, 8])
        for record in page {
            var reader = WireReader(record.payload.span.bytes)
            #expect(try reader.nextField() == 1)
            #expect(try reader.number() == record.position.rawValue)
        }
    }

    @Test func `a record is laid out as the documentation says`() throws {
        let fixture = try LogFixture(transactions: [2])
        // f = format, e = event type, v = version, g = flags; then time, transaction, length, CRC.
        let expected: [UInt8] =
            [1, 0, 8, 0, 1, 0, 2, 0] + [0xe8, 3, 0, 0, 0, 0, 0, 0] + [1, 0, 0, 0, 0, 0, 0, 0]
            + [11, 0, 0, 0]
        let stored = try fixture.storedRecord(at: 2)
        #expect(Array(stored[..<28]) == expected)
        #expect(Array(stored[32...]) == [8, 2, 0x12, 7] + Array("event 2".utf8))
        let covered = Array(stored[..<28]) + Array(stored[32...])
        let checksum =
            UInt32(stored[28]) | UInt32(stored[29]) << 8 | UInt32(stored[30]) << 16
            | UInt32(stored[31]) << 24
        #expect(Checksum.portableCRC32C(covered.span.bytes) == checksum)
    }

    @Test func `reading resumes by position within bounds of records and bytes`() throws {
        let fixture = try LogFixture(transactions: Array(repeating: 3, count: 40))
        let log = try fixture.open()
        for (records, bytes) in [(1, 1 << 20), (7, 1 << 20), (1000, 100), (1000, 1)] {
            var seen: [UInt64] = []
            var position = LogPosition(1)
            while true {
                let page = try log.read(
                    from: position, maximumRecords: records, maximumBytes: bytes)
                #expect(page.count <= records)
                #expect(page.head == LogPosition(120))
                if page.isEmpty { break }
                seen += page.map(\.position.rawValue)
                position = page.nextPosition
            }
            #expect(seen == Array(1...120))
        }
    }

    @Test func `a batch that does not continue the log is refused and changes nothing`() throws {
        let log = try LogFixture(transactions: [2]).open()
        for first: UInt64 in [1, 2, 4, 100] {
            let batch = makeBatch(from: first, transactions: [1])
            var refusal: EventLogError?
            do { try log.append(batch) } catch { refusal = error }
            #expect(
                refusal == .notNext(expected: LogPosition(3), given: LogPosition(first)))
        }
        #expect(try log.head() == LogPosition(2))
        try log.append(makeBatch(from: 3, transactions: [1]))
        #expect(try log.head() == LogPosition(3))
    }

    @Test func `a batch can be used again`() throws {
        let log = try LogFixture().open()
        var batch = makeBatch(from: 1, transactions: [2, 1])
        try log.append(batch)
        batch.reset(firstPosition: LogPosition(4))
        #expect(batch.isEmpty && batch.byteCount == 0)
        try log.append(batch)
        batch.append(
            eventType: 1, eventVersion: 1, time: Timestamp(microseconds: 9_000),
            transaction: LogPosition(4), isLast: true
        ) { _ in }
        try log.append(batch)
        #expect(try log.head() == LogPosition(4))
        #expect(try log.record(at: LogPosition(4)).payload.isEmpty)
    }

    @Test func `opening for reading needs a log and never makes one`() throws {
        let directory = try TemporaryDirectory()
        let error = #expect(throws: EventLogError.self) {
            try EventLog(directory: directory.path, options: .readOnly)
        }
        #expect(error == .noLog(path: directory.path))
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).isEmpty)
    }

    @Test func `a log opened for reading refuses to append`() throws {
        let fixture = try LogFixture(transactions: [1])
        let log = try fixture.open(.readOnly)
        #expect(try log.head() == LogPosition(1))
        var refusal: EventLogError?
        do { try log.append(makeBatch(from: 2, transactions: [1])) } catch { refusal = error }
        #expect(refusal == .readOnly(path: fixture.path))
    }

    @Test func `a copy without its lock file can be read on a medium that cannot be written`()
        throws
    {
        let fixture = try LogFixture(transactions: [2])
        try FileManager.default.removeItem(atPath: fixture.path + "/lock.mdb")
        let log = try fixture.open(EventLogOptions(access: .readOnly, usesLockFile: false))
        #expect(try log.head() == LogPosition(2))
        #expect(!FileManager.default.fileExists(atPath: fixture.path + "/lock.mdb"))
    }

    @Test func `a log is opened once in a process`() throws {
        let fixture = try LogFixture()
        let log = try fixture.open()
        let error = #expect(throws: EventLogError.self) { try fixture.open() }
        #expect(error == .alreadyOpen(path: fixture.path))
        #expect(try log.head() == .start)
    }

    @Test func `a backup taken while the log is used is whole`() throws {
        let fixture = try LogFixture(transactions: [2, 3])
        let log = try fixture.open()
        let copy = fixture.directory.path("backup")
        #expect(try log.backup(to: copy) == LogPosition(5))
        try log.append(makeBatch(from: 6, transactions: [1]))
        let error = #expect(throws: EventLogError.self) { try log.backup(to: copy) }
        #expect(error == .notEmpty(path: copy))
        let backup = try EventLog(directory: copy, options: quickLog)
        #expect(try backup.head() == LogPosition(5))
        #expect(try backup.read(from: LogPosition(1)).count == 5)
        try backup.append(makeBatch(from: 6, transactions: [2]))
    }

    @Test func `a full map is told from other failures`() throws {
        let fixture = try LogFixture()
        let log = try fixture.open(EventLogOptions(mapSizeBytes: 256 << 10, durability: .none))
        var failure: EventLogError?
        var appended: UInt64 = 0
        do {
            while true {
                try log.append(makeBatch(from: appended + 1, transactions: [100]))
                appended += 100
            }
        } catch { failure = error }
        #expect(failure == .mapFull(path: fixture.path))
        #expect(appended > 0)
        #expect(try log.head() == LogPosition(appended))
    }

    @Test func `space tells what is left of map and disk`() throws {
        let fixture = try LogFixture(transactions: [1])
        let log = try fixture.open()
        let space = try log.space()
        #expect(space.usedBytes > 0)
        #expect(space.usedBytes + space.freeMapBytes == 64 << 20)
        #expect(space.freeDiskBytes > 0)
        try log.append(makeBatch(from: 2, transactions: Array(repeating: 2, count: 2000)))
        #expect(try log.space().freeMapBytes < space.freeMapBytes)
    }

    @Test func `readers on other threads see whole transactions while the log grows`() async throws
    {
        let log = try LogFixture().open()
        let last: UInt64 = 3000
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<2 {
                group.addTask {
                    var sequence = RecordSequence(from: LogPosition(1))
                    while sequence.nextPosition.rawValue <= last {
                        let page = try log.read(
                            from: sequence.nextPosition, maximumRecords: 64)
                        for record in page {
                            try sequence.check(position: record.position, header: record.header)
                        }
                        if page.reachesHead { try sequence.checkEnd() }
                        await Task.yield()
                    }
                }
            }
            group.addTask {
                var next: UInt64 = 1
                while next <= last {
                    let batch = makeBatch(from: next, transactions: [1, 3, 2])
                    try log.append(batch)
                    next = batch.nextPosition.rawValue
                    await Task.yield()
                }
            }
            try await group.waitForAll()
        }
        #expect(try log.head() == LogPosition(last))
    }

    @Test func `full durability is what a log gets unless a test asks otherwise`() {
        #expect(EventLogOptions().durability == .full)
        #expect(EventLogOptions().mapSizeBytes == 64 << 30)
    }
}
