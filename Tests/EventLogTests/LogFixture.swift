import EventLog
import Foundation
import LMDB
import MarketCore
import MarketTestSupport

/// Opens logs for tests: small, and without waiting for the disk.
let quickLog = EventLogOptions(mapSizeBytes: 64 << 20, durability: .none)

/// Makes a batch of transactions of the given sizes, with payloads that tell their position.
func makeBatch(from first: UInt64, transactions sizes: [Int]) -> RecordBatch {
    var batch = RecordBatch(firstPosition: LogPosition(first))
    for size in sizes {
        let transaction = batch.nextPosition
        for index in 0..<size {
            let position = batch.nextPosition.rawValue
            batch.append(
                eventType: UInt16(7 + index), eventVersion: 1,
                time: Timestamp(microseconds: Int64(transaction.rawValue) * 1000),
                transaction: transaction, isLast: index == size - 1
            ) { writer in
                writer.write(position, field: 1)
                writer.write("event \(position)", field: 2)
            }
        }
    }
    return batch
}

/// A log in a directory of its own, closed and opened again at will, whose records can be
/// overwritten behind its back.
struct LogFixture {
    let directory: TemporaryDirectory

    init(transactions sizes: [Int] = []) throws {
        directory = try TemporaryDirectory()
        let log = try open()
        if !sizes.isEmpty { try log.append(makeBatch(from: 1, transactions: sizes)) }
    }

    var path: String { directory.path("log") }

    func open(_ options: EventLogOptions = quickLog) throws -> EventLog {
        try EventLog(directory: path, options: options)
    }

    /// Changes the table of events while the log is closed.
    func tamper(
        _ table: String = "events", keys: Table.Keys = .integers,
        _ body: (inout Transaction, Table) throws -> Void
    ) throws {
        let environment = try Environment(
            path: path, options: EnvironmentOptions(mapSizeBytes: 64 << 20, durability: .none))
        let table = try environment.openTable(table, keys: keys, create: false)
        var transaction = try environment.beginWrite()
        try body(&transaction, table)
        try transaction.commit()
    }

    /// Returns the stored bytes of the record at `position`.
    func storedRecord(at position: UInt64) throws -> [UInt8] {
        var stored: [UInt8] = []
        try tamper { transaction, table in
            if let span = try transaction.value(for: position, in: table) {
                stored = span.withUnsafeBytes { [UInt8]($0) }
            }
        }
        return stored
    }

    /// Replaces the stored bytes of the record at `position`.
    func replaceRecord(at position: UInt64, with bytes: [UInt8]) throws {
        try tamper { transaction, table in
            try transaction.put(bytes.span.bytes, for: position, in: table)
        }
    }
}
