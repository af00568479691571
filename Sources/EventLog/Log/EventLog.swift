internal import Glibc
internal import LMDB
public import MarketCore

/// The only truth: events by position, without gaps from 1, in whole transactions.
///
/// Invariants, checked before writing and again after reading:
/// 1. Positions are 1, 2, 3, ...; the number of records equals the last position.
/// 2. A transaction's records follow each other and lie in one commit; the last is marked.
/// 3. Every record's checksum, length, flags and transaction position hold.
///
/// Appending belongs to one thread at a time (LMDB has one writer); reading to any.
public final class EventLog: Sendable {
    /// The newest format of the log as a whole that this program knows.
    public static let currentFormat = 1

    private static let formatKey = Array("format".utf8)

    /// The directory.
    public let path: String
    let environment: Environment
    let events: Table
    private let meta: Table

    /// Opens the log in `directory`; creates it when it is missing and may be written.
    ///
    /// Checks the format, invariant 1, and the first and the last record.
    public init(
        directory: String, options: EventLogOptions = EventLogOptions()
    ) throws(EventLogError) {
        path = directory
        let isReadOnly = options.access == .readOnly
        let isNew = !FileSystem.exists(directory + "/data.mdb")
        if isReadOnly {
            if isNew { throw .noLog(path: directory) }
        } else {
            try FileSystem.makeDirectory(directory)
        }
        do {
            try Environment.checkMetaPages(in: directory)
        } catch {
            throw EventLogError(error, directory)
        }
        let environment = try storage { () throws(LMDBError) in
            try Environment(
                path: directory,
                options: EnvironmentOptions(
                    mapSizeBytes: options.mapSizeBytes, maximumTables: 2, access: options.access,
                    durability: options.durability, usesLockFile: options.usesLockFile))
        }
        try Self.checkSize(of: environment)
        try Self.checkPages(.ends, of: environment)
        do {
            events = try environment.openTable("events", keys: .integers, create: !isReadOnly)
            meta = try environment.openTable("meta", keys: .bytes, create: !isReadOnly)
        } catch {
            if error.isMissing { throw .noLog(path: directory) }
            throw EventLogError(error)
        }
        self.environment = environment
        try checkFormat(mayCreate: !isReadOnly)
        if isNew { try FileSystem.synchronizeDirectory(directory) }
        try checkEnds()
        if options.usesLockFile { try removeDeadReaders() }
    }

    /// Checks that every page of the log is in its place, without following the memory map, where
    /// a damaged page could end the process. An audit does it before it reads the records.
    ///
    /// - Parameter progress: told now and then how many pages were read.
    public func checkStructure(
        progress: @escaping (Int) -> Void = { _ in }
    ) throws(EventLogError) {
        try Self.checkPages(.all, of: environment, progress)
    }

    private static func checkPages(
        _ extent: PageExtent, of environment: Environment,
        _ progress: @escaping (Int) -> Void = { _ in }
    ) throws(EventLogError) {
        do {
            try environment.checkPages(extent, progress: progress)
        } catch {
            throw EventLogError(error, environment.path)
        }
    }

    /// Refuses a file that was cut off: reading a page beyond its end kills the process.
    ///
    /// LMDB need not have written the last pages it numbered, if they were given up in the same
    /// commit; so a few may be missing from a sound file.
    private static func checkSize(of environment: Environment) throws(EventLogError) {
        let space = try storage { () throws(LMDBError) in try environment.space() }
        let actual = try FileSystem.size(environment.path + "/data.mdb")
        if actual < space.usedBytes - 16 * space.pageSizeBytes {
            throw .damaged(
                path: environment.path, position: .start,
                damage: .fileTooShort(byteCount: actual, expected: space.usedBytes))
        }
    }

    private func checkFormat(mayCreate: Bool) throws(EventLogError) {
        let (format, records) = try storage { () throws(LMDBError) in
            let transaction = try environment.beginRead()
            let format = try transaction.value(for: Self.formatKey, in: meta)
            return (Self.number(format), try transaction.count(of: events))
        }
        switch format {
        case UInt64(Self.currentFormat)?:
            return
        case let format?:
            throw .newerFormat(
                path: path, found: Int(clamping: format), known: Self.currentFormat)
        case nil where records > 0:
            throw .damaged(
                path: path, position: .start, damage: .count(records: records, head: .start))
        case nil where !mayCreate:
            throw .noLog(path: path)
        case nil:
            try storage { () throws(LMDBError) in
                let format = UInt64(Self.currentFormat).littleEndianBytes
                var transaction = try environment.beginWrite()
                try transaction.put(unsafe format.span.bytes, for: Self.formatKey, in: meta)
                try transaction.commit()
            }
        }
    }

    private static func number(_ bytes: RawSpan?) -> UInt64? {
        guard let bytes else { return nil }
        return bytes.byteCount == 8 ? bytes.littleEndian(at: 0) : .max
    }

    /// Checks invariant 1 and the first and the last record.
    private func checkEnds() throws(EventLogError) {
        let head = try head()
        if head == .start { return }
        let first = try record(at: LogPosition(1))
        guard first.header.flags.contains(.first) else {
            throw .damaged(path: path, position: LogPosition(1), damage: .brokenTransaction)
        }
        let last = try record(at: head)
        guard last.header.flags.contains(.last) else {
            throw .damaged(path: path, position: head, damage: .brokenTransaction)
        }
    }

    /// Returns the position of the last event, 0 when there is none.
    public func head() throws(EventLogError) -> LogPosition {
        let (records, head) = try storage { () throws(LMDBError) in
            let transaction = try environment.beginRead()
            return (
                try transaction.count(of: events), try Self.lastKey(of: events, in: transaction)
            )
        }
        return try checkedHead(records, head)
    }

    static func lastKey(
        of table: Table, in transaction: borrowing Transaction
    ) throws(LMDBError) -> LogPosition {
        var cursor = try transaction.cursor(on: table)
        // A key of another length is damage, which the comparison with the count then finds.
        return LogPosition(try cursor.moveToLast() ? cursor.integerKey ?? .max : 0)
    }

    func checkedHead(
        _ records: Int, _ head: LogPosition
    ) throws(EventLogError) -> LogPosition {
        if UInt64(records) == head.rawValue { return head }
        if let gap = try firstGap(before: head) {
            throw .damaged(
                path: path, position: gap.position, damage: .missing(found: gap.found))
        }
        throw .damaged(
            path: path, position: .start, damage: .count(records: records, head: head))
    }

    /// Frees the reader slots of processes that died, and returns how many there were. Call it on
    /// a timer: a dead reader keeps pages from being used again.
    @discardableResult
    public func removeDeadReaders() throws(EventLogError) -> Int {
        try storage { () throws(LMDBError) in try environment.removeDeadReaders() }
    }
}
