import Foundation
import LMDB
import MarketCore
import MarketTestSupport
import Testing

@testable import EventLog

/// Flips single bits anywhere in the file. Each time the log, once its structure has been checked,
/// either reads as it was or says that it is damaged: never wrong data, never a crash.
@Suite struct BitRotTests {
    /// Where a meta page keeps its transaction's number.
    static let transactionOffset = 144

    /// What a reader made of the file.
    enum Outcome: Equatable {
        case same
        case refused
        case different
    }

    let fixture: LogFixture
    let file: String
    let original: [UInt8]
    let records: [EventRecord]

    init() throws {
        fixture = try LogFixture()
        file = fixture.path + "/data.mdb"
        do {
            let log = try fixture.open()
            var next: UInt64 = 1
            // Enough for branches, overflow pages, pages freed and used again.
            for index in 0..<60 {
                var batch = makeBatch(from: next, transactions: [3, 1, 4, 1, 5])
                if index % 20 == 7 {
                    let position = batch.nextPosition
                    batch.append(
                        eventType: 3, eventVersion: 1,
                        time: Timestamp(microseconds: Int64(position.rawValue) * 1000),
                        transaction: position, isLast: true
                    ) { $0.write([UInt8](repeating: 7, count: 9000), field: 1) }
                }
                try log.append(batch)
                next = batch.nextPosition.rawValue
            }
            records = try Self.readAll(log)
        }
        original = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
    }

    static func readAll(_ log: EventLog) throws(EventLogError) -> [EventRecord] {
        var records: [EventRecord] = []
        while true {
            let page = try log.read(from: LogPosition(UInt64(records.count) + 1))
            if page.isEmpty { return records }
            records += page
        }
    }

    func read() -> Outcome {
        do throws(EventLogError) {
            let log = try EventLog(directory: fixture.path, options: .readOnly)
            try log.checkStructure()
            return try Self.readAll(log) == records ? .same : .different
        } catch {
            return .refused
        }
    }

    func outcome(flipping bit: Int) throws -> Outcome {
        let handle = try FileHandle(forUpdating: URL(fileURLWithPath: file))
        defer { try? handle.close() }
        let (offset, byte) = (UInt64(bit / 8), original[bit / 8])
        try handle.seek(toOffset: offset)
        try handle.write(contentsOf: Data([byte ^ (1 << UInt8(bit % 8))]))
        let outcome = read()
        try handle.seek(toOffset: offset)
        try handle.write(contentsOf: Data([byte]))
        return outcome
    }

    @Test func `a flipped bit is found or does not matter, wherever it is`() throws {
        #expect(read() == .same)
        var random = SplitMix64(seed: 20_261_121)
        var refused = 0
        for _ in 0..<1500 {
            let bit = Int.random(in: 8192 * 8..<original.count * 8, using: &random)
            let outcome = try outcome(flipping: bit)
            #expect(outcome != .different, "bit \(bit)")
            if outcome == .refused { refused += 1 }
        }
        // Most of the file is in use, so most flips must have been found.
        #expect(refused > 700)
        #expect(read() == .same)
    }

    @Test func `a flipped bit of a page header or of a page's offsets is found`() throws {
        var random = SplitMix64(seed: 4711)
        for page in 2..<original.count / 4096 {
            for _ in 0..<8 {
                let offset = Int.random(in: 0..<96, using: &random)
                let bit = (page * 4096 + offset) * 8 + Int.random(in: 0..<8, using: &random)
                let outcome = try outcome(flipping: bit)
                #expect(outcome != .different, "bit \(bit)")
            }
        }
    }

    @Test func `a flipped bit of a meta page is found or does not matter`() throws {
        var older = 0
        for page in 0..<2 {
            // Three has no factor in common with eight, so all places of a byte have their turn.
            for bit in stride(from: page, to: 152 * 8, by: 3) {
                let outcome = try outcome(flipping: page * 4096 * 8 + bit)
                if outcome == .different {
                    // Only a number that makes the newest commit look older than the one before
                    // can go unnoticed here; what the market keeps elsewhere tells then.
                    #expect(bit / 8 >= Self.transactionOffset, "page \(page), bit \(bit)")
                    older += 1
                }
            }
        }
        #expect(older <= 2)
    }

    @Test func `a damaged page is located by the positions on it`() throws {
        let needle = Data("event 500".utf8)
        let data = Data(original)
        let found = try #require(data.range(of: needle))
        let page = found.lowerBound / 4096
        var damaged = original
        damaged[page * 4096 + 12] ^= 0x40
        try Data(damaged).write(to: URL(fileURLWithPath: file))
        let log = try EventLog(directory: fixture.path, options: .readOnly)
        let error = #expect(throws: EventLogError.self) { try log.checkStructure() }
        guard case .damaged(_, let position, .structure(let fault))? = error else {
            Issue.record("not located: \(String(describing: error))")
            return
        }
        #expect(fault.page == page)
        #expect(position.rawValue > 400 && position.rawValue <= 500)
    }

    @Test func `the structure of a log in use is sound`() throws {
        let fixture = try LogFixture()
        let log = try fixture.open()
        var next: UInt64 = 1
        for _ in 0..<50 {
            let batch = makeBatch(from: next, transactions: [2, 7, 1])
            try log.append(batch)
            next = batch.nextPosition.rawValue
            try log.checkStructure()
        }
    }
}
