internal import LMDB
public import MarketCore

/// All read models of one data directory, in the LMDB environment `views/`.
///
/// 1. One thread, the follower's, notes events; what it noted since the last checkpoint is one
///    ``ViewChanges``, and what is being written another at the most.
/// 2. Any thread may write what was handed over for that (``takeChanges()``), wholly and in order.
/// 3. Readers see everything up to ``position``: what is on disk, and on top of it what is not there
///    yet. What the disk holds is asked in the transaction that reads it.
public final class Views {
    /// Raised when any projection's rows change; views of another format are emptied and rebuilt.
    static let format: UInt64 = 3

    /// Writes what was handed over; for any thread.
    public let writer: ViewWriter
    private let environment: Environment
    private let tables: ViewTables
    private var changes: ViewChanges
    private var underWay: ViewChanges?

    /// Opens or creates the views in `directory`.
    ///
    /// - Throws: ``ViewError`` when the directory cannot be used.
    public init(directory: String, mapSizeBytes: Int = 64 << 30) throws(ViewError) {
        let environment = try translating { () throws(LMDBError) in
            try Environment(
                path: directory,
                options: EnvironmentOptions(mapSizeBytes: mapSizeBytes, createsDirectory: true))
        }
        let tables = try translating { () throws(LMDBError) in try ViewTables(environment) }
        self.environment = environment
        self.tables = tables
        writer = ViewWriter(environment: environment, tables: tables)
        changes = ViewChanges(after: .start)
        if try reader.number("format") != Self.format { try reset() }
        changes = ViewChanges(after: LogPosition(try reader.number("position") ?? 0))
    }

    /// The last event that was noted, written or not.
    public var position: LogPosition { changes.end }

    /// The last event that is on disk for certain.
    public var writtenPosition: LogPosition { underWay?.start ?? changes.start }

    /// How many events were noted and not handed over for writing.
    public var pendingEvents: Int { changes.eventCount }

    /// Whether changes were handed over and ``settle()`` was not called since.
    public var isWriting: Bool { underWay != nil }

    /// Reads everything up to ``position``, on any thread.
    ///
    /// Not to be kept: what it holds in memory would be copied by the next event.
    public var reader: ViewReader {
        ViewReader(
            environment: environment, tables: tables,
            changes: [underWay, changes].compactMap(\.self))
    }

    /// Forgets everything, so that the views are rebuilt from the first event.
    public func reset() throws(ViewError) {
        precondition(underWay == nil, "nothing is being written")
        do {
            // Format 2 kept the events of leads apart.
            let former = try environment.openTable("streams", keys: .bytes, create: true)
            var transaction = try environment.beginWrite()
            for table in tables.all + [former] { try transaction.deleteAll(in: table) }
            try transaction.put(number: Self.format, for: "format", in: tables.checkpoint)
            try transaction.commit()
        } catch {
            throw ViewError(error)
        }
        changes = ViewChanges(after: .start)
    }

    /// Takes in the event after ``position``, before `market` evolves by it.
    ///
    /// - Complexity: O(1), amortised, for the events of a lead that is sold at once.
    public func note(_ recorded: RecordedEvent, before market: Market) {
        changes.note(recorded, before: market)
    }

    /// Hands over everything noted, for ``ViewWriter/write(_:)`` on any thread; `nil` when there is
    /// nothing.
    ///
    /// - Precondition: what was handed over before was settled.
    public func takeChanges() -> ViewChanges? {
        precondition(underWay == nil, "one part is written at a time")
        guard changes.eventCount > 0 else { return nil }
        let taken = changes
        underWay = taken
        changes = ViewChanges(after: taken.end)
        return taken
    }

    /// Notes that what was handed over is on disk.
    public func settle() {
        underWay = nil
    }

    /// Writes everything noted, in one transaction with the checkpoint.
    ///
    /// - Throws: ``ViewError``; then it is all noted as before.
    /// - Precondition: nothing else is being written.
    public func commit() throws(ViewError) {
        guard let taken = takeChanges() else { return }
        defer { settle() }
        do throws(ViewError) {
            try writer.write(taken)
        } catch {
            changes = taken
            throw error
        }
    }
}

/// Writes to the views; for any thread, one at a time.
public struct ViewWriter: Sendable {
    let environment: Environment
    let tables: ViewTables

    /// Writes `changes`, in one transaction with the checkpoint; when it returns they are on disk.
    ///
    /// - Throws: ``ViewError``; then nothing was written.
    public func write(_ changes: ViewChanges) throws(ViewError) {
        do {
            try attempt(changes)
        } catch {
            // A disk that took a part of it alone may have room again, and one that is broken fails again.
            guard (error as? LMDBError)?.isIncompleteWrite == true else { throw ViewError(error) }
            do { try attempt(changes) } catch { throw ViewError(error) }
        }
    }

    private func attempt(_ changes: ViewChanges) throws {
        var transaction = try environment.beginWrite()
        try changes.write(to: tables, in: &transaction)
        try transaction.put(
            number: changes.end.rawValue, for: "position", in: tables.checkpoint)
        try transaction.commit()
    }
}

/// The tables of the views, each named once.
struct ViewTables: Sendable {
    let checkpoint: Table
    let leads: Table
    let counts: Table
    let calls: Table
    let statements: Table
    let delays: Table
    let returns: Table

    init(_ environment: Environment) throws(LMDBError) {
        checkpoint = try environment.openTable("checkpoint", keys: .bytes, create: true)
        leads = try environment.openTable(Leads.tableName, keys: .bytes, create: true)
        counts = try environment.openTable(LeadCounts.tableName, keys: .bytes, create: true)
        calls = try environment.openTable(ConnectionRates.tableName, keys: .bytes, create: true)
        statements = try environment.openTable(
            AccountStatements.tableName, keys: .bytes, create: true)
        delays = try environment.openTable(ReleaseDelays.tableName, keys: .bytes, create: true)
        returns = try environment.openTable(ReturnCounts.tableName, keys: .bytes, create: true)
    }

    var all: [Table] { [checkpoint, leads, counts, calls, statements, delays, returns] }
}

extension Transaction {
    mutating func put(number: UInt64, for name: String, in table: Table) throws(LMDBError) {
        var row = RowWriter()
        row.write(number)
        unsafe try put(row.bytes.span.bytes, for: Array(name.utf8), in: table)
    }

    mutating func put(_ row: RowWriter, for key: RowWriter, in table: Table) throws(LMDBError) {
        unsafe try put(row.bytes.span.bytes, for: key.bytes, in: table)
    }
}
